package server

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// previewable is a lesson whose drafts may be shown: with what is new, changed, renamed and trashed.
func (s *site) previewable() *lesson {
	s.t.Helper()
	l := s.teach()
	retitled := func(title string) func(models.Record) {
		return func(r models.Record) { r.(*models.Section).Title = title }
	}
	s.change(l.draft, retitled("Cold brew"))
	s.change(l.last, retitled("Leaves, again"))
	s.change(l.page, func(r models.Record) { r.(*models.Section).Slug = "heat" })
	return l
}

// previewOf makes a preview and gives what its addresses begin with.
func (v *visitor) previewOf(r models.Record, body any) string {
	v.t.Helper()
	made := v.send(http.MethodPost, "/v1/admin/"+r.Kind().Plural()+"/"+string(r.Base().ID)+"/previews", body).want(v.t, http.StatusCreated)
	return made.object(v.t).text("path")
}

// timeOfPublish is what a preview and a publish can't have in common.
var timeOfPublish = regexp.MustCompile(`"published_at":"[^"]*"`)

func TestPreviewsAnswerAsThePublishedContentWill(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	ines := s.with("ines", access.Grant{Role: access.Editor})
	before := s.get("/v1/modules?include=sections")
	base := ines.previewOf(l.module, map[string]any{"note": "for Friday"})
	addresses := []string{
		"/courses", "/courses/tea", "/courses/tea/sitemap", "/courses/tea/same-sources", "/courses/tea/modules/brewing/tree?body=html,markdown,blocks,text",
		"/sections?limit=2&body=html", "/sections/" + string(l.draft.ID), "/courses/tea/modules/brewing/sections/heat?include=assets,citations",
		"/worksheets/" + string(l.sheet.ID), "/citations", "/sources?count=true", "/fragments", "/assets/" + string(l.picture.ID) + "/file",
		"/resolve?path=/tea/brewing/heat",
	}
	shown := map[string]string{}
	for _, a := range addresses {
		got := s.get(base+a).want(t, http.StatusOK)
		for name, want := range map[string]string{
			"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Cache-Tag": "", "ETag": "", "Last-Modified": "", headerRevision: "",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s has %s %q", a, name, got.header.Get(name))
			}
		}
		if strings.Contains(got.body, `"/v1/`) && strings.Contains(strings.ReplaceAll(got.body, `"`+base, ""), `"/v1/`) {
			t.Errorf("%s leads out of the preview: %s", a, got.body)
		}
		shown[a] = timeOfPublish.ReplaceAllString(strings.ReplaceAll(got.body, base, "/v1"), "")
	}
	again := s.get("/v1/modules?include=sections")
	if again.body != before.body || again.header.Get("ETag") != before.header.Get("ETag") || again.header.Get(headerRevision) != before.header.Get(headerRevision) {
		t.Error("the preview has changed what readers see")
	}
	s.publish(l.module)
	for _, a := range addresses {
		now := timeOfPublish.ReplaceAllString(s.get("/v1"+a).want(t, http.StatusOK).body, "")
		if shown[a] != now {
			t.Errorf("%s was %s\nand is %s", a, shown[a], now)
		}
	}
}

func TestPreviewsLeadOn(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	base := s.with("ines", access.Grant{Role: access.Editor}).previewOf(l.module, map[string]any{})
	first := s.get(base + "/sections?limit=1").part(t)
	if next := first.Links.text("next"); !strings.HasPrefix(next, base+"/sections?") {
		t.Errorf("it goes on at %s", next)
	} else if len(s.get(next).part(t).Data) != 1 {
		t.Error("which has nothing")
	}
	moved := s.get(base+"/courses/tea/modules/brewing/sections/temperature").want(t, http.StatusPermanentRedirect)
	if to := moved.header.Get("Location"); to != base+"/courses/tea/modules/brewing/sections/heat" || moved.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("an old slug leads to %s", to)
	}
	href := s.get(base + "/resolve?path=/tea/brewing/heat").data(t).text("href")
	s.get(href).want(t, http.StatusOK)
	known := s.get("/v1/sections/" + string(l.page.ID))
	s.get(base+"/sections/"+string(l.page.ID), "If-None-Match", known.header.Get("ETag"), "If-Modified-Since", time.Now().UTC().Format(httpDate)).want(t, http.StatusOK)
	s.do(t.Context(), http.MethodHead, base+"/courses/tea").want(t, http.StatusOK)
}

func TestPreviewsEndAndHideTheRest(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	other := &models.Module{Meta: meta(), CourseID: l.course.ID, Slug: "secret", Title: "Elsewhere"}
	check(t, s.content.Create(t.Context(), other, editor))
	ines := s.with("ines", access.Grant{Role: access.Editor})
	base := ines.previewOf(l.last, map[string]any{"expires_in": 3600})
	s.get(base+"/modules/"+string(other.ID)).want(t, http.StatusNotFound)
	s.get(base+"/sections/"+string(l.draft.ID)).want(t, http.StatusNotFound)
	if title := s.get(base + "/sections/" + string(l.last.ID)).data(t).text("title"); title != "Leaves, again" {
		t.Errorf("it shows %q", title)
	}
	for _, path := range []string{"/admin/users", "/search?q=tea", "/changes", "/preview/x/courses", "/nothing", "//courses", "/%2e%2e/admin/users"} {
		got := s.wrong(http.MethodGet, base+path)
		if got.status != http.StatusNotFound {
			t.Errorf("%s is answered by %d", path, got.status)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		if got := s.wrong(method, base+"/courses/tea"); got.status != http.StatusMethodNotAllowed && got.status != http.StatusNotFound {
			t.Errorf("%s is answered by %d", method, got.status)
		}
	}
	if lines := s.log.with("lec_preview_"); len(lines) > 0 {
		t.Errorf("the log has the token: %v", lines)
	}

	list := ines.send(http.MethodGet, "/v1/admin/previews", nil)
	if strings.Contains(list.body, "lec_preview_") || len(listed(t, list)) != 1 {
		t.Errorf("listed as %s", list.body)
	}
	one := "/v1/admin/previews/" + listed(t, list)[0].text("id")
	s.with("vera", access.Grant{Role: access.Viewer}).send(http.MethodDelete, one, nil).problem(t, http.StatusForbidden)
	ines.send(http.MethodDelete, one, nil).want(t, http.StatusNoContent)
	s.get(base+"/sections/"+string(l.last.ID)).problem(t, http.StatusGone)
	s.get("/v1/preview/nonsense/courses").problem(t, http.StatusNotFound)
	if left := listed(t, ines.send(http.MethodGet, "/v1/admin/previews", nil)); len(left) != 0 {
		t.Errorf("it is listed: %v", left)
	}
}

func TestPreviewsThatAreRefused(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	ines := s.with("ines", access.Grant{Role: access.Editor})
	vera := s.with("vera", access.Grant{Role: access.Viewer})
	path := "/v1/admin/modules/" + string(l.module.ID) + "/previews"
	for name, tt := range map[string]struct {
		who  *visitor
		path string
		body any
		want int
	}{
		"nobody":             {s.nobody(), path, map[string]any{}, http.StatusUnauthorized},
		"somebody who reads": {vera, path, map[string]any{}, http.StatusForbidden},
		"no record":          {ines, "/v1/admin/modules/" + string(models.NewID()) + "/previews", map[string]any{}, http.StatusNotFound},
		"no kind":            {ines, "/v1/admin/kettles/" + string(l.module.ID) + "/previews", map[string]any{}, http.StatusNotFound},
		"no JSON":            {ines, path, "{", http.StatusBadRequest},
		"an unknown member":  {ines, path, map[string]any{"for": "ever"}, http.StatusBadRequest},
		"for too long":       {ines, path, map[string]any{"expires_in": 1 << 40}, http.StatusUnprocessableEntity},
		"a parameter":        {ines, path + "?x=1", map[string]any{}, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			tt.who.wrongly(http.MethodPost, tt.path, tt.body).problem(t, tt.want)
		})
	}
	ines.wrongly(http.MethodDelete, "/v1/admin/previews/"+string(models.NewID()), nil).problem(t, http.StatusNotFound)
}

// Where content is behind a key, a preview's token is one.
func TestPreviewsNeedNoKey(t *testing.T) {
	s := startSite(t, t.TempDir(), func(c *Config) { c.ContentKey = true })
	l := s.previewable()
	base := s.with("ines", access.Grant{Role: access.Editor}).previewOf(l.module, map[string]any{})
	s.get("/v1/courses/tea").problem(t, http.StatusUnauthorized)
	s.get(base+"/courses/tea").want(t, http.StatusOK)
}

// listed reads the records of a list that has no parts.
func listed(t testing.TB, a answer) []record {
	t.Helper()
	return a.part(t).Data
}
