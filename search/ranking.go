package search

import (
	"cmp"
	"context"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/models"
)

// allWordsBonus is the factor for documents with all words. It decides near-ties only: more of it ranks worse.
const allWordsBonus = 1.1

// ranking is what a query may show of a tally.
type ranking struct {
	reader     index.IndexReader
	tally      *tally
	question   *question
	shown      []uint64 // documents that pass the filters and match; of each group the best
	groupSizes map[uint64]int
	any, all   int // how many pass the filters and are found, with any and with all of the plain words
}

// newRanking counts and picks the documents that the filters let through. It gives the bonus for all words, so that a
// tally is ranked once.
func newRanking(ctx context.Context, r index.IndexReader, t *tally, q *question, match Match, allow docSet) (*ranking, error) {
	k := &ranking{reader: r, tally: t, question: q}
	if q.root == nil {
		return k, nil
	}
	asked := q.asked()
	for i, doc := range t.touched {
		if !allow.has(doc) {
			continue
		}
		if i%postingsPerCheck == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		k.count(doc, t.leaves[doc], asked, match)
	}
	return k, nil
}

func (k *ranking) count(doc uint64, have, asked leafSet, match Match) {
	if !k.question.root.holds(have, false) {
		return
	}
	k.any++
	if asked != 0 && have&asked == asked {
		k.tally.scores[doc] *= allWordsBonus
	}
	if k.question.root.holds(have, true) {
		k.all++
	} else if match == MatchAll {
		return
	}
	k.shown = append(k.shown, doc)
}

// set is the shown documents as a set.
func (k *ranking) set(documents uint64) docSet {
	s := newDocSet(documents)
	for _, doc := range k.shown {
		s.add(doc)
	}
	return s
}

// candidate is a document with its place in an order.
type candidate struct {
	doc   uint64
	score float64
	key   string // of an order by name
	ref   models.Ref
}

// page gives limit hits from offset on in an order, equal ones in the order of their references: bleve's numbers change
// with every merge.
func (k *ranking) page(order Order, offset, limit int) ([]Hit, error) {
	end := min(offset+limit, len(k.shown))
	if offset >= end {
		return nil, nil
	}
	all, err := k.best(order, end)
	if err != nil {
		return nil, err
	}
	asked := k.question.asked()
	hits := make([]Hit, 0, end-offset)
	for _, c := range all[offset:end] {
		have := k.tally.leaves[c.doc]
		hits = append(hits, Hit{
			Ref: c.ref, Score: c.score, Group: k.groupSizes[c.doc],
			Matched: k.question.typed(have & asked), Missing: k.question.typed(asked &^ have),
		})
	}
	return hits, nil
}

// best gives at least the n best documents in order. Only those that may be among them are looked up.
func (k *ranking) best(order Order, n int) ([]candidate, error) {
	all, err := k.candidates(order, n)
	if err != nil {
		return nil, err
	}
	for i := range all {
		key, err := k.reader.ExternalID(index.NewIndexInternalID(nil, all[i].doc))
		if err != nil {
			return nil, err
		}
		all[i].ref = refOf(key)
	}
	name, desc := order.split()
	slices.SortFunc(all, func(a, b candidate) int {
		if name == OrderRelevance {
			return cmp.Or(cmp.Compare(b.score, a.score), compareRefs(a.ref, b.ref))
		}
		return cmp.Or(compareKeys(a.key, b.key, desc), compareRefs(a.ref, b.ref))
	})
	return all, nil
}

// compareKeys puts those that have none last, whatever the direction.
func compareKeys(a, b string, desc bool) int {
	if a == "" || b == "" || !desc {
		return cmp.Or(cmp.Compare(btoi(a == ""), btoi(b == "")), cmp.Compare(a, b))
	}
	return cmp.Compare(b, a)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// candidates gives the documents that may be among the n best.
func (k *ranking) candidates(order Order, n int) ([]candidate, error) {
	name, desc := order.split()
	if name == OrderRelevance {
		least := nth(n, k.scores, func(a, b float64) int { return cmp.Compare(b, a) })
		var all []candidate
		for _, doc := range k.shown {
			if score := k.tally.scores[doc]; score >= least {
				all = append(all, candidate{doc: doc, score: score})
			}
		}
		return all, nil
	}
	keys, err := sortKeys(k.reader, name, k.shown)
	if err != nil {
		return nil, err
	}
	last := nth(n, slices.Values(keys), func(a, b string) int { return compareKeys(a, b, desc) })
	var all []candidate
	for i, doc := range k.shown {
		if compareKeys(keys[i], last, desc) <= 0 {
			all = append(all, candidate{doc: doc, score: k.tally.scores[doc], key: keys[i]})
		}
	}
	return all, nil // with all that are equal to the last: their references decide
}

// sortKeys reads the places of documents in an order.
func sortKeys(r index.IndexReader, order Order, docs []uint64) ([]string, error) {
	values, err := r.DocValueReader([]string{sortField(order)})
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(docs))
	places := make([]int, len(docs)) // bleve reads fastest in the order of its numbers
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Compare(docs[a], docs[b]) })
	for _, i := range places {
		err := values.VisitDocValues(index.NewIndexInternalID(nil, docs[i]), func(_ string, term []byte) { keys[i] = string(term) })
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// scores gives the scores of the shown documents.
func (k *ranking) scores(yield func(float64) bool) {
	for _, doc := range k.shown {
		if !yield(k.tally.scores[doc]) {
			return
		}
	}
}

func compareRefs(a, b models.Ref) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Type, b.Type))
}
