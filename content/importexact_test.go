package content_test

import (
	"slices"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// exactly makes of an import one of a course that Lectern has written: what is there keeps its id.
func exactly(in *readPages) *readPages {
	in.Exact, in.Whole = true, true
	in.Course.Version = 1
	for n := range in.items {
		item := &in.items[n]
		item.Exact, item.Key = true, content.ExactKey(item.Record.Base().ID)
		item.Record.Base().Version = max(1, item.Record.Base().Version)
	}
	return in
}

// written is the course as it is there, as an export has it.
func (s *site) written() *readPages {
	s.t.Helper()
	in := &readPages{Import: content.Import{By: content.Save{Author: "import"}}}
	var course models.ID
	err := s.store.View(s.t.Context(), func(tx *store.Tx) error {
		rs, err := tx.Draft.List(store.Query{Kind: models.KindCourse})
		course = rs[0].Base().ID
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.Export(s.t.Context(), content.ExportRequest{Course: course}, func(e content.Exported) error {
		if c, ok := e.Record.(*models.Course); ok {
			in.Course = c
			return nil
		}
		in.items = append(in.items, content.ImportItem{Record: e.Record, Trash: e.Record.Base().TrashedAt != nil})
		e.Record.Base().TrashedAt = nil
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	in.Exact, in.Whole = true, true
	for n := range in.items {
		in.items[n].Exact, in.items[n].Key = true, content.ExactKey(in.items[n].Record.Base().ID)
	}
	return in
}

// page is the item of a section.
func (in *readPages) page(title string) *models.Section {
	i := slices.IndexFunc(in.items, func(item content.ImportItem) bool { return item.Record.Label() == title })
	return in.items[i].Record.(*models.Section)
}

func TestExactRecordsKeepIDVersionAndTrash(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		in := exactly(reading(append(pages, page{"old.md", "One", "Thrown away."})...))
		in.items[2].Record.Base().Version = 7
		in.items[5].Trash = true
		in.Publish = true
		want := in.items[2].Record.Base().ID
		result := s.load(in)
		if len(result.Plan.Blockers) > 0 {
			t.Fatalf("blockers %+v", result.Plan.Blockers)
		}
		drafts, titles := s.drafts(models.KindSection)
		wantEqual(t, titles, []string{"One", "Two", "Three"})
		wantEqual(t, drafts["One"].Base().ID, want)
		wantEqual(t, drafts["One"].Base().Version, int64(7))
		old, err := s.Draft(t.Context(), models.Ref{Type: models.KindSection, ID: in.items[5].Record.Base().ID})
		if err != nil || old.Base().TrashedAt == nil || old.Name() != "one" {
			t.Errorf("the page in the trash: %+v, %v", old, err)
		}
		wantEqual(t, s.live(), []string{"course bread", "module dough", "source book", "section One", "section Two", "section Three"})
		again := s.load(s.written())
		wantEqual(t, []int{len(again.Created), len(again.Updated), len(again.Changes)}, []int{0, 0, 0})
	})
}

// A course that came from a site is written by Lectern, and changed there and here and in the site.
func TestExactImportsAndThoseOfASiteDontMissEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		whole := func(in *readPages) *readPages { in.Whole = true; return in }
		s.load(whole(reading(pages...)))
		out := s.written()
		added := section(out.items[0].Record.(*models.Module), "added", &models.Paragraph{BlockBase: models.BlockBase{ID: "b1"}, Text: "Added."})
		out.items = append(out.items, content.ImportItem{Key: content.PlaceKey("added.md"), Record: added})
		wantEqual(t, actions(s.load(out)), []string(nil))
		before, titles := s.drafts(models.KindSection)
		wantEqual(t, titles, []string{"One", "Two", "Three", added.Title})

		in := whole(reading(pages...))
		linkFirst(in, before["One"].Base().ID)
		wantEqual(t, actions(s.load(in)), []string(nil)) // the site doesn't miss the new page
		out = s.written()
		out.items = slices.DeleteFunc(out.items, func(item content.ImportItem) bool {
			return item.Record.Label() == "Two" || item.Record.Label() == added.Title
		})
		wantEqual(t, actions(s.load(out)), []string{"gone section " + added.Title, "gone section Two"})
	})
}

// What an author sees after a merge is the base of the author's next change.
func TestAnExportAfterAMergeIsItsOwnBase(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		s.load(exactly(reading(pages...)))
		out := s.written()
		there, _ := s.drafts(models.KindSection)
		change(s, there["Two"].(*models.Section), func(sec *models.Section) { sec.Summary = "Of an editor." })
		out.page("Two").Summary = "Of the author."
		wantEqual(t, actions(s.load(out)), []string{"merged section Two"})

		out = s.written()
		out.page("Two").Summary = "Of both."
		result := s.load(out)
		wantEqual(t, actions(result), []string{"updated section Two"})
		wantEqual(t, len(result.Changes[0].Conflicts), 0)
	})
}

func TestExactOrderAndPlaces(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		first := exactly(reading(pages...))
		cake := module(first.Course, "cake")
		cake.Version = 1
		first.items = append(first.items, content.ImportItem{Key: content.ExactKey(cake.ID), Exact: true, Record: cake})
		s.load(first)

		out := s.written()
		slices.Reverse(out.items[len(out.items)-3:])
		one := out.page("Three").ID
		out.page("One").ParentID = &one
		wantEqual(t, actions(s.load(out)), []string(nil))
		drafts, titles := s.drafts(models.KindSection)
		wantEqual(t, titles, []string{"Three", "One", "Two"})
		wantEqual(t, *drafts["One"].(*models.Section).ParentID, one)
		again := s.load(out) // the module of the export is older than the one here, but nobody else has changed it
		wantEqual(t, actions(again), []string(nil))
		after, _ := s.drafts(models.KindSection)
		wantEqual(t, after, drafts)

		// Two goes to the other module with a change of its text, while an editor changes its title.
		out = s.written()
		change(s, drafts["Two"].(*models.Section), func(sec *models.Section) { sec.Title = "Second" })
		out.page("Two").ModuleID = cake.ID
		out.page("One").ParentID = nil
		wantEqual(t, actions(s.load(out)), []string{"merged section Second"})
		moved, err := s.Draft(t.Context(), models.Ref{Type: models.KindSection, ID: drafts["Two"].Base().ID})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, moved.(*models.Section).ModuleID, cake.ID)
		_, titles = s.drafts(models.KindSection)
		wantEqual(t, titles, []string{"Three", "One"})

		// An editor's module keeps its order, and the difference is told.
		out = s.written()
		change(s, &models.Module{Meta: models.Meta{ID: drafts["One"].(*models.Section).ModuleID}}, func(m *models.Module) { m.Title = "My dough" })
		slices.Reverse(out.items[len(out.items)-3:])
		result := s.load(out)
		wantEqual(t, actions(result), []string{"merged module My dough"})
		wantEqual(t, result.Changes[0].Conflicts[0].Field, "order")
		_, titles = s.drafts(models.KindSection)
		wantEqual(t, titles, []string{"Three", "One"})
	})
}

// TestPlacesWithGapsAreNoChange: something that was there is in the trash, and its place is empty.
func TestPlacesWithGapsAreNoChange(t *testing.T) {
	s := newSite(t)
	s.load(exactly(reading(pages...)))
	there, _ := s.drafts(models.KindSection)
	s.trash(there["One"])
	before, _ := s.drafts(models.KindSection)
	wantEqual(t, actions(s.load(s.written())), []string(nil))
	after, _ := s.drafts(models.KindSection)
	wantEqual(t, after, before)
}
