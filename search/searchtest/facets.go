package searchtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// randomQueries is how many queries are asked of a random library.
const randomQueries = 200

// random makes documents and queries that have much in common, the same ones each time.
type random struct{ *rand.Rand }

func newRandom() random { return random{rand.New(rand.NewPCG(7, 11))} } //nolint:gosec // not for secrets

func (r random) pick(from ...string) string { return from[r.IntN(len(from))] }

func (r random) some(most int, from ...string) []string {
	var out []string
	for range r.IntN(most + 1) {
		out = append(out, r.pick(from...))
	}
	return out
}

func (r random) word() string {
	return r.pick("library", "libraries", "map", "maps", "mapping", "tea", "the", "of", "mentor", "mentoring", "weather", "harbour")
}

func (r random) text(words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = r.word()
	}
	return strings.Join(out, " ")
}

func (r random) document(i int) search.Document {
	d := section(models.ID(fmt.Sprintf("%03d", i)), r.text(2), r.text(8)+"\n"+r.text(4))
	d.Ref.Type = search.Kinds()[r.IntN(len(search.Kinds()))]
	d.Course, d.Module = models.ID(r.pick("c1", "c2")), models.ID(r.pick("", "m1", "m2", "m3"))
	d.Language = r.pick("en", "en", "en-GB", "de")
	d.Updated = time.Date(2026, 1, 1+r.IntN(20), 0, 0, 0, 0, time.UTC)
	d.Author, d.Cited = r.text(2), r.text(2)
	d.Values = map[search.Facet][]string{
		search.FacetSubject: r.some(3, "History", "history", "Tea & cake", `"quoted"`), search.FacetKeyword: r.some(2, "a", "b", "c"),
		search.FacetLevel: r.some(1, "easy", "hard"), search.FacetLicense: r.some(1, "CC-BY-4.0"),
		search.FacetYear: r.some(1, "1998", "2011", "2016"), search.FacetHas: r.some(2, "video", "citations"),
	}
	return d
}

func (r random) query() string {
	w := r.word
	switch r.IntN(10) {
	case 0:
		return w()
	case 1:
		return `"` + w() + " " + w() + `"`
	case 2:
		return w() + " AND " + w() + " OR " + w()
	case 3:
		return w() + " -" + w()
	case 4:
		return "-" + w()
	case 5:
		return "map* -title:" + w()
	case 6:
		return w() + " OR author:" + w() + " year:2000.."
	case 7:
		return `(` + w() + ` OR "` + w() + " " + w() + `") AND NOT type:` + r.pick("section", "source")
	}
	return r.text(2 + r.IntN(3))
}

func (r random) filters() []search.Filter {
	var out []search.Filter
	if r.IntN(3) == 0 {
		out = append(out, search.Filter{Facet: search.FacetType, Op: search.FilterNone, Values: []string{"module"}})
	}
	if r.IntN(3) == 0 {
		out = append(out, search.Only(search.FacetSubject, "History", `"quoted"`))
	}
	if r.IntN(5) == 0 {
		out = append(out, search.Filter{Facet: search.FacetYear, Op: search.FilterFrom, Values: []string{"2000"}})
	}
	return out
}

func fillRandomly(t *testing.T, idx search.Index) random {
	r := newRandom()
	var docs []search.Document
	for i := range 80 {
		docs = append(docs, r.document(i))
	}
	put(t, idx, docs...)
	return r
}

func ordered(t *testing.T, idx search.Index, q search.Query) []models.ID {
	t.Helper()
	return ids(ask(t, idx, q))
}

// factsOfFacets are about filters, counts, orders and groups.
func factsOfFacets() map[string]func(*testing.T, search.Index) {
	return map[string]func(*testing.T, search.Index){
		"facet counts equal the hits one gets by choosing the value": func(t *testing.T, idx search.Index) {
			r := fillRandomly(t, idx)
			for range randomQueries {
				facets := []search.Facet{search.Facets()[r.IntN(len(search.Facets()))], search.FacetSubject}
				facets = slices.Compact(facets)
				q := search.Query{Text: r.query(), Filters: r.filters(), Facets: facets, Match: search.Match(r.pick("any", "all"))}
				got := ask(t, idx, q)
				f := facets[0]
				for _, value := range append(got.Facets[f], search.FacetCount{Value: "never", Count: 0}) {
					chosen := q
					chosen.Filters = append(slices.Clone(q.Filters), search.Only(f, value.Value))
					if hits := ask(t, idx, chosen); hits.Total != value.Count || len(hits.Hits) != min(value.Count, pageSize) {
						t.Fatalf("%+v: %s=%q counts %d, and choosing it finds %d, %d hits", q, f, value.Value, value.Count, hits.Total, len(hits.Hits))
					}
				}
				if got.Any < got.All || got.Total != map[search.Match]int{"any": got.Any, "all": got.All}[q.Match] {
					t.Fatalf("%+v: total %d of any %d, all %d", q, got.Total, got.Any, got.All)
				}
			}
		},
		"a facet counts every value, most hits first": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			got := ask(t, idx, search.Query{Text: "maps", Facets: []search.Facet{search.FacetType, search.FacetSubject, search.FacetAudience}}).Facets
			wantEqual(t, "facets", got, map[search.Facet][]search.FacetCount{
				search.FacetType:     {{Value: "section", Count: 2}, {Value: "source", Count: 1}},
				search.FacetSubject:  {{Value: "history", Count: 1}, {Value: "local history", Count: 1}, {Value: "travel", Count: 1}},
				search.FacetAudience: {},
			})
			if none := ask(t, idx, search.Query{Text: "maps"}); len(none.Facets) > 0 {
				t.Errorf("facets %v that nobody asked for", none.Facets)
			}
		},
		"filters by facets": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			for name, tt := range each(map[string]struct {
				filters []search.Filter
				want    []models.ID
			}{
				"one value":       {only(search.FacetSubject, "travel"), []models.ID{"boats"}},
				"case counts":     {only(search.FacetSubject, "Travel"), nil},
				"whole values":    {only(search.FacetSubject, "local"), nil},
				"any value":       {only(search.FacetSubject, "travel", "local history"), []models.ID{"boats", "talk"}},
				"all values":      {[]search.Filter{{Facet: search.FacetSubject, Op: search.FilterAll, Values: []string{"travel", "history"}}}, []models.ID{"boats"}},
				"no value":        {[]search.Filter{{Facet: search.FacetSubject, Op: search.FilterNone, Values: []string{"travel", "x"}}}, []models.ID{"paper", "talk"}},
				"years from":      {[]search.Filter{{Facet: search.FacetYear, Op: search.FilterFrom, Values: []string{"2011"}}}, []models.ID{"paper"}},
				"years to":        {[]search.Filter{{Facet: search.FacetYear, Op: search.FilterTo, Values: []string{"2010"}}}, nil},
				"several filters": {append(only(search.FacetType, "section"), only(search.FacetLanguage, "en")...), []models.ID{"talk"}},
			}) {
				t.Run(name, func(t *testing.T) { wantHits(t, idx, search.Query{Text: "maps", Filters: tt.filters}, tt.want...) })
			}
		},
		"orders by name": func(t *testing.T, idx search.Index) {
			docs := shelf()
			for i := range docs {
				docs[i].Updated = time.Date(2026, 3, 10-i, 0, 0, 0, 0, time.UTC)
			}
			put(t, idx, docs...)
			for order, want := range each(map[search.Order][]models.ID{
				"title": {"boats", "paper", "talk", "tides"}, "-title": {"tides", "talk", "paper", "boats"},
				"year": {"tides", "paper", "boats", "talk"}, "-year": {"paper", "tides", "boats", "talk"},
				"updated_at": {"tides", "paper", "boats", "talk"}, "-updated_at": {"talk", "boats", "paper", "tides"},
			}) {
				wantEqual(t, string(order), ordered(t, idx, search.Query{Text: "maps OR weather", Order: order}), want)
				wantEqual(t, string(order)+", a page", ordered(t, idx, search.Query{Text: "maps OR weather", Order: order, Offset: 1, Limit: 2}), want[1:3])
			}
		},
		"groups by module": func(t *testing.T, idx search.Index) {
			var docs []search.Document
			for i, module := range []models.ID{"m1", "m1", "m2", "m2", "m2", "", ""} {
				d := section(models.ID(fmt.Sprint(i)), fmt.Sprint("Map ", 9-i), strings.Repeat("map ", i+1)+"and other words of the text")
				d.Module = module
				docs = append(docs, d)
			}
			put(t, idx, docs...)
			got := ask(t, idx, search.Query{Text: "map", Group: true, Order: search.OrderTitle, Facets: []search.Facet{search.FacetModule}})
			wantEqual(t, "hits", ids(got), []models.ID{"6", "5", "4", "1"})
			var sizes []int
			for _, h := range got.Hits {
				sizes = append(sizes, h.Group)
			}
			wantEqual(t, "sizes", sizes, []int{1, 1, 3, 2})
			if got.Total != 7 || got.Groups != 4 {
				t.Errorf("total %d, groups %d, want 7, 4", got.Total, got.Groups)
			}
			wantEqual(t, "facet", got.Facets[search.FacetModule], []search.FacetCount{{Value: "m2", Count: 3}, {Value: "m1", Count: 2}})
			second := ask(t, idx, search.Query{Text: "map", Group: true, Order: search.OrderTitle, Offset: 2, Limit: 2})
			wantEqual(t, "second page", ids(second), []models.ID{"4", "1"})
		},
	}
}
