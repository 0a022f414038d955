package search_test

import (
	"testing"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/syntax"
)

// FuzzSearch checks that every string can be asked, indexed, found and marked.
func FuzzSearch(f *testing.F) {
	for _, text := range []string{"", "the library", "café CAFE\u0301", "\xff", "to be or not", "ﬁ Straße 東京", "=the", "\u037a", "co\u00adoperation",
		`"the library" -maps`, "title:a OR (b* AND NOT year:2013..)", "-the", "lang: type:x"} {
		f.Add(text)
	}
	e := open(f, f.TempDir())
	revision := int64(0)
	f.Fuzz(func(t *testing.T, text string) {
		revision++
		doc := search.Document{Ref: models.Ref{Type: models.KindSection, ID: "a"}, Language: "en", Body: text}
		apply(t, e, search.Batch{Put: []search.Document{doc}, Revision: revision})
		got, err := e.Search(t.Context(), search.Query{Text: text, Limit: 1})
		if err != nil {
			t.Fatalf("Search(%q) = %v", text, err)
		}
		if plain := syntax.Parse(text).Plain(); plain && len(got.Words) > 0 && (got.All != 1 || len(got.Hits) != 1 || got.Hits[0].Missing != nil) {
			t.Errorf("%q does not find itself: %+v", text, got)
		}
		checkSpans(t, text, e.Highlighter(search.Query{Text: text}).Find(text, len(text)))
	})
}

// checkSpans checks that spans are in order, apart, and cut no character.
func checkSpans(t *testing.T, text string, spans []search.Span) {
	t.Helper()
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(text) || !utf8.ValidString(text[s.Start:s.End]) {
			t.Fatalf("span %v after %d in %q", s, end, text)
		}
		end = s.End
	}
}
