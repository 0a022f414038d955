package search

import (
	"cmp"
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// countFacets counts, for each value of the facets, the documents of a set that have it.
func countFacets(ctx context.Context, r index.IndexReader, facets []Facet, shown docSet) (map[Facet][]FacetCount, error) {
	counts := make(map[Facet][]FacetCount, len(facets))
	for _, f := range facets {
		values, err := countValues(ctx, r, string(f), shown)
		if err != nil {
			return nil, err
		}
		counts[f] = []FacetCount{}
		for v, n := range values {
			counts[f] = append(counts[f], FacetCount{Value: v, Count: n})
		}
		slices.SortFunc(counts[f], compareFacetCounts)
		counts[f] = counts[f][:min(len(counts[f]), MaxFacetValues)]
	}
	return counts, nil
}

func compareFacetCounts(a, b FacetCount) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
}

// countValues counts, for each term of a field, the documents of a set that have it; terms that none has are left out.
func countValues(ctx context.Context, r index.IndexReader, field string, set docSet) (map[string]int, error) {
	counts := make(map[string]int)
	err := eachSegment(r, field, func(dict segment.TermDictionary, s *scorch.SegmentSnapshot, first uint64) error {
		return eachTerm(ctx, dict, s.Deleted(), func(term string, list segmentList) error {
			list.first = first
			n := 0
			err := list.documents(func(doc uint64) {
				if set.has(doc) {
					n++
				}
			})
			if n > 0 {
				counts[term] += n
			}
			return err
		})
	})
	return counts, err
}

// group leaves of each module the hit that comes first in an order.
func (k *ranking) group(ctx context.Context, order Order, documents uint64) error {
	modules, err := termsOf(k.reader, string(FacetModule))
	if err != nil {
		return err
	}
	all, err := k.best(ctx, order, len(k.shown))
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
