package server

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
)

const sessionPath = "/v1/admin/session"

func TestSigningInAndOut(t *testing.T) {
	s := newSite(t)
	u := s.adds("ada", access.Grant{Role: access.Editor})
	got := s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ADA", Password: goodPassword}).want(t, http.StatusCreated)
	for _, want := range []string{"; path=/v1;", "HttpOnly", "SameSite=Strict"} {
		if !strings.Contains(got.header.Get("Set-Cookie"), want) {
			t.Errorf("the cookie %q lacks %s", got.header.Get("Set-Cookie"), want)
		}
	}
	if strings.Contains(got.header.Get("Set-Cookie"), "secure") {
		t.Errorf("the cookie %q would not be sent over HTTP", got.header.Get("Set-Cookie"))
	}
	if got.header.Get("Cache-Control") != "no-store" || strings.Contains(got.body, cookieOf(got)) || strings.Contains(got.body, "argon2") {
		t.Errorf("the answer is %s, cached %q", got.body, got.header.Get("Cache-Control"))
	}
	v := &visitor{site: s, cookie: cookieOf(got), csrf: got.object(t).text("csrf_token")}
	me := v.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	if me.object(t).text("id") != string(u.ID) || me.header.Get("ETag") != `"1"` {
		t.Errorf("me is %s, %s", me.body, me.header.Get("ETag"))
	}
	again := v.send(http.MethodGet, sessionPath, nil).want(t, http.StatusOK)
	if again.object(t).text("csrf_token") != v.csrf {
		t.Errorf("the session is %s", again.body)
	}
	out := v.send(http.MethodDelete, sessionPath, nil).want(t, http.StatusNoContent)
	if cookieOf(out) != "" || !strings.Contains(out.header.Get("Set-Cookie"), "expires=") {
		t.Errorf("the cookie stays: %q", out.header.Get("Set-Cookie"))
	}
	v.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
}

func TestTheCookieIsSecureBehindHTTPS(t *testing.T) {
	proxy := func(cfg *Config) { cfg.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
	for name, tt := range map[string]struct {
		change  func(*Config)
		headers []string
		secure  bool
	}{
		"over HTTP":                      {func(*Config) {}, nil, false},
		"a public origin with HTTPS":     {func(cfg *Config) { cfg.BaseURL = "https://cms.example.org" }, nil, true},
		"a trusted proxy with HTTPS":     {proxy, []string{"X-Forwarded-Proto", "https"}, true},
		"a trusted proxy without":        {proxy, []string{"X-Forwarded-Proto", "http"}, false},
		"anybody who says so":            {func(*Config) {}, []string{"X-Forwarded-Proto", "https"}, false},
		"a public origin without HTTPS ": {func(cfg *Config) { cfg.BaseURL = "http://cms.example.org" }, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, tt.change)
			s.adds("ada")
			got := s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ada", Password: goodPassword}, tt.headers...)
			if secure := strings.Contains(got.want(t, http.StatusCreated).header.Get("Set-Cookie"), "secure"); secure != tt.secure {
				t.Errorf("the cookie is %q", got.header.Get("Set-Cookie"))
			}
		})
	}
}

// A session that somebody else has put into the browser is never the one that a user signs in to.
func TestEachSignInBeginsANewSession(t *testing.T) {
	s := newSite(t)
	first := s.with("ada")
	got := first.send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ada", Password: goodPassword}).want(t, http.StatusCreated)
	if cookieOf(got) == first.cookie {
		t.Error("the session is the same")
	}
	first.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	planted := strings.Repeat("A", 43)
	got = s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ada", Password: goodPassword}, "Cookie", sessionCookie+"="+planted)
	if cookieOf(got.want(t, http.StatusCreated)) == planted {
		t.Error("a planted session was begun")
	}
}

func TestSessionsEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		advance []time.Duration // with a request after each
		status  int
	}{
		"not while it is used":      {[]time.Duration{7 * time.Hour, 7 * time.Hour, 7 * time.Hour}, http.StatusOK},
		"when it was not used":      {[]time.Duration{accounts.DefaultSessionIdle}, http.StatusUnauthorized},
		"after a week, used or not": {append(every(7*time.Hour, 23), 7*time.Hour), http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			v := s.with("ada")
			var got answer
			for _, d := range tt.advance {
				s.clock.advance(d)
				got = v.send(http.MethodGet, "/v1/admin/me", nil)
			}
			got.want(t, tt.status)
			if tt.status != http.StatusUnauthorized {
				return
			}
			check(t, s.accounts.Tidy(t.Context()))
			s.clock.advance(-accounts.DefaultSessionIdle)
			v.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized) // it was removed
		})
	}
}

func every(d time.Duration, times int) []time.Duration {
	out := make([]time.Duration, times)
	for i := range out {
		out[i] = d
	}
	return out
}

func TestOwnSessions(t *testing.T) {
	s := newSite(t)
	here, other := s.with("ada"), s.with("eve")
	there := s.signsIn("ada")
	list := func(v *visitor) []record {
		return record{"data": decoded(t, v.send(http.MethodGet, "/v1/admin/sessions", nil).want(t, http.StatusOK))["data"]}.list("data")
	}
	got := list(here)
	if len(got) != 2 || got[0]["current"] != false || got[1]["current"] != true || got[0].text("address") != "127.0.0.1" ||
		!strings.HasPrefix(got[0].text("user_agent"), "Go-http-client") {
		t.Fatalf("the sessions are %v", got)
	}
	theirs := list(other)[0].text("id")
	here.send(http.MethodDelete, "/v1/admin/sessions/"+theirs, nil).problem(t, http.StatusNotFound)
	other.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	here.send(http.MethodDelete, "/v1/admin/sessions/none", nil).problem(t, http.StatusNotFound)

	here.send(http.MethodDelete, "/v1/admin/sessions/"+got[0].text("id"), nil).want(t, http.StatusNoContent)
	there.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	there = s.signsIn("ada")
	here.send(http.MethodDelete, "/v1/admin/sessions", nil).want(t, http.StatusNoContent)
	for _, v := range []*visitor{here, there} {
		v.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	}
	other.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
}

func TestChangingThePassword(t *testing.T) {
	const next = "the kettle is full again"
	s := newSite(t)
	here := s.with("ada")
	there := s.signsIn("ada")
	change := func(current, password string) answer {
		return here.wrongly(http.MethodPut, "/v1/admin/me/password", accounts.PasswordChange{Current: current, Password: password})
	}
	for name, tt := range map[string]struct{ current, password, pointer string }{
		"the old one is wrong": {"something else", next, "/current"},
		"too short":            {goodPassword, "short", "/password"},
		"too long":             {goodPassword, strings.Repeat("x", 1001), "/password"},
		"a common one":         {goodPassword, "Password1234", "/password"},
	} {
		p := change(tt.current, tt.password).problem(t, http.StatusUnprocessableEntity)
		if len(p.Errors) != 1 || p.Errors[0].Pointer != tt.pointer {
			t.Errorf("%s: %+v", name, p)
		}
	}
	there.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	change(goodPassword, next).want(t, http.StatusNoContent)
	here.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	there.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ada", Password: goodPassword}).problem(t, http.StatusUnauthorized)
	s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ada", Password: next}).want(t, http.StatusCreated)
}

func TestSettingUp(t *testing.T) {
	s := newSite(t)
	old, err := s.accounts.BeginSetup(t.Context())
	check(t, err)
	token, err := s.accounts.BeginSetup(t.Context())
	check(t, err)
	setup := accounts.Setup{Token: token, Login: "ines@example.org", Name: "Ines", Password: goodPassword}
	s.nobody().wrongly(http.MethodPost, "/v1/admin/setup", accounts.Setup{Token: "lec_setup_x", Login: "a", Name: "A", Password: "x"}).problem(t, http.StatusForbidden)
	stale := setup
	stale.Token = old
	s.nobody().send(http.MethodPost, "/v1/admin/setup", stale).problem(t, http.StatusForbidden)
	weak := setup
	weak.Password = "short"
	s.nobody().wrongly(http.MethodPost, "/v1/admin/setup", weak).problem(t, http.StatusUnprocessableEntity)

	got := s.nobody().send(http.MethodPost, "/v1/admin/setup", setup).want(t, http.StatusCreated)
	if u := got.object(t); got.header.Get("Location") != userHref(modelsID(u)) || !strings.Contains(got.body, `"owner"`) || strings.Contains(got.body, goodPassword) {
		t.Errorf("the first user is %s at %s", got.body, got.header.Get("Location"))
	}
	s.signsIn("ines@example.org").send(http.MethodGet, "/v1/admin/users", nil).want(t, http.StatusOK)
	s.nobody().send(http.MethodPost, "/v1/admin/setup", setup).problem(t, http.StatusForbidden) // used
	if again, err := s.accounts.BeginSetup(t.Context()); again != "" || err != nil {
		t.Errorf("another token for setting up: %q, %v", again, err)
	}
}

func TestSettingAPasswordWithAToken(t *testing.T) {
	const next = "the kettle is full again"
	s := newSite(t)
	owner, ada := s.owner(), s.with("ada", access.Grant{Role: access.Viewer})
	path := userHref(ada.user.ID) + "/reset"
	ada.send(http.MethodPost, path, nil).problem(t, http.StatusForbidden)
	owner.send(http.MethodPost, "/v1/admin/users/none/reset", nil).problem(t, http.StatusNotFound)
	first := owner.send(http.MethodPost, path, nil).want(t, http.StatusCreated).object(t).text("token")
	token := owner.send(http.MethodPost, path, nil).want(t, http.StatusCreated).object(t).text("token")
	set := func(token, password string) answer {
		return s.nobody().wrongly(http.MethodPost, "/v1/admin/reset", accounts.NewPassword{Token: token, Password: password})
	}
	set(first, next).problem(t, http.StatusForbidden)
	set(token, "ada").problem(t, http.StatusUnprocessableEntity)
	ada.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK) // nothing has happened yet
	set(token, next).want(t, http.StatusNoContent)
	ada.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	set(token, next).problem(t, http.StatusForbidden)
	s.nobody().send(http.MethodPost, sessionPath, accounts.Credentials{Login: "ada", Password: next}).want(t, http.StatusCreated)

	late := owner.send(http.MethodPost, path, nil).object(t).text("token")
	s.clock.advance(24 * time.Hour)
	set(late, next).problem(t, http.StatusForbidden)
}
