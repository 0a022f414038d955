package cite_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
)

// sourcesOf makes sources with the ids a, b, c …
func sourcesOf(items ...models.CSL) []*models.Source {
	var out []*models.Source
	for i, csl := range items {
		out = append(out, &models.Source{Meta: models.Meta{ID: models.ID(rune('a' + i))}, CSL: csl})
	}
	return out
}

func page(url string) models.CSL { return models.CSL{URL: url} }

func titled(title string, year int) models.CSL {
	csl := models.CSL{Title: title}
	if year > 0 {
		csl.Issued = on(year)
	}
	return csl
}

func TestSame(t *testing.T) {
	ab := []models.ID{"a", "b"}
	front := func(title string) models.CSL { return models.CSL{Title: title, URL: "https://example.org/"} }
	for name, tt := range map[string]struct {
		sources []models.CSL
		want    []cite.Suggestion
	}{
		"nothing":                         {},
		"one DOI in two cases":            {[]models.CSL{{DOI: "10.5555/ABC"}, {DOI: "10.5555/abc"}}, []cite.Suggestion{{cite.ReasonDOI, ab}}},
		"a DOI and its address":           {[]models.CSL{{DOI: "10.5555/abc"}, {URL: "https://doi.org/10.5555/abc"}}, []cite.Suggestion{{cite.ReasonDOI, ab}}},
		"a DOI that is none":              {[]models.CSL{{DOI: "unknown"}, {DOI: "unknown"}}, nil},
		"ISBN of ten and of thirteen":     {[]models.CSL{{ISBN: "0-306-40615-2"}, {ISBN: "978 0 306 40615 7"}}, []cite.Suggestion{{cite.ReasonISBN, ab}}},
		"one of several ISBNs":            {[]models.CSL{{ISBN: "0306406152, 9781861972712"}, {ISBN: "9781861972712"}}, []cite.Suggestion{{cite.ReasonISBN, ab}}},
		"wrong ISBN":                      {[]models.CSL{{ISBN: "0-306-40615-3"}, {ISBN: "0-306-40615-3"}}, nil},
		"two chapters of one book":        {[]models.CSL{{Title: "Rye", ContainerTitle: "Grains", ISBN: "0306406152"}, {Title: "Oat", ContainerTitle: "Grains", ISBN: "0306406152"}}, nil},
		"one chapter twice":               {[]models.CSL{{Title: "Rye", ContainerTitle: "Grains", ISBN: "0306406152"}, {Title: "Rye.", ContainerTitle: "Grains", ISBN: "0306406152"}}, []cite.Suggestion{{cite.ReasonISBN, ab}}},
		"scheme, www and slash":           {[]models.CSL{page("http://www.Example.org/bake/"), page("https://example.org/bake#crust")}, []cite.Suggestion{{cite.ReasonURL, ab}}},
		"case of the path":                {[]models.CSL{page("https://example.org/Bake"), page("https://example.org/bake")}, nil},
		"tracking, order of parameters":   {[]models.CSL{page("https://example.org/bake?b=2&utm_source=x&a=1"), page("https://example.org/bake?a=1&b=2&fbclid=y")}, []cite.Suggestion{{cite.ReasonURL, ab}}},
		"another parameter":               {[]models.CSL{page("https://example.org/bake?id=1"), page("https://example.org/bake?id=2")}, nil},
		"two clips of one film":           {[]models.CSL{page("https://www.youtube.com/watch?v=abc&t=65s"), page("https://youtu.be/abc?start=3&end=9")}, []cite.Suggestion{{cite.ReasonURL, ab}}},
		"a film in a frame":               {[]models.CSL{page("https://www.youtube-nocookie.com/embed/abc?start=3"), page("https://m.youtube.com/watch?v=abc&list=x")}, []cite.Suggestion{{cite.ReasonURL, ab}}},
		"two films":                       {[]models.CSL{page("https://www.youtube.com/watch?v=abc"), page("https://www.youtube.com/watch?v=abd")}, nil},
		"t is no time where no films are": {[]models.CSL{page("https://example.org/topic?t=1"), page("https://example.org/topic?t=2")}, nil},
		"archived copy":                   {[]models.CSL{page("https://web.archive.org/web/20161211201730/https://example.org/bake"), page("http://example.org/bake")}, []cite.Suggestion{{cite.ReasonURL, ab}}},
		"front page alone":                {[]models.CSL{front("Bread"), front("Cake")}, nil},
		"front page without titles":       {[]models.CSL{front(""), front("")}, nil},
		"front page and title":            {[]models.CSL{front("Bread & Salt"), front("“Bread and salt.”")}, []cite.Suggestion{{cite.ReasonURL, ab}}},
		"title without year":              {[]models.CSL{titled("Bread", 0), titled("Bread", 0)}, nil},
		"title with year":                 {[]models.CSL{titled("Crème: A Baker’s guide", 2012), titled("Creme – a bakers guide", 2012)}, []cite.Suggestion{{cite.ReasonTitleAndYear, ab}}},
		"title with another year":         {[]models.CSL{titled("Bread", 2012), titled("Bread", 2013)}, nil},
		"the strongest reason only":       {[]models.CSL{{Title: "Rye", Issued: on(2012), DOI: "10.5555/a", URL: "https://example.org/a"}, {Title: "Rye", Issued: on(2012), DOI: "10.5555/a", URL: "https://example.org/a"}}, []cite.Suggestion{{cite.ReasonDOI, ab}}},
		"a larger group for a weaker reason": {[]models.CSL{{Title: "Rye", Issued: on(2012), DOI: "10.5555/a"}, {Title: "Rye", Issued: on(2012), DOI: "10.5555/a"}, titled("RYE", 2012)},
			[]cite.Suggestion{{cite.ReasonDOI, ab}, {cite.ReasonTitleAndYear, []models.ID{"a", "b", "c"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, cite.Same(sourcesOf(tt.sources...))); diff != "" {
				t.Errorf("Same: (-want +got)\n%s", diff)
			}
		})
	}
}

// shared values of each reason, in several spellings: the index of the first spelling says which work it is.
var (
	doiSpellings   = [][]string{{""}, {"10.5555/a", "10.5555/A", "https://doi.org/10.5555/a"}, {"10.5555/b"}}
	isbnSpellings  = [][]string{{"", "123"}, {"0306406152", "978-0-306-40615-7"}, {"9781861972712"}}
	urlSpellings   = [][]string{{"", "bake"}, {"http://example.org/a", "https://www.example.org/a/#b", "https://EXAMPLE.org/a?utm_x=1"}, {"https://youtu.be/x?t=3", "https://youtube.com/watch?v=x"}}
	titleSpellings = [][]string{{"", "!"}, {"Rye & oat", "RYE AND OAT."}, {"Über dough", "Uber Dough"}}
)

// drawn is a source with the works that its fields name; 0 is none.
type drawn struct {
	source               *models.Source
	doi, isbn, url, text int
}

func drawSource(t *rapid.T, id int) drawn {
	pick := func(label string, spellings [][]string) (int, string) {
		work := rapid.IntRange(0, len(spellings)-1).Draw(t, label)
		return work, rapid.SampledFrom(spellings[work]).Draw(t, label+" spelling")
	}
	d := drawn{source: &models.Source{Meta: models.Meta{ID: models.ID(fmt.Sprintf("%03d", id))}}}
	d.doi, d.source.CSL.DOI = pick("doi", doiSpellings)
	d.isbn, d.source.CSL.ISBN = pick("isbn", isbnSpellings)
	d.url, d.source.CSL.URL = pick("url", urlSpellings)
	d.text, d.source.CSL.Title = pick("title", titleSpellings)
	year := rapid.IntRange(0, 2).Draw(t, "year")
	if year > 0 {
		d.source.CSL.Issued = on(2000 + year)
	}
	if year == 0 || d.text == 0 {
		d.text = 0
		return d
	}
	d.text = 10*d.text + year
	return d
}

// work says which work a source is by a reason, 0 when it doesn't say.
func (d drawn) work(reason string) int {
	return map[string]int{cite.ReasonDOI: d.doi, cite.ReasonISBN: d.isbn, cite.ReasonURL: d.url, cite.ReasonTitleAndYear: d.text}[reason]
}

func TestSameHoldsForAnySources(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "sources")
		all, byID := []*models.Source{}, map[models.ID]drawn{}
		for i := range n {
			d := drawSource(t, i)
			all = append(all, d.source)
			byID[d.source.ID] = d
		}
		got := cite.Same(all)
		if again := cite.Same(rapid.Permutation(all).Draw(t, "order")); !cmp.Equal(got, again) {
			t.Fatalf("another order gives other groups:\n%s", cmp.Diff(got, again))
		}
		for _, s := range got {
			checkSuggestion(t, s, byID)
		}
		checkComplete(t, got, byID)
	})
}

// checkSuggestion checks that all of a group are one work by its reason.
func checkSuggestion(t *rapid.T, s cite.Suggestion, byID map[models.ID]drawn) {
	if len(s.Sources) < 2 || !slices.IsSorted(s.Sources) || len(slices.Compact(slices.Clone(s.Sources))) != len(s.Sources) {
		t.Fatalf("%v: want two or more sources, sorted, each once", s)
	}
	work := byID[s.Sources[0]].work(s.Reason)
	for _, id := range s.Sources {
		if got := byID[id].work(s.Reason); got == 0 || got != work {
			t.Fatalf("%v: %s is work %d, the first is %d", s, id, got, work)
		}
	}
}

// checkComplete checks that two sources that are one work by any reason are together in some group.
func checkComplete(t *rapid.T, got []cite.Suggestion, byID map[models.ID]drawn) {
	for a, da := range byID {
		for b, db := range byID {
			for _, reason := range []string{cite.ReasonDOI, cite.ReasonISBN, cite.ReasonURL, cite.ReasonTitleAndYear} {
				if a >= b || da.work(reason) == 0 || da.work(reason) != db.work(reason) {
					continue
				}
				if !slices.ContainsFunc(got, func(s cite.Suggestion) bool { return slices.Contains(s.Sources, a) && slices.Contains(s.Sources, b) }) {
					t.Fatalf("%s and %s are one work by %s, but in no group: %v", a, b, reason, got)
				}
			}
		}
	}
}

// Among many sources, even if they are all one work by one reason and different by another, none is compared with all
// others.
func TestSameWithManySources(t *testing.T) {
	const many = 100_000
	sources := make([]*models.Source, many)
	for i := range sources {
		csl := titled("Bread", 2012)
		csl.URL = fmt.Sprintf("https://example.org/%d", i/2)
		sources[i] = &models.Source{Meta: models.Meta{ID: models.ID(fmt.Sprintf("%06d", i))}, CSL: csl}
	}
	got := cite.Same(sources)
	if len(got) != many/2+1 || got[0].Reason != cite.ReasonURL || len(got[many/2].Sources) != many {
		t.Errorf("%d groups, want %d by URL and one of all by title and year", len(got), many/2)
	}
}
