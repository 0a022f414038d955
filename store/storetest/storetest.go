// Package storetest says what a store does, whichever database is under it.
package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Run checks every fact, each on a migrated and empty store of its own that open gives.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for name, fact := range map[string]func(*testing.T, *store.Store){
		"a draft has all its fields":                            draftRoundTrip,
		"a live record has all its fields but the private ones": liveRoundTrip,
		"a record without optional fields":                      bareRoundTrip,
		"times are in UTC":                                      timesAreUTC,
		"what is not there is not found":                        notFound,
		"Update saves content and nothing else":                 update,
		"Update of an old version is stale":                     stale,
		"names are unique among siblings":                       uniqueNames,
		"live records may swap slugs":                           liveSwap,
		"BySlug finds below one owner":                          bySlug,
		"a place is versioned on the parent":                    places,
		"Remove takes a record with its uses and citations":     remove,

		"List sorts by known names only":        sorts,
		"titles sort alike everywhere":          titleOrder,
		"paging gives each record once":         paging,
		"a cursor of another list":              foreignCursors,
		"List and Count filter":                 filters,
		"every filter of every field":           filtering,
		"values of lists":                       lists,
		"every filter of every field of drafts": draftFiltering,
		"parents know of changes below them":    changedWithin,
		"a limited list holds nothing else":     reach,
		"lists leave bodies out":                bodies,
		"Orders and Children are in order":      reading,
		"names are what references say":         names,
		"what is remembered is of one revision": remembering,
		"ByPath is BySlug three times":          byPath,
		"citations of live sections":            citations,
		"uses of a record":                      uses,

		"changes are whole revisions":           changes,
		"revisions are in commit order":         commitOrder,
		"tombstones appear and vanish":          tombstones,
		"a redirect leads to the newest record": redirects,
		"revisions of a record":                 revisions,
		"imported things":                       importItems,
		"revisions are taken in and purged":     purging,
		"what there is about a whole course":    wholeCourse,
		"what is kept is not written over":      keeping,
		"imported things, some at a time":       importPages,
		"a tombstone says when a record left":   goneAt,

		"users":               users,
		"changes of users":    userChanges,
		"sessions":            sessions,
		"tokens":              tokens,
		"one-time tokens":     oneTimeTokens,
		"idempotency keys":    idempotencyKeys,
		"the audit log":       auditLog,
		"where records stand": accessPlaces,

		"what is tried does not last": tries,
		"previews":                    previews,
		"who has a record open":       presence,
		"settings of courses":         courseSettings,
		"merges of sources":           sourceMerges,
		"old revisions are removed":   pruning,
		"dead links of some records":  deadLinksOf,
		"searches are counted":        searches,
		"lists of searches":           searchLists,
		"a day keeps so many queries": searchBound,

		"an error rolls back":                 rollback,
		"a panic rolls back":                  panics,
		"both sides are committed together":   together,
		"a View is a snapshot":                snapshot,
		"a View can't write":                  readOnly,
		"a cancelled context fails":           cancelled,
		"Statements counts":                   statements,
		"transactions at the same time queue": queue,
		"Ping and Check":                      health,
	} {
		t.Run(name, func(t *testing.T) { fact(t, open(t)) })
	}
}

// write runs fn in a transaction that must succeed.
func write(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.InTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// read runs fn in a view that must succeed.
func read(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// insert saves drafts.
func insert(t *testing.T, s *store.Store, rs ...models.Record) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error { return all(tx.Draft.Insert, rs) })
}

// put makes records live.
func put(t *testing.T, s *store.Store, rs ...models.Record) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error { return all(tx.Live.Put, rs) })
}

func all(do func(models.Record) error, rs []models.Record) error {
	for _, r := range rs {
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}

// draft reads a draft.
func draft(t *testing.T, s *store.Store, of models.Record) (r models.Record) {
	t.Helper()
	read(t, s, func(tx *store.Tx) (err error) {
		r, err = tx.Draft.Record(of.Kind(), of.Base().ID)
		return err
	})
	return r
}

// list reads the ids of the drafts or live records of a query.
func list(t *testing.T, s *store.Store, side func(*store.Tx) *store.Side, q store.Query) (ids []models.ID) {
	t.Helper()
	read(t, s, func(tx *store.Tx) error {
		rs, err := side(tx).List(q)
		ids = idsOf(rs)
		return err
	})
	return ids
}

func drafts(tx *store.Tx) *store.Side { return tx.Draft }
func live(tx *store.Tx) *store.Side   { return tx.Live }

func idsOf(rs []models.Record) []models.ID {
	var ids []models.ID
	for _, r := range rs {
		ids = append(ids, r.Base().ID)
	}
	return ids
}

// wantKind fails unless err has a kind.
func wantKind(t *testing.T, err error, want models.ErrorKind) {
	t.Helper()
	if err == nil || models.KindOf(err) != want {
		t.Errorf("got error %v of kind %d, want kind %d", err, models.KindOf(err), want)
	}
}

// wantEqual compares, with empty lists equal to absent ones.
func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// at is a time with all the digits that are kept.
var at = time.Date(2026, 3, 4, 5, 6, 7, 891e6, time.UTC)
