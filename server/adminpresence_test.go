package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

func TestPresenceOverHTTP(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	ines, vera := s.with("ines", access.Grant{Role: access.Editor}), s.with("vera", access.Grant{Role: access.Viewer})
	path := "/v1/admin/sections/" + string(l.page.ID) + "/presence"
	client := map[string]any{"client": "w1"}
	ines.send(http.MethodPost, path, client).want(t, http.StatusOK)
	vera.send(http.MethodPost, path, client).want(t, http.StatusOK)
	if all := vera.send(http.MethodGet, path, nil).part(t).Data; len(all) != 2 || all[0].text("name") != "The ines" {
		t.Errorf("there are %v", all)
	}
	vera.send(http.MethodDelete, path+"?client=w1", nil).want(t, http.StatusNoContent)
	if all := ines.send(http.MethodGet, path, nil).part(t).Data; len(all) != 1 {
		t.Errorf("there are %v", all)
	}
	draft, err := s.content.Draft(t.Context(), *ref(l.page))
	check(t, err)
	if draft.Base().Version != 2 {
		t.Errorf("it has made version %d", draft.Base().Version)
	}
	s.nobody().wrongly(http.MethodPost, path, client).problem(t, http.StatusUnauthorized)
	ines.wrongly(http.MethodPost, path, "{").problem(t, http.StatusBadRequest)
	ines.wrongly(http.MethodPost, path, map[string]any{"client": strings.Repeat("c", 65)}).problem(t, http.StatusUnprocessableEntity)
	ines.wrongly(http.MethodDelete, path, nil).problem(t, http.StatusBadRequest)
	ines.wrongly(http.MethodPost, "/v1/admin/sections/"+string(models.NewID())+"/presence", client).problem(t, http.StatusNotFound)
	ines.wrongly(http.MethodGet, "/v1/admin/kettles/"+string(l.page.ID)+"/presence", nil).problem(t, http.StatusNotFound)
}
