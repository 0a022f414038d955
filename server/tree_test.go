package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const treePath = "/v1/courses/tea/modules/brewing/tree"

// treeAnswer is a tree as JSON has it.
type treeAnswer struct {
	Data     record
	Included map[string][]record
}

func (s *site) tree(query string) treeAnswer {
	s.t.Helper()
	var out treeAnswer
	check(s.t, json.Unmarshal([]byte(s.get(treePath+query).want(s.t, http.StatusOK).body), &out))
	return out
}

// eachNode visits the sections of a tree.
func eachNode(of record, key string, visit func(record)) {
	nodes, _ := of[key].([]any)
	for _, n := range nodes {
		visit(n.(map[string]any))
		eachNode(n.(map[string]any), "children", visit)
	}
}

func TestTreeHasTheFieldsAskedFor(t *testing.T) {
	s := newSite(t)
	s.teach()
	full := s.tree("?body=html")
	for query, want := range map[string]struct{ module, section []string }{
		"?fields=title":                                      {[]string{"id", "title", "tree"}, nil},
		"?fields[sections]=slug":                             {nil, []string{"children", "id", "slug"}},
		"?fields=slug&fields[sections]=title":                {[]string{"id", "slug", "tree"}, []string{"children", "id", "title"}},
		"?fields=id&fields[sections]=id&body=html":           {[]string{"id", "tree"}, []string{"children", "html", "id"}},
		"?fields=id&fields[sections]=id&include=cover":       {[]string{"id", "tree"}, []string{"children", "id"}},
		"?include=sections&fields[sections]=title&body=html": {nil, []string{"children", "html", "id", "title"}},
	} {
		t.Run(query, func(t *testing.T) {
			got := s.tree(query)
			if want.module != nil && !slices.Equal(keysOf(got.Data), want.module) {
				t.Errorf("the module has %v", keysOf(got.Data))
			}
			var titles, all []string
			eachNode(got.Data, "tree", func(n record) {
				titles = append(titles, n.text("id"))
				if want.section != nil && !slices.Equal(keysOf(n), want.section) {
					t.Errorf("a section has %v", keysOf(n))
				}
			})
			eachNode(full.Data, "tree", func(n record) { all = append(all, n.text("id")) })
			if diff := cmp.Diff(all, titles); diff != "" || len(all) != 3 {
				t.Errorf("the sections: %s", diff)
			}
		})
	}
}

func TestTreeIncludesWhatAModuleCan(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	got := s.tree("?include=sections.sources,cover,worksheets.shown_in&fields[sources]=key")
	for kind, want := range map[string][]string{"sources": {string(l.source.ID)}, "assets": {string(l.picture.ID)}, "worksheets": {string(l.sheet.ID)}} {
		var ids []string
		for _, r := range got.Included[kind] {
			ids = append(ids, r.text("id"))
		}
		if !slices.Equal(ids, want) {
			t.Errorf("the %s are %v, want %v", kind, ids, want)
		}
	}
	if keys := keysOf(got.Included["sources"][0]); !slices.Equal(keys, []string{"id", "key"}) {
		t.Errorf("the source has %v", keys)
	}
	for _, query := range []string{"?include=tree", "?fields=tree", "?fields[sections]=children", "?fields[assets]=url", "?include=cover&fields[sources]=key", "?limit=3"} {
		s.wrong(http.MethodGet, treePath+query).problem(t, http.StatusBadRequest)
	}
}

func keysOf(r record) []string {
	var out []string
	for key := range r {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}
