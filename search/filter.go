package search

import (
	"context"
	"iter"
	"math/bits"
	"strconv"

	index "github.com/blevesearch/bleve_index_api"
)

// docSet is a set of documents by bleve's numbers, a bit for each. A nil docSet has all.
type docSet []uint64

const docSetWord = 64 // bits

func newDocSet(documents uint64) docSet {
	return make(docSet, documents/docSetWord+1)
}

func (s docSet) has(doc uint64) bool {
	return s == nil || s[doc/docSetWord]>>(doc%docSetWord)&1 == 1
}

func (s docSet) add(doc uint64) { s[doc/docSetWord] |= 1 << (doc % docSetWord) }

func (s docSet) intersect(other docSet) {
	for i := range s {
		s[i] &= other[i]
	}
}

func (s docSet) remove(other docSet) {
	for i := range s {
		s[i] &^= other[i]
	}
}

func (s docSet) complement() {
	for i := range s {
		s[i] = ^s[i]
	}
}

func (s docSet) size() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// next gives the first document from a number on; ok is false when there is none.
func (s docSet) next(from uint64) (doc uint64, ok bool) {
	for i := from / docSetWord; i < uint64(len(s)); i++ {
		word := s[i]
		if i == from/docSetWord {
			word &= ^uint64(0) << (from % docSetWord)
		}
		if word != 0 {
			return i*docSetWord + uint64(bits.TrailingZeros64(word)), true
		}
	}
	return 0, false
}

// all gives the documents in the order of their numbers.
func (s docSet) all() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(uint64(i)*docSetWord + uint64(bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// addTerm adds the documents that have a term.
func (s docSet) addTerm(ctx context.Context, r index.IndexReader, field, term string) error {
	found, err := openPostings(ctx, r, field, term)
	if err != nil {
		return err
	}
	return found.documents(s.add)
}

// allowed gives the documents that all filters let through.
func allowed(ctx context.Context, r index.IndexReader, filters []Filter, documents uint64) (docSet, error) {
	var allow docSet
	for _, f := range filters {
		set, err := passing(ctx, r, f, documents)
		if err != nil {
			return nil, err
		}
		if allow != nil {
			set.intersect(allow)
		}
		allow = set
	}
	return allow, nil
}

// passing gives the documents that one filter lets through; the complement of others also has numbers of no document.
func passing(ctx context.Context, r index.IndexReader, f Filter, documents uint64) (docSet, error) {
	find := finder{ctx: ctx, reader: r, set: newDocSet(documents)}
	if f.Op == FilterFrom || f.Op == FilterTo {
		limit, err := strconv.Atoi(f.Values[0])
		if err != nil {
			return nil, err // check has refused it before
		}
		if f.Op == FilterFrom {
			return find.set, find.years(limit, 0)
		}
		return find.set, find.years(0, limit)
	}
	for i, v := range f.Values {
		having := newDocSet(documents)
		if err := having.addTerm(ctx, r, string(f.Facet), v); err != nil {
			return nil, err
		}
		if f.Op == FilterAll && i > 0 {
			find.set.intersect(having)
			continue
		}
		find.set.unite(having)
	}
	if f.Op == FilterNone {
		find.set.complement()
	}
	return find.set, nil
}

func (s docSet) unite(other docSet) {
	for i := range s {
		s[i] |= other[i]
	}
}
