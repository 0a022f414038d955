package storetest

import (
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// What a view reads of names and orders serves others of the same revision, and none of another one: not those after a publish,
// and not one that began before it.
func remembering(t *testing.T, s *store.Store) {
	m := module(models.NewID(), "m1")
	s1, s2 := section(m.ID, "s1"), section(m.ID, "s2")
	s1.Position, s2.Position = 0, 1
	put(t, s, m, s1, s2)
	logged(t, s, models.OpPublish, m.ID, s1.ID, s2.ID)

	type known struct {
		Title string
		Order []models.ID
		Below []models.ID // the course
	}
	look := func(tx *store.Tx) (k known) {
		names, err := tx.Live.Names(map[models.Kind][]models.ID{models.KindSection: {s1.ID}}, shown)
		if err != nil {
			t.Fatal(err)
		}
		orders, err := tx.Live.Orders(models.KindSection, []models.ID{m.ID})
		if err != nil {
			t.Fatal(err)
		}
		below, err := tx.Live.Orders(models.KindModule, []models.ID{m.CourseID})
		if err != nil {
			t.Fatal(err)
		}
		return known{names[0].Label(), orders[m.ID].IDs, below[m.CourseID].IDs}
	}
	statements := func(tx *store.Tx) int {
		before := s.Statements()
		look(tx)
		return int(s.Statements() - before)
	}
	begin := func(tx *store.Tx) *store.Tx {
		if _, _, err := tx.Newest(); err != nil {
			t.Fatal(err)
		}
		return tx
	}

	before := known{s1.Title, []models.ID{s1.ID, s2.ID}, []models.ID{m.ID}}
	read(t, s, func(tx *store.Tx) error {
		wantEqual(t, look(begin(tx)), before)
		return nil
	})
	read(t, s, func(old *store.Tx) error {
		wantEqual(t, statements(begin(old)), 0)

		s1.Title, s1.Position, s2.Position = "Changed", 1, 0
		put(t, s, s1, s2)
		logged(t, s, models.OpPublish, s1.ID, s2.ID)
		after := known{"Changed", []models.ID{s2.ID, s1.ID}, []models.ID{m.ID}}
		read(t, s, func(tx *store.Tx) error {
			wantEqual(t, look(tx), after) // before it has asked for the revision
			wantEqual(t, look(begin(tx)), after)
			wantEqual(t, statements(tx), 0)
			return nil
		})
		wantEqual(t, look(old), before)
		wantEqual(t, look(begin(old)), before)
		return nil
	})
	read(t, s, func(tx *store.Tx) error {
		wantEqual(t, statements(begin(tx)), 0) // what the old one read has taken nobody's place
		return nil
	})
	write(t, s, func(tx *store.Tx) error {
		if _, _, err := tx.Newest(); err != nil {
			return err
		}
		wantEqual(t, statements(tx), 3) // one that may write remembers nothing
		wantEqual(t, statements(tx), 3)
		return nil
	})
}
