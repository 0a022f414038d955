package search

import (
	"context"
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// postingsPerCheck is how many documents are read between two looks at the deadline.
const postingsPerCheck = 4096

// termsPerCheck is how many terms of a dictionary are read between two looks at the deadline.
const termsPerCheck = 64

// posting is one document of a term.
type posting struct {
	doc    uint64  // bleve's number
	freq   float64 // how often the document has the term
	length uint64  // of the field, in words
}

// postings are the documents of a term, a list for each segment of the index, in the order of bleve's numbers. They are
// read from the segments themselves: what bleve puts around them for queries of its own takes half as long again.
type postings []segmentList

// segmentList is the documents that a term has in one segment, numbered from first on.
type segmentList struct {
	segment.PostingsList
	first   uint64
	key     listKey
	dict    segment.TermDictionary
	deleted *roaring.Bitmap // which the list leaves out; nil when there are none
}

// openPostings finds the documents of a term. It fails when the context is done.
func openPostings(ctx context.Context, r index.IndexReader, field, term string) (postings, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var lists postings
	err := eachSegment(r, field, func(dict segment.TermDictionary, s *scorch.SegmentSnapshot, first uint64) error {
		list, err := dict.PostingsList([]byte(term), s.Deleted(), nil)
		if err == nil && list.Count() > 0 {
			key := listKey{segment: s.Segment(), field: field, term: term}
			lists = append(lists, segmentList{PostingsList: list, first: first, key: key, dict: dict, deleted: s.Deleted()})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read term %q of %s: %w", term, field, err)
	}
	return lists, nil
}

// eachSegment visits the dictionary that a field has in each segment of an index; first is the number of the segment's
// first document.
func eachSegment(r index.IndexReader, field string, visit func(dict segment.TermDictionary, s *scorch.SegmentSnapshot, first uint64) error) error {
	segments, err := segmentsOf(r)
	if err != nil {
		return err
	}
	first := uint64(0)
	for _, s := range segments {
		dict, err := s.Segment().Dictionary(field)
		if err != nil {
			return err
		}
		if err := visit(dict, s, first); err != nil {
			return err
		}
		first += uint64(s.FullSize())
	}
	return nil
}

func segmentsOf(r index.IndexReader) ([]*scorch.SegmentSnapshot, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("a reader of scorch is needed, this is %T", r)
	}
	return snapshot.Segments(), nil
}

// documentSpace is the number above all that the reader gives to documents, deleted ones included.
func documentSpace(r index.IndexReader) (n uint64, err error) {
	segments, err := segmentsOf(r)
	for _, s := range segments {
		n += uint64(s.FullSize())
	}
	return n, err
}

// count is how many documents there are.
func (p postings) count() (n uint64) {
	for _, list := range p {
		n += list.Count()
	}
	return n
}

// each visits all documents with what BM25 must know, from lists that are kept unpacked where there are such. It ends
// early, with an error, when the context does.
func (p postings) each(ctx context.Context, kept *unpackedLists, visit func(posting)) error {
	for i, list := range p {
		unpacked, ok, err := kept.unpacked(ctx, list)
		if err == nil && ok {
			err = list.eachUnpacked(ctx, unpacked, visit)
		} else if err == nil {
			err = p[i:i+1].eachWithin(ctx, nil, visit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eachUnpacked visits the documents of a list that was unpacked, but those that are deleted.
func (l segmentList) eachUnpacked(ctx context.Context, unpacked []unpackedPosting, visit func(posting)) error {
	const none = math.MaxUint32
	var deleted roaring.IntPeekable
	next := uint32(none)
	if l.deleted != nil && !l.deleted.IsEmpty() {
		deleted = l.deleted.Iterator()
		next = deleted.Next()
	}
	for i, at := range unpacked {
		if i%postingsPerCheck == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for next < at.doc {
			if next = none; deleted.HasNext() {
				next = deleted.Next()
			}
		}
		if next != at.doc {
			visit(posting{doc: l.first + uint64(at.doc), freq: float64(at.freq), length: uint64(at.length)})
		}
	}
	return nil
}

// eachWithin visits the documents within a set, as each does.
func (p postings) eachWithin(ctx context.Context, within docSet, visit func(posting)) error {
	read := 0
	for _, list := range p {
		it := list.Iterator(true, true, false, nil)
		at, err := it.Next()
		for err == nil && at != nil {
			if read++; read%postingsPerCheck == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			doc := list.first + at.Number()
			if within.has(doc) {
				visit(posting{doc: doc, freq: float64(at.Frequency()), length: lengthOf(at)})
			}
			if within == nil {
				at, err = it.Next()
				continue
			}
			next, ok := within.next(doc + 1)
			if !ok {
				break
			}
			at, err = it.Advance(next - list.first)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// documents visits the numbers of all documents.
func (p postings) documents(visit func(doc uint64)) error {
	for _, list := range p {
		if err := list.documents(visit); err != nil {
			return err
		}
	}
	return nil
}

// documents reads a segment's bitmap where it has one, and else its list.
func (l segmentList) documents(visit func(doc uint64)) error {
	it := l.Iterator(false, false, false, nil)
	if whole := bitmapOf(it); whole != nil {
		var room [256]uint32
		many := whole.ManyIterator()
		for n := many.NextMany(room[:]); n > 0; n = many.NextMany(room[:]) {
			for _, number := range room[:n] {
				visit(l.first + uint64(number))
			}
		}
		return nil
	}
	for {
		at, err := it.Next()
		if err != nil || at == nil {
			return err
		}
		visit(l.first + at.Number())
	}
}

// bitmapOf gives the documents of a list as a bitmap; nil where it has none, as a list of one document.
func bitmapOf(it segment.PostingsIterator) *roaring.Bitmap {
	if list, ok := it.(segment.OptimizablePostingsIterator); ok {
		return list.ActualBitmap()
	}
	return nil
}

// lengthOf is the length of a posting's field. bleve keeps it as it is, and reckons a norm of it, 1/√length in 32 bits, for
// who asks; undone and rounded that is exact for up to millions of words.
func lengthOf(p segment.Posting) uint64 {
	if kept, ok := p.(interface{ NormUint64() uint64 }); ok {
		return kept.NormUint64()
	}
	norm := p.Norm()
	return uint64(math.Round(1 / (norm * norm)))
}

// countDocuments tells how many documents have a term.
func countDocuments(ctx context.Context, r index.IndexReader, field, term string) (uint64, error) {
	p, err := openPostings(ctx, r, field, term)
	return p.count(), err
}
