package store_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/store"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"  --  ":                 "",
		"«What Is Mentoring?»":   "what is mentoring",
		"E\u0301CLAIR":           "eclair",
		"Straße №5":              "strasse no5",
		"a\x00b":                 "a b",
		"l’école":                "l ecole",
		strings.Repeat("東", 999): strings.Repeat("東", 134),
	} {
		got := store.Fold(in)
		if got != want {
			t.Errorf("Fold(%.20q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzFold checks that every text gives a short and sound key.
func FuzzFold(f *testing.F) {
	f.Add("Éclair 🙂 \xff İ ŉ ǰ ﬁ")
	f.Fuzz(func(t *testing.T, s string) {
		folded := store.Fold(s)
		if !utf8.ValidString(folded) || len(folded) > 410 {
			t.Errorf("Fold(%q) = %q", s, folded)
		}
	})
}
