package server

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

// statementsFile has, for each content route, how many SQL statements an answer takes that is not kept: the first one after a
// publish, and those after it, for which names and the order of modules have been read.
const statementsFile = "testdata/statements.txt"

// An answer that is not kept takes the same few statements each time. Other tests show that they don't grow with the number
// of records.
func TestStatementsOfEveryRoute(t *testing.T) {
	s := newSite(t, uncached)
	l := s.teach()
	paths := map[string]string{
		"/v1/courses/{course}/same-sources": "/v1/courses/tea/same-sources",
		"/v1/courses/{course}/sitemap":      "/v1/courses/tea/sitemap",
		"/v1/sections/{id}/similar":         models.Href(models.KindSection, l.page.ID) + "/similar",
		"/v1/assets/{id}/file":              models.Href(models.KindAsset, l.picture.ID) + "/file",
		"/v1/search?q=kettle":               "/v1/search?q=kettle",
		"/v1/search/export?q=kettle":        "/v1/search/export?q=kettle&format=csv",
		"/v1/search/feed?q=kettle":          "/v1/search/feed?q=kettle&format=atom",
		"/v1/suggest?q=kett":                "/v1/suggest?q=kett",
		"/v1/resolve?path=/tea/brewing":     "/v1/resolve?path=/tea/brewing",
		"/v1/changes":                       "/v1/changes",
		"/v1/sections?fields=title":         "/v1/sections?fields=title",
	}
	for path := range reads {
		paths[path] = l.fill(path)
	}
	var got strings.Builder
	for _, route := range slices.Sorted(maps.Keys(paths)) {
		count := func() int64 {
			before := s.store.Statements()
			s.get(paths[route]).want(t, http.StatusOK)
			return s.store.Statements() - before
		}
		s.change(l.part, func(r models.Record) { r.(*models.Section).Title += "." })
		s.publish(l.part)
		first := count()
		again := count()
		if third := count(); third != again {
			t.Errorf("%s takes %d statements, and then %d", route, again, third)
		}
		fmt.Fprintf(&got, "%2d %2d  %s\n", first, again, route)
	}
	if *update {
		check(t, os.WriteFile(statementsFile, []byte(got.String()), 0o600))
	}
	want, err := os.ReadFile(statementsFile)
	check(t, err)
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("statements of routes (-%s +now; -update writes it):\n%s", statementsFile, diff)
	}
}

// Each content route that reads the database is counted.
func TestStatementsAreCountedOfEveryRoute(t *testing.T) {
	data, err := os.ReadFile(statementsFile)
	check(t, err)
	s := newSite(t)
	for _, route := range s.server.app.GetRoutes(true) {
		if route.Method != http.MethodGet || !strings.HasPrefix(route.Path, "/v1/") || strings.HasPrefix(route.Path, adminPath) || strings.HasPrefix(route.Path, previewPath) {
			continue
		}
		var parts []string
		for part := range strings.SplitSeq(route.Path, "/") {
			if name, ok := strings.CutPrefix(part, ":"); ok {
				part = "{" + name + "}"
			}
			parts = append(parts, part)
		}
		if path := strings.Join(parts, "/"); !strings.Contains(string(data), "  "+path+"\n") && !strings.Contains(string(data), "  "+path+"?") {
			t.Errorf("%s has no count in %s", path, statementsFile)
		}
	}
}
