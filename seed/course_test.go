package seed

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

func TestLanguageOfASite(t *testing.T) {
	for settings, want := range map[string]string{
		"title: A\n":                 "en",
		"lang: fr\n":                 "fr",
		"language: pt-br\n":          "pt-BR",
		"locale: de_AT\n":            "de-AT",
		"lang: gibberish tongue\n":   "en",
		"lang: 7\nlocale: is\n":      "is",
		"lang: [a]\nlanguage: sv\n":  "sv",
		"lang: \"\"\nlanguage: nl\n": "nl",
	} {
		site := surveyed(t, fstest.MapFS{"_config.yml": {Data: []byte(settings)}, "a.md": {Data: []byte("---\ntitle: A\n---\n")}})
		if got := site.Trees[0].record().Language; got != want {
			t.Errorf("%q: %s, want %s", settings, got, want)
		}
	}
}

// What a course-in-a-box has of odd names, dates and orders.
func TestOddFileNames(t *testing.T) {
	page := func(title string) string { return "---\ntitle: " + title + "\n---\n" }
	site := surveyed(t, folder("-- modules/odd/_posts/2017-02-31-impossible.md --\n"+page("The 31st of February")+
		"-- modules/odd/_posts/2017-02-28-before.md --\n"+page("Before it")+
		"-- modules/odd/_posts/2017-03-01-b.md --\n"+page("Same day, b")+
		"-- modules/odd/_posts/2017-03-01-a.md --\n"+page("Same day, a")+
		"-- modules/odd/_posts/2017-10-1-ten.md --\n"+page("October")+
		"-- modules/odd/_posts/2017-9-01-nine.md --\n"+page("September")+
		"-- modules/odd/_posts/2017-11-02--stuff.md --\n---\n---\n"+
		"-- modules/odd/_posts/--more-stuff.md --\n---\n---\n"+
		"-- modules/odd/_posts/grid-based.md --\n---\n---\n"+
		"-- modules/odd/_posts/Ducks & geese, why?.md --\n---\n---\n"+
		"-- modules/odd/_posts/été.md --\n---\n---\n"+
		"-- modules/odd/index.md --\n"+page("Odd things")))
	same(t, "the site", `
COURSE Default course /default
 MODULE odd: Odd things
  Odd things /odd-things
   Before it /before-it
   The 31st of February /the-31st-of-february
   Same day, a /same-day-a
   Same day, b /same-day-b
   September /september
   October /october
   Stuff /stuff
   More Stuff /more-stuff
   Ducks & Geese, Why? /ducks-and-geese-why
   Grid Based /grid-based
   Été /ete
`, sketch(site))
}

func TestEmptyPagesAreKept(t *testing.T) {
	c, files := lectern(t)
	report := bring(t, c, files, folder("-- modules/odd/_posts/2001-01-01-a.md --\n---\ntitle: Nothing yet\n---\n"+
		"-- modules/odd/_posts/2001-01-02-b.md --\n---\ntitle: Spaces\n---\n \n\u00a0\n"+
		"-- modules/odd/_posts/2001-01-03-c.md --\n"))
	if n := report.Totals; n.Created[models.KindSection] != 3 || n.Pages != 3 || n.Blockers != 0 {
		t.Errorf("%+v", n)
	}
	if v := liveAt(t, c, "odd", "nothing-yet"); *v.HTML != "" {
		t.Errorf("%q", *v.HTML)
	}
}

// The same title and slug in every module, and twice in one.
func TestSameTitlesEverywhere(t *testing.T) {
	const page = "---\ntitle: Check-in\n---\nHello.\n"
	c, files := lectern(t)
	pages := folder("-- modules/a/_posts/2001-01-01-check-in.md --\n" + page + "-- modules/b/_posts/2001-01-01-check-in.md --\n" + page +
		"-- modules/b/_posts/2001-02-01-check-in.md --\n" + page)
	if report := bring(t, c, files, pages); report.Totals.Created[models.KindSection] != 3 {
		t.Errorf("%+v", report.Totals)
	}
	ids := map[models.ID]bool{}
	for _, at := range []struct{ module, slug string }{{"a", "check-in"}, {"b", "check-in"}, {"b", "check-in-2"}} {
		ids[liveAt(t, c, at.module, at.slug).ID] = true
	}
	if len(ids) != 3 {
		t.Errorf("%d pages, want 3", len(ids))
	}
}

// Pages that go on from one reader to the other: a stale copy of a module, drafts of it, and a page by itself.
func TestCopiesOfModulesStayApart(t *testing.T) {
	head := func(title string) string {
		return "---\nlayout: module\nmodule_name: bread\nmodule_full_name: Bread\nsection: 1. Dough\ntitle: " + title + "\n---\n"
	}
	site := surveyed(t, folder("-- modules/bread/section-1-1.md --\n"+head("1.1 Flour")+"-- modules/bread2/section-1-1.md --\n"+head("1.1 Flour")+
		"-- _posts/2001-01-01-flour.md --\n"+head("1.1 Flour")))
	same(t, "the site", `
COURSE Default course /default
 MODULE bread: Bread
  1. Dough /dough (no page)
   1.1 Flour /flour
  1.1 Flour /flour-2 (in no menu)
 MODULE bread2: Bread
  1. Dough /dough (no page)
   1.1 Flour /flour
`, sketch(site))
	if !strings.Contains(alerts(site), "modules/bread2/section-1-1.md:3: module_name is bread, but the pages are in the folder of bread2") {
		t.Errorf("warnings: %s", alerts(site))
	}
}

// A source that is imported into another course goes there, whatever it says of its own.
func TestImportIntoACourse(t *testing.T) {
	for name, tt := range map[string]struct {
		pages  fstest.MapFS
		course string
		want   string // slug and title; else part of the error
	}{
		"no course of its own": {folder("-- a.md --\n---\ntitle: A\n---\n"), "my-garden", "my-garden My Garden"},
		"its own":              {folder(boxes), "my-garden", "my-garden The Garden Toolkit"},
		"several":              {folder(school), "my-garden", "the source holds 2 courses"},
		"no slug":              {folder(boxes), "My garden", "is no slug"},
	} {
		t.Run(name, func(t *testing.T) {
			site := surveyed(t, tt.pages)
			site.Course = tt.course
			var got string
			if err := site.into(); err != nil {
				got = err.Error()
			} else {
				got = site.Trees[0].record().Slug + " " + site.Trees[0].record().Title
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// Liquid variables are what the page and the settings say; titles hold no entities.
func TestVariablesAndEntities(t *testing.T) {
	site := readSite(t, folder("-- _config.yml --\nbaker: Ada & Bo\ntitle: Bakery\n-- modules/bread/_posts/2001-01-01-a.md --\n"+
		"---\ntitle: Ovens&#58; A Step-by-Step Guide\nflour: rye\n---\n# {{ page.title }}\n\n{{ page.flour }} of {{ site.baker }} at {{site.title}}, {{ page.nothing }}.\n"))
	s := site.sectionAt(t, "modules/bread/_posts/2001-01-01-a.md")
	if s.Record.Title != "Ovens: A Step-by-Step Guide" || string(s.Record.Extra["title"]) != `"Ovens\u0026#58; A Step-by-Step Guide"` &&
		string(s.Record.Extra["title"]) != `"Ovens&#58; A Step-by-Step Guide"` {
		t.Errorf("title %q, extra %s", s.Record.Title, encode(s.Record.Extra))
	}
	var got []string
	for _, b := range s.Record.Blocks {
		for _, text := range models.Texts(b) {
			got = append(got, string(*text))
		}
	}
	if diff := cmp.Diff([]string{"Ovens: A Step-by-Step Guide", "rye of Ada & Bo at Bakery, ."}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	same(t, "warnings", `
modules/bread/_posts/2001-01-01-a.md:7: the Liquid variable "page.nothing" is not known and was taken out
modules/bread/_posts/2001-01-01-a.md:5: the title stands again as a heading
`, alerts(site))
}
