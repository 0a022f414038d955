package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// attempt is a request of a route of the admin API, and what it takes to be allowed.
type attempt struct {
	action access.Action
	kind   models.Kind // of records; empty for the installation
	place  access.Place
	path   string
	body   string
	media  string
	self   bool // everybody who is signed in may do it
}

// attempts are requests of each route. A route of the contract that is not here fails the test.
func (s *site) attempts(l *lesson, u models.ID) map[string]attempt {
	in := access.Place{Course: l.course.ID, Module: l.module.ID}
	at := "/v1/admin/sections/" + string(l.page.ID)
	ofCourse, course := access.Place{Course: l.course.ID}, "/v1/admin/courses/"+string(l.course.ID)
	on := func(action access.Action, path, body string) attempt {
		return attempt{action: action, kind: models.KindSection, place: in, path: path, body: body}
	}
	self := func(path, body string) attempt { return attempt{self: true, path: path, body: body} }
	manage := func(path, body string) attempt { return attempt{action: access.ManageUsers, path: path, body: body} }
	user := "/v1/admin/users/" + string(u)
	editing := s.content.As(access.Subject{Name: "ines", Grants: []access.Grant{{Role: access.Editor}}}, access.Origin{})
	preview, err := editing.CreatePreview(s.t.Context(), *ref(l.page), content.PreviewRequest{})
	check(s.t, err)
	twin := &models.Source{Meta: meta(), CourseID: l.course.ID, Key: "twin", Parse: models.ParseParsed, CSL: models.CSL{Type: "book"}}
	check(s.t, s.content.Create(s.t.Context(), twin, editor))
	merge, err := editing.MergeSources(s.t.Context(), l.source.ID, 1, []content.Merged{{ID: twin.ID, Version: 1}})
	check(s.t, err)
	targets := fmt.Sprintf(`{"targets": [{"type": "section", "id": %q}], "dry_run": false, "token": "stale"}`, l.page.ID)
	boss := s.content.As(access.Subject{ID: u, Name: "boss", Grants: []access.Grant{{Role: access.Owner}}}, access.Origin{})
	soon := content.ScheduleRequest{Action: content.SchedulePublish, At: time.Now().Add(time.Hour)}
	scheduled, err := boss.Schedule(s.t.Context(), models.Ref{Type: models.KindSection, ID: l.page.ID}, soon)
	check(s.t, err)
	someImport := "/v1/admin/imports/" + string(models.NewID())
	someExport := "/v1/admin/exports/" + string(models.NewID())
	return map[string]attempt{
		"POST /v1/admin/{records}/{id}/schedule": on(access.Publish, at+"/schedule", textOf(s.t, soon)),
		"GET /v1/admin/schedules":                self("/v1/admin/schedules", ""), // which is empty for those who may read nothing
		"GET /v1/admin/schedules/{id}":           on(access.Read, schedulesPath+"/"+string(scheduled.ID), ""),
		"DELETE /v1/admin/schedules/{id}":        on(access.Publish, schedulesPath+"/"+string(scheduled.ID), ""),
		"GET /v1/admin/imports":                  self("/v1/admin/imports", ""), // one's own
		"POST /v1/admin/imports":                 {action: access.Create, kind: models.KindCourse, path: "/v1/admin/imports?dry_run=true", body: "no archive", media: "application/zip"},
		"GET /v1/admin/imports/{id}":             self(someImport, ""), // there is none: see TestImportsOfOthers
		"GET /v1/admin/imports/{id}/report":      self(someImport+"/report", ""),
		"POST /v1/admin/imports/{id}/apply":      self(someImport+"/apply", ""),
		"DELETE /v1/admin/imports/{id}":          self(someImport, ""),
		"GET /v1/admin/exports":                  self("/v1/admin/exports", ""),
		"POST /v1/admin/exports":                 {action: access.ReadPrivate, kind: models.KindModule, place: access.Place{Course: l.course.ID}, path: "/v1/admin/exports", body: `{"course": "` + l.course.Slug + `", "format": "json"}`},
		"GET /v1/admin/exports/{id}":             self(someExport, ""),
		"GET /v1/admin/exports/{id}/file":        self(someExport+"/file", ""),
		"DELETE /v1/admin/exports/{id}":          self(someExport, ""),

		"GET /v1/admin/session":             self("/v1/admin/session", ""),
		"GET /v1/admin/sessions":            self("/v1/admin/sessions", ""),
		"DELETE /v1/admin/sessions/{id}":    self("/v1/admin/sessions/"+string(models.NewID()), ""),
		"GET /v1/admin/me":                  self("/v1/admin/me", ""),
		"PATCH /v1/admin/me":                self("/v1/admin/me", `{"name": "Same"}`),
		"PUT /v1/admin/me/password":         self("/v1/admin/me/password", `{"old": "wrong wrong wrong", "new": "another long password"}`),
		"GET /v1/admin/tokens":              self("/v1/admin/tokens", ""),
		"POST /v1/admin/tokens":             self("/v1/admin/tokens", `{"name": "x", "scopes": ["drafts:read"]}`),
		"DELETE /v1/admin/tokens/{id}":      self("/v1/admin/tokens/"+string(models.NewID()), ""),
		"GET /v1/admin/permissions/explain": self("/v1/admin/permissions/explain?action=read&kind=section", ""),

		"GET /v1/admin/users":             manage("/v1/admin/users", ""),
		"POST /v1/admin/users":            manage("/v1/admin/users", `{"login": "", "name": "x", "grants": []}`),
		"GET /v1/admin/users/{id}":        manage(user, ""),
		"PATCH /v1/admin/users/{id}":      manage(user, `{"name": "Other"}`),
		"DELETE /v1/admin/users/{id}":     manage(user, ""),
		"POST /v1/admin/users/{id}/reset": manage(user+"/reset", ""),
		"GET /v1/admin/audit":             {action: access.ReadAudit, path: "/v1/admin/audit"},
		"GET /v1/admin/audit/export":      {action: access.ReadAudit, path: "/v1/admin/audit/export?format=csv"},

		"GET /v1/admin/previews":                 self("/v1/admin/previews", ""),
		"DELETE /v1/admin/previews/{id}":         on(access.Update, "/v1/admin/previews/"+string(preview.ID), ""),
		"POST /v1/admin/{records}/{id}/previews": on(access.Update, at+"/previews", `{}`),

		"GET /v1/admin/courses/{id}/settings": {action: access.Read, kind: models.KindCourse, place: ofCourse, path: course + "/settings"},
		"PUT /v1/admin/courses/{id}/settings": {action: access.Publish, kind: models.KindCourse, place: ofCourse, path: course + "/settings", body: `{}`},
		"GET /v1/admin/courses/{id}/problems": {action: access.Read, kind: models.KindCourse, place: ofCourse, path: course + "/problems"},

		"GET /v1/admin/searches":         {action: access.ReadSearches, kind: models.KindCourse, place: ofCourse, path: "/v1/admin/searches?course=" + string(l.course.ID)},
		"GET /v1/admin/searches/summary": {action: access.ReadSearches, kind: models.KindCourse, place: ofCourse, path: "/v1/admin/searches/summary?course=" + string(l.course.ID)},

		"GET /v1/admin/courses/{id}/source-merges": {action: access.Read, kind: models.KindCourse, place: ofCourse, path: course + "/source-merges"},
		"POST /v1/admin/sources/{id}/merge":        {action: access.Update, kind: models.KindSource, place: ofCourse, path: "/v1/admin/sources/" + string(l.source.ID) + "/merge", body: fmt.Sprintf(`{"from": [{"id": %q, "version": 1}]}`, models.NewID())},
		"POST /v1/admin/source-merges/{id}/undo":   {action: access.Delete, kind: models.KindSource, place: ofCourse, path: "/v1/admin/source-merges/" + string(merge.ID) + "/undo"},

		"GET /v1/admin/{records}/{id}/presence":    on(access.Read, at+"/presence", ""),
		"POST /v1/admin/{records}/{id}/presence":   on(access.Read, at+"/presence", `{"client": "a-page"}`),
		"DELETE /v1/admin/{records}/{id}/presence": on(access.Read, at+"/presence?client=a-page", ""),

		"GET /v1/admin/{records}":                                   on(access.Read, "/v1/admin/sections", ""),
		"POST /v1/admin/{records}":                                  on(access.Create, "/v1/admin/sections", fmt.Sprintf(`{"module_id": %q, "title": "x"}`, l.module.ID)),
		"GET /v1/admin/{records}/{id}":                              on(access.Read, at, ""),
		"PATCH /v1/admin/{records}/{id}":                            on(access.Update, at, `{"title": "x"}`),
		"DELETE /v1/admin/{records}/{id}":                           on(access.Delete, at, ""),
		"POST /v1/admin/{records}/{id}/restore":                     on(access.Delete, at+"/restore", ""),
		"POST /v1/admin/{records}/{id}/duplicate":                   on(access.Create, at+"/duplicate", ""),
		"POST /v1/admin/{records}/{id}/move":                        on(access.Arrange, at+"/move", `{}`),
		"GET /v1/admin/{records}/{id}/uses":                         on(access.Read, at+"/uses", ""),
		"GET /v1/admin/{records}/{id}/revisions":                    on(access.Read, at+"/revisions", ""),
		"GET /v1/admin/{records}/{id}/revisions/{version}":          on(access.Read, at+"/revisions/1", ""),
		"POST /v1/admin/{records}/{id}/revisions/{version}/restore": on(access.Update, at+"/revisions/1/restore", ""),
		"GET /v1/admin/{records}/{id}/diff":                         on(access.Read, at+"/diff?from=1", ""),
		"POST /v1/admin/{records}/{id}/publish":                     on(access.Publish, at+"/publish", `{"token": "stale"}`),
		"POST /v1/admin/{records}/{id}/unpublish":                   on(access.Publish, at+"/unpublish", `{"token": "stale"}`),
		"PUT /v1/admin/{records}/{id}/{list}":                       on(access.Update, at+"/blocks", `[]`),
		"PATCH /v1/admin/{records}/{id}/{list}":                     {action: access.Update, kind: models.KindSection, place: in, path: at + "/blocks", body: `[]`, media: "application/json"},
		"POST /v1/admin/publish":                                    on(access.Publish, "/v1/admin/publish", targets),
		"POST /v1/admin/unpublish":                                  on(access.Publish, "/v1/admin/unpublish", strings.Replace(targets, `, "dry_run": false`, "", 1)),
		"POST /v1/admin/batch":                                      on(access.Update, "/v1/admin/batch", fmt.Sprintf(`{"operations": [{"op": "update", "kind": "section", "id": %q, "version": 999, "data": {}}]}`, l.page.ID)),
	}
}

// openRoutes are those for whoever is not signed in, and signing out, after which nothing can be tried.
var openRoutes = []string{
	"POST /v1/admin/session", "POST /v1/admin/setup", "POST /v1/admin/reset", "DELETE /v1/admin/session", "DELETE /v1/admin/sessions",
}

// Every route of the admin API lets in those whose grants allow it, and nobody else; what one may not even read is not
// found. Changes are tried on versions that are not there, so that nothing is changed.
func TestEveryRouteAsksTheGrants(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	other := s.adds("somebody")
	attempts := s.attempts(l, other.ID)
	coffee := &models.Course{Meta: models.Meta{ID: models.NewID()}, Slug: "coffee", Title: "Coffee", Language: "en", Numbering: models.NumberAsWritten}
	check(t, s.content.Create(t.Context(), coffee, editor))
	here, elsewhere := []access.Limit{{Course: l.course.ID}}, []access.Limit{{Course: coffee.ID}}
	people := map[string]*visitor{"nobody": s.nobody(), "none": s.with("none")}
	for _, role := range access.Roles() {
		people[string(role)] = s.with(string(role), access.Grant{Role: role})
		people[string(role)+" here"] = s.with(string(role)+"-here", access.Grant{Role: role, Limits: here})
		people[string(role)+" elsewhere"] = s.with(string(role)+"-elsewhere", access.Grant{Role: role, Limits: elsewhere})
	}
	for path, item := range readContract(t).Paths.Map() {
		for method := range item.Operations() {
			name := method + " " + path
			if !strings.HasPrefix(path, adminPath+"/") || slices.Contains(openRoutes, name) {
				continue
			}
			a, ok := attempts[name]
			if !ok {
				t.Errorf("nobody tries %s", name)
				continue
			}
			for who, v := range people {
				v.tries(t, who, method, name, a)
			}
		}
	}
}

func (v *visitor) tries(t *testing.T, who, method, name string, a attempt) {
	t.Helper()
	var body any
	if a.body != "" {
		body = a.body
	}
	headers := []string{"If-Match", `"999"`}
	if a.media != "" {
		headers = append(headers, "Content-Type", a.media)
	}
	got := v.wrongly(method, a.path, body, headers...)
	var subject access.Subject
	if v.user != nil {
		subject = access.Subject{ID: v.user.ID, Name: v.user.Name, Grants: v.user.Grants}
	}
	allowed := a.self || subject.Decide(a.action, a.kind, a.place).Allowed
	known := a.kind == "" || subject.Decide(access.Read, a.kind, a.place).Allowed
	listing := name == "GET /v1/admin/{records}" // which is empty for those who may read nothing
	creating := name == "POST /v1/admin/{records}" || name == "POST /v1/admin/imports"
	var want []int
	switch {
	case v.user == nil:
		want = []int{http.StatusUnauthorized}
	case allowed || listing:
		if got.status == http.StatusUnauthorized || got.status == http.StatusForbidden && !a.self || got.status >= 500 {
			t.Errorf("%s may, and gets %d of %s: %s", who, got.status, name, got.body)
		}
		return
	case known || creating:
		want = []int{http.StatusForbidden}
	default:
		want = []int{http.StatusNotFound}
	}
	if !slices.Contains(want, got.status) {
		t.Errorf("%s gets %d of %s, want %v: %s", who, got.status, name, want, got.body)
	}
}
