package search

import (
	"cmp"
	"context"
	"math"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/models"
)

// allWordsBonus is the factor for documents with all words. It decides near-ties only: more of it ranks worse.
const allWordsBonus = 1.1

// ranking is what a query may show of a tally.
type ranking struct {
	reader     index.IndexReader
	columns    *columns
	tally      *tally
	question   *question
	shown      []uint64 // documents that pass the filters and match; of each group the best
	groupSizes map[uint64]int
	any, all   int // how many pass the filters and are found, with any and with all of the plain words
}

// newRanking counts and picks the documents that the filters let through. It gives the bonus for all words, so that a
// tally is ranked once.
func newRanking(ctx context.Context, r index.IndexReader, t *tally, q *question, match Match, allow docSet) (*ranking, error) {
	k := &ranking{reader: r, tally: t, question: q, shown: t.shown[:0]}
	if q.root == nil {
		return k, nil
	}
	asked, verdicts := q.asked(), newVerdicts(q.root, len(q.leaves))
	for i, doc := range t.touched {
		if i%postingsPerCheck == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !allow.has(doc) {
			continue
		}
		have := t.leaves[doc]
		k.count(doc, verdicts.on(have), match, asked != 0 && have&asked == asked)
	}
	t.shown = k.shown
	return k, nil
}

func (k *ranking) count(doc uint64, found verdict, match Match, complete bool) {
	if !found.any {
		return
	}
	k.any++
	if complete {
		k.tally.scores[doc] *= allWordsBonus
	}
	if found.all {
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
func (k *ranking) page(ctx context.Context, order Order, offset, limit int) ([]Hit, error) {
	end := min(offset+limit, len(k.shown))
	if offset >= end {
		return nil, nil
	}
	all, err := k.best(ctx, order, end)
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
func (k *ranking) best(ctx context.Context, order Order, n int) ([]candidate, error) {
	all, err := k.candidates(ctx, order, n)
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
func compareKeys[K cmp.Ordered](a, b K, desc bool) int {
	var none K
	if a == none || b == none || !desc {
		return cmp.Or(cmp.Compare(btoi(a == none), btoi(b == none)), cmp.Compare(a, b))
	}
	return cmp.Compare(b, a)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// candidates gives the documents that may be among the n best, with all that are equal to the last of them: their
// references decide.
func (k *ranking) candidates(ctx context.Context, order Order, n int) ([]candidate, error) {
	name, desc := order.split()
	if name == OrderRelevance {
		least := k.leastScore(n)
		var all []candidate
		for _, doc := range k.shown {
			if score := k.tally.scores[doc]; score >= least {
				all = append(all, candidate{doc: doc, score: score})
			}
		}
		return all, nil
	}
	all, err := k.named(ctx, name, desc, n)
	if err != nil {
		return nil, err
	}
	keys := func(yield func(string) bool) {
		for i := range all {
			if !yield(all[i].key) {
				return
			}
		}
	}
	last := nth(n, keys, func(a, b string) int { return compareKeys(a, b, desc) })
	return slices.DeleteFunc(all, func(c candidate) bool { return compareKeys(c.key, last, desc) > 0 }), nil
}

// named gives the documents that are among the n best of their segments in an order by name.
func (k *ranking) named(ctx context.Context, name Order, desc bool, n int) ([]candidate, error) {
	places, err := k.columns.of(ctx, k.reader, name)
	if err != nil {
		return nil, err
	}
	best := make([]lastOnTop[uint32], len(places.segments)) // by segment: places of different ones can't be compared
	for i := range best {
		best[i].compare = func(a, b uint32) int { return compareKeys(a, b, desc) }
	}
	for _, doc := range k.shown {
		segment, place := places.find(doc)
		best[segment].offer(n, place)
	}
	var all []candidate
	for _, doc := range k.shown {
		if segment, place := places.find(doc); compareKeys(place, best[segment].last(), desc) <= 0 {
			all = append(all, candidate{doc: doc, score: k.tally.scores[doc]})
		}
	}
	return all, k.readKeys(name, all, places)
}

// readKeys reads what candidates are called in an order, of those that are called the same only one.
func (k *ranking) readKeys(name Order, all []candidate, places places) error {
	values, err := k.reader.DocValueReader([]string{sortField(name)})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Compare(a.doc, b.doc) }) // as bleve reads fastest
	type named struct {
		segment int
		place   uint32
	}
	read := make(map[named]string)
	for i := range all {
		segment, place := places.find(all[i].doc)
		key, ok := read[named{segment, place}]
		if !ok && place != 0 {
			err := values.VisitDocValues(index.NewIndexInternalID(nil, all[i].doc), func(_ string, term []byte) { key = string(term) })
			if err != nil {
				return err
			}
			read[named{segment, place}] = key
		}
		all[i].key = key
	}
	return nil
}

// leastScore is the n-th best score of the shown documents.
func (k *ranking) leastScore(n int) float64 {
	best := lastOnTop[float64]{compare: func(a, b float64) int { return cmp.Compare(b, a) }}
	least := math.Inf(-1)
	for _, doc := range k.shown {
		if score := k.tally.scores[doc]; score > least { // most are not: this is asked of every document
			best.offer(n, score)
			if len(best.values) == n {
				least = best.last()
			}
		}
	}
	return best.last()
}

func compareRefs(a, b models.Ref) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Type, b.Type))
}
