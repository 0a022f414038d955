package search

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTokens(t *testing.T) {
	for text, want := range map[string][]string{
		"":                          nil,
		"The Dewey-Decimal system.": {"the", "dewey", "decimal", "system"},
		"library's 2nd №5":          {"library", "s", "2nd", "5"},
		"cafe\u0301 CAFÉ İstanbul":  {"cafe", "cafe", "istanbul"},
		"co\u00adoperation":         {"cooperation"},
		"Æsop ﬁne Łódź Ｗｉｄｅ ΛΌΓΟΣ": {"aesop", "fine", "lodz", "wide", "λογοσ"},
		"हिन्दी かがく":               {"हिन्दी", "かがく"},
		"a\xffb \u0301 \u037a":     {"a", "b"},
		strings.Repeat("é", 200):   {strings.Repeat("e", maxWordBytes)},
		strings.Repeat("я", 200):   {strings.Repeat("я", maxWordBytes/2)},
	} {
		var got []string
		for tok := range tokens(text) {
			got = append(got, tok.word)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tokens of %q (-want +got):\n%s", text, diff)
		}
	}
}

func TestFoldedWordsStayAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for tok := range tokens(rapid.String().Draw(t, "text")) {
			if again := fold(tok.word); again != tok.word {
				t.Errorf("fold(%q) = %q", tok.word, again)
			}
		}
	})
}
