package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

const usersPath = "/v1/admin/users"

func TestUsersFromFirstToLast(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	edit := accounts.UserEdit{Login: "Tomas@example.org", Name: "Tomas", Grants: []access.Grant{
		{Role: access.Author, Limits: []access.Limit{{Course: l.course.ID, Module: &l.module.ID}}}, {Role: access.Viewer},
	}}
	created := owner.send(http.MethodPost, usersPath, edit).want(t, http.StatusCreated)
	path := created.header.Get("Location")
	read := owner.send(http.MethodGet, path, nil).want(t, http.StatusOK)
	if read.body != created.body || read.header.Get("ETag") != `"1"` || read.object(t)["has_password"] != false {
		t.Errorf("created %s, read %s", created.body, read.body)
	}
	owner.send(http.MethodPost, usersPath, accounts.UserEdit{Login: "TOMAS@example.org", Name: "Another", Grants: []access.Grant{}}).problem(t, http.StatusConflict)

	changed := owner.send(http.MethodPatch, path, `{"name":"Tomas Reyes"}`, "If-Match", `"1"`).want(t, http.StatusOK)
	if changed.header.Get("ETag") != `"2"` || changed.object(t).text("name") != "Tomas Reyes" || len(changed.object(t).list("grants")) != 2 {
		t.Errorf("changed to %s", changed.body)
	}
	stale := owner.send(http.MethodPatch, path, `{"name":"Thomas"}`, "If-Match", `"1"`).problem(t, http.StatusPreconditionFailed)
	if stale.Current == nil || stale.Current.Version != 2 {
		t.Errorf("stale: %+v", stale)
	}
	owner.send(http.MethodDelete, path, nil, "If-Match", `"1"`).problem(t, http.StatusPreconditionFailed)
	owner.send(http.MethodDelete, path, nil, "If-Match", `"2"`).want(t, http.StatusNoContent)
	owner.send(http.MethodGet, path, nil).problem(t, http.StatusNotFound)
	owner.send(http.MethodDelete, path, nil, "If-Match", `"2"`).problem(t, http.StatusNotFound)
}

func TestBadUsers(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	for name, tt := range map[string]struct {
		body     string
		status   int
		pointers string
	}{
		"no JSON":               {`{`, 400, ""},
		"two values":            {`{"login":"a","name":"A"} {}`, 400, ""},
		"an unknown field":      {`{"login":"a","name":"A","password":"x"}`, 400, "/password"},
		"a server's field":      {`{"login":"a","name":"A","version":7}`, 400, "/version"},
		"a list":                {`[]`, 400, ""},
		"nothing":               {`{}`, 422, "/login /name"},
		"a space in the login":  {`{"login":"a b","name":"A"}`, 422, "/login"},
		"a line in the name":    {`{"login":"a","name":"A\r\nSet-Cookie: x=y"}`, 422, "/name"},
		"a direction in a name": {`{"login":"a","name":"A\u202eB"}`, 422, "/name"},
		"a long login":          {`{"login":"` + strings.Repeat("a", 255) + `","name":"A"}`, 422, "/login"},
		"unknown roles":         {`{"login":"a","name":"A","grants":[{"role":"boss"},{"role":"Owner"}]}`, 422, "/grants/0/role /grants/1/role"},
		"no such course":        {`{"login":"a","name":"A","grants":[{"role":"editor","limits":[{"course":"x"}]}]}`, 422, "/grants/0/limits/0/course"},
		"no such module": {fmt.Sprintf(`{"login":"a","name":"A","grants":[{"role":"editor","limits":[{"course":%q,"module":%q}]}]}`, l.course.ID, l.course.ID),
			422, "/grants/0/limits/0/module"},
	} {
		p := owner.wrongly(http.MethodPost, usersPath, tt.body).problem(t, tt.status)
		var pointers []string
		for _, e := range p.Errors {
			if e.Pointer != "" {
				pointers = append(pointers, e.Pointer)
			}
		}
		if got := strings.Join(pointers, " "); got != tt.pointers {
			t.Errorf("%s: %s, want %s: %+v", name, got, tt.pointers, p)
		}
	}
	for _, mediaType := range []string{"text/plain", "application/merge-patch+json", "", "application/x-www-form-urlencoded", "nonsense;;"} {
		owner.wrongly(http.MethodPost, usersPath, `{"login":"a","name":"A"}`, "Content-Type", mediaType).problem(t, http.StatusUnsupportedMediaType)
	}
	owner.wrongly(http.MethodPost, usersPath, `{"login":"a","name":"A"}`, "Content-Encoding", "gzip").problem(t, http.StatusUnsupportedMediaType)
	owner.wrongly(http.MethodPost, usersPath, strings.Repeat(" ", maxEdit+1)).problem(t, http.StatusRequestEntityTooLarge)
}

func TestChangesNeedTheVersion(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	path := userHref(owner.user.ID)
	for header, status := range map[string]int{
		"": 428, "*": 428, "7": 400, `"x"`: 400, `W/"1"`: 400, `"1", "2"`: 400, `"0"`: 400, `"-1"`: 400, `"`: 400, `"2"`: 412, `"99999999999999999999"`: 400,
	} {
		owner.wrongly(http.MethodPatch, path, `{"name":"X"}`, "If-Match", header).problem(t, status)
		owner.wrongly(http.MethodDelete, path, nil, "If-Match", header).problem(t, status)
		owner.wrongly(http.MethodPatch, "/v1/admin/me", `{"name":"X"}`, "If-Match", header).problem(t, status)
	}
	if got := owner.send(http.MethodGet, path, nil).object(t).text("name"); got != "The owner" {
		t.Errorf("the name is %q", got)
	}
}

func TestSomebodyStaysOwner(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	s.adds("half", access.Grant{Role: access.Owner, Limits: []access.Limit{{Course: l.course.ID}}}) // who can't manage users
	path := userHref(owner.user.ID)
	for _, patch := range []string{`{"disabled":true}`, `{"grants":[]}`, `{"grants":null}`, `{"grants":[{"role":"editor"}]}`} {
		owner.send(http.MethodPatch, path, patch, "If-Match", `"1"`).problem(t, http.StatusConflict)
	}
	owner.send(http.MethodDelete, path, nil, "If-Match", `"1"`).problem(t, http.StatusConflict)
	owner.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)

	second := s.adds("second", access.Grant{Role: access.Owner})
	owner.send(http.MethodPatch, path, `{"grants":[{"role":"editor"}]}`, "If-Match", `"1"`).want(t, http.StatusOK)
	owner.send(http.MethodGet, usersPath, nil).problem(t, http.StatusForbidden) // at once
	s.signsIn("second").send(http.MethodDelete, userHref(second.ID), nil, "If-Match", `"1"`).problem(t, http.StatusConflict)
}

func TestDisabledUsersAreOutAtOnce(t *testing.T) {
	s := newSite(t)
	owner, ada := s.owner(), s.with("ada", access.Grant{Role: access.Editor})
	program := s.tokenFor(ada.user, accounts.NewToken{Scopes: access.Scopes()})
	program.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	owner.send(http.MethodPatch, userHref(ada.user.ID), `{"disabled":true}`, "If-Match", `"1"`).want(t, http.StatusOK)
	ada.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	program.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ada", Password: goodPassword}).problem(t, http.StatusUnauthorized)
	owner.send(http.MethodPatch, userHref(ada.user.ID), `{"disabled":false}`, "If-Match", `"2"`).want(t, http.StatusOK)
	ada.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized) // the session has ended
	program.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
}

// Nobody gives themselves more than they have.
func TestNobodyPromotesThemselves(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	half := access.Grant{Role: access.Owner, Limits: []access.Limit{{Course: l.course.ID}}}
	for login, grant := range map[string]access.Grant{
		"half": half, "editor": {Role: access.Editor}, "author": {Role: access.Author}, "translator": {Role: access.Translator}, "viewer": {Role: access.Viewer},
	} {
		v := s.with(login, grant)
		program := s.tokenFor(v.user, accounts.NewToken{Scopes: access.Scopes()})
		for _, who := range []*visitor{v, program} {
			who.send(http.MethodGet, usersPath, nil).problem(t, http.StatusForbidden)
			who.send(http.MethodPost, usersPath, accounts.UserEdit{Login: "x", Name: "X", Grants: []access.Grant{{Role: access.Owner}}}).problem(t, http.StatusForbidden)
			who.send(http.MethodGet, userHref(v.user.ID), nil).problem(t, http.StatusForbidden)
			who.send(http.MethodPatch, userHref(v.user.ID), `{"grants":[{"role":"owner"}]}`, "If-Match", `"1"`).problem(t, http.StatusForbidden)
			who.send(http.MethodPatch, userHref(owner.user.ID), `{"disabled":true}`, "If-Match", `"1"`).problem(t, http.StatusForbidden)
			who.send(http.MethodDelete, userHref(owner.user.ID), nil, "If-Match", `"1"`).problem(t, http.StatusForbidden)
			who.send(http.MethodPost, userHref(owner.user.ID)+"/reset", nil).problem(t, http.StatusForbidden)
			who.send(http.MethodGet, "/v1/admin/tokens?all=true", nil).problem(t, http.StatusForbidden)
			who.send(http.MethodGet, "/v1/admin/tokens?user="+string(owner.user.ID), nil).problem(t, http.StatusForbidden)
			who.send(http.MethodGet, "/v1/admin/audit", nil).problem(t, http.StatusForbidden)
		}
		for _, patch := range []string{`{"grants":[{"role":"owner"}]}`, `{"grants":null}`, `{"disabled":false}`, `{"id":null}`, `{"version":1}`, `{"login":"root"}`} {
			v.wrongly(http.MethodPatch, "/v1/admin/me", patch, "If-Match", `"1"`).problem(t, http.StatusBadRequest)
		}
	}
}

func TestMe(t *testing.T) {
	s := newSite(t)
	v := s.with("ada", access.Grant{Role: access.Viewer})
	got := v.send(http.MethodPatch, "/v1/admin/me", `{"name":"Ada Byron"}`, "If-Match", `"1"`).want(t, http.StatusOK)
	if got.header.Get("ETag") != `"2"` || got.object(t).text("name") != "Ada Byron" || got.object(t)["token"] != nil || len(got.object(t)["scopes"].([]any)) != 6 {
		t.Errorf("me is %s", got.body)
	}
	v.wrongly(http.MethodPatch, "/v1/admin/me", `{"name":null}`, "If-Match", `"2"`).problem(t, http.StatusUnprocessableEntity)
	program := s.tokenFor(v.user, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead}})
	me := program.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK).object(t)
	if me.text("token") == "" || fmt.Sprint(me["scopes"]) != "[drafts:read]" {
		t.Errorf("of a token: %v", me)
	}
}

func TestListOfUsers(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	var want []models.ID
	want = append(want, owner.user.ID)
	for i := range 4 {
		want = append(want, s.adds(fmt.Sprintf("user%d", i)).ID)
	}
	var got []models.ID
	for next := usersPath + "?limit=2"; next != ""; {
		answer := owner.send(http.MethodGet, next, nil).want(t, http.StatusOK)
		if strings.Contains(answer.body, "argon2") {
			t.Fatalf("the list has hashes: %s", answer.body)
		}
		part := decoded(t, answer)
		for _, r := range part.list("data") {
			got = append(got, modelsID(r))
		}
		next = part.object("links").text("next")
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	for _, query := range []string{"limit=0", "limit=101", "after=x", "after=", "before=x", "q=x"} {
		owner.wrongly(http.MethodGet, usersPath+"?"+query, nil).problem(t, http.StatusBadRequest)
	}
}

func TestExplain(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	ada := s.with("ada", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: l.course.ID}}})
	const path = "/v1/admin/permissions/explain?"
	for query, want := range map[string]bool{
		"action=update&kind=section":                                                               false, // only in one course
		"action=update&record=" + string(l.page.ID):                                                true,
		"action=publish&kind=module&record=" + string(l.module.ID):                                 true,
		"action=purge&record=" + string(l.page.ID):                                                 false,
		"action=manage_users":                                                                      false,
		"action=update&record=" + string(l.source.ID):                                              true,
		"action=update&record=" + string(l.sheet.ID):                                               true,
		"action=create&kind=course":                                                                false,
		"action=read_audit&user=" + string(ada.user.ID):                                            false,
		"action=update&kind=section&record=" + string(l.draft.ID) + "&user=" + string(ada.user.ID): true,
	} {
		got := ada.send(http.MethodGet, path+query, nil).want(t, http.StatusOK).object(t)
		if got["allowed"] != want || got.text("reason") == "" || (got["grant"] != nil) != want {
			t.Errorf("%s: %v", query, got)
		}
		if strings.Contains(query, "user=") {
			continue
		}
		same := owner.send(http.MethodGet, path+query+"&user="+string(ada.user.ID), nil).want(t, http.StatusOK).object(t)
		if fmt.Sprint(same) != fmt.Sprint(got) {
			t.Errorf("%s: the owner is told %v, the user %v", query, same, got)
		}
	}
	ada.send(http.MethodGet, path+"action=read_audit&user="+string(owner.user.ID), nil).problem(t, http.StatusForbidden)
	owner.send(http.MethodGet, path+"action=read_audit&user="+string(l.course.ID), nil).problem(t, http.StatusNotFound)
	ada.send(http.MethodGet, path+"action=read&record="+string(owner.user.ID), nil).problem(t, http.StatusNotFound)
	for _, query := range []string{"", "action=fly", "action=read", "action=manage_users&kind=course", "action=read&kind=citation", "action=read&record=x",
		"action=configure&record=" + string(l.page.ID)} {
		ada.wrongly(http.MethodGet, path+query, nil).problem(t, http.StatusBadRequest)
	}
}
