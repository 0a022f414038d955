package search

import (
	"cmp"
	"container/heap"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/models"
)

// allWordsBonus is the factor for documents with all words. It decides near-ties only: more of it ranks worse.
const allWordsBonus = 1.1

// ranking is what a query may show of a tally.
type ranking struct {
	tally    *tally
	question *question
	shown    []uint64 // documents that pass the filters and match
	any, all int      // how many pass the filters and have any word, all words
}

// newRanking counts and picks the documents that the filters let through. It gives the bonus for all words, so that a
// tally is ranked once.
func newRanking(t *tally, q *question, match Match, allow docSet) *ranking {
	k := &ranking{tally: t, question: q}
	all := q.all()
	for _, doc := range t.found {
		if !allow.has(doc) {
			continue
		}
		k.any++
		if t.words[doc] == all {
			k.all++
			t.scores[doc] *= allWordsBonus
		} else if match == MatchAll {
			continue
		}
		k.shown = append(k.shown, doc)
	}
	return k
}

// page gives limit hits from offset on, best first, equal scores in the order of their references: bleve's numbers
// change with every merge.
func (k *ranking) page(r index.IndexReader, offset, limit int) ([]Hit, error) {
	end := min(offset+limit, len(k.shown))
	if offset >= end {
		return nil, nil
	}
	hits, err := k.best(r, end)
	if err != nil {
		return nil, err
	}
	return hits[offset:end], nil
}

// best gives at least the n best hits in order. Only documents that may be among them are looked up.
func (k *ranking) best(r index.IndexReader, n int) ([]Hit, error) {
	least := k.cutoff(n)
	var hits []Hit
	for _, doc := range k.shown {
		score := k.tally.scores[doc]
		if score < least {
			continue
		}
		key, err := r.ExternalID(index.NewIndexInternalID(nil, doc))
		if err != nil {
			return nil, err
		}
		words := k.tally.words[doc]
		hits = append(hits, Hit{
			Ref: refOf(key), Score: score,
			Matched: k.question.typed(words), Missing: k.question.typed(k.question.all() &^ words),
		})
	}
	slices.SortFunc(hits, compareHits)
	return hits, nil
}

// cutoff is the n-th best score.
func (k *ranking) cutoff(n int) float64 {
	var best scoreHeap
	for _, doc := range k.shown {
		score := k.tally.scores[doc]
		switch {
		case len(best) < n:
			heap.Push(&best, score)
		case score > best[0]:
			best[0] = score
			heap.Fix(&best, 0)
		}
	}
	return best[0]
}

func compareHits(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), compareRefs(a.Ref, b.Ref))
}

func compareRefs(a, b models.Ref) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Type, b.Type))
}

// scoreHeap has the least score on top.
type scoreHeap []float64

func (h scoreHeap) Len() int           { return len(h) }
func (h scoreHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h scoreHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *scoreHeap) Push(x any)        { *h = append(*h, x.(float64)) }
func (h *scoreHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
