package storetest

import (
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// logged takes a revision for operations on records, in one transaction.
func logged(t *testing.T, s *store.Store, op models.Op, ids ...models.ID) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		_, err := tx.LogChanges(entries(op, ids...), at)
		return err
	})
}

func entries(op models.Op, ids ...models.ID) []models.Change {
	var out []models.Change
	for _, id := range ids {
		out = append(out, models.Change{Kind: models.KindSection, ID: id, Op: op})
	}
	return out
}

func changes(t *testing.T, s *store.Store) {
	many := make([]models.ID, 450) // more than one statement holds
	for i := range many {
		many[i] = models.NewID()
	}
	logged(t, s, models.OpPublish, many[:2]...)
	logged(t, s, models.OpUnpublish, many[0])
	logged(t, s, models.OpPublish, many...)
	for name, tt := range map[string]struct {
		after int64
		limit int
		want  map[int64]int // entries by revision
	}{
		"all":                       {0, 1000, map[int64]int{1: 2, 2: 1, 3: 450}},
		"exactly the limit":         {0, 3, map[int64]int{1: 2, 2: 1}},
		"cut before a revision":     {0, 4, map[int64]int{1: 2, 2: 1}},
		"a revision over the limit": {0, 1, map[int64]int{1: 2}},
		"a large one whole":         {2, 5, map[int64]int{3: 450}},
		"from the middle":           {1, 2, map[int64]int{2: 1}},
		"nothing new":               {3, 10, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[int64]int{}
			read(t, s, func(tx *store.Tx) error {
				rows, err := tx.Changes(tt.after, tt.limit)
				for i, c := range rows {
					got[c.Revision]++
					if i > 0 && rows[i-1].Revision > c.Revision {
						t.Errorf("revision %d comes before %d", rows[i-1].Revision, c.Revision)
					}
				}
				return err
			})
			wantEqual(t, got, tt.want)
		})
	}
	read(t, s, func(tx *store.Tx) error {
		rows, err := tx.Changes(1, 1)
		wantEqual(t, rows, []models.Change{{Revision: 2, Kind: models.KindSection, ID: many[0], Op: models.OpUnpublish, At: at}})
		return err
	})
}

// commitOrder lets writers race. Whoever sees a revision sees all before it, and none without its entries.
func commitOrder(t *testing.T, s *store.Store) {
	const writers, each = 8, 6
	g, ctx := errgroup.WithContext(t.Context())
	for range writers {
		g.Go(func() error {
			last := int64(0)
			for range each {
				err := s.InTx(ctx, func(tx *store.Tx) error {
					revision, err := tx.LogChanges(entries(models.OpPublish, models.NewID()), at)
					if revision <= last {
						t.Errorf("revision %d after %d", revision, last)
					}
					last = revision
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		for seen := 0; seen < writers*each; {
			err := s.View(ctx, func(tx *store.Tx) error {
				revision, err := tx.Revision()
				if err != nil {
					return err
				}
				rows, err := tx.Changes(0, 1000)
				seen = len(rows)
				if int64(seen) != revision {
					t.Errorf("revision %d is seen with %d changes", revision, seen)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if n, err := s.ContentRevision(t.Context()); err != nil || n != writers*each {
		t.Errorf("the content revision is %d (%v), want %d", n, err, writers*each)
	}
}

func tombstones(t *testing.T, s *store.Store) {
	a, b := models.NewID(), models.NewID()
	want := func(wantA, wantB bool) {
		t.Helper()
		read(t, s, func(tx *store.Tx) error {
			goneA, err := tx.IsGone(a)
			if err != nil {
				return err
			}
			goneB, err := tx.IsGone(b)
			if goneA != wantA || goneB != wantB {
				t.Errorf("gone: %t and %t, want %t and %t", goneA, goneB, wantA, wantB)
			}
			return err
		})
	}
	want(false, false)
	logged(t, s, models.OpPublish, a, b)
	want(false, false)
	logged(t, s, models.OpUnpublish, a, b)
	want(true, true)
	logged(t, s, models.OpUnpublish, a)
	logged(t, s, models.OpPublish, b)
	want(true, false)
}

func redirects(t *testing.T, s *store.Store) {
	first, second := models.NewRef(models.KindSection, models.NewID()), models.NewRef(models.KindModule, models.NewID())
	for _, to := range []*models.Ref{first, second} {
		write(t, s, func(tx *store.Tx) error {
			return tx.AddRedirects([]models.Redirect{{Path: "/old/päth", To: *to, CreatedAt: at}})
		})
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Redirect("/old/päth")
			wantEqual(t, got, to)
			return err
		})
	}
	read(t, s, func(tx *store.Tx) error {
		got, err := tx.Redirect("/old")
		wantEqual(t, got, (*models.Ref)(nil))
		return err
	})
}

func revisions(t *testing.T, s *store.Store) {
	id := models.NewID()
	rev := func(version int64, message string) store.Revision {
		r := store.Revision{RecordID: id, Version: version, Kind: models.KindSection, Author: "zoë", Message: message, At: at, Body: `{"a":"é"}`}
		if version > 1 {
			r.Parent = new(version - 1)
		}
		return r
	}
	first, second := rev(1, "first"), rev(2, "children moved")
	second.Imported = true
	write(t, s, func(tx *store.Tx) error {
		for _, r := range []store.Revision{first, second} {
			if err := tx.AddRevision(r); err != nil {
				return err
			}
		}
		return tx.MarkPublished(id, 1)
	})
	err := s.InTx(t.Context(), func(tx *store.Tx) error { return tx.AddRevision(rev(2, "history written again")) })
	if err == nil {
		t.Error("a revision was written twice")
	}
	first.Published = true
	read(t, s, func(tx *store.Tx) error {
		got, err := tx.Revisions(id)
		wantEqual(t, got, []store.Revision{second, first})
		return err
	})
}

func importItems(t *testing.T, s *store.Store) {
	c := models.NewID()
	item := store.ImportItem{CourseID: c, Key: "a.md", Kind: models.KindSection, RecordID: models.NewID(), Version: 1}
	other := item
	other.Kind = models.KindModule
	newer := item
	newer.Version = 2
	elsewhere := item
	elsewhere.CourseID = models.NewID()
	write(t, s, func(tx *store.Tx) error {
		for _, i := range []store.ImportItem{item, other, newer, elsewhere} {
			if err := tx.PutImportItem(i); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, s, func(tx *store.Tx) error {
		got, err := tx.ImportItems(c)
		byKind := map[models.Kind]store.ImportItem{}
		for _, i := range got {
			byKind[i.Kind] = i
		}
		wantEqual(t, byKind, map[models.Kind]store.ImportItem{models.KindSection: newer, models.KindModule: other})
		return err
	})
}

func queue(t *testing.T, s *store.Store) {
	c := course("a")
	insert(t, s, c)
	const writers = 8
	g, ctx := errgroup.WithContext(t.Context())
	for range writers {
		g.Go(func() error {
			return s.InTx(ctx, func(tx *store.Tx) error { return tx.Draft.Touch(models.KindCourse, c.ID) })
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if v := draft(t, s, c).Base().Version; v != 1+writers {
		t.Errorf("version %d after %d touches", v, writers)
	}
}

func health(t *testing.T, s *store.Store) {
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if damage, err := s.Check(t.Context()); err != nil || damage != "" {
		t.Error(damage, err)
	}
	put(t, s, course("a"))
	if v, err := s.Version(t.Context()); err != nil || v != store.SchemaVersion() {
		t.Errorf("schema version %d (%v), want %d", v, err, store.SchemaVersion())
	}
}
