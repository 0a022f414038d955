package server

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

// lists are the addresses of all lists.
var lists = []string{
	"/v1/courses", "/v1/modules", "/v1/sections", "/v1/worksheets", "/v1/citations", "/v1/sources", "/v1/fragments", "/v1/assets",
}

// fill publishes a course with so many sections, each with a citation of a source of its own.
func (s *site) fill(slug string, sections int) *models.Course {
	s.t.Helper()
	course := &models.Course{Slug: slug, Title: slug, Language: "en", Numbering: models.NumberAsWritten, Meta: models.Meta{ID: models.NewID()}}
	module := &models.Module{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Slug: "herbs", Title: "Herbs"}
	check(s.t, s.content.Create(s.t.Context(), course, editor))
	check(s.t, s.content.Create(s.t.Context(), module, editor))
	for n := range sections {
		source := &models.Source{
			Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Key: fmt.Sprint("book-", n), Parse: models.ParseUnparsed,
			CSL: models.CSL{Type: "book"},
		}
		check(s.t, s.content.Create(s.t.Context(), source, editor))
		check(s.t, s.content.Create(s.t.Context(), &models.Section{
			Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, ModuleID: module.ID, Slug: fmt.Sprint("herb-", n), Title: fmt.Sprint("Herb ", n),
			Blocks:    models.Blocks{&models.Paragraph{BlockBase: block("b1"), Text: "Mint and sage grow by the door.[^1]"}},
			Citations: []models.Citation{{ID: models.NewID(), Label: "1", Written: "A book", Source: ref(source)}},
		}, editor))
	}
	s.publish(course)
	check(s.t, s.follower.CatchUp(s.t.Context()))
	return course
}

// pages follows links.next and gives the ids of each part.
func (s *site) pages(path string) [][]string {
	s.t.Helper()
	var out [][]string
	for path != "" {
		p := s.get(path).part(s.t)
		if p.Links.text("self") != path {
			s.t.Errorf("links.self is %q, want %q", p.Links.text("self"), path)
		}
		var ids []string
		for _, r := range p.Data {
			ids = append(ids, r.text("id"))
		}
		out = append(out, ids)
		path = p.Links.text("next")
	}
	return out
}

func TestPagesMakeTheWholeList(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 7)
	for _, path := range []string{"/v1/sections", "/v1/citations", "/v1/sources"} {
		whole := s.pages(path)
		if len(whole) != 1 || len(whole[0]) != 7 {
			t.Fatalf("%s has %v", path, whole)
		}
		for limit := 1; limit <= 8; limit++ {
			var got []string
			pages := s.pages(fmt.Sprintf("%s?limit=%d", path, limit))
			for _, ids := range pages {
				got = append(got, ids...)
			}
			if want := (7 + limit - 1) / limit; len(pages) != want {
				t.Errorf("%s has %d parts of %d, want %d", path, len(pages), limit, want)
			}
			if diff := cmp.Diff(whole[0], got); diff != "" {
				t.Errorf("%s in parts of %d: %s", path, limit, diff)
			}
		}
	}
}

// What is published while somebody reads a list makes them neither skip nor repeat what was there.
func TestPagesAreStable(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 4)
	first := s.get("/v1/sections?limit=2").part(t)
	_, _, err := s.content.Unpublish(t.Context(), models.Ref{Type: models.KindSection, ID: models.ID(first.Data[0].text("id"))})
	check(t, err)
	second := s.pages(first.Links.text("next"))
	if len(second) != 1 || len(second[0]) != 2 || second[0][0] == first.Data[1].text("id") {
		t.Errorf("the second part is %v", second)
	}
}

func TestEmptyLists(t *testing.T) {
	s := newSite(t)
	for _, path := range lists {
		if p := s.get(path).part(t); p.Data == nil || len(p.Data) > 0 || p.Links["next"] != nil {
			t.Errorf("%s is %v", path, p)
		}
	}
}

func TestNextKeepsTheOtherParameters(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 3)
	next, err := url.Parse(s.get("/v1/sections?limit=1&body=text,html").part(t).Links.text("next"))
	check(t, err)
	q := next.Query()
	if q.Get("limit") != "1" || q.Get("body") != "text,html" || q.Get("after") == "" || next.IsAbs() {
		t.Errorf("links.next is %s", next)
	}
}

func TestBadParameters(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	page := models.Href(models.KindSection, l.page.ID)
	other := s.get("/v1/sections?limit=1").part(t).Links.text("next")
	otherCursor, err := url.Parse(other)
	check(t, err)
	for path, names := range map[string][]string{
		"/v1/courses?limit=0":                                            {"limit"},
		"/v1/courses?limit=101":                                          {"limit"},
		"/v1/courses?limit=":                                             {"limit"},
		"/v1/courses?limit=ten":                                          {"limit"},
		"/v1/courses?limit=1&limit=1":                                    {"limit"},
		"/v1/courses?limit=99999999999999999999":                         {"limit"},
		"/v1/courses?Limit=1":                                            {"Limit"},
		"/v1/courses?page=0":                                             {"page"},
		"/v1/courses?limit=100&page=102":                                 {"page"},
		"/v1/courses?page=1&after=x":                                     {"page"},
		"/v1/sections?before=x&after=y":                                  {"before"},
		"/v1/courses?before=x":                                           {"before"},
		"/v1/courses?count=yes":                                          {"count"},
		"/v1/courses?sort=":                                              {"sort"},
		"/v1/courses?sort=summary":                                       {"sort"},
		"/v1/citations?sort=title":                                       {"sort"},
		"/v1/modules?include=":                                           {"include"},
		"/v1/modules?include=sections,":                                  {"include"},
		"/v1/modules?include=sources":                                    {"include"},
		"/v1/modules?include=sections.citations.source.course":           {"include"},
		"/v1/modules?fields=title,blocks":                                {"fields"},
		"/v1/modules?fields=title,title":                                 {"fields"},
		"/v1/modules?fields[sections]=title":                             {"fields[sections]"},
		"/v1/modules?include=sections&fields[sections]=owners":           {"fields[sections]"},
		"/v1/modules?include=sections&fields[sections=title":             {"fields[sections"},
		"/v1/modules?filter[owners]=x":                                   {"filter[owners]"},
		"/v1/modules?filter[title]=!":                                    {"filter[title]"},
		"/v1/modules?filter[title][lt]=a":                                {"filter[title][lt]"},
		"/v1/modules?filter[title][=a":                                   {"filter[title]["},
		"/v1/modules?filter[]=a":                                         {"filter[]"},
		"/v1/modules?filter[in_menu]=1&filter[id]=x":                     {"filter[id]", "filter[in_menu]"},
		"/v1/modules?filter[duration_minutes][gt]=soon":                  {"filter[duration_minutes][gt]"},
		"/v1/modules?filter[updated_at][gt]=yesterday":                   {"filter[updated_at][gt]"},
		"/v1/modules?filter[course]=A+B":                                 {"filter[course]"},
		"/v1/sources?filter[year][gte]=99":                               {"filter[year][gte]"},
		"/v1/sections?filter[parent][exists]=maybe":                      {"filter[parent][exists]"},
		"/v1/sections?sort=title&" + otherCursor.RawQuery:                {"after"},
		"/v1/sections?filter[in_menu]=true&" + otherCursor.RawQuery:      {"after"},
		"/v1/courses?limit=0&after=x&colour=blue":                        {"colour", "limit"},
		"/v1/courses?body=html":                                          {"body"},
		"/v1/courses?after=":                                             {"after"},
		"/v1/courses?after=x":                                            {"after"},
		"/v1/courses?after=e30":                                          {"after"},
		"/v1/courses?" + otherCursor.RawQuery:                            {"after"},
		"/v1/citations?after=x":                                          {"after"},
		"/v1/sections?body=pdf":                                          {"body"},
		"/v1/sections?body=html,html":                                    {"body"},
		"/v1/sections?body=html,":                                        {"body"},
		"/v1/sections?body=html&body=text":                               {"body"},
		"/v1/sections?%FF=1":                                             {"�"},
		"/v1/sections?limit=%FF":                                         {"limit"},
		page + "?limit=1":                                                {"limit"},
		page + "?body=HTML":                                              {"body"},
		"/v1/courses/tea?body=html":                                      {"body"},
		"/v1/courses/tea/modules/brewing?x":                              {"x"},
		"/v1/courses/tea/modules/brewing/tree?limit=1":                   {"limit"},
		"/v1/courses/tea/modules/brewing/sections/temperature?include=x": {"include"},
		"/v1/courses/tea/modules/brewing/worksheets/cups?body=json":      {"body"},
		models.Href(models.KindModule, l.module.ID) + "?a=1":             {"a"},
		models.Href(models.KindWorksheet, l.sheet.ID) + "?a=1":           {"a"},
		models.Href(models.KindSource, l.source.ID) + "?a=1":             {"a"},
		models.Href(models.KindAsset, l.picture.ID) + "?a=1":             {"a"},
		models.Href(models.KindAsset, l.picture.ID) + "/file?a=1":        {"a"},
		models.Href(models.KindCitation, l.page.Citations[0].ID) + "?a":  {"a"},
	} {
		t.Run(path, func(t *testing.T) {
			var got []string
			for _, e := range s.wrong(http.MethodGet, path).problem(t, http.StatusBadRequest).Errors {
				got = append(got, e.Param)
			}
			if diff := cmp.Diff(names, got); diff != "" {
				t.Errorf("the problem names: %s", diff)
			}
		})
	}
}

// The number of SQL statements does not grow with the number of records.
func TestStatementsAreCounted(t *testing.T) {
	s := newSite(t, uncached)
	count := func(path string) int64 {
		before := s.store.Statements()
		s.get(path).want(t, http.StatusOK)
		return s.store.Statements() - before
	}
	paths := []string{
		"/v1/courses?limit=100", "/v1/modules?limit=100", "/v1/sections?limit=100&body=blocks,html,markdown,text",
		"/v1/citations?limit=100", "/v1/sources?limit=100", "/v1/search?q=mint+sage&limit=100",
	}
	few := map[string]int64{}
	s.fill("balcony", 5)
	for _, path := range paths {
		few[path] = count(path)
	}
	s.fill("garden", 95)
	for _, path := range paths {
		if many := count(path); many != few[path] || many == 0 {
			t.Errorf("%s: %d statements for 5 records, %d for 100", path, few[path], many)
		}
	}
}
