package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

// cheap hashes passwords in no time, which only tests want.
var cheap = argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}

// clock is the time of a site: the real one, moved on by tests.
type clock struct {
	mu    sync.Mutex
	moved time.Duration
}

func (c *clock) now() time.Time { return c.from(time.Now)() }

// from is another time, moved on alike.
func (c *clock) from(now func() time.Time) func() time.Time {
	return func() time.Time {
		c.mu.Lock()
		defer c.mu.Unlock()
		return now().Add(c.moved)
	}
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved += d
}

// goodPassword is what all users of tests sign in with.
const goodPassword = "the kettle is never empty"

// client of the admin API: somebody with a session or a token, or nobody.
type visitor struct {
	*site
	user   *accounts.User
	cookie string // the session's
	csrf   string
	token  string
}

// nobody is somebody without credentials.
func (s *site) nobody() *visitor { return &visitor{site: s} }

// adds makes a user with a password.
func (s *site) adds(login string, grants ...access.Grant) *accounts.User {
	s.t.Helper()
	u, err := s.accounts.CreateUser(s.t.Context(), accounts.Local(), access.Origin{}, accounts.UserEdit{Login: login, Name: "The " + login, Grants: grants}, goodPassword)
	check(s.t, err)
	return u
}

// with makes a user with grants and signs them in.
func (s *site) with(login string, grants ...access.Grant) *visitor {
	s.t.Helper()
	u := s.adds(login, grants...)
	v := s.signsIn(login)
	v.user = u
	return v
}

// owner is a user who may do everything.
func (s *site) owner() *visitor { return s.with("owner", access.Grant{Role: access.Owner}) }

// signsIn signs a user in over HTTP.
func (s *site) signsIn(login string) *visitor {
	s.t.Helper()
	v := s.nobody()
	got := v.send(http.MethodPost, "/v1/admin/session", accounts.Credentials{Login: login, Password: goodPassword}).want(s.t, http.StatusCreated)
	v.cookie = cookieOf(got)
	v.csrf = got.object(s.t).text("csrf_token")
	return v
}

// tokenFor makes a token of a user.
func (s *site) tokenFor(u *accounts.User, t accounts.NewToken) *visitor {
	s.t.Helper()
	t.Name = "a program"
	created, err := s.accounts.CreateToken(s.t.Context(), accounts.Local(), access.Origin{}, u.ID, t)
	check(s.t, err)
	return &visitor{site: s, user: u, token: created.Secret}
}

// cookieOf is the value of the session's cookie in an answer.
func cookieOf(a answer) string {
	value, _ := strings.CutPrefix(a.header.Get("Set-Cookie"), sessionCookie+"=")
	value, _, _ = strings.Cut(value, ";")
	return value
}

// send makes a request that the contract allows. A body is JSON, of a PATCH a merge patch; headers come in pairs.
func (v *visitor) send(method, path string, body any, headers ...string) answer {
	v.t.Helper()
	return v.request(false, method, path, body, headers...)
}

// wrongly makes one that it does not allow.
func (v *visitor) wrongly(method, path string, body any, headers ...string) answer {
	v.t.Helper()
	return v.request(true, method, path, body, headers...)
}

func (v *visitor) request(wrong bool, method, path string, body any, headers ...string) answer {
	v.t.Helper()
	ctx := v.t.Context()
	if wrong {
		ctx = wrongly(ctx)
	}
	req, err := http.NewRequestWithContext(ctx, method, v.url+path, http.NoBody)
	check(v.t, err)
	if body != nil {
		req, err = http.NewRequestWithContext(ctx, method, v.url+path, strings.NewReader(textOf(v.t, body)))
		check(v.t, err)
		req.Header.Set("Content-Type", "application/json")
		if method == http.MethodPatch {
			req.Header.Set("Content-Type", mimeMergePatch)
		}
	}
	v.authorize(req)
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	return v.site.send(req)
}

// textOf is a body as it is sent: a string is one already.
func textOf(t testing.TB, body any) string {
	if s, ok := body.(string); ok {
		return s
	}
	data, err := models.Encode(body)
	check(t, err)
	return string(data)
}

func (v *visitor) authorize(req *http.Request) {
	if v.cookie != "" {
		req.Header.Set("Cookie", sessionCookie+"="+v.cookie)
		req.Header.Set(headerCSRF, v.csrf)
	}
	if v.token != "" {
		req.Header.Set("Authorization", "Bearer "+v.token)
	}
}

// object reads the record of an answer of any status.
func (a answer) object(t testing.TB) record {
	t.Helper()
	var out struct{ Data record }
	check(t, json.Unmarshal([]byte(a.body), &out))
	return out.Data
}

// decoded is the whole body of an answer.
func decoded(t testing.TB, a answer) record {
	t.Helper()
	var out record
	check(t, json.Unmarshal([]byte(a.body), &out))
	return out
}

func modelsID(r record) models.ID { return models.ID(r.text("id")) }
