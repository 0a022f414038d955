package search

import (
	"context"
	"math"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

const (
	// unpackedBytes bounds the memory of the lists that an index keeps unpacked. The process may take twice that for them, since
	// Go frees memory when it has grown.
	unpackedBytes = 48 << 20

	// listOverhead is about what a list takes beside its postings, one that can't be kept too.
	listOverhead = 256

	// leastUnpacked is from how many documents on a list is kept unpacked: shorter ones are read as fast.
	leastUnpacked = 256
)

// unpackedPosting is a posting with the number that its document has in its segment.
type unpackedPosting struct {
	doc          uint32
	freq, length uint16
}

// postingBytes is the size of an unpackedPosting.
const postingBytes = 8

// unpackedLists keeps the lists of frequent words, which most searches ask for, in a form that is read several times as
// fast as bleve's. They are kept in two halves: what is asked for goes into the young one, which becomes the old one when it
// is full, and what nobody asked for meanwhile is dropped with the old one before it. Segments don't change; those that are
// gone are not asked for.
type unpackedLists struct {
	least uint64 // from how many documents on a list is kept

	mu         sync.Mutex
	young, old map[listKey][]unpackedPosting
	bytes      int // of the young ones
}

type listKey struct {
	segment     segment.Segment
	field, term string
}

// get gives a list that is kept; ok is false when it is not.
func (u *unpackedLists) get(key listKey) (list []unpackedPosting, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if list, ok = u.young[key]; ok {
		return list, true
	}
	if list, ok = u.old[key]; ok {
		u.keep(key, list)
	}
	return list, ok
}

func (u *unpackedLists) put(key listKey, list []unpackedPosting) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.keep(key, list)
}

func (u *unpackedLists) keep(key listKey, list []unpackedPosting) {
	if _, kept := u.young[key]; kept {
		return // two searches have made it
	}
	if !fits(uint64(len(list))) {
		return
	}
	bytes := len(list)*postingBytes + listOverhead
	if u.young == nil || u.bytes+bytes > unpackedBytes/2 {
		u.old, u.young, u.bytes = u.young, make(map[listKey][]unpackedPosting), 0
	}
	u.young[key] = list
	u.bytes += bytes
}

// fits tells whether so many postings can be kept.
func fits(postings uint64) bool { return postings <= (unpackedBytes/2-listOverhead)/postingBytes }

// forget drops all lists, when their segments are of no use any more.
func (u *unpackedLists) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.young, u.old, u.bytes = nil, nil, 0
}

// unpacked gives all postings of a list, those of deleted documents too; ok is false where the list is too short, or has
// something that is too large to be kept.
func (u *unpackedLists) unpacked(ctx context.Context, l segmentList) (list []unpackedPosting, ok bool, err error) {
	if u == nil || l.Count() < u.least || !fits(l.Count()) {
		return nil, false, nil
	}
	if list, ok := u.get(l.key); ok {
		return list, list != nil, nil
	}
	if list, err = l.unpack(ctx); err != nil {
		return nil, false, err
	}
	u.put(l.key, list) // also that it can't be
	return list, list != nil, nil
}

// unpack gives nil where a number is too large.
func (l segmentList) unpack(ctx context.Context) ([]unpackedPosting, error) {
	whole, err := l.dict.PostingsList([]byte(l.key.term), nil, nil)
	if err != nil {
		return nil, err
	}
	list := make([]unpackedPosting, 0, whole.Count())
	it := whole.Iterator(true, true, false, nil)
	for at, err := it.Next(); at != nil || err != nil; at, err = it.Next() {
		if err != nil {
			return nil, err
		}
		if len(list)%postingsPerCheck == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		freq, length := at.Frequency(), lengthOf(at)
		if freq > math.MaxUint16 || length > math.MaxUint16 {
			return nil, nil
		}
		list = append(list, unpackedPosting{doc: uint32(at.Number()), freq: uint16(freq), length: uint16(length)})
	}
	return list, nil
}
