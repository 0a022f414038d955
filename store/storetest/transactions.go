package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// wantCourses fails unless there are so many courses on each side.
func wantCourses(t *testing.T, s *store.Store, wantDraft, wantLive int) {
	t.Helper()
	q := store.Query{Kind: models.KindCourse}
	if d, l := len(list(t, s, drafts, q)), len(list(t, s, live, q)); d != wantDraft || l != wantLive {
		t.Errorf("%d draft and %d live courses, want %d and %d", d, l, wantDraft, wantLive)
	}
}

// both saves a course on both sides.
func both(tx *store.Tx) error {
	c := course("a")
	if err := tx.Draft.Insert(c); err != nil {
		return err
	}
	return tx.Live.Put(c)
}

func rollback(t *testing.T, s *store.Store) {
	want := errors.New("no")
	err := s.InTx(t.Context(), func(tx *store.Tx) error { return errors.Join(both(tx), want) })
	if !errors.Is(err, want) {
		t.Errorf("got %v, want the error of the function", err)
	}
	wantCourses(t, s, 0, 0)
}

func panics(t *testing.T, s *store.Store) {
	func() {
		defer func() {
			if p := recover(); p != "oh" {
				t.Errorf("recovered %v, want the panic of the function", p)
			}
		}()
		_ = s.InTx(t.Context(), func(tx *store.Tx) error {
			if err := both(tx); err != nil {
				t.Error(err)
			}
			panic("oh")
		})
	}()
	wantCourses(t, s, 0, 0)
	write(t, s, both) // the connection is not lost
	wantCourses(t, s, 1, 1)
}

func together(t *testing.T, s *store.Store) {
	write(t, s, func(tx *store.Tx) error {
		if err := both(tx); err != nil {
			return err
		}
		wantCourses(t, s, 0, 0) // nobody else sees it yet
		n, err := tx.Live.Count(store.Query{Kind: models.KindCourse})
		wantEqual(t, n, int64(1))
		return err
	})
	wantCourses(t, s, 1, 1)
}

func snapshot(t *testing.T, s *store.Store) {
	read(t, s, func(tx *store.Tx) error {
		for _, slug := range []string{"a", "b"} {
			n, err := tx.Draft.Count(store.Query{Kind: models.KindCourse})
			if err != nil {
				return err
			}
			if n != 0 {
				t.Errorf("a view sees %d courses of a later transaction", n)
			}
			revision, err := tx.Revision()
			if err != nil {
				return err
			}
			if revision != 0 {
				t.Errorf("a view sees the later revision %d", revision)
			}
			insert(t, s, course(slug))
			logged(t, s, models.OpPublish, models.NewID())
		}
		return nil
	})
	wantCourses(t, s, 2, 0)
}

func readOnly(t *testing.T, s *store.Store) {
	for name, change := range map[string]func(*store.Tx) error{
		"drafts": func(tx *store.Tx) error { return tx.Draft.Insert(course("a")) },
		"live":   func(tx *store.Tx) error { return tx.Live.Put(course("a")) },
		"log": func(tx *store.Tx) error {
			_, err := tx.LogChanges(entries(models.OpPublish, models.NewID()), at)
			return err
		},
	} {
		if err := s.View(t.Context(), change); err == nil {
			t.Errorf("%s: a view could write", name)
		}
	}
	wantCourses(t, s, 0, 0)
}

func cancelled(t *testing.T, s *store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := s.InTx(ctx, func(tx *store.Tx) error {
		if err := both(tx); err != nil {
			t.Error(err)
		}
		cancel()
		_, err := tx.Revision()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a transaction cancelled in the midst gave %v", err)
	}
	for name, begin := range map[string]func(context.Context, func(*store.Tx) error) error{"InTx": s.InTx, "View": s.View} {
		err := begin(ctx, func(*store.Tx) error {
			t.Errorf("%s began although its context is cancelled", name)
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want it cancelled", name, err)
		}
	}
	wantCourses(t, s, 0, 0)
}

func statements(t *testing.T, s *store.Store) {
	for _, r := range []models.Record{course("a"), course("b")} {
		insert(t, s, r)
	}
	before := s.Statements()
	list(t, s, drafts, store.Query{Kind: models.KindCourse, Bodies: true})
	if n := s.Statements() - before; n != 1 {
		t.Errorf("a list took %d statements, want 1", n)
	}
}
