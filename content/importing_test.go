package content_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// page is a section of a source, as a reader sees it: each time with fresh ids.
type page struct{ key, title, text string }

var pages = []page{{"one.md", "One", "First."}, {"two.md", "Two", "Second."}, {"three.md", "Three", "Third."}}

// reading is what a reader makes of pages: course bread, module dough, a source, and a section for each page that
// cites it and links to the first.
func reading(pages ...page) *readPages {
	in := &readPages{Import: content.Import{Course: course("bread"), By: content.Save{Author: "import"}}}
	dough, book := module(in.Course, "dough"), source(in.Course, "book")
	in.items = []content.ImportItem{{Key: "dough", Record: dough}, {Key: "book", Record: book}}
	var first *models.Section
	for _, p := range pages {
		sec := section(dough, strings.ToLower(p.title), &models.Paragraph{BlockBase: models.BlockBase{ID: "b1"}, Text: models.Text(p.text)})
		sec.Title = p.title
		if first == nil {
			first = sec
		}
		sec.Blocks = append(sec.Blocks, link(first))
		sec.Blocks[1].Base().ID = "b2"
		sec.Citations = []models.Citation{{ID: models.NewID(), Label: "1", Written: "W.", Source: ref(book)}}
		in.items = append(in.items, content.ImportItem{Key: p.key, Record: sec})
	}
	return in
}

// readPages is an import with its items at hand.
type readPages struct {
	content.Import
	items []content.ImportItem
}

// spooled gives the import as Import takes it.
func (in *readPages) spooled(t tester) content.Import {
	t.Helper()
	spool, err := content.NewSpool("")
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range in.items {
		if err := spool.Add(item); err != nil {
			t.Fatal(err)
		}
	}
	in.Items = spool
	return in.Import
}

func (s *site) load(in *readPages) *content.ImportResult {
	s.t.Helper()
	result, err := s.Import(s.t.Context(), in.spooled(s.t))
	if err != nil {
		s.t.Fatal(err)
	}
	return result
}

// drafts gives the drafts of a kind by title, and the titles in order.
func (s *site) drafts(kind models.Kind) (byTitle map[string]models.Record, titles []string) {
	s.t.Helper()
	byTitle = map[string]models.Record{}
	err := s.store.View(s.t.Context(), func(tx *store.Tx) error {
		modules, err := tx.Draft.List(store.Query{Kind: models.KindModule})
		if err != nil || len(modules) == 0 {
			return err
		}
		rs, err := tx.Draft.List(store.Query{Kind: kind, Module: modules[0].Base().ID, Bodies: true})
		for _, r := range rs {
			byTitle[r.Label()] = r
			titles = append(titles, r.Label())
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return byTitle, titles
}

func TestImportingTheSameTwiceChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		in := reading(pages...)
		in.Publish = true
		first := s.load(in)
		wantEqual(t, first.Created, map[models.Kind]int{models.KindCourse: 1, models.KindModule: 1, models.KindSource: 1, models.KindSection: 3})
		wantEqual(t, first.Revision, int64(1))
		before, titles := s.drafts(models.KindSection)
		wantEqual(t, titles, []string{"One", "Two", "Three"})

		again := reading(pages...)
		again.Publish = true
		second := s.load(again)
		wantEqual(t, second.Unchanged, map[models.Kind]int{models.KindCourse: 1, models.KindModule: 1, models.KindSource: 1, models.KindSection: 3})
		wantEqual(t, []int{len(second.Created), len(second.Updated), len(second.Changes)}, []int{0, 0, 0})
		wantEqual(t, second.Revision, int64(0))
		after, _ := s.drafts(models.KindSection)
		wantEqual(t, after, before)
		for _, r := range after {
			revisions, err := s.Revisions(t.Context(), r.Base().ID)
			if err != nil || len(revisions) != 1 || !revisions[0].Imported || revisions[0].Author != "import" {
				t.Errorf("%s has the revisions %+v (%v), want one of the import", r.Label(), revisions, err)
			}
		}
		// Links lead to the records that are there, not to the reader's ids.
		one := before["One"].(*models.Section)
		wantParts(t, "html", *s.section(before["Two"].(*models.Section)).HTML, models.Href(models.KindSection, one.ID))
	})
}

func TestImportOfChangedPages(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		s.load(reading(pages...))
		before, _ := s.drafts(models.KindSection)
		changed := append([]page{{"zero.md", "Zero", "New."}}, pages...)
		changed[2] = page{"two.md", "Two", "Second, changed."}
		in := reading(append(changed, page{"four.md", "One", "Same slug."})...)
		linkFirst(in, before["One"].Base().ID)
		result := s.load(in)
		wantEqual(t, result.Created, map[models.Kind]int{models.KindSection: 2})
		wantEqual(t, result.Updated, map[models.Kind]int{models.KindSection: 1})

		after, titles := s.drafts(models.KindSection)
		wantEqual(t, titles, []string{"Zero", "One", "Two", "Three", "One"})
		two := after["Two"].(*models.Section)
		wantEqual(t, two.ID, before["Two"].Base().ID)
		wantEqual(t, two.Version, int64(2))
		wantEqual(t, two.Citations, before["Two"].(*models.Section).Citations)
		wantEqual(t, after["Three"].Base().Version, int64(1))
		wantEqual(t, after["One"].Name(), "one-2") // the last of that title
	})
}

// A module in the trash stays there, what it holds gets its places there too, and the other modules keep theirs.
func TestImportBesideAModuleInTheTrash(t *testing.T) {
	for _, trashed := range []string{"dough", "cake"} {
		t.Run(trashed, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *site) {
				s.load(withCake(reading(pages...)))
				s.trash(s.modules()[trashed])
				more := slices.Insert(slices.Clone(pages), 1, page{"more.md", "More", "New."})
				result := s.load(withCake(reading(more...)))
				wantEqual(t, result.Created, map[models.Kind]int{models.KindSection: 1})
				wantEqual(t, actions(result), []string(nil))

				modules := s.modules()
				wantEqual(t, modules[trashed].Base().State(), models.StateTrashed)
				wantEqual(t, modules["dough"].Base().Version, int64(2)) // its pages have other places now
				wantEqual(t, modules["cake"].Base().Version, int64(1))
				wantEqual(t, s.places(modules["dough"]), []string{"0 One", "1 More", "2 Two", "3 Three"})
				wantEqual(t, s.places(modules["cake"]), []string{"0 icing", "1 sugar"})
			})
		})
	}
}

// withCake adds a module to a reading, with a page and another below it.
func withCake(in *readPages) *readPages {
	cake := module(in.Course, "cake")
	icing := section(cake, "icing")
	for _, r := range []models.Record{cake, icing, below(icing, "sugar")} {
		in.items = append(in.items, content.ImportItem{Key: r.Label(), Record: r})
	}
	return in
}

// modules gives the modules by title, those in the trash too.
func (s *site) modules() map[string]models.Record {
	s.t.Helper()
	out := map[string]models.Record{}
	for _, m := range s.list(store.Query{Kind: models.KindModule, Trashed: true}) {
		out[m.Label()] = m
	}
	return out
}

// places gives the places and titles of the pages of a module.
func (s *site) places(module models.Record) (out []string) {
	s.t.Helper()
	for _, r := range s.list(store.Query{Kind: models.KindSection, Module: module.Base().ID}) {
		out = append(out, fmt.Sprintf("%d %s", r.(*models.Section).Position, r.Label()))
	}
	return out
}

func (s *site) list(q store.Query) (out []models.Record) {
	s.t.Helper()
	err := s.store.View(s.t.Context(), func(tx *store.Tx) (err error) {
		out, err = tx.Draft.List(q)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// linkFirst makes all pages link to a record that is there, as they did in the first reading.
func linkFirst(in *readPages, to models.ID) {
	one := &models.Section{Meta: models.Meta{ID: to}, Title: "One"}
	for _, item := range in.items {
		if sec, ok := item.Record.(*models.Section); ok {
			b := link(one)
			b.ID = "b2"
			sec.Blocks[1] = b
		}
	}
}

// What an editor has changed stays, with what the source has changed beside it, import after import. It does not go
// live with an import.
func TestEditsAndChangesOfTheSourceAreMerged(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		in := reading(pages...)
		in.Publish = true
		s.load(in)
		there, _ := s.drafts(models.KindSection)
		edited := there["Two"].(*models.Section)
		dough := &models.Module{Meta: models.Meta{ID: edited.ModuleID}}
		change(s, edited, func(sec *models.Section) { sec.Title = "Edited" })
		change(s, dough, func(m *models.Module) { m.Title = "My dough" })
		s.trash(there["Three"])

		grown := []page{pages[0], {"new.md", "New", "Between."}, {"two.md", "Two", "Changed there too."}, {"three.md", "Three", "Changed."}}
		for _, want := range [][]string{{"merged section Edited", "kept section Three"}, {"kept section Three"}, {"kept section Three"}} {
			in := reading(grown...)
			in.Publish = true
			linkFirst(in, there["One"].Base().ID)
			result := s.load(in)
			wantEqual(t, actions(result), want)
			if len(result.Plan.Blockers) > 0 {
				t.Errorf("blockers: %+v", result.Plan.Blockers)
			}
			after, titles := s.drafts(models.KindSection)
			wantEqual(t, titles, []string{"One", "New", "Edited"})
			wantEqual(t, after["Edited"].(*models.Section).Blocks[0].(*models.Paragraph).Text, models.Text("Changed there too."))
			wantEqual(t, s.live(), []string{"course bread", "module dough", "source book", "section One", "section Two", "section Three", "section New"})
		}
	})
}

// actions lists what an import did with records that were there.
func actions(r *content.ImportResult) []string {
	var out []string
	for _, c := range r.Changes {
		out = append(out, fmt.Sprintf("%s %s %s", c.Action, c.Ref.Type, *c.Ref.Title))
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}

func TestABrokenRecordFailsTheImportWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		in := reading(append(pages, page{"broken.md", "", "No title."})...)
		_, err := s.Import(t.Context(), in.spooled(t))
		wantKind(t, err, models.KindInvalid)
		wantParts(t, "error", err.Error(), "broken.md", "/title")
		wantEmpty(t, s)
	})
}

func TestAKilledImportLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		killer := func() time.Time { // the clock is looked at for each record
			if calls++; calls == 4 {
				cancel()
			}
			return time.Now()
		}
		_, err := content.New(s.store, slog.New(slog.DiscardHandler), killer).Import(ctx, reading(pages...).spooled(t))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want it cancelled", err)
		}
		wantEmpty(t, s)
		s.load(reading(pages...)) // and nothing is in the way
	})
}

func wantEmpty(t *testing.T, s *site) {
	t.Helper()
	for _, kind := range models.StoredKinds() {
		if n, err := s.CountDrafts(t.Context(), kind); n != 0 || err != nil {
			t.Errorf("there are %d %s (%v)", n, kind.Plural(), err)
		}
	}
	wantEqual(t, s.live(), []string(nil))
	wantEqual(t, s.revision(), int64(0))
}

func TestABlockedImportIsSavedButNotPublished(t *testing.T) {
	s := newSite(t)
	in := reading(page{"one.md", "One", "Why[^9]?"})
	in.Publish = true
	result := s.load(in)
	wantEqual(t, inWords(result.Plan).Blockers, []string{"section One marks citation 9, which the section does not have"})
	wantEqual(t, s.live(), []string(nil))
	if _, titles := s.drafts(models.KindSection); len(titles) != 1 {
		t.Errorf("drafts %v, want One", titles)
	}
}
