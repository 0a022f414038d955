package search

import (
	"cmp"
	"context"
	"errors"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// countFacets counts, for each value of the facets, the documents of a set that have it.
func countFacets(ctx context.Context, r index.IndexReader, facets []Facet, shown docSet) (map[Facet][]FacetCount, error) {
	if len(facets) == 0 {
		return nil, nil
	}
	counts := make(map[Facet][]FacetCount, len(facets))
	for _, f := range facets {
		values, err := termsOf(r, string(f))
		if err != nil {
			return nil, err
		}
		counts[f] = []FacetCount{}
		for _, v := range values {
			n, err := countWithin(ctx, r, string(f), v, shown)
			if err != nil {
				return nil, err
			}
			if n > 0 {
				counts[f] = append(counts[f], FacetCount{Value: v, Count: n})
			}
		}
		slices.SortFunc(counts[f], compareFacetCounts)
		counts[f] = counts[f][:min(len(counts[f]), MaxFacetValues)]
	}
	return counts, nil
}

func compareFacetCounts(a, b FacetCount) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
}

// countWithin counts the documents of a set that have a term.
func countWithin(ctx context.Context, r index.IndexReader, field, term string, set docSet) (n int, err error) {
	list, err := openPostings(ctx, r, field, term, false)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, list.close()) }()
	for {
		d, ok, err := list.next()
		if err != nil || !ok {
			return n, err
		}
		if set.has(d.doc) {
			n++
		}
	}
}

// group leaves of each module the hit that comes first in an order.
func (k *ranking) group(ctx context.Context, order Order, documents uint64) error {
	modules, err := termsOf(k.reader, string(FacetModule))
	if err != nil {
		return err
	}
	all, err := k.best(order, len(k.shown))
	if err != nil {
		return err
	}
	place := make(map[uint64]int, len(all)) // of documents in the order
	for i, c := range all {
		place[c.doc] = i
	}
	k.groupSizes = make(map[uint64]int, len(all))
	for _, doc := range k.shown {
		k.groupSizes[doc] = 1
	}
	shown := k.set(documents)
	for _, m := range modules {
		members := newDocSet(documents)
		if err := members.addTerm(ctx, k.reader, string(FacetModule), m); err != nil {
			return err
		}
		members.intersect(shown)
		k.keepBest(members, place)
	}
	k.shown = slices.DeleteFunc(k.shown, func(doc uint64) bool { return k.groupSizes[doc] == 0 })
	return nil
}

// keepBest counts the members of a group for the first of them, and no others.
func (k *ranking) keepBest(members docSet, place map[uint64]int) {
	best, size := uint64(0), 0
	for doc := range members.all() {
		if size == 0 || place[doc] < place[best] {
			best = doc
		}
		size++
		k.groupSizes[doc] = 0
	}
	if size > 0 {
		k.groupSizes[best] = size
	}
}
