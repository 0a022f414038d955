package search

import (
	"context"
	"errors"

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

func (s docSet) intersect(other docSet) {
	for i := range s {
		s[i] &= other[i]
	}
}

// addTerm adds the documents that have a term.
func (s docSet) addTerm(ctx context.Context, r index.IndexReader, field, term string) (err error) {
	list, err := openPostings(ctx, r, field, term, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, list.close()) }()
	for {
		d, ok, err := list.next()
		if err != nil || !ok {
			return err
		}
		s[d.doc/docSetWord] |= 1 << (d.doc % docSetWord)
	}
}

// allowed gives the documents that the filters of a query let through.
func allowed(ctx context.Context, r index.IndexReader, q Query, documents uint64) (docSet, error) {
	var set docSet
	if len(q.Types) > 0 {
		set = newDocSet(documents)
		for _, kind := range q.Types {
			if err := set.addTerm(ctx, r, fieldType, string(kind)); err != nil {
				return nil, err
			}
		}
	}
	if q.Course == "" {
		return set, nil
	}
	course := newDocSet(documents)
	if err := course.addTerm(ctx, r, fieldCourse, string(q.Course)); err != nil {
		return nil, err
	}
	if set != nil {
		course.intersect(set)
	}
	return course, nil
}
