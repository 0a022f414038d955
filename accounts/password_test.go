package accounts

import (
	"context"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
)

func TestPasswordRules(t *testing.T) {
	for name, tt := range map[string]struct{ password, login, want string }{
		"twelve characters":       {"abcdefgh ijk", "ada", ""},
		"eleven":                  {"abcdefgh ij", "ada", "must have at least 12"},
		"twelve of other scripts": {"日本語日本語日本語日本語", "ada", ""},
		"a thousand":              {strings.Repeat("x ", 500), "ada", ""},
		"more":                    {strings.Repeat("x", 1001), "ada", "must have at most 1000"},
		"spaces only":             {strings.Repeat(" ", 12), "ada", ""},
		"the login":               {"ADA@Example.org", "ada@example.org", "must not be the login"},
		"a common one":            {"PassWord1234", "ada", "guessed first"},
		"no UTF-8":                {"abcdefghijkl\xff", "ada", "not valid UTF-8"},
	} {
		got := checkPassword(tt.password, tt.login)
		if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	for _, c := range common {
		if len(c) < minPassword || loginKey(c) != c {
			t.Errorf("%q is in the list for nothing", c)
		}
	}
}

var cheap = argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}

func TestPasswordsMatchTheirHash(t *testing.T) {
	p := newPasswords(&cheap)
	hash, err := p.hash(t.Context(), "le café n'est jamais vide")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$") || strings.Contains(hash, "café") {
		t.Fatalf("the hash is %q, %v", hash, err)
	}
	for password, want := range map[string]bool{
		"le café n'est jamais vide": true, "le cafe\u0301 n'est jamais vide": true, "le cafe n'est jamais vide": false, "": false,
	} {
		if got, err := p.match(t.Context(), password, &hash); got != want || err != nil {
			t.Errorf("%q: %v, %v", password, got, err)
		}
		if got, err := p.match(t.Context(), password, nil); got || err != nil {
			t.Errorf("%q is nobody's: %v, %v", password, got, err)
		}
	}
}

// What is compared with when there is no user takes the same work as a real hash.
func TestNobodyHasAHashLikeOthers(t *testing.T) {
	for name, params := range map[string]*argon2id.Params{"cheap": &cheap, "OWASP": &owasp} {
		got, salt, key, err := argon2id.DecodeHash(newPasswords(params).nobody)
		if err != nil || *got != *params || len(salt) != int(params.SaltLength) || len(key) != int(params.KeyLength) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if owasp.Memory < 19*1024 || owasp.Iterations < 2 {
		t.Errorf("hashing is cheaper than OWASP recommends: %+v", owasp)
	}
}

func TestHashingStopsWithItsRequest(t *testing.T) {
	p := newPasswords(&cheap)
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.match(ctx, "x", nil); err == nil {
		t.Error("it has not waited for room")
	}
}
