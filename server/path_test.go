package server

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// Every reference and every hit has the path that the sitemap has for the record, and null for what is on no page of its
// own.
func TestReferencesHaveTheirPath(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	paths := s.sitemapPaths("tea")
	kinds := map[string]bool{}
	answers := append(append(l.addresses(), lists...), "/v1/search?q=kettle+cup+brewing+leaf", "/v1/sections?body=blocks&include=worksheets.module,sources",
		"/v1/courses/tea/modules/brewing/tree?body=blocks", "/v1/courses/tea/same-sources")
	for _, address := range answers {
		var answer any
		check(t, json.Unmarshal([]byte(s.get(address).want(t, http.StatusOK).body), &answer))
		eachReference(answer, func(ref map[string]any) {
			kinds[ref["type"].(string)] = true
			want, isPage := paths[ref["id"].(string)]
			path, given := ref["path"]
			if !given || isPage && path != want || !isPage && path != nil {
				t.Errorf("%s: the %s %v has the path %v, want %q", address, ref["type"], ref["title"], path, want)
			}
		})
	}
	for _, kind := range models.StoredKinds() {
		if !kinds[string(kind)] {
			t.Errorf("no reference leads to a %s", kind)
		}
	}
}

// A path follows the slugs of all that is above.
func TestPathsFollowSlugs(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	s.rename(l.module, func(r models.Record) { r.(*models.Module).Slug = "making-tea" })
	s.rename(l.course, func(r models.Record) { r.(*models.Course).Slug = "teas" })
	parent := s.get(models.Href(models.KindSection, l.page.ID)).data(t)["parent"].(map[string]any)
	if parent["path"] != "/teas/making-tea/water" {
		t.Errorf("the path is %v", parent["path"])
	}
}

func (s *site) sitemapPaths(course string) map[string]string {
	s.t.Helper()
	var answer struct {
		Data []struct{ ID, Path string }
	}
	check(s.t, json.Unmarshal([]byte(s.get("/v1/courses/"+course+"/sitemap").want(s.t, http.StatusOK).body), &answer))
	out := map[string]string{}
	for _, e := range answer.Data {
		out[e.ID] = e.Path
	}
	return out
}

// eachReference visits what is a reference, by its look, in an answer.
func eachReference(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			eachReference(item, visit)
		}
	case map[string]any:
		if v["type"] != nil && v["href"] != nil {
			visit(v)
		}
		for _, item := range v {
			eachReference(item, visit)
		}
	}
}
