package accounts

import (
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

const password = "the kettle is never empty"

func newService(t *testing.T, now func() time.Time) *Service {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "lectern.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return New(s, slog.New(slog.DiscardHandler), now, Config{Hashing: &cheap})
}

func (s *Service) add(t *testing.T, login string, grants ...access.Grant) *User {
	t.Helper()
	u, err := s.CreateUser(t.Context(), Local(), access.Origin{}, UserEdit{Login: login, Name: login, Grants: grants}, password)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Whether there is such a user does not show in how long the answer takes, either.
func TestAllSignInsTakeTheSameWork(t *testing.T) {
	s := newService(t, time.Now)
	s.add(t, "ada")
	eve := s.add(t, "eve")
	if _, err := s.UpdateUser(t.Context(), Local(), access.Origin{}, eve.ID, 1, []byte(`{"disabled":true}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateUser(t.Context(), Local(), access.Origin{}, UserEdit{Login: "bare", Name: "bare"}, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Credentials{
		"right": {"ada", password}, "wrong": {"ada", "wrong"}, "unknown": {"nobody", password}, "disabled": {"eve", password},
		"without a password": {"bare", password}, "empty": {},
	} {
		hashed, statements := s.passwords.hashed.Load(), s.store.Statements()
		_, err := s.SignIn(t.Context(), c, access.Origin{}, "")
		if n := s.passwords.hashed.Load() - hashed; n != 1 {
			t.Errorf("%s: hashed %d times", name, n)
		}
		if n := s.store.Statements() - statements; name != "right" && n != 2 {
			t.Errorf("%s: %d statements", name, n)
		}
		if (err == nil) != (name == "right") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Throttled tries are refused before any work, the right ones too.
func TestThrottledTriesTakeNoWork(t *testing.T) {
	clock := newStopped()
	s := newService(t, clock.now)
	s.add(t, "ada")
	for range freeByAccount {
		_, _ = s.SignIn(t.Context(), Credentials{"ada", "wrong"}, access.Origin{}, "")
	}
	hashed, statements := s.passwords.hashed.Load(), s.store.Statements()
	_, err := s.SignIn(t.Context(), Credentials{"ada", password}, access.Origin{}, "")
	if models.KindOf(err) != models.KindTooMany || s.passwords.hashed.Load() != hashed || s.store.Statements() != statements {
		t.Errorf("%v", err)
	}
}

// Of many tries at once no more go through than one after the other.
func TestManyTriesAtOnce(t *testing.T) {
	s := newService(t, newStopped().now)
	s.add(t, "ada")
	var wg sync.WaitGroup
	before := s.passwords.hashed.Load()
	for range 50 {
		wg.Go(func() { _, _ = s.SignIn(t.Context(), Credentials{"ada", "wrong"}, access.Origin{}, "") })
	}
	wg.Wait()
	if n := s.passwords.hashed.Load() - before; n != freeByAccount {
		t.Errorf("%d passwords were looked at", n)
	}
}

// A request reads who it is in one statement, and writes the last use once a minute.
func TestWhoAsksTakesOneStatement(t *testing.T) {
	clock := newStopped()
	s := newService(t, clock.now)
	u := s.add(t, "ada")
	signedIn, err := s.SignIn(t.Context(), Credentials{"ada", password}, access.Origin{Address: "192.0.2.1"}, "a browser")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.CreateToken(t.Context(), Local(), access.Origin{}, u.ID, NewToken{Name: "x", Scopes: []access.Scope{access.Admin}})
	if err != nil {
		t.Fatal(err)
	}
	bySession := func() (*Caller, error) {
		return s.BySession(t.Context(), signedIn.Secret, access.Origin{Address: "192.0.2.2"})
	}
	byToken := func() (*Caller, error) { return s.ByToken(t.Context(), token.Secret) }
	for name, who := range map[string]func() (*Caller, error){"session": bySession, "token": byToken} {
		if _, err := who(); err != nil { // perhaps its first use
			t.Fatal(err)
		}
		for _, want := range []int64{1, 1, 2, 1} {
			if want == 2 {
				clock.at = clock.at.Add(touchEvery)
			}
			before := s.store.Statements()
			if c, err := who(); err != nil || c.ID != u.ID {
				t.Fatalf("%s: %+v, %v", name, c, err)
			}
			if n := s.store.Statements() - before; n != want {
				t.Errorf("%s: %d statements, want %d", name, n, want)
			}
		}
	}
}

// A token whose scopes were emptied may do nothing, rather than all.
func TestATokenWithoutScopesMayDoNothing(t *testing.T) {
	s := newService(t, time.Now)
	u := s.add(t, "ada", access.Grant{Role: access.Owner})
	secret, hash := access.NewSecret(tokenPrefix)
	err := s.store.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.AddToken(&store.Token{ID: models.NewID(), Hash: hash, UserID: u.ID, Name: "x"})
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.ByToken(t.Context(), secret)
	if err != nil || c.Scopes == nil || c.Decide(access.ManageUsers, "", access.Place{}).Allowed || c.Has(access.ContentRead) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestNamesOfBrowsersAreCut(t *testing.T) {
	for _, name := range []string{"", "Mozilla/5.0", strings.Repeat("x", 1000), strings.Repeat("é", 1000), strings.Repeat("x", 299) + "é"} {
		if got := shortened(name); len(got) > maxUserAgent || !strings.HasPrefix(name, got) || !utf8.ValidString(got) {
			t.Errorf("%.20q is cut to %d bytes", name, len(got))
		}
	}
	if got := shortened("\xff" + strings.Repeat("\xbf", 1000)); len(got) > maxUserAgent {
		t.Errorf("%d bytes", len(got))
	}
}
