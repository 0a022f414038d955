package storetest

import (
	"reflect"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

func draftRoundTrip(t *testing.T, s *store.Store) {
	for _, r := range full() {
		complete(t, r)
		insert(t, s, r)
		got := draft(t, s, r)
		want := r
		want.Base().PublishedAt = got.Base().PublishedAt // only live tables have it, and html
		withoutHTML(want)
		wantEqual(t, got, want)
		if got.Base().Version != 1 {
			t.Errorf("a new %s has version %d, want 1", r.Kind(), got.Base().Version)
		}
	}
}

// aboveAll are the slugs above the records of full.
var aboveAll = map[models.Kind]string{
	models.KindModule: "bread-101", models.KindSection: "bread-101/dough", models.KindWorksheet: "bread-101/dough",
}

func liveRoundTrip(t *testing.T, s *store.Store) {
	for _, r := range full() {
		for _, round := range []string{"first", "second"} { // the second replaces the first
			r.Base().Extra = models.Extra{"round": []byte(`"` + round + `"`)}
			put(t, s, r)
			read(t, s, func(tx *store.Tx) error {
				got, err := tx.Live.Record(r.Kind(), r.Base().ID)
				want := public(r)
				want.Base().Above = aboveAll[r.Kind()]
				wantEqual(t, got, want)
				return err
			})
		}
	}
}

// complete fails when a field of a record that should have them all is empty: a new field can't be forgotten here.
func complete(t *testing.T, r models.Record) {
	t.Helper()
	v := reflect.ValueOf(r).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		switch f.Name {
		case "Meta", "SortKey", "Version", "Above", "Shown", "BlocksJSON", "CitationsJSON", "CSLJSON": // the store sets them
			continue
		}
		if v.FieldByIndex(f.Index).IsZero() {
			t.Errorf("the %s of this test has no %s", r.Kind(), f.Name)
		}
	}
}

func withoutHTML(r models.Record) {
	if f := reflect.ValueOf(r).Elem().FieldByName("HTML"); f.IsValid() {
		f.SetString("")
	}
}

func bareRoundTrip(t *testing.T, s *store.Store) {
	for _, kind := range models.StoredKinds() {
		r := models.NewRecord(kind)
		*r.Base() = meta()
		insert(t, s, r)
		got := draft(t, s, r)
		r.Base().PublishedAt = got.Base().PublishedAt
		wantEqual(t, got, r)
	}
}

func timesAreUTC(t *testing.T, s *store.Store) {
	c := course("a")
	c.CreatedAt = at.Local() // TestMain has set a zone that is not UTC
	insert(t, s, c)
	put(t, s, c)
	read(t, s, func(tx *store.Tx) error {
		for name, side := range map[string]*store.Side{"draft": tx.Draft, "live": tx.Live} {
			got, err := side.Record(models.KindCourse, c.ID)
			if err != nil {
				return err
			}
			if text := got.Base().CreatedAt.Format("2006-01-02T15:04:05.999Z07:00"); text != "2026-03-04T05:06:07.891Z" {
				t.Errorf("%s: the time is %s, want 2026-03-04T05:06:07.891Z", name, text)
			}
		}
		return nil
	})
}

func notFound(t *testing.T, s *store.Store) {
	id := models.NewID()
	for name, look := range map[string]func(*store.Tx) error{
		"Get":      func(tx *store.Tx) error { return tx.Live.Get(&models.Course{}, id) },
		"BySlug":   func(tx *store.Tx) error { return tx.Draft.BySlug(&models.Module{}, id, "dough") },
		"Citation": func(tx *store.Tx) error { _, err := tx.Live.Citation(id); return err },
	} {
		t.Run(name, func(t *testing.T) { wantKind(t, s.View(t.Context(), look), models.KindNotFound) })
	}
	for name, change := range map[string]func(*store.Tx) error{
		"Trash":          func(tx *store.Tx) error { return tx.Draft.Trash(models.KindCourse, id, at) },
		"Touch":          func(tx *store.Tx) error { return tx.Draft.Touch(models.KindCourse, id) },
		"Place":          func(tx *store.Tx) error { return tx.Draft.Place(section(id, "s"), nil, 0) },
		"SetLiveVersion": func(tx *store.Tx) error { return tx.Draft.SetLiveVersion(models.KindCourse, id, nil) },
	} {
		t.Run(name, func(t *testing.T) { wantKind(t, s.InTx(t.Context(), change), models.KindNotFound) })
	}
}

func update(t *testing.T, s *store.Store) {
	for _, r := range full() {
		insert(t, s, r)
		before := draft(t, s, r)
		changed := models.NewRecord(r.Kind())
		changed.Base().ID, changed.Base().UpdatedAt = r.Base().ID, at.AddDate(1, 0, 0)
		changed.Base().Extra = models.Extra{}
		write(t, s, func(tx *store.Tx) error { return tx.Draft.Update(changed, 1) })

		// Everything is empty now but what Update leaves alone.
		want := changed
		want.Base().CreatedAt, want.Base().LiveVersion, want.Base().TrashedAt = at, before.Base().LiveVersion, before.Base().TrashedAt
		switch was := before.(type) {
		case *models.Module:
			want.(*models.Module).Position = was.Position
		case *models.Worksheet:
			want.(*models.Worksheet).Position = was.Position
		case *models.Section:
			want.(*models.Section).Position, want.(*models.Section).ParentID = was.Position, was.ParentID
		}
		got := draft(t, s, r)
		wantEqual(t, got, want)
		if got.Base().Version != 2 {
			t.Errorf("an updated %s has version %d, want 2", r.Kind(), got.Base().Version)
		}
	}
}

func stale(t *testing.T, s *store.Store) {
	c := course("a")
	insert(t, s, c)
	for _, version := range []int64{0, 2} {
		changed := course("b")
		changed.ID = c.ID
		err := s.InTx(t.Context(), func(tx *store.Tx) error { return tx.Draft.Update(changed, version) })
		wantKind(t, err, models.KindStale)
	}
	if got := draft(t, s, c); got.Name() != "a" || got.Base().Version != 1 {
		t.Errorf("after stale updates the course is %q, version %d, want \"a\", 1", got.Name(), got.Base().Version)
	}
}

func uniqueNames(t *testing.T, s *store.Store) {
	here, there := models.NewID(), models.NewID()
	for kind, make := range map[models.Kind]func(owner models.ID) models.Record{
		models.KindCourse:    func(models.ID) models.Record { return course("same") },
		models.KindModule:    func(owner models.ID) models.Record { return module(owner, "same") },
		models.KindSection:   func(owner models.ID) models.Record { return section(owner, "same") },
		models.KindWorksheet: func(owner models.ID) models.Record { return worksheet(owner, "same") },
		models.KindFragment: func(owner models.ID) models.Record {
			return &models.Fragment{Meta: meta(), CourseID: owner, Slug: "same"}
		},
		models.KindSource: func(owner models.ID) models.Record { return &models.Source{Meta: meta(), CourseID: owner, Key: "same"} },
	} {
		t.Run(string(kind), func(t *testing.T) {
			first := make(here)
			insert(t, s, first)
			if kind != models.KindCourse {
				insert(t, s, make(there))
			}
			second := func(tx *store.Tx) error { return tx.Draft.Insert(make(here)) }
			wantKind(t, s.InTx(t.Context(), second), models.KindConflict)
			write(t, s, func(tx *store.Tx) error { return tx.Draft.Trash(kind, first.Base().ID, at) })
			write(t, s, second)
		})
	}
}

func liveSwap(t *testing.T, s *store.Store) {
	a, b := course("a"), course("b")
	put(t, s, a, b)
	a.Slug, b.Slug = b.Slug, a.Slug
	put(t, s, a, b)
	read(t, s, func(tx *store.Tx) error {
		var got models.Course
		err := tx.Live.BySlug(&got, "", "a")
		wantEqual(t, got.ID, b.ID)
		return err
	})
}

func bySlug(t *testing.T, s *store.Store) {
	here, there := models.NewID(), models.NewID()
	want, other := section(here, "kneading"), section(there, "kneading")
	insert(t, s, want, other)
	find := func(got *models.Section) error {
		return s.View(t.Context(), func(tx *store.Tx) error { return tx.Draft.BySlug(got, here, "kneading") })
	}
	var got models.Section
	if err := find(&got); err != nil || got.ID != want.ID {
		t.Errorf("got %s and %v, want %s", got.ID, err, want.ID)
	}
	write(t, s, func(tx *store.Tx) error { return tx.Draft.Trash(models.KindSection, want.ID, at) })
	wantKind(t, find(new(models.Section)), models.KindNotFound)
	if got := draft(t, s, want); got.Base().State() != models.StateTrashed || !got.Base().TrashedAt.Equal(at) {
		t.Errorf("by id the section in the trash has the state %s", got.Base().State())
	}
}

func places(t *testing.T, s *store.Store) {
	m := module(models.NewID(), "dough")
	parent, child := section(m.ID, "a"), section(m.ID, "b")
	insert(t, s, m, parent, child)
	write(t, s, func(tx *store.Tx) error {
		if err := tx.Draft.Place(child, &parent.ID, 5); err != nil {
			return err
		}
		return tx.Draft.Touch(models.KindModule, m.ID)
	})
	got := draft(t, s, child).(*models.Section)
	if got.Version != 1 || got.Position != 5 || got.ParentID == nil || *got.ParentID != parent.ID {
		t.Errorf("the child has version %d, position %d, parent %v; want 1, 5, %s", got.Version, got.Position, got.ParentID, parent.ID)
	}
	if v := draft(t, s, m).Base().Version; v != 2 {
		t.Errorf("the module has version %d, want 2", v)
	}
	for _, want := range []*int64{new(int64(2)), nil} {
		write(t, s, func(tx *store.Tx) error { return tx.Draft.SetLiveVersion(models.KindModule, m.ID, want) })
		wantEqual(t, draft(t, s, m).Base().LiveVersion, want)
	}
}

func remove(t *testing.T, s *store.Store) {
	sec := section(models.NewID(), "kneading")
	sec.Citations = []models.Citation{{ID: models.NewID(), Label: "1"}}
	put(t, s, sec)
	source := models.Ref{Type: models.KindSource, ID: models.NewID()}
	write(t, s, func(tx *store.Tx) error { return tx.Live.SetUses(models.KindSection, sec.ID, []models.Ref{source}) })
	write(t, s, func(tx *store.Tx) error { return tx.Live.Remove(models.KindSection, sec.ID) })
	read(t, s, func(tx *store.Tx) error {
		wantKind(t, tx.Live.Get(new(models.Section), sec.ID), models.KindNotFound)
		left, err := tx.Live.Citations(store.Query{})
		wantEqual(t, len(left), 0)
		if err != nil {
			return err
		}
		uses, err := tx.Live.Uses(source.ID)
		wantEqual(t, uses, []models.Ref(nil))
		return err
	})
}
