package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/store"
)

// Each limit of a query lets through what is at it, and names the parameter that is over it.
func TestQueriesAreBounded(t *testing.T) {
	s := newSite(t)
	s.teach()
	times := func(n int, text string) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	const longestValue = 500 // bytes, as the contract says
	for name, tt := range map[string]struct {
		path, parameter string
		at              func(over int) string
		says            string
	}{
		"paths of include": {"/v1/sections", "include", func(over int) string { return times(content.MaxIncludePaths+over, "citations") }, "21 relations, and 20 are allowed"},
		"depth of include": {"/v1/sections", "include", func(over int) string {
			return strings.ReplaceAll(times(content.MaxIncludeDepth+over, "parent"), ",", ".")
		}, "is deeper than 3 relations"},
		"values of a filter":    {"/v1/sections", "filter[slug][in]", func(over int) string { return times(store.MaxFilterValues+over, "a") }, "has 101 values, and 100 are allowed"},
		"a filter's value":      {"/v1/sections", "filter[slug]", func(over int) string { return strings.Repeat("a", longestValue+over) }, "500"},
		"values of a facet":     {"/v1/search", "filter[course][in]", func(over int) string { return times(search.MaxFilterValues+over, "a") }, "takes 1 to 100 values"},
		"what is searched for":  {"/v1/search", "q", func(over int) string { return strings.Repeat("a", search.MaxQueryBytes+over) }, "at most 4000 are allowed"},
		"records of a list":     {"/v1/sections", "limit", func(over int) string { return strconv.Itoa(maxLimit + over) }, "from 1 to 100"},
		"a path to be resolved": {"/v1/resolve", "path", func(over int) string { return "/" + strings.Repeat("a", maxPath-1+over) }, "2000"},
	} {
		query := func(over int) string {
			values := url.Values{tt.parameter: {tt.at(over)}}
			if tt.path == "/v1/search" && tt.parameter != "q" {
				values.Set("q", "tea")
			}
			return tt.path + "?" + values.Encode()
		}
		if got := s.get(query(0)); got.status != http.StatusOK && (got.status != http.StatusNotFound || tt.path != "/v1/resolve") {
			t.Errorf("%s: at the limit: %d %s", name, got.status, got.body)
		}
		p := s.wrong(http.MethodGet, query(1)).problem(t, http.StatusBadRequest)
		if len(p.Errors) != 1 || p.Errors[0].Param != tt.parameter || !strings.Contains(p.Errors[0].Detail, tt.says) {
			t.Errorf("%s: over the limit: %+v", name, p.Errors)
		}
	}
}

// An answer includes so many records and no more, whatever they are.
func TestIncludedRecordsAreBounded(t *testing.T) {
	s := newSite(t)
	course := s.fill("garden", 1)
	module := &models.Module{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Slug: "trees", Title: "Trees"}
	check(t, s.content.Create(t.Context(), module, editor))
	source := &models.Source{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, Key: "trees", Parse: models.ParseUnparsed, CSL: models.CSL{Type: "book"}}
	check(t, s.content.Create(t.Context(), source, editor))
	const each = 25 // citations of a section
	for n := range content.MaxIncluded/each + 1 {
		tree := &models.Section{Meta: models.Meta{ID: models.NewID()}, CourseID: course.ID, ModuleID: module.ID, Slug: fmt.Sprint("tree-", n), Title: fmt.Sprint("Tree ", n)}
		var text strings.Builder
		for c := range each {
			label := strconv.Itoa(c + 1)
			tree.Citations = append(tree.Citations, models.Citation{ID: models.NewID(), Label: label, Written: "A book", Source: ref(source)})
			text.WriteString("Oak.[^" + label + "] ")
		}
		tree.Blocks = models.Blocks{&models.Paragraph{BlockBase: block("b1"), Text: models.Text(strings.TrimSpace(text.String()))}}
		check(t, s.content.Create(t.Context(), tree, editor))
	}
	s.publish(course)
	list := "/v1/sections?include=citations&filter[slug][starts]=tree-&limit="
	s.get(list+strconv.Itoa(content.MaxIncluded/each)).want(t, http.StatusOK)
	p := s.get(list+strconv.Itoa(content.MaxIncluded/each+1)).problem(t, http.StatusBadRequest)
	if len(p.Errors) != 1 || p.Errors[0].Param != "include" || p.Errors[0].Detail != "adds more than 1000 records: ask for fewer at a time" {
		t.Errorf("the problem is %+v", p)
	}
}
