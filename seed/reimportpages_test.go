package seed

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// order lists the drafts of pages that are not in the trash, in order.
func order(s *shop) string {
	s.Helper()
	var out []string
	for _, r := range s.exported(content.ExportRequest{}) {
		if r.Kind() == models.KindSection && r.Base().TrashedAt == nil {
			out = append(out, r.Label())
		}
	}
	return strings.Join(out, ", ")
}

func TestTheSameParagraphIsAConflict(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	edited(s, s.page("Flour"), func(p *models.Section) { p.Blocks[0].(*models.Paragraph).Text = "Rye is very dark." })
	changed := replaced(t, folder(bakery), flourPage, "Rye is dark and keeps for long.", "Rye is brown and keeps for weeks.")
	report := s.load(changed, "")
	same(t, "what was done", `
merged section Flour
 conflict in block b1 (paragraph): "Rye is very dark." or "Rye is brown and keeps for weeks."
`, doings(report))
	if report.Totals.Conflicts != 1 || texts(s.page("Flour").Blocks)[0] != "Rye is very dark." {
		t.Errorf("%d conflicts, %q", report.Totals.Conflicts, texts(s.page("Flour").Blocks))
	}
	if v := liveAt(t, s.Service, "bread", "flour"); !strings.Contains(*v.HTML, "keeps for long") {
		t.Errorf("an import has published an editor's draft: %s", *v.HTML)
	}
	if again := s.load(changed, ""); doings(again) != "" { // said once, and not until the source changes again
		t.Errorf("again: %s", doings(again))
	}
}

func TestEditsOfWorksheetsAreKept(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	sheet := s.drafts(models.KindWorksheet)["What you bake"].(*models.Worksheet)
	edited(s, sheet, func(w *models.Worksheet) { w.Prompts[0].PromptFields().Text = "Which flours do you use?" })
	changed := replaced(t, folder(bakery), flourPage, "<li>Which one is missing?</li>", "<li>Which one is missing?</li><li>Why?</li>")
	same(t, "what was done", "merged worksheet What you bake", doings(s.load(changed, "")))
	var prompts []string
	merged := s.drafts(models.KindWorksheet)
	merged["What you bake"].(*models.Worksheet).Prompts.Walk(func(p models.Prompt, _ int) {
		prompts = append(prompts, string(p.PromptFields().Text))
	})
	if diff := cmp.Diff([]string{"Which flours do you use?", "Which one is missing?", "Why?"}, prompts); diff != "" || len(merged) != 1 {
		t.Errorf("%d worksheets, prompts (-want +got):\n%s", len(merged), diff)
	}
}

func TestARenamedPageKeepsItsRecord(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	before := s.page("Water")
	const moved = "modules/bread/section-1-3.md"
	pages := without(folder(bakery), waterPage)
	pages[moved] = folder(bakery)[waterPage]
	report := s.load(pages, "")
	after := s.page("Water")
	if got := doings(report); !strings.HasPrefix(got, "renamed section Water\n") || strings.Contains(got, "gone") {
		t.Errorf("what was done: %s", got)
	}
	if after.ID != before.ID || after.Origin.Path != moved || report.Totals.Created[models.KindSection] != 0 {
		t.Errorf("%+v, created %v", after.Origin, report.Totals.Created)
	}
	if got := order(s); got != "Dough, Flour, Water, Ovens" {
		t.Errorf("pages %s", got)
	}
	before2 := s.dump()
	s.load(pages, "")
	if diff := cmp.Diff(before2, s.dump()); diff != "" {
		t.Errorf("a third import writes (-before +after):\n%s", diff)
	}
}

func TestARemovedPageIsReportedAndStays(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	pages := without(folder(bakery), waterPage)
	report := s.load(pages, "")
	same(t, "what was done", "gone section Water", doings(report))
	if got := order(s); got != "Dough, Flour, Water, Ovens" {
		t.Errorf("pages %s", got)
	}
	liveAt(t, s.Service, "bread", "water")
	if s.page("Water").Version != 1 {
		t.Error("the page that is gone was changed")
	}
	s.load(folder(bakery), "") // it is back, and known again
	if got := doings(s.load(folder(bakery), "")); got != "" || order(s) != "Dough, Flour, Water, Ovens" {
		t.Errorf("back again: %s, %s", got, order(s))
	}
}

func TestPagesThatComeBetweenOthers(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	head := "---\nlayout: module\nmodule_name: bread\nmodule_full_name: Bread\nsection: 1. Dough\ntitle: "
	report := s.load(with(folder(bakery), folder("-- modules/bread/index.md --\n"+head+"Overview\n---\n"+
		"-- modules/bread/section-1-11.md --\n"+head+"1.11 Yeast\n---\nYeast.\n"+
		"-- modules/bread/section-1-1-b.md --\n"+head+"1.1 Grain\n---\nGrain.\n"+
		"-- modules/bread/section-3.md --\n---\nlayout: module\ntitle: 3. Tins\n---\nTins.\n")), "")
	if got := order(s); got != "Overview, Dough, Flour, Grain, Water, Yeast, Ovens, Tins" {
		t.Errorf("pages %s", got)
	}
	if doings(report) != "" {
		t.Errorf("what was done with the others: %s", doings(report))
	}
}

// What an editor has put in the trash stays there, whatever the source says of it.
func TestATrashedPageStaysInTheTrash(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	water := s.page("Water")
	if err := s.Trash(t.Context(), models.Ref{Type: models.KindSection, ID: water.ID}, water.Version); err != nil {
		t.Fatal(err)
	}
	if got := doings(s.load(folder(bakery), "")); got != "" {
		t.Errorf("the same again: %s", got)
	}
	same(t, "what was done", "kept section Water", doings(s.load(replaced(t, folder(bakery), waterPage, "wakes", "soaks"), "")))
	after := s.page("Water")
	if after.TrashedAt == nil || !strings.Contains(texts(after.Blocks)[0], "wakes") {
		t.Errorf("trashed %v, %q", after.TrashedAt, texts(after.Blocks))
	}
}

// A dry run says what the import would, and nothing in the database is another for it.
func TestADryRunWritesNothing(t *testing.T) {
	s := newShop(t)
	for name, pages := range map[string]fstest.MapFS{
		"a new site":     folder(bakery),
		"a changed site": replaced(t, without(folder(bakery), ovensPage), flourPage, "Oats hold", "Barley holds"),
	} {
		if name == "a changed site" {
			s.load(folder(bakery), "")
		}
		before := s.dump()
		dry := s.o
		dry.Publish, dry.DryRun = true, true
		would := s.loadWith(pages, "", dry)
		if diff := cmp.Diff(before, s.dump()); diff != "" {
			t.Errorf("%s: tables (-before +after):\n%s", name, diff)
		}
		did := s.load(pages, "")
		if diff := cmp.Diff(did.Totals, would.Totals); diff != "" || doings(did) != doings(would) {
			t.Errorf("%s: the dry run says otherwise (-did +would):\n%s%s%s", name, diff, doings(did), doings(would))
		}
		if !would.DryRun || did.DryRun || would.Totals.Published == 0 {
			t.Errorf("%s: %+v", name, would.Totals)
		}
	}
}

// An editor's draft that readers don't see stays back; the rest of the import goes live.
func TestOnlyWhatNobodyElseHoldsIsPublished(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	edited(s, s.page("Flour"), func(p *models.Section) { p.Title = "All flour" })
	pages := replaced(t, folder(bakery), flourPage, "Oats hold", "Barley holds")
	report := s.load(replaced(t, pages, waterPage, "wakes", "soaks"), "")
	if report.Totals.Blockers != 0 || report.Totals.Published == 0 {
		t.Errorf("%+v", report.Totals)
	}
	if v := liveAt(t, s.Service, "bread", "flour"); v.Title != "Flour" || strings.Contains(*v.HTML, "Barley") {
		t.Errorf("an editor's draft went live: %s %s", v.Title, *v.HTML)
	}
	if v := liveAt(t, s.Service, "bread", "water"); !strings.Contains(*v.HTML, "soaks") {
		t.Errorf("a page that nobody edited is not live: %s", *v.HTML)
	}
}

// One page that can't be read: nothing is saved, also of the courses before it.
func TestOneBadPageSavesNothing(t *testing.T) {
	for name, bad := range map[string]string{
		"front matter": "---\ntitle: [\n---\n",
		"not UTF-8":    "---\ntitle: A\n---\nfine\n\xff\n",
		"nesting":      "---\ntitle: A\n---\n" + strings.Repeat("<div>", 500),
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			before := s.dump()
			pages := with(folder(school), fstest.MapFS{"courses/web/html/_posts/2001-01-01-z.md": {Data: []byte(bad)}})
			site, err := Survey(t.Context(), sourceOfFS(t, pages))
			if err == nil {
				_, err = Import(t.Context(), s.Service, site, s.o)
			}
			var malformed *models.Error
			if !errors.As(err, &malformed) || malformed.Kind != models.KindMalformed || !strings.Contains(err.Error(), "2001-01-01-z.md") {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(before, s.dump()); diff != "" {
				t.Errorf("tables (-before +after):\n%s", diff)
			}
		})
	}
}

func TestTwoCoursesInOneSite(t *testing.T) {
	s := newShop(t)
	pages := with(folder(school), folder("-- courses/radio/sound/_posts/2000-01-02-loud.md --\n---\ntitle: Loud\n---\nSee [colour](/courses/web/css/2000/01/01/colour.html) "+
		"and [CSS](/courses/web/css/).\n"))
	first := s.load(pages, "")
	var slugs []string
	for _, c := range first.Courses {
		slugs = append(slugs, *c.Course.Slug)
	}
	if !slices.Equal(slugs, []string{"radio", "web"}) || first.Totals.Created[models.KindCourse] != 2 || first.Totals.Created[models.KindSection] != 5 {
		t.Fatalf("courses %v, %+v", slugs, first.Totals)
	}
	same(t, "what was done", "revived section Loud", doings(first)) // its course came before the one that it links to
	loud, err := s.SectionBySlug(t.Context(), "radio", "sound", "loud", content.ReadRequest{Body: content.BodySet{content.BodyHTML: true}})
	colour, err2 := s.SectionBySlug(t.Context(), "web", "css", "colour", content.ReadRequest{})
	css, err3 := s.ModuleBySlug(t.Context(), "web", "css", content.ReadRequest{})
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{models.Href(models.KindSection, colour.Data.ID), models.Href(models.KindModule, css.Data.ID)} {
		if !strings.Contains(*loud.Data.HTML, to) {
			t.Errorf("no link to %s: %s", to, *loud.Data.HTML)
		}
	}
	before := s.dump()
	if again := s.load(pages, ""); doings(again) != "" || total(again.Totals.Created) != 0 {
		t.Errorf("again: %s %+v", doings(again), again.Totals)
	}
	if diff := cmp.Diff(before, s.dump()); diff != "" {
		t.Errorf("tables (-before +after):\n%s", diff)
	}
	changed := s.load(replaced(t, pages, "courses/web/css/_posts/2000-01-01-colour.md", "Red.", "Blue."), "")
	same(t, "what was done", "updated section Colour", doings(changed))
}

// A page that is imported by itself moves no other, and nothing is missed for not being with it.
func TestAPageByItself(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	head := "---\nlayout: module\nmodule_name: bread\nmodule_full_name: Bread\nsection: 3. Tins\ntitle: "
	report := s.load(folder("-- modules/bread/section-3-1.md --\n"+head+"3.1 Tins\n---\nTins.\n"), "")
	if got := order(s); doings(report) != "" || got != "Dough, Flour, Water, Ovens, Tins, Tins" {
		t.Errorf("what was done: %q; pages %s", doings(report), got)
	}
	report = s.load(folder("-- modules/acorns/section-1.md --\n---\nlayout: module\ntitle: 1. Acorns\n---\nAcorns.\n"), "")
	course, err := s.CourseBySlug(t.Context(), DefaultCourse, content.ReadRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if doings(report) != "" || len(course.Data.Modules) != 2 || *course.Data.Modules[0].Title != "Bread" {
		t.Errorf("what was done: %q; modules %+v", doings(report), course.Data.Modules)
	}
	// The pages are no part of the site that is imported as a whole.
	same(t, "what was done", "gone module Acorns\ngone section Acorns\ngone section Tins\ngone section Tins", doings(s.load(folder(bakery), "")))
}
