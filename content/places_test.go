package content_test

import (
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// moved puts a record somewhere else, as an editor.
func (d *desk) moved(t *testing.T, r models.Record, owner models.Record, to string) {
	t.Helper()
	var position content.Position
	if err := models.Decode([]byte(to), &position); err != nil {
		t.Fatal(err)
	}
	if _, err := d.editor().Move(t.Context(), *ref(r), d.draft(owner).Base().Version, position); err != nil {
		t.Fatal(err)
	}
}

// A section is copied with those below it, into the module of the originals, where all slugs must differ.
func TestASectionIsCopiedWithThoseBelowIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		knead := section(d.a, "knead")
		fold, again := below(knead, "fold"), below(knead, "fold-2")
		d.create(knead, fold, again)
		if _, err := d.editor().Duplicate(t.Context(), *ref(knead), ""); err != nil {
			t.Fatal(err)
		}
		var slugs []string
		err := s.store.View(t.Context(), func(tx *store.Tx) error {
			rs, err := tx.Draft.List(store.Query{Kind: models.KindSection, Module: d.a.ID})
			for _, r := range rs {
				slugs = append(slugs, r.Name())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, slugs, []string{"knead", "fold", "fold-2", "knead-2", "fold-3", "fold-2-2"})
	})
}

// What comes back from the trash stands where it stood, and nothing else stands there.
func TestWhatComesBackHasAPlaceOfItsOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		first, second, third := section(d.a, "first"), section(d.a, "second"), section(d.a, "third")
		d.create(first, second, third)
		d.trash(first)
		d.moved(t, third, d.a, `{"after": null}`)
		version := d.draft(d.a).Base().Version
		if _, err := d.editor().Untrash(t.Context(), *ref(first), 1); err != nil {
			t.Fatal(err)
		}
		places := map[int]string{}
		for _, sec := range []*models.Section{first, second, third} {
			places[position(d.draft(sec))] = sec.Slug
		}
		if len(places) != 3 || places[2] != "second" {
			t.Errorf("places are %v", places)
		}
		wantEqual(t, d.draft(d.a).Base().Version, version+1)

		d.trash(second)
		if _, err := d.editor().Untrash(t.Context(), *ref(second), 1); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, position(d.draft(second)), 2)
		wantEqual(t, d.draft(d.a).Base().Version, version+1) // which keeps the same order
	})
}

// A section goes live in another module: what readers saw below it goes with it, or leaves, or stands by itself.
func TestNothingIsLeftBelowASectionThatIsElsewhere(t *testing.T) {
	for name, publish := range map[string]func(d *desk, moved *models.Section) models.Record{
		"the section": func(_ *desk, moved *models.Section) models.Record { return moved },
		"its module":  func(d *desk, _ *models.Section) models.Record { return d.b },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, newSite(t))
			knead := section(d.a, "knead")
			fold, gone, freed := below(knead, "fold"), below(knead, "gone"), below(knead, "freed")
			d.create(knead, fold, gone, freed)
			d.publish(d.course)
			d.trash(gone)
			d.moved(t, freed, d.a, `{"parent_id": null}`)
			d.moved(t, knead, d.a, `{"module_id": "`+string(d.b.ID)+`"}`)
			d.publish(publish(d, knead))
			got := map[string][2]models.ID{}
			err := d.store.View(t.Context(), func(tx *store.Tx) error {
				rs, err := tx.Live.List(store.Query{Kind: models.KindSection, Course: d.course.ID})
				for _, r := range rs {
					sec := r.(*models.Section)
					got[sec.Slug] = [2]models.ID{sec.ModuleID, sec.Owner().ID}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, got, map[string][2]models.ID{
				"knead": {d.b.ID, d.b.ID}, "fold": {d.b.ID, knead.ID}, "freed": {d.a.ID, d.a.ID},
			})
		})
	}
}
