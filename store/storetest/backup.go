package storetest

import (
	"fmt"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// collect lists what a visiting function visits.
func collect[T any](t *testing.T, s *store.Store, each func(*store.Tx, func(T) error) error) (out []T) {
	t.Helper()
	read(t, s, func(tx *store.Tx) error {
		return each(tx, func(x T) error { out = append(out, x); return nil })
	})
	return out
}

// wholeCourse reads what there is about the records of one course, and not about those of others.
func wholeCourse(t *testing.T, s *store.Store) {
	c, other := course("garden"), course("orchard")
	m := module(c.ID, "beds")
	w, sec := worksheet(m.ID, "soil"), section(m.ID, "soil")
	sec.CourseID = c.ID
	insert(t, s, c, other, m, w, sec)
	redirect := func(path string, to models.Record) models.Redirect {
		return models.Redirect{Path: path, To: *models.NewRef(to.Kind(), to.Base().ID), CreatedAt: at}
	}
	revision := func(r models.Record, version int64) store.Revision {
		return store.Revision{RecordID: r.Base().ID, Version: version, Kind: r.Kind(), At: at, Body: fmt.Sprintf("{%d}", version)}
	}
	write(t, s, func(tx *store.Tx) error {
		for _, r := range []models.Redirect{redirect("/b", w), redirect("/a", sec), redirect("/c", other)} {
			if err := tx.KeepRedirect(r); err != nil {
				return err
			}
		}
		for _, r := range []store.Revision{revision(sec, 2), revision(sec, 1), revision(other, 1), revision(w, 1)} {
			if err := tx.KeepRevision(r); err != nil {
				return err
			}
		}
		return nil
	})
	wantEqual(t, collect(t, s, func(tx *store.Tx, visit func(models.Redirect) error) error { return tx.EachRedirect(c.ID, visit) }),
		[]models.Redirect{redirect("/a", sec), redirect("/b", w)})
	want := []store.Revision{revision(w, 1), revision(sec, 1), revision(sec, 2)}
	if sec.ID < w.ID {
		want = []store.Revision{revision(sec, 1), revision(sec, 2), revision(w, 1)}
	}
	wantEqual(t, collect(t, s, func(tx *store.Tx, visit func(store.Revision) error) error { return tx.EachRevision(c.ID, visit) }), want)
}

// keeping leaves what is there as it is.
func keeping(t *testing.T, s *store.Store) {
	c := course("garden")
	insert(t, s, c)
	first, second := models.NewRef(models.KindSection, models.NewID()), models.NewRef(models.KindModule, models.NewID())
	address := func(to *models.Ref) store.ImportAddress {
		return store.ImportAddress{Site: "site", Path: "beds", CourseID: c.ID, Kind: to.Type, RecordID: to.ID}
	}
	for n, to := range []*models.Ref{first, second} {
		write(t, s, func(tx *store.Tx) error {
			if err := tx.KeepRedirect(models.Redirect{Path: "/old", To: *to, CreatedAt: at}); err != nil {
				return err
			}
			if err := tx.KeepImportAddress(address(to)); err != nil {
				return err
			}
			if err := tx.AddDeadLink(store.DeadLink{Site: "site", Path: "barn", CourseID: c.ID, Kind: to.Type, RecordID: to.ID, Written: "../barn/"}); err != nil {
				return err
			}
			return tx.KeepRevision(store.Revision{RecordID: c.ID, Version: 1, Kind: models.KindCourse, At: at, Body: fmt.Sprint(n)})
		})
	}
	read(t, s, func(tx *store.Tx) error {
		to, err := tx.Redirect("/old")
		wantEqual(t, to, first)
		return err
	})
	wantEqual(t, collect(t, s, func(tx *store.Tx, visit func(store.ImportAddress) error) error {
		return tx.EachImportAddress(c.ID, visit)
	}),
		[]store.ImportAddress{address(first)})
	links := collect(t, s, func(tx *store.Tx, visit func(store.DeadLink) error) error { return tx.EachDeadLink(c.ID, visit) })
	if len(links) != 2 {
		t.Errorf("dead links %v, want one of each record", links)
	}
	read(t, s, func(tx *store.Tx) error {
		r, err := tx.RevisionOf(c.ID, 1)
		if err == nil && r.Body != "0" {
			t.Errorf("the revision was written over: %v", r)
		}
		return err
	})
}

// importPages reads what imports have made some at a time.
func importPages(t *testing.T, s *store.Store) {
	c := course("garden")
	insert(t, s, c)
	said := "{}"
	var want []string
	write(t, s, func(tx *store.Tx) error {
		for _, kind := range []models.Kind{models.KindModule, models.KindSection} {
			for _, key := range []string{"Zebra", "beds", "ärger"} { // in the order of bytes
				want = append(want, string(kind)+" "+key)
				item := store.ImportItem{CourseID: c.ID, Kind: kind, Key: key, RecordID: models.NewID(), Version: 1, Imported: &said}
				if err := tx.PutImportItem(item); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var got []string
	read(t, s, func(tx *store.Tx) error {
		for last := (store.ImportItem{}); ; {
			items, err := tx.ImportItemsAfter(c.ID, last.Kind, last.Key, 2)
			if err != nil || len(items) == 0 {
				return err
			}
			for _, item := range items {
				got = append(got, string(item.Kind)+" "+item.Key)
				wantEqual(t, item.Imported, &said)
			}
			last = items[len(items)-1]
		}
	})
	wantEqual(t, got, want)
}

// goneAt tells when a record has left, which may have been elsewhere.
func goneAt(t *testing.T, s *store.Store) {
	id := models.NewID()
	gone := func() (out string) {
		read(t, s, func(tx *store.Tx) error {
			when, err := tx.GoneAt(id)
			if when != nil {
				out = when.Format("15:04:05.000")
			}
			return err
		})
		return out
	}
	wantEqual(t, gone(), "")
	for range 2 {
		write(t, s, func(tx *store.Tx) error { return tx.SetGone(models.KindSection, id, at) })
		wantEqual(t, gone(), "05:06:07.891")
	}
	logged(t, s, models.OpPublish, id)
	wantEqual(t, gone(), "")
}
