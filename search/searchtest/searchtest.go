// Package searchtest says in tests what every search engine of Lectern does. Ranking and the policy on typos may differ
// between engines; nothing here depends on more than the contract of search.Index.
package searchtest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// pageSize is enough for all that a test puts into an index.
const pageSize = 50

// Run checks an engine. open gives an empty index that is closed when its test ends.
func Run(t *testing.T, open func(t *testing.T) search.Index) {
	for _, facts := range []map[string]func(*testing.T, search.Index){
		factsOfWords(), factsOfSyntax(), factsOfFacets(), factsOfResults(), factsOfMany(), factsOfHighlights(), factsOfChanges(), factsOfRebuilds(), factsOfConcurrency(),
	} {
		for name, fact := range each(facts) {
			t.Run(name, func(t *testing.T) { fact(t, open(t)) })
		}
	}
}

// each goes through a map in the order of its keys: recordings of an engine hold what was asked in this order.
func each[K ~string, V any](m map[K]V) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

// section makes a document of an English course.
func section(id models.ID, title, body string) search.Document {
	return search.Document{
		Ref: models.Ref{Type: models.KindSection, ID: id}, Course: "course", Module: "module",
		Language: "en", Title: title, Body: body,
	}
}

func inLanguage(d search.Document, language string) search.Document {
	d.Language = language
	return d
}

// put applies documents with the next revision.
func put(t *testing.T, idx search.Index, docs ...search.Document) {
	t.Helper()
	apply(t, idx, search.Batch{Put: docs, Revision: revision(t, idx) + 1})
}

func apply(t *testing.T, idx search.Index, b search.Batch) {
	t.Helper()
	if err := idx.Apply(t.Context(), b); err != nil {
		t.Fatalf("Apply: %v", err)
	}
}

func revision(t *testing.T, idx search.Index) int64 {
	t.Helper()
	r, err := idx.Revision(t.Context())
	if err != nil {
		t.Fatalf("Revision: %v", err)
	}
	return r
}

func ask(t *testing.T, idx search.Index, q search.Query) search.Results {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = pageSize
	}
	results, err := idx.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("Search %q: %v", q.Text, err)
	}
	return results
}

// wantFound checks which documents a text finds, in any order.
func wantFound(t *testing.T, idx search.Index, text string, want ...models.ID) {
	t.Helper()
	wantHits(t, idx, search.Query{Text: text}, want...)
}

func wantHits(t *testing.T, idx search.Index, q search.Query, want ...models.ID) {
	t.Helper()
	got := ids(ask(t, idx, q))
	slices.Sort(got)
	wantEqual(t, "hits of "+q.Text, got, want)
}

func ids(r search.Results) []models.ID {
	var all []models.ID
	for _, h := range r.Hits {
		all = append(all, h.Ref.ID)
	}
	return all
}

// Refs lists the keys that an index, or the content that one is made from, gives.
func Refs(t *testing.T, from interface {
	EachRef(ctx context.Context, add func(models.Ref) error) error
}) (refs []models.Ref) {
	t.Helper()
	err := from.EachRef(t.Context(), func(r models.Ref) error {
		refs = append(refs, r)
		return nil
	})
	if err != nil {
		t.Fatalf("EachRef: %v", err)
	}
	return refs
}

func wantRefs(t *testing.T, idx search.Index, want ...models.ID) {
	t.Helper()
	var got []models.ID
	for _, r := range Refs(t, idx) {
		got = append(got, r.ID)
	}
	slices.Sort(got)
	wantEqual(t, "refs", got, want)
}

// wantEqual compares; an empty list is as good as none.
func wantEqual[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func only(f search.Facet, values ...string) []search.Filter {
	return []search.Filter{search.Only(f, values...)}
}
