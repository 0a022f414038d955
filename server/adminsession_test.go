package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
)

func TestSigningInAndOut(t *testing.T) {
	s := newSite(t)
	u := s.adds("ada", access.Grant{Role: access.Editor})
	got := s.nobody().send(http.MethodPost, "/v1/admin/session", accounts.Credentials{Login: "ADA", Password: goodPassword}).want(t, http.StatusCreated)
	for _, want := range []string{"; path=/v1;", "HttpOnly", "SameSite=Strict"} {
		if !strings.Contains(got.header.Get("Set-Cookie"), want) {
			t.Errorf("the cookie %q lacks %s", got.header.Get("Set-Cookie"), want)
		}
	}
	if got.header.Get("Cache-Control") != "no-store" || strings.Contains(got.body, cookieOf(got)) || strings.Contains(got.body, "argon2") {
		t.Errorf("the answer is %s, cached %q", got.body, got.header.Get("Cache-Control"))
	}
	v := &visitor{site: s, cookie: cookieOf(got), csrf: got.object(t).text("csrf_token")}
	me := v.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	if me.object(t).text("id") != string(u.ID) || me.header.Get("ETag") != `"1"` {
		t.Errorf("me is %s, %s", me.body, me.header.Get("ETag"))
	}
	out := v.send(http.MethodDelete, "/v1/admin/session", nil).want(t, http.StatusNoContent)
	if cookieOf(out) != "" || !strings.Contains(out.header.Get("Set-Cookie"), "expires=") {
		t.Errorf("the cookie stays: %q", out.header.Get("Set-Cookie"))
	}
	v.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
}
