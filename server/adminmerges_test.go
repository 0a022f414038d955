package server

import (
	"net/http"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

func TestMergingSourcesOverHTTP(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	twin := &models.Source{Meta: meta(), CourseID: l.course.ID, Key: "twin", Parse: models.ParseParsed, CSL: models.CSL{Type: "book"}}
	check(t, s.content.Create(t.Context(), twin, editor))
	ines := s.with("ines", access.Grant{Role: access.Editor})
	vera := s.with("vera", access.Grant{Role: access.Viewer})
	path := "/v1/admin/sources/" + string(twin.ID) + "/merge"
	body := map[string]any{"from": []any{map[string]any{"id": l.source.ID, "version": 1}}}
	for name, tt := range map[string]struct {
		who     *visitor
		path    string
		body    any
		version string
		want    int
	}{
		"nobody":      {s.nobody(), path, body, `"1"`, http.StatusUnauthorized},
		"a reader":    {vera, path, body, `"1"`, http.StatusForbidden},
		"no version":  {ines, path, body, "", http.StatusPreconditionRequired},
		"an old one":  {ines, path, body, `"9"`, http.StatusPreconditionFailed},
		"no source":   {ines, "/v1/admin/sources/" + string(models.NewID()) + "/merge", body, `"1"`, http.StatusNotFound},
		"no JSON":     {ines, path, "{", `"1"`, http.StatusBadRequest},
		"none to go":  {ines, path, map[string]any{"from": []any{}}, `"1"`, http.StatusUnprocessableEntity},
		"into itself": {ines, path, map[string]any{"from": []any{map[string]any{"id": twin.ID, "version": 1}}}, `"1"`, http.StatusUnprocessableEntity},
	} {
		t.Run(name, func(t *testing.T) {
			tt.who.wrongly(http.MethodPost, tt.path, tt.body, "If-Match", tt.version).problem(t, tt.want)
		})
	}
	made := ines.send(http.MethodPost, path, body, "If-Match", `"1"`).want(t, http.StatusCreated).object(t)
	if len(made.list("merged")) != 1 || len(made.list("changed")) != 2 {
		t.Errorf("the merge is %v", made)
	}
	list := vera.send(http.MethodGet, "/v1/admin/courses/"+string(l.course.ID)+"/source-merges", nil).part(t)
	if len(list.Data) != 1 || list.Data[0].text("id") != made.text("id") {
		t.Errorf("listed as %v", list.Data)
	}
	undo := "/v1/admin/source-merges/" + made.text("id") + "/undo"
	vera.wrongly(http.MethodPost, undo, nil).problem(t, http.StatusForbidden)
	if undone := ines.send(http.MethodPost, undo, nil).data(t); undone.text("undone_at") == "" {
		t.Errorf("undone it is %v", undone)
	}
	ines.wrongly(http.MethodPost, undo, nil).problem(t, http.StatusConflict)
	ines.wrongly(http.MethodPost, "/v1/admin/source-merges/"+string(models.NewID())+"/undo", nil).problem(t, http.StatusNotFound)
	ines.wrongly(http.MethodGet, "/v1/admin/courses/"+string(models.NewID())+"/source-merges", nil).problem(t, http.StatusNotFound)
	ines.wrongly(http.MethodGet, "/v1/admin/courses/"+string(l.course.ID)+"/source-merges?limit=0", nil).problem(t, http.StatusBadRequest)
}
