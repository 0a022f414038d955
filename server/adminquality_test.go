package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

func TestSettingsOfACourseOverHTTP(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	ines := s.with("ines", access.Grant{Role: access.Editor})
	vera := s.with("vera", access.Grant{Role: access.Viewer})
	path := "/v1/admin/courses/" + string(l.course.ID) + "/settings"
	first := vera.send(http.MethodGet, path, nil)
	if first.header.Get("ETag") != `"1"` || first.data(t).object("rules").text("dead_link") != "warning" {
		t.Errorf("at first they are %s", first.body)
	}
	edit := map[string]any{"rules": map[string]any{"dead_link": "error"}, "schemas": map[string]any{"section": map[string]any{"required": []string{"season"}}}}
	set := ines.send(http.MethodPut, path, edit, "If-Match", `"1"`).want(t, http.StatusOK)
	if set.header.Get("ETag") != `"2"` || set.data(t).object("rules").text("dead_link") != "error" || set.data(t).object("broken")["section"] != 0.0 {
		t.Errorf("set they are %s", set.body)
	}
	for name, tt := range map[string]struct {
		who     *visitor
		path    string
		body    any
		version string
		want    int
	}{
		"nobody":           {s.nobody(), path, edit, `"2"`, http.StatusUnauthorized},
		"a reader":         {vera, path, edit, `"2"`, http.StatusForbidden},
		"an old version":   {ines, path, edit, `"1"`, http.StatusPreconditionFailed},
		"no version":       {ines, path, edit, "", http.StatusPreconditionRequired},
		"no such course":   {ines, "/v1/admin/courses/" + string(models.NewID()) + "/settings", edit, `"1"`, http.StatusNotFound},
		"no JSON":          {ines, path, "[", `"2"`, http.StatusBadRequest},
		"no such rule":     {ines, path, map[string]any{"rules": map[string]any{"nice": "off"}}, `"2"`, http.StatusUnprocessableEntity},
		"what always is":   {ines, path, map[string]any{"rules": map[string]any{"in_trash": "off"}}, `"2"`, http.StatusUnprocessableEntity},
		"a remote schema":  {ines, path, map[string]any{"schemas": map[string]any{"section": map[string]any{"$ref": "https://example.org/s"}}}, `"2"`, http.StatusUnprocessableEntity},
		"unknown settings": {ines, path, map[string]any{"colour": "red"}, `"2"`, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			tt.who.wrongly(http.MethodPut, tt.path, tt.body, "If-Match", tt.version).problem(t, tt.want)
		})
	}
	if again := ines.send(http.MethodGet, path, nil).header.Get("ETag"); again != `"2"` {
		t.Errorf("what was refused has made version %s", again)
	}
}

func TestProblemsOfACourseOverHTTP(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	s.change(l.last, func(r models.Record) {
		sec := r.(*models.Section)
		sec.Blocks = append(sec.Blocks, &models.Image{BlockBase: block("bare"), URL: "https://example.org/x.png"})
	})
	vera := s.with("vera", access.Grant{Role: access.Viewer})
	path := "/v1/admin/courses/" + string(l.course.ID) + "/problems"
	found := vera.send(http.MethodGet, path+"?rule=image_without_alt", nil).part(t)
	if len(found.Data) != 1 || found.Data[0].object("record").text("id") != string(l.last.ID) || found.Data[0].text("severity") != "warning" || found.Meta["total"] != 1.0 {
		t.Errorf("found %+v", found)
	}
	all := vera.send(http.MethodGet, path, nil)
	if !strings.Contains(all.body, `"image_without_alt":1`) {
		t.Errorf("of all rules: %s", all.body)
	}
	vera.wrongly(http.MethodGet, path+"?rule=nice", nil).problem(t, http.StatusBadRequest)
	vera.wrongly(http.MethodGet, "/v1/admin/courses/"+string(models.NewID())+"/problems", nil).problem(t, http.StatusNotFound)
	s.nobody().wrongly(http.MethodGet, path, nil).problem(t, http.StatusUnauthorized)
}
