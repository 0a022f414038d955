package search

import (
	"context"
	"fmt"
	"math"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// postingsPerCheck is how many documents are read between two looks at the deadline.
const postingsPerCheck = 4096

// posting is one document of a term.
type posting struct {
	doc    uint64  // bleve's number
	freq   float64 // how often the document has the term
	length float64 // of the field, in words
}

// postings are the documents of a term, in the order of bleve's numbers. They end early when their context does.
type postings struct {
	ctx  context.Context // of one search, which is all that postings live for
	list index.TermFieldReader
	room index.TermFieldDoc
	read int
}

// openPostings reads frequencies and lengths only where they count.
func openPostings(ctx context.Context, r index.IndexReader, field, term string, counted bool) (*postings, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	list, err := r.TermFieldReader(ctx, []byte(term), field, counted, counted, false)
	if err != nil {
		return nil, fmt.Errorf("read term %q of %s: %w", term, field, err)
	}
	return &postings{ctx: ctx, list: list}, nil
}

// next gives the next document; ok is false at the end.
func (p *postings) next() (d posting, ok bool, err error) {
	p.read++
	if p.read%postingsPerCheck == 0 && p.ctx.Err() != nil {
		return posting{}, false, p.ctx.Err()
	}
	doc, err := p.list.Next(p.room.Reset())
	if err != nil || doc == nil {
		return posting{}, false, err
	}
	return posting{doc: doc.ID.Value(), freq: float64(doc.Freq), length: lengthOf(doc.Norm)}, true, nil
}

// lengthOf undoes bleve's norm, 1/√length in 32 bits. Rounded it is exact for up to millions of words.
func lengthOf(norm float64) float64 {
	return math.Round(1 / (norm * norm))
}

// count is how many documents there are.
func (p *postings) count() uint64 { return p.list.Count() }

func (p *postings) close() error { return p.list.Close() }

// countDocuments tells how many documents have a term.
func countDocuments(ctx context.Context, r index.IndexReader, field, term string) (uint64, error) {
	p, err := openPostings(ctx, r, field, term, false)
	if err != nil {
		return 0, err
	}
	return p.count(), p.close()
}

// documentSpace is the number above all that the reader gives to documents, deleted ones included.
func documentSpace(r index.IndexReader) (uint64, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return 0, fmt.Errorf("a reader of scorch is needed, this is %T", r)
	}
	var n uint64
	for _, segment := range snapshot.Segments() {
		n += uint64(segment.FullSize())
	}
	return n, nil
}
