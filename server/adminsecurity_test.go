package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
)

// Every route of the admin API that the contract has wants credentials, but for those that say that they need none.
func TestEveryAdminRouteWantsCredentials(t *testing.T) {
	s := newSite(t)
	asked := 0
	for path, item := range readContract(t).Paths.Map() {
		if !strings.HasPrefix(path, adminPath+"/") {
			continue
		}
		for method, op := range item.Operations() {
			if op.Security != nil && len(*op.Security) == 0 {
				continue
			}
			asked++
			at := strings.ReplaceAll(path, "{id}", "019a2b40-1c07-7d31-9f4e-3b6c2f81a001")
			for what, headers := range map[string][]string{
				"nothing":            nil,
				"an unknown token":   {"Authorization", "Bearer lec_" + strings.Repeat("A", 43)},
				"no token":           {"Authorization", "Bearer nonsense"},
				"another scheme":     {"Authorization", "Basic b3duZXI6eA=="},
				"an unknown session": {"Cookie", sessionCookie + "=" + strings.Repeat("A", 43)},
				"no session":         {"Cookie", sessionCookie + "=nonsense"},
			} {
				got := s.nobody().wrongly(method, at, nil, headers...)
				if got.problem(t, http.StatusUnauthorized); got.header.Get("WWW-Authenticate") == "" || got.header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s %s with %s: %v", method, path, what, got.header)
				}
			}
		}
	}
	if asked == 0 {
		t.Error("the contract has no route of the admin API")
	}
	s.nobody().wrongly(http.MethodGet, adminPath+"/nowhere", nil).problem(t, http.StatusUnauthorized)
	s.owner().wrongly(http.MethodGet, adminPath+"/nowhere", nil).problem(t, http.StatusNotFound)
	s.signsIn("owner").wrongly(http.MethodPost, adminPath+"/me", nil).problem(t, http.StatusMethodNotAllowed)
}

func TestASessionAndATokenAreOneTooMany(t *testing.T) {
	s := newSite(t)
	v := s.owner()
	v.token = s.tokenFor(v.user, accounts.NewToken{Scopes: access.Scopes()}).token
	v.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusBadRequest)
}

func TestUnsafeRequestsNeedTheCSRFToken(t *testing.T) {
	s := newSite(t)
	v := s.owner()
	other := s.signsIn("owner")
	for name, token := range map[string]string{"none": "", "another session's": other.csrf, "part of it": v.csrf[:20], "the session itself": v.cookie} {
		for _, r := range []struct{ method, path string }{
			{http.MethodDelete, "/v1/admin/session"}, {http.MethodDelete, "/v1/admin/sessions"}, {http.MethodPost, usersPath}, {http.MethodPost, tokensPath},
			{http.MethodPatch, "/v1/admin/me"}, {http.MethodPut, "/v1/admin/me/password"},
		} {
			if p := v.wrongly(r.method, r.path, `{}`, headerCSRF, token).problem(t, http.StatusForbidden); !strings.Contains(p.Detail, headerCSRF) {
				t.Errorf("%s %s with %s: %+v", r.method, r.path, name, p)
			}
		}
	}
	v.send(http.MethodGet, "/v1/admin/me", nil, headerCSRF, "").want(t, http.StatusOK)
}

func TestPagesOfOtherSitesDoNothing(t *testing.T) {
	const admin, public = "https://admin.example.org", "https://cms.example.org"
	s := newSite(t, func(cfg *Config) { cfg.AdminOrigins, cfg.BaseURL = []string{admin}, public })
	s.adds("ada")
	credentials := accounts.Credentials{Login: "ada", Password: goodPassword}
	for name, tt := range map[string]struct {
		headers []string
		status  int
	}{
		"no browser":             {nil, 201},
		"our own page":           {[]string{"Sec-Fetch-Site", "same-origin"}, 201},
		"typed":                  {[]string{"Sec-Fetch-Site", "none"}, 201},
		"another site":           {[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		"a neighbour":            {[]string{"Sec-Fetch-Site", "same-site", "Origin", "https://other.example.org"}, 403},
		"a listed neighbour":     {[]string{"Sec-Fetch-Site", "same-site", "Origin", admin}, 201},
		"the public origin":      {[]string{"Origin", public}, 201},
		"an old browser":         {[]string{"Origin", "https://evil.example"}, 403},
		"an old browser, ours":   {[]string{"Origin", s.url}, 201},
		"a page without a place": {[]string{"Origin", "null"}, 403},
	} {
		got := s.nobody().send(http.MethodPost, sessionPath, credentials, tt.headers...)
		if got.status != tt.status {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	v := s.signsIn("ada")
	v.send(http.MethodDelete, sessionPath, nil, "Sec-Fetch-Site", "cross-site").problem(t, http.StatusForbidden)
	v.send(http.MethodGet, "/v1/admin/me", nil, "Sec-Fetch-Site", "cross-site").want(t, http.StatusOK)
}

func TestAdminCORS(t *testing.T) {
	const admin = "https://admin.example.org"
	s := newSite(t, func(cfg *Config) { cfg.AdminOrigins = []string{admin} })
	v := s.owner()
	for from, allowed := range map[string]bool{admin: true, "https://evil.example": false, "null": false, "": false} {
		for what, got := range map[string]answer{
			"200": v.send(http.MethodGet, "/v1/admin/me", nil, "Origin", from),
			"401": s.nobody().send(http.MethodGet, "/v1/admin/me", nil, "Origin", from),
			"204": s.nobody().send(http.MethodOptions, usersPath, nil, "Origin", from, "Access-Control-Request-Method", "POST"),
		} {
			h := got.header
			if fmt.Sprint(got.status) != what || !strings.Contains(h.Get("Vary"), "Origin") {
				t.Errorf("%s from %q: %d, Vary %q", what, from, got.status, h.Get("Vary"))
			}
			if (h.Get("Access-Control-Allow-Origin") == admin) != allowed || (h.Get("Access-Control-Allow-Credentials") == "true") != allowed ||
				h.Get("Access-Control-Allow-Origin") != "" && !allowed {
				t.Errorf("%s from %q: %v", what, from, h)
			}
			if what == "204" && (h.Get("Access-Control-Allow-Methods") != "") != allowed {
				t.Errorf("a preflight from %q: %v", from, h)
			}
		}
	}
}

// Whether there is a user shows in nothing.
func TestRefusedSignInsAreAllAlike(t *testing.T) {
	s := newSite(t)
	s.adds("ada")
	owner := s.owner()
	disabled := s.adds("eve")
	owner.send(http.MethodPatch, userHref(disabled.ID), `{"disabled":true}`, "If-Match", `"1"`).want(t, http.StatusOK)
	_, err := s.accounts.CreateUser(t.Context(), accounts.Local(), access.Origin{}, accounts.UserEdit{Login: "bare", Name: "Bare"}, "")
	check(t, err)
	alike := func(c accounts.Credentials) string {
		got := s.nobody().send(http.MethodPost, sessionPath, c, "X-Request-Id", "the-same")
		got.problem(t, http.StatusUnauthorized)
		got.header.Del("Date")
		return fmt.Sprint(got.status, got.header, got.body)
	}
	want := alike(accounts.Credentials{Login: "nobody", Password: goodPassword})
	for name, c := range map[string]accounts.Credentials{
		"a wrong password": {Login: "ada", Password: "something else"}, "no password": {Login: "ada"}, "disabled": {Login: "eve", Password: goodPassword},
		"without a password": {Login: "bare", Password: goodPassword}, "without, empty": {Login: "bare"}, "nothing at all": {},
		"a huge login": {Login: strings.Repeat("x", 10_000), Password: "x"}, "no UTF-8 name": {Login: "a\x00b", Password: "x"},
	} {
		if got := alike(c); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestSignInsAreThrottled(t *testing.T) {
	s := newSite(t)
	s.adds("ada")
	s.adds("eve")
	try := func(login, password string) answer {
		return s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: login, Password: password})
	}
	for range 5 {
		try("ada", "wrong").problem(t, http.StatusUnauthorized)
	}
	got := try("ADA", goodPassword) // right, and too early
	if got.problem(t, http.StatusTooManyRequests); got.header.Get("Retry-After") != "1" || got.header.Get("Set-Cookie") != "" {
		t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
	}
	try("eve", goodPassword).want(t, http.StatusCreated)
	s.clock.advance(time.Second)
	try("ada", "wrong").problem(t, http.StatusUnauthorized)
	if got := try("ada", goodPassword); got.want(t, http.StatusTooManyRequests).header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
	}
	s.clock.advance(2 * time.Second)
	try("ada", goodPassword).want(t, http.StatusCreated)
	try("ada", "wrong").problem(t, http.StatusUnauthorized) // it begins anew
	for range 5 {
		try("nobody", "wrong")
	}
	try("nobody", "wrong").problem(t, http.StatusTooManyRequests) // as if there were such a user
}

// What is secret is in no log, no audit entry and no error.
func TestSecretsStaySecret(t *testing.T) {
	s := newSite(t)
	owner := s.owner()
	created := owner.send(http.MethodPost, tokensPath, `{"name":"x","scopes":["admin"]}`).object(t).text("secret")
	one := owner.send(http.MethodPost, userHref(owner.user.ID)+"/reset", nil).object(t).text("token")
	(&visitor{site: s, token: created}).send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "owner", Password: goodPassword + "!"}).problem(t, http.StatusUnauthorized)
	s.nobody().wrongly(http.MethodGet, "/v1/admin/me", nil, "Authorization", "Bearer "+created+"x").problem(t, http.StatusUnauthorized)
	audit := owner.send(http.MethodGet, "/v1/admin/audit?limit=100", nil).want(t, http.StatusOK).body
	s.nobody().send(http.MethodPost, "/v1/admin/reset", accounts.NewPassword{Token: one, Password: goodPassword + "?"}).want(t, http.StatusNoContent)
	for what, secret := range map[string]string{
		"token": created, "one-time token": one, "session": owner.cookie, "CSRF token": owner.csrf, "password": goodPassword, "hash": "argon2id",
	} {
		if strings.Contains(audit, secret) {
			t.Errorf("the audit log has the %s", what)
		}
		if len(s.log.with(secret)) > 0 {
			t.Errorf("the log has the %s", what)
		}
	}
}
