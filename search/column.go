package search

import (
	"context"
	"sort"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// column is what a segment's documents are in an order by name: from 1 on, the same number for equal ones, and 0 for those
// that have no place in it. Segments don't change, so that a column is reckoned once: to read what documents are called
// takes a hundred times as long as to compare two numbers.
type column []uint32

// columns are those of the segments that the newest searches were asked about.
type columns struct {
	mu   sync.Mutex
	made map[columnKey]column
}

type columnKey struct {
	segment segment.Segment
	order   Order
}

// places are the columns of all segments of a view. They are for one goroutine.
type places struct {
	segments []column
	firsts   []uint64 // numbers of their first documents
	at       int      // the segment that the last document was in: the next one mostly is too
}

// find gives a document's segment and its place among that segment's.
func (p *places) find(doc uint64) (segment int, place uint32) {
	if in := p.firsts[p.at]; doc < in || doc-in >= uint64(len(p.segments[p.at])) {
		p.at = sort.Search(len(p.firsts), func(i int) bool { return p.firsts[i] > doc }) - 1
	}
	return p.at, p.segments[p.at][doc-p.firsts[p.at]]
}

// of gives the columns of all segments of a view. It makes those that are missing and forgets those of other views.
func (c *columns) of(ctx context.Context, r index.IndexReader, order Order) (places, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all places
	now := make(map[segment.Segment]bool)
	err := eachSegment(r, sortField(order), func(dict segment.TermDictionary, s *scorch.SegmentSnapshot, first uint64) error {
		key := columnKey{segment: s.Segment(), order: order}
		made, ok := c.made[key]
		if !ok {
			var err error
			if made, err = newColumn(ctx, dict, int(s.FullSize())); err != nil {
				return err
			}
			if c.made == nil {
				c.made = make(map[columnKey]column)
			}
			c.made[key] = made
		}
		now[key.segment] = true
		all.segments, all.firsts = append(all.segments, made), append(all.firsts, first)
		return nil
	})
	for key := range c.made {
		if err == nil && !now[key.segment] {
			delete(c.made, key)
		}
	}
	return all, err
}

// forget drops all columns, when their segments are of no use any more.
func (c *columns) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made = nil
}

func newColumn(ctx context.Context, dict segment.TermDictionary, documents int) (column, error) {
	c := make(column, documents)
	place := uint32(0)
	err := eachTerm(ctx, dict, nil, func(_ string, list segmentList) error {
		place++
		return list.documents(func(doc uint64) { c[doc] = place })
	})
	return c, err
}

// eachTerm visits the terms of a dictionary in their order, with the documents that have them, numbered from 0 on. The
// lists are only lent.
func eachTerm(ctx context.Context, dict segment.TermDictionary, deleted *roaring.Bitmap, visit func(term string, list segmentList) error) error {
	terms := dict.AutomatonIterator(nil, nil, nil)
	var room segment.PostingsList
	for read := 0; ; read++ {
		term, err := terms.Next()
		if err != nil || term == nil {
			return err
		}
		if read%termsPerCheck == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if room, err = dict.PostingsList([]byte(term.Term), deleted, room); err != nil {
			return err
		}
		if err := visit(term.Term, segmentList{PostingsList: room}); err != nil {
			return err
		}
	}
}
