package accounts

import (
	"strings"
	"testing"
)

func TestSecretsAreKnownByTheirHash(t *testing.T) {
	for _, prefix := range []string{tokenPrefix, setupPrefix, resetPrefix, sessionPrefix} {
		secret, hash := newSecret(prefix)
		again, _ := newSecret(prefix)
		if got, ok := hashOfSecret(prefix, secret); !ok || got != hash || secret == again || strings.Contains(hash, secret) {
			t.Errorf("%q has the hash %q, %v; want %q", secret, got, ok, hash)
		}
	}
	token, _ := newSecret(tokenPrefix)
	for name, s := range map[string]string{
		"nothing": "", "the prefix": tokenPrefix, "too short": token[:46], "too long": token + "A", "a space": token + " ", "another alphabet": tokenPrefix + strings.Repeat("+", 43),
		"another prefix": "LEC_" + token[4:], "bits that count for nothing": tokenPrefix + strings.Repeat("A", 42) + "B",
	} {
		if hash, ok := hashOfSecret(tokenPrefix, s); ok {
			t.Errorf("%s has the hash %q", name, hash)
		}
	}
	setup, _ := newSecret(setupPrefix)
	if _, ok := hashOfSecret(tokenPrefix, setup); ok {
		t.Error("a token for setting up is one of a user")
	}
}

func TestEachSessionHasItsOwnCSRFToken(t *testing.T) {
	a, _ := newSecret(sessionPrefix)
	b, _ := newSecret(sessionPrefix)
	if csrfOf(a) != csrfOf(a) || csrfOf(a) == csrfOf(b) || strings.Contains(csrfOf(a), a) {
		t.Errorf("%q, %q", csrfOf(a), csrfOf(b))
	}
	c := &Caller{CSRF: csrfOf(a)}
	if !c.SameCSRF(csrfOf(a)) || c.SameCSRF(csrfOf(b)) || c.SameCSRF("") || (&Caller{}).SameCSRF("x") {
		t.Error("tokens are mixed up")
	}
}

// What is taken for a secret is written in the one way that secrets are.
func FuzzSecret(f *testing.F) {
	for _, prefix := range []string{tokenPrefix, sessionPrefix, setupPrefix} {
		secret, _ := newSecret(prefix)
		f.Add(prefix, secret)
	}
	f.Add(tokenPrefix, "lec_")
	f.Add(tokenPrefix, "lec_\x00\n")
	f.Add("", strings.Repeat("=", 43))
	f.Fuzz(func(t *testing.T, prefix, s string) {
		hash, ok := hashOfSecret(prefix, s)
		if !ok {
			if hash != "" {
				t.Errorf("%q is none and has the hash %q", s, hash)
			}
			return
		}
		random, err := secrets.DecodeString(strings.TrimPrefix(s, prefix))
		if err != nil || len(random) != secretBytes || prefix+secrets.EncodeToString(random) != s || len(hash) != 64 {
			t.Errorf("%q is taken for a secret: %v", s, err)
		}
	})
}
