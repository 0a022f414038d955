package search

import (
	"context"
	"errors"
	"math"

	index "github.com/blevesearch/bleve_index_api"
)

// The parameters of BM25, those that the literature found to suit most texts.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// tally adds up, by bleve's numbers of documents, what a search finds. Tallies are large and are used again: between
// searches all is zero.
type tally struct {
	scores []float64
	words  []wordSet
	found  []uint64 // the documents with any word
}

// prepare makes room for so many documents.
func (t *tally) prepare(documents uint64) {
	if uint64(len(t.scores)) < documents {
		t.scores = make([]float64, documents)
		t.words = make([]wordSet, documents)
	}
}

// clear undoes what a search has written.
func (t *tally) clear() {
	for _, doc := range t.found {
		t.scores[doc], t.words[doc] = 0, 0
	}
	t.found = t.found[:0]
}

// score adds the BM25 scores of all terms of a question. It fails when the context is done.
func (t *tally) score(ctx context.Context, r index.IndexReader, q *question, p progress) error {
	for _, term := range q.terms {
		if err := t.addTerm(ctx, r, term, p.Volumes[term.analysis.name]); err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) addTerm(ctx context.Context, r index.IndexReader, term askedTerm, v volume) (err error) {
	list, err := openPostings(ctx, r, term.analysis.scored, term.text, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, list.close()) }()

	weight := term.weight * rarity(float64(list.count()), float64(v.Documents)) * (bm25K1 + 1)
	average := v.averageLength()
	for {
		d, ok, err := list.next()
		if err != nil || !ok {
			return err
		}
		if t.words[d.doc] == 0 {
			t.found = append(t.found, d.doc)
		}
		t.words[d.doc] |= term.words
		t.scores[d.doc] += weight * d.freq / (d.freq + bm25K1*(1-bm25B+bm25B*d.length/average))
	}
}

// rarity is BM25's inverse document frequency.
func rarity(having, all float64) float64 {
	return math.Log(1 + (all-having+.5)/(having+.5))
}
