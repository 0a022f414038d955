package content

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/search"
)

// wordMarker marks the words of a text that are in it, by their bytes.
type wordMarker []string

func (m wordMarker) Find(text string, limit int) []search.Span {
	var spans []search.Span
	for at := 0; at < len(text) && len(spans) < limit; {
		next := at + 1
		for _, word := range m {
			if word != "" && strings.HasPrefix(text[at:], word) {
				spans = append(spans, search.Span{Start: at, End: at + len(word)})
				next = at + len(word)
				break
			}
		}
		at = next
	}
	return spans
}

func TestSnippet(t *testing.T) {
	filler := strings.Repeat("lorem ipsum ", 40) // 480 bytes
	wide := strings.Repeat("言葉\u3000", 80)       // 9 bytes each, with wide spaces
	for name, tt := range map[string]struct {
		text  string
		words wordMarker
		want  string // a part of the snippet
		start int
	}{
		"no match gives the beginning":     {"Bread & butter", nil, "Bread &amp; butter", 0},
		"nothing":                          {"", wordMarker{"a"}, "", 0},
		"a match is marked":                {"all bread rises", wordMarker{"bread"}, "all <mark>bread</mark> rises", 4},
		"text is escaped, in marks too":    {"<b> a<b", wordMarker{"a<b"}, "&lt;b&gt; <mark>a&lt;b</mark>", 4},
		"lines are joined":                 {"one\nbread\n", wordMarker{"bread"}, "one <mark>bread</mark>", 4},
		"the passage with most words wins": {"bread " + filler + "bread and yeast", wordMarker{"bread", "yeast"}, "<mark>bread</mark> and <mark>yeast</mark>", 486},
		"it begins at a word":              {filler + "bread", wordMarker{"bread"}, "… ipsum lorem", 480},
		"it ends at a word":                {"bread " + filler, wordMarker{"bread"}, "lorem …", 0},
		"words before the first are marked": {
			filler + "yeast " + "bread", wordMarker{"bread", "yeast"}, "<mark>yeast</mark> <mark>bread</mark>", 480,
		},
		"wide spaces are no half characters": {wide + "bread", wordMarker{"bread"}, "… 言葉\u3000", len(wide)},
		"emoji are whole":                    {strings.Repeat("🙂", 99) + "bread", wordMarker{"bread"}, "🙂<mark>bread</mark>", 396},
		"one endless word":                   {strings.Repeat("é", 400), nil, "é …", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, start := snippet(tt.text, tt.words)
			if !strings.Contains(got, tt.want) || start != tt.start {
				t.Errorf("snippet = %q from %d, want %q in it and %d", got, start, tt.want, tt.start)
			}
			checkSnippet(t, got)
		})
	}
}

// FuzzSnippet checks that a snippet of any text is short and safe HTML.
func FuzzSnippet(f *testing.F) {
	f.Add("bread & butter <script>", "bread", "butter")
	f.Add(strings.Repeat("言葉\u3000", 99)+"bread\n"+strings.Repeat("é\u0085", 200), "bread", "é")
	f.Add(strings.Repeat("x", 500)+"\u2028<mark>", "x", "mark>")
	f.Fuzz(func(t *testing.T, text, one, two string) {
		if !utf8.ValidString(text) || !utf8.ValidString(one) || !utf8.ValidString(two) {
			t.Skip("texts of records are valid")
		}
		got, start := snippet(text, wordMarker{one, two})
		if start < 0 || start > len(text) {
			t.Errorf("starts at %d of %d", start, len(text))
		}
		checkSnippet(t, got)
	})
}

var marks = regexp.MustCompile(`</?mark>`)

// checkSnippet fails unless a snippet is text with mark elements that are opened and closed in turn.
func checkSnippet(t *testing.T, snippet string) {
	t.Helper()
	if !utf8.ValidString(snippet) {
		t.Errorf("cuts a character: %q", snippet)
	}
	for i, tag := range marks.FindAllString(snippet, -1) {
		if want := []string{"<mark>", "</mark>"}[i%2]; tag != want {
			t.Errorf("%q where %q is due in %q", tag, want, snippet)
		}
	}
	text := marks.ReplaceAllString(snippet, "")
	if html.EscapeString(html.UnescapeString(text)) != text {
		t.Errorf("holds more than text and marks: %q", snippet)
	}
}

func TestMarkUp(t *testing.T) {
	text := "one two three"
	marks := []search.Span{{Start: 0, End: 3}, {Start: 4, End: 7}, {Start: 5, End: 7}, {Start: 8, End: 13}}
	for name, tt := range map[string]struct {
		from, to int
		want     string
	}{
		"all":                    {0, 13, "<mark>one</mark> <mark>two</mark> <mark>three</mark>"},
		"a part":                 {4, 8, "… <mark>two</mark> …"},
		"no mark is cut":         {4, 10, "… <mark>two</mark> th …"},
		"nothing of a long text": {13, 13, "… "},
	} {
		t.Run(name, func(t *testing.T) {
			if got := markUp(text, tt.from, tt.to, marks); got != tt.want {
				t.Errorf("markUp = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlaceOf(t *testing.T) {
	spans := []render.Span{{Start: 0, BlockID: "intro"}, {Start: 10, BlockID: "h", Anchor: "a"}, {Start: 20, BlockID: "p", Anchor: "a"}}
	for at, want := range map[int][2]string{0: {"intro"}, 9: {"intro"}, 10: {"h", "a"}, 25: {"p", "a"}, 999: {"p", "a"}} {
		block, anchor := placeOf(spans, at)
		if got := [2]string{deref(block), deref(anchor)}; got != want {
			t.Errorf("placeOf(%d) = %q, want %q", at, got, want)
		}
	}
	if block, anchor := placeOf(nil, 0); block != nil || anchor != nil {
		t.Error("an empty text has a place")
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
