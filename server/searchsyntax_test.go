package server

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

func TestSearchSaysHowItUnderstoodAQuery(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	found := s.find(`steam "small bubbles" -zeppelin colour:red`)
	query := found.Meta.object("query")
	if got, want := query.text("sentence"), "(any of: “steam”, “colour:red”) and the phrase “small bubbles” and not “zeppelin”"; got != want {
		t.Errorf("the query is %q, want %q", got, want)
	}
	if notes := query["notes"].([]any); len(notes) != 1 || !strings.Contains(notes[0].(string), "no field colour") {
		t.Errorf("notes are %v", notes)
	}
	if found.Meta["total"] != 1. {
		t.Errorf("meta is %v", found.Meta)
	}
	hit := found.hit(t, l.page)
	if !strings.Contains(hit.text("snippet"), "<mark>small</mark> <mark>bubbles</mark>") {
		t.Errorf("the snippet is %q", hit.text("snippet"))
	}
	if none := s.find(`"bubbles small"`); none.Meta["total"] != 0. {
		t.Errorf("a phrase in another order finds %v", none.Data)
	}
}

func TestSearchByWhatARecordIsIn(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	for q, want := range map[string]models.Record{
		"title:temperature":          l.page,
		"type:worksheet":             l.sheet,
		"type:source":                l.source,
		"module:brewing type:module": l.module,
		"lang:en title:temperature":  l.page,
		"cited:moreau":               l.page,
		"author:moreau":              l.source,
	} {
		s.find(q).hit(t, want)
	}
	if none := s.find("lang:fr"); none.Meta["total"] != 0. {
		t.Errorf("lang:fr finds %v", none.Data)
	}
}

// What a section cites changes with its sources.
func TestSearchFollowsTheSourcesOfASection(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	if before := s.find("cited:percolating"); before.Meta["total"] != 0. {
		t.Fatalf("before the change it finds %v", before.Data)
	}
	s.change(l.source, func(r models.Record) { r.(*models.Source).CSL.Title = "Percolating" })
	s.publish(l.source)
	check(t, s.follower.CatchUp(t.Context()))
	s.find("cited:percolating").hit(t, l.page)
}

func TestFacetsCountWhatTheirValuesFind(t *testing.T) {
	s := newSite(t)
	s.teach()
	names := "type,course,module,language,has,subject,license,source_type,year"
	found := s.find("water kettle cups leaf", "facets="+names)
	facets := found.Meta.object("facets")
	if len(facets) != len(strings.Split(names, ",")) {
		t.Fatalf("facets are %v", facets)
	}
	counted := 0
	for name := range facets {
		for _, v := range facets.list(name) {
			counted++
			chosen := s.find("water kettle cups leaf", "filter["+name+"]="+url.QueryEscape(v.text("value")))
			if chosen.Meta["total"] != v["count"] {
				t.Errorf("%s %q counts %v, and finds %v", name, v.text("value"), v["count"], chosen.Meta["total"])
			}
		}
	}
	if counted < 5 {
		t.Errorf("only %d values: %v", counted, facets)
	}
	if label := facets.list("course")[0].text("label"); label != "Tea for Beginners" {
		t.Errorf("the course is called %q", label)
	}
}

func TestSearchIsMeasured(t *testing.T) {
	s := newSite(t)
	s.teach()
	s.find("steam")
	s.find("zzzzz")
	s.get("/v1/suggest?q=ste")
	metrics := s.get("/metrics").body
	for _, line := range []string{
		`lectern_search_duration_seconds_count{engine="embedded",operation="search"} 3`, `lectern_search_duration_seconds_count{engine="embedded",operation="complete"} 1`,
		`lectern_search_empty_total{engine="embedded"} 1`, `lectern_search_following{engine="embedded"} 1`,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("no %s in the metrics", line)
		}
	}
	if strings.Contains(metrics, "lectern_search_failures_total{") {
		t.Error("there are failures in the metrics")
	}
}

func TestValuesOfFacetFiltersMayHoldCommas(t *testing.T) {
	for written, want := range map[string][]string{"a,b": {"a", "b"}, `a\,b,c`: {"a,b", "c"}} {
		f, wrong := facetFilter(search.FacetSubject, "in", written)
		if diff := cmp.Diff(want, f.Values); diff != "" || wrong != "" {
			t.Errorf("%s: %s %s", written, wrong, diff)
		}
	}
	if f, wrong := facetFilter(search.FacetSubject, "eq", "a,b"); len(f.Values) != 1 || wrong != "" {
		t.Errorf("eq takes its value apart: %v, %s", f.Values, wrong)
	}
	if _, wrong := facetFilter(search.FacetSubject, "in", `a\b`); wrong == "" {
		t.Error("a lone backslash is let through")
	}
}

func TestSearchHelpsWhenNothingIsFound(t *testing.T) {
	s := newSite(t)
	s.teach()
	found := s.find("bublbes AND steam", "filter[type]=source", "filter[language]=en")
	if found.Meta["total"] != 0. {
		t.Fatalf("it finds %v", found.Data)
	}
	help := found.Meta.object("help")
	want := []any{map[string]any{"filter": "type", "total": 1.}}
	if diff := cmp.Diff(want, help["without"]); diff != "" {
		t.Error(diff)
	}
	typo := s.find("temperatrue zeppelin", "match=all")
	if typo.Meta["did_you_mean"] != "temperature zeppelin" {
		t.Errorf("did you mean %v", typo.Meta["did_you_mean"])
	}
	if suggestions := typo.Meta.object("help").list("suggestions"); len(suggestions) != 1 || suggestions[0].text("text") != "temperature zeppelin" {
		t.Errorf("suggestions are %v", suggestions)
	}
	if helped := s.find("steam"); helped.Meta["help"] != nil {
		t.Errorf("a search that finds something is helped: %v", helped.Meta["help"])
	}
}

func TestSearchInOrderAndByModule(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 7)
	var titles []string
	for _, hit := range s.find("mint", "sort=title", "type=section").Data {
		titles = append(titles, hit.text("title"))
	}
	if !slices.IsSorted(titles) || len(titles) != 7 {
		t.Errorf("by title: %q", titles)
	}
	grouped := s.find("mint", "group=module", "type=section")
	if len(grouped.Data) != 1 || grouped.Data[0]["in_module"] != 7. || grouped.Meta["groups"] != 1. || grouped.Meta["total"] != 7. || grouped.Links["next"] != nil {
		t.Errorf("by module: %v, %v", grouped.Data, grouped.Meta)
	}
}

func TestSuggestionsWhileTyping(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	got := s.get("/v1/suggest?q=Small+bub").data(t)
	completions := got.list("completions")
	if len(completions) == 0 || completions[0].text("text") != "Small bubbles" || completions[0]["documents"] == 0. {
		t.Errorf("completions are %v", completions)
	}
	if records := got.list("records"); len(records) == 0 || records[0].text("id") != string(l.page.ID) {
		t.Errorf("records are %v", records)
	}
	if none := s.get("/v1/suggest?q=").data(t); len(none.list("completions"))+len(none.list("records")) != 0 {
		t.Errorf("nothing suggests %v", none)
	}
	if drafts := s.get("/v1/suggest?q=unfinis").data(t); len(drafts.list("completions")) != 0 {
		t.Errorf("a draft's word is suggested: %v", drafts)
	}
	s.wrong(http.MethodGet, "/v1/suggest?q=a&limit=3").problem(t, http.StatusBadRequest)
}

func TestSectionsLikeOne(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 4)
	section := s.find("mint", "type=section").Data[0]
	similar := s.get("/v1/sections/" + section.text("id") + "/similar?limit=2").part(t)
	if len(similar.Data) != 2 {
		t.Fatalf("%d sections, want 2", len(similar.Data))
	}
	for _, hit := range similar.Data {
		if hit.text("id") == section.text("id") || hit.text("type") != "section" {
			t.Errorf("like %s is %v", section.text("id"), hit)
		}
	}
	s.wrong(http.MethodGet, "/v1/sections/"+string(models.NewID())+"/similar").problem(t, http.StatusNotFound)
}

func TestSearchAsAFile(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	rows, err := csv.NewReader(strings.NewReader(s.get("/v1/search/export?format=csv&q=bubbles").want(t, http.StatusOK).body)).ReadAll()
	check(t, err)
	if len(rows) != 2 || rows[0][0] != "type" || rows[1][1] != string(l.page.ID) || strings.Contains(strings.Join(rows[1], ""), "<mark>") {
		t.Errorf("rows are %q", rows)
	}
	lines := strings.Split(strings.TrimSpace(s.get("/v1/search/export?format=jsonl&q=water+kettle+cups+leaf").want(t, http.StatusOK).body), "\n")
	whole := s.find("water kettle cups leaf")
	for i, line := range lines {
		var hit record
		check(t, json.Unmarshal([]byte(line), &hit))
		if diff := cmp.Diff(whole.Data[i], hit); diff != "" {
			t.Errorf("line %d: %s", i, diff)
		}
	}
	if len(lines) != len(whole.Data) {
		t.Errorf("%d lines, want %d", len(lines), len(whole.Data))
	}
	s.wrong(http.MethodGet, "/v1/search/export?q=a").problem(t, http.StatusBadRequest)
	s.wrong(http.MethodGet, "/v1/search/export?q=a&format=xlsx").problem(t, http.StatusBadRequest)
}

// A spreadsheet takes a cell that begins with = for a formula.
func TestCellsAreNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{"=1+1": "'=1+1", "+a": "'+a", "-a": "'-a", "@a": "'@a", "\t=a": "'\t=a", "a=b": "a=b", "": ""} {
		if got := inert(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

func TestSearchAsAFeed(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	var atom atomFeed
	check(t, xml.Unmarshal([]byte(s.get("/v1/search/feed?format=atom&q=bubbles").want(t, http.StatusOK).body), &atom))
	if len(atom.Entries) != 1 || atom.Entries[0].ID != "urn:uuid:"+string(l.page.ID) || atom.Entries[0].Title != "Temperature" || atom.Title != "Search: bubbles" {
		t.Errorf("the feed is %+v", atom)
	}
	feed := s.get("/v1/search/feed?format=json&q=bubbles")
	var j jsonFeed
	check(t, json.Unmarshal([]byte(feed.body), &j))
	if len(j.Items) != 1 || j.Items[0].Title != "Temperature" || !strings.HasPrefix(j.Items[0].URL, "/v1/sections/") || j.Home != "/v1/search?q=bubbles" {
		t.Errorf("the feed is %+v", j)
	}
	if tag := feed.header.Get("ETag"); tag == "" {
		t.Error("a feed has no ETag")
	}
}
