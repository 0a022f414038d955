package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

const tokensPath = "/v1/admin/tokens"

func TestTokensFromFirstToLast(t *testing.T) {
	s := newSite(t)
	owner, ada := s.owner(), s.with("ada", access.Grant{Role: access.Editor})
	created := ada.send(http.MethodPost, tokensPath, `{"name":"nightly","scopes":["drafts:read","content:read"]}`).want(t, http.StatusCreated).object(t)
	secret, id := created.text("secret"), created.text("id")
	if !strings.HasPrefix(secret, "lec_") || len(secret) != 47 {
		t.Fatalf("the secret is %q", secret)
	}
	program := &visitor{site: s, token: secret}
	program.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)

	list := ada.send(http.MethodGet, tokensPath, nil).want(t, http.StatusOK)
	if got := decoded(t, list).list("data"); len(got) != 1 || got[0].text("last_used_at") == "" || strings.Contains(list.body, secret) {
		t.Errorf("the tokens are %s", list.body)
	}
	if got := decoded(t, owner.send(http.MethodGet, tokensPath, nil)).list("data"); len(got) != 0 {
		t.Errorf("the owner's own tokens are %v", got)
	}
	for _, query := range []string{"?all=true", "?user=" + string(ada.user.ID)} {
		if got := decoded(t, owner.send(http.MethodGet, tokensPath+query, nil)).list("data"); len(got) != 1 {
			t.Errorf("the owner sees %v", got)
		}
	}
	s.with("eve", access.Grant{Role: access.Editor}).send(http.MethodDelete, tokensPath+"/"+id, nil).problem(t, http.StatusNotFound)
	owner.send(http.MethodDelete, tokensPath+"/"+id, nil).want(t, http.StatusNoContent)
	program.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	ada.send(http.MethodDelete, tokensPath+"/"+id, nil).problem(t, http.StatusNotFound)
	for _, query := range []string{"?all=maybe", "?user=x", "?all=true&user=" + string(ada.user.ID)} {
		ada.wrongly(http.MethodGet, tokensPath+query, nil).problem(t, http.StatusBadRequest)
	}
}

func TestBadTokens(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	v := s.with("ada")
	for name, tt := range map[string]struct {
		body     string
		status   int
		pointers string
	}{
		"nothing":                {`{}`, 422, "/name /scopes"},
		"unknown and repeated":   {`{"name":"x","scopes":["all","admin","admin"]}`, 422, "/scopes/0 /scopes/2"},
		"no such course":         {`{"name":"x","scopes":["admin"],"courses":["x"]}`, 422, "/courses/0"},
		"in the past":            {`{"name":"x","scopes":["admin"],"expires_at":"2020-01-01T00:00:00Z"}`, 422, "/expires_at"},
		"a secret of one's own":  {`{"name":"x","scopes":["admin"],"secret":"lec_x"}`, 400, "/secret"},
		"of somebody else":       {`{"name":"x","scopes":["admin"],"user":"x"}`, 400, "/user"},
		"of content in a course": {fmt.Sprintf(`{"name":"x","scopes":["content:read"],"courses":[%q]}`, l.course.ID), 422, "/courses"},
	} {
		p := v.wrongly(http.MethodPost, tokensPath, tt.body).problem(t, tt.status)
		var pointers []string
		for _, e := range p.Errors {
			pointers = append(pointers, e.Pointer)
		}
		if got := strings.Join(pointers, " "); got != tt.pointers {
			t.Errorf("%s: %s, want %s", name, got, tt.pointers)
		}
	}
	for range 100 {
		s.tokenFor(v.user, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead}})
	}
	v.send(http.MethodPost, tokensPath, `{"name":"one more","scopes":["admin"]}`).problem(t, http.StatusConflict)
}

func TestTokensEnd(t *testing.T) {
	s := newSite(t)
	u := s.adds("ada")
	soon := time.Now().Add(time.Hour)
	v := s.tokenFor(u, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead}, ExpiresAt: &soon})
	v.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	s.clock.advance(time.Hour)
	v.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
}

// A token does less than its user, never more.
func TestTokensAreLimited(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	reads := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead}})
	reads.send(http.MethodGet, usersPath, nil).problem(t, http.StatusForbidden)
	admin := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.Admin}})
	admin.send(http.MethodGet, usersPath, nil).want(t, http.StatusOK)
	admin.send(http.MethodPost, usersPath, accounts.UserEdit{Login: "tomas", Name: "Tomas", Grants: []access.Grant{}}).want(t, http.StatusCreated) // no CSRF token
	limited := s.tokenFor(owner.user, accounts.NewToken{Scopes: access.Scopes()[1:], Courses: []models.ID{l.course.ID}})
	limited.send(http.MethodGet, usersPath, nil).problem(t, http.StatusForbidden)
	explained := limited.send(http.MethodGet, "/v1/admin/permissions/explain?action=publish&record="+string(l.page.ID), nil).object(t)
	if explained["allowed"] != true {
		t.Errorf("in the course: %v", explained)
	}

	// What is one's own account is not for programs.
	for _, v := range []*visitor{admin, reads} {
		v.send(http.MethodGet, sessionPath, nil).problem(t, http.StatusForbidden)
		v.send(http.MethodDelete, sessionPath, nil).problem(t, http.StatusForbidden)
		v.send(http.MethodGet, "/v1/admin/sessions", nil).problem(t, http.StatusForbidden)
		v.send(http.MethodDelete, "/v1/admin/sessions", nil).problem(t, http.StatusForbidden)
		v.send(http.MethodDelete, "/v1/admin/sessions/x", nil).problem(t, http.StatusForbidden)
		v.send(http.MethodPatch, "/v1/admin/me", `{"name":"x"}`, "If-Match", `"1"`).problem(t, http.StatusForbidden)
		v.send(http.MethodPut, "/v1/admin/me/password", accounts.PasswordChange{Current: goodPassword, Password: "another password"}).problem(t, http.StatusForbidden)
		v.send(http.MethodPost, tokensPath, `{"name":"x","scopes":["admin"]}`).problem(t, http.StatusForbidden)
	}
}

func TestContentBehindAKey(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.ContentKey = true })
	l := s.teach()
	owner := s.owner()
	key := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.ContentRead}})
	other := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead, access.Admin}})
	for _, path := range append(l.addresses(), lists...) {
		got := s.nobody().send(http.MethodGet, path, nil)
		got.problem(t, http.StatusUnauthorized)
		if got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: pages of other origins can't read the 401", path)
		}
		other.send(http.MethodGet, path, nil).problem(t, http.StatusForbidden)
		owner.send(http.MethodGet, path, nil).want(t, http.StatusOK)
		read := key.send(http.MethodGet, path, nil).want(t, http.StatusOK)
		if control := read.header.Get("Cache-Control"); !strings.HasPrefix(control, "private, ") || !strings.Contains(read.header.Get("Vary"), "Authorization") {
			t.Errorf("%s: Cache-Control is %q, Vary %q", path, control, read.header.Get("Vary"))
		}
	}
	s.nobody().send(http.MethodGet, "/healthz", nil).want(t, http.StatusOK)
	s.nobody().send(http.MethodOptions, "/v1/courses", nil, "Origin", "https://a.example", "Access-Control-Request-Method", "GET").want(t, http.StatusNoContent)
}
