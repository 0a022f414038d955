package searchtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// factsOfChanges are about what batches do.
func factsOfChanges() map[string]func(*testing.T, search.Index) {
	return map[string]func(*testing.T, search.Index){
		"a new index is empty": func(t *testing.T, idx search.Index) {
			wantRefs(t, idx)
			wantFound(t, idx, "library")
			if r := revision(t, idx); r != 0 {
				t.Errorf("revision %d, want 0", r)
			}
		},
		"a batch brings its revision": func(t *testing.T, idx search.Index) {
			apply(t, idx, search.Batch{Put: []search.Document{section("a", "", "library")}, Revision: 7})
			apply(t, idx, search.Batch{Revision: 9})
			if got := ask(t, idx, search.Query{Text: "library"}); revision(t, idx) != 9 || got.Revision != 9 {
				t.Errorf("revision %d, in results %d, want 9", revision(t, idx), got.Revision)
			}
		},
		"a document that is put again is replaced": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "library"))
			put(t, idx, inLanguage(section("a", "", "weather"), "de"))
			wantFound(t, idx, "library")
			wantFound(t, idx, "weather", "a")
			wantRefs(t, idx, "a")
		},
		"a deleted document is found no more": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "library"), section("b", "", "library"))
			gone := []models.Ref{{Type: models.KindSection, ID: "a"}, {Type: models.KindSection, ID: "never"}}
			apply(t, idx, search.Batch{Delete: gone, Revision: 2})
			wantFound(t, idx, "library", "b")
			wantRefs(t, idx, "b")
		},
		"what one batch deletes and puts is there": func(t *testing.T, idx search.Index) {
			doc := section("a", "", "library")
			apply(t, idx, search.Batch{Delete: []models.Ref{doc.Ref}, Put: []search.Document{section("a", "", "old"), doc}, Revision: 1})
			wantFound(t, idx, "library", "a")
			wantFound(t, idx, "old")
		},
		"one id may name records of two kinds": func(t *testing.T, idx search.Index) {
			module := section("a", "", "library")
			module.Ref.Type = models.KindModule
			put(t, idx, module, section("a", "", "library"))
			wantFound(t, idx, "library", "a", "a")
		},
		"nothing is done for those who wait no more": func(t *testing.T, idx search.Index) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := idx.Apply(ctx, search.Batch{Revision: 5}); !errors.Is(err, context.Canceled) {
				t.Errorf("Apply = %v, want context.Canceled", err)
			}
			if _, err := idx.Search(ctx, search.Query{Text: "library"}); !errors.Is(err, context.Canceled) {
				t.Errorf("Search = %v, want context.Canceled", err)
			}
			if r := revision(t, idx); r != 0 {
				t.Errorf("revision %d, want 0", r)
			}
		},
		"a closed index is unavailable": func(t *testing.T, idx search.Index) {
			if err := errors.Join(idx.Close(), idx.Close()); err != nil {
				t.Fatalf("Close twice: %v", err)
			}
			_, searching := idx.Search(t.Context(), search.Query{Text: "library"})
			_, asking := idx.Revision(t.Context())
			for _, err := range []error{searching, asking, idx.Apply(t.Context(), search.Batch{}), idx.Rebuild(t.Context(), 1, with())} {
				if models.KindOf(err) != models.KindUnavailable {
					t.Errorf("%v, want an error of KindUnavailable", err)
				}
			}
		},
	}
}

// with fills an index with documents.
func with(docs ...search.Document) func(add func(search.Document) error) error {
	return func(add func(search.Document) error) error {
		for _, d := range docs {
			if err := add(d); err != nil {
				return err
			}
		}
		return nil
	}
}

// factsOfRebuilds are about changing everything at once.
func factsOfRebuilds() map[string]func(*testing.T, search.Index) {
	errStop := errors.New("stop")
	return map[string]func(*testing.T, search.Index){
		"a rebuild replaces all documents and the revision": func(t *testing.T, idx search.Index) {
			put(t, idx, section("old", "", "library"))
			if err := idx.Rebuild(t.Context(), 40, with(section("a", "", "library"), section("b", "", "twice"), section("b", "", "library"))); err != nil {
				t.Fatal(err)
			}
			wantFound(t, idx, "library", "a", "b")
			wantRefs(t, idx, "a", "b")
			if r := revision(t, idx); r != 40 {
				t.Errorf("revision %d, want 40", r)
			}
			put(t, idx, section("c", "", "library"))
			wantFound(t, idx, "library", "a", "b", "c")
		},
		"searches find the old documents until a rebuild is done": func(t *testing.T, idx search.Index) {
			put(t, idx, section("old", "", "library"))
			err := idx.Rebuild(t.Context(), 40, func(add func(search.Document) error) error {
				for i := range 1100 { // more than an engine keeps in one batch
					if err := add(section(models.ID(fmt.Sprint(i)), "", "library")); err != nil {
						return err
					}
				}
				wantFound(t, idx, "library", "old")
				return nil
			})
			if got := ask(t, idx, search.Query{Text: "library"}); err != nil || got.Any != 1100 || got.Revision != 40 {
				t.Errorf("any %d, revision %d, error %v, want 1100, 40, none", got.Any, got.Revision, err)
			}
		},
		"the old documents stay when a rebuild fails": func(t *testing.T, idx search.Index) {
			put(t, idx, section("old", "", "library"))
			err := idx.Rebuild(t.Context(), 40, func(add func(search.Document) error) error {
				return errors.Join(add(section("a", "", "library")), errStop)
			})
			if !errors.Is(err, errStop) {
				t.Errorf("Rebuild = %v, want %v", err, errStop)
			}
			wantFound(t, idx, "library", "old")
			if r := revision(t, idx); r != 1 {
				t.Errorf("revision %d, want 1", r)
			}
			put(t, idx, section("b", "", "library"))
			wantFound(t, idx, "library", "b", "old")
		},
		"a rebuild ends with its context": func(t *testing.T, idx search.Index) {
			put(t, idx, section("old", "", "library"))
			ctx, cancel := context.WithCancel(t.Context())
			err := idx.Rebuild(ctx, 40, func(add func(search.Document) error) error {
				cancel()
				return add(section("a", "", "library"))
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Rebuild = %v, want context.Canceled", err)
			}
			wantFound(t, idx, "library", "old")
		},
		"a rebuild leaves nothing when there is nothing": func(t *testing.T, idx search.Index) {
			put(t, idx, section("old", "", "library"))
			if err := idx.Rebuild(t.Context(), 2, with()); err != nil {
				t.Fatal(err)
			}
			wantRefs(t, idx)
		},
	}
}

// factsOfConcurrency mean most under the race detector.
func factsOfConcurrency() map[string]func(*testing.T, search.Index) {
	return map[string]func(*testing.T, search.Index){
		"searches, changes and rebuilds go on side by side": func(t *testing.T, idx search.Index) {
			put(t, idx, section("stays", "", "library"))
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					for range 40 {
						if got, err := idx.Search(t.Context(), search.Query{Text: "library", Limit: 5}); err != nil || got.Any == 0 {
							t.Errorf("any %d, error %v, want some, none", got.Any, err)
						}
						idx.Highlighter(search.Query{Text: "librery"}).Find("library", 1)
					}
				})
			}
			all.Go(func() {
				for i := range 10 {
					doc := section(models.ID(fmt.Sprint(i)), "", "library")
					if err := idx.Apply(t.Context(), search.Batch{Put: []search.Document{doc}, Revision: int64(i)}); err != nil {
						t.Error(err)
					}
				}
			})
			all.Go(func() {
				for i := range 3 {
					if err := idx.Rebuild(t.Context(), int64(i), with(section("stays", "", "library"))); err != nil {
						t.Error(err)
					}
				}
			})
			all.Wait()
		},
	}
}
