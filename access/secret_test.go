package access

import (
	"strings"
	"testing"
)

func TestSecretsAreKnownByTheirHash(t *testing.T) {
	for _, prefix := range []string{PreviewPrefix, "lec_", ""} {
		secret, hash := NewSecret(prefix)
		again, _ := NewSecret(prefix)
		if got, ok := HashOfSecret(prefix, secret); !ok || got != hash || secret == again || strings.Contains(hash, secret) {
			t.Errorf("%q has the hash %q, %v; want %q", secret, got, ok, hash)
		}
	}
	const prefix = "lec_"
	token, _ := NewSecret(prefix)
	for name, s := range map[string]string{
		"nothing": "", "the prefix": prefix, "too short": token[:46], "too long": token + "A", "a space": token + " ", "another alphabet": prefix + strings.Repeat("+", 43),
		"another prefix": "LEC_" + token[4:], "bits that count for nothing": prefix + strings.Repeat("A", 42) + "B",
	} {
		if hash, ok := HashOfSecret(prefix, s); ok {
			t.Errorf("%s has the hash %q", name, hash)
		}
	}
	preview, _ := NewSecret(PreviewPrefix)
	if _, ok := HashOfSecret(prefix, preview); ok {
		t.Error("the secret of a preview is a token")
	}
}

// What is taken for a secret is written in the one way that secrets are.
func FuzzSecret(f *testing.F) {
	for _, prefix := range []string{PreviewPrefix, "lec_", ""} {
		secret, _ := NewSecret(prefix)
		f.Add(prefix, secret)
	}
	f.Add("lec_", "lec_")
	f.Add("lec_", "lec_\x00\n")
	f.Add("", strings.Repeat("=", 43))
	f.Add("", strings.Repeat("A", 30)+"\n"+strings.Repeat("A", 12))
	f.Fuzz(func(t *testing.T, prefix, s string) {
		hash, ok := HashOfSecret(prefix, s)
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
