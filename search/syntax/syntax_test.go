package syntax_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lectern-cms/lectern/search/syntax"
)

func TestQueriesInWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "nothing",
		" ,.; - * ":                     "nothing",
		"library":                       "“library”",
		"school library":                "any of: “school”, “library”",
		`"connected learning"`:          "the phrase “connected learning”",
		`“connected  learning”`:         "the phrase “connected learning”",
		`teens "connected learning"`:    "“teens” and the phrase “connected learning”",
		"a AND b":                       "“a” and “b”",
		"a OR b":                        "“a” or “b”",
		"a OR b AND c":                  "“a” or (“b” and “c”)",
		"school library AND maps":       "(any of: “school”, “library”) and “maps”",
		"(a OR b) AND c":                "(“a” or “b”) and “c”",
		"maps (tea OR coffee)":          "“maps” and (“tea” or “coffee”)",
		"information (retrieval) now":   "any of: “information”, “retrieval”, “now”",
		"maps NOT weather":              "“maps” and not “weather”",
		"maps -weather -(rain OR snow)": "“maps” and not “weather” and not (“rain” or “snow”)",
		`-"rain today"`:                 "not the phrase “rain today”",
		"NOT NOT maps":                  "“maps”",
		"time-sharing - now":            "any of: “time-sharing”, “now”",
		"librar*":                       "words that begin with “librar”",
		"title:mentor* maps":            "“maps” and words that begin with “mentor” in the title",
		"Title:mentoring":               "“mentoring” in the title",
		`author:"mary jones"`:           "the phrase “mary jones” among the authors",
		"title:(tea OR coffee)":         "“tea” in the title or “coffee” in the title",
		"-cited:jones":                  "not “jones” in what is cited",
		"type:Worksheets":               "of type “worksheet”",
		"lang:EN":                       "of language “en”",
		"year:2016":                     "of the year 2016",
		"year:2013..2016":               "of the years 2013 to 2016",
		"year:2013..":                   "of the year 2013 or after",
		`year:"..2016"`:                 "of the year 2016 or before",
	} {
		q := syntax.Parse(text)
		if got := q.Sentence(false); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if len(q.Notes) > 0 {
			t.Errorf("%s: notes %q, want none", text, q.Notes)
		}
	}
	if got, want := syntax.Parse("school library").Sentence(true), "all of: “school”, “library”"; got != want {
		t.Errorf("match=all: %s, want %s", got, want)
	}
}

func TestWhatCantBeSyntaxIsWordsAndSaysSo(t *testing.T) {
	for text, want := range map[string]struct{ words, note string }{
		`say "hello`:           {"any of: “say”, “hello”", "quotation mark"},
		"AND":                  {"“AND”", "AND has nothing on one side"},
		"tea OR":               {"any of: “tea”, “OR”", "OR has nothing on one side"},
		"AND tea":              {"any of: “AND”, “tea”", "AND has nothing on one side"},
		`title:"`:              {"“title:”", "title: has nothing after it"},
		`tea (-title:“) leaf`:  {"(any of: “tea”, “leaf”) and not “title:”", "title: has nothing after it"},
		`title:"men`:           {"“men” in the title", "quotation mark"},
		"tea NOT":              {"any of: “tea”, “NOT”", "NOT has nothing after it"},
		"(tea":                 {"“tea”", "not closed"},
		"tea) leaf":            {"any of: “tea”, “leaf”", "closes nothing"},
		"colour:red":           {"“colour:red”", "no field colour"},
		"year:soon":            {"“soon”", "year takes"},
		"year:2016..2013":      {"“2016..2013”", "year takes"},
		"a*":                   {"“a*”", "at least 2 letters"},
		"type:poem":            {"“poem”", "section, module, worksheet, source, asset"},
		deep("((", "tea", ")"): {"nothing", "20 deep"},
	} {
		q := syntax.Parse(text)
		if got := q.Sentence(false); got != want.words && !strings.HasPrefix(text, "((") {
			t.Errorf("%s: %s, want %s", text, got, want.words)
		}
		if !strings.Contains(strings.Join(q.Notes, "\n"), want.note) {
			t.Errorf("%s: notes %q, want one about %q", text, q.Notes, want.note)
		}
	}
}

func TestQuotationMarksInProseArePunctuation(t *testing.T) {
	prose := `She writes that "every library" in the region - large or -small - should lend maps, and why not boats.`
	if q := syntax.Parse(prose); !q.Plain() || len(q.Notes) != 1 || !strings.Contains(q.Notes[0], "prose") {
		t.Errorf("%s %q, want plain words and a note", q.Sentence(false), q.Notes)
	}
	for _, command := range []string{prose + " AND tea", prose + " title:tea"} {
		if q := syntax.Parse(command); !strings.Contains(q.Sentence(false), "the phrase “every library”") {
			t.Errorf("%s, want a phrase", q.Sentence(false))
		}
	}
}

func deep(open, text, end string) string {
	return strings.Repeat(open, 20) + text + strings.Repeat(end, 20)
}

func TestOrdinaryTextIsNoSyntax(t *testing.T) {
	for _, text := range []string{
		"What is connected learning?", "and or not", "Title: a note", "see http://example.org/a", "at 10:30", "C++ (the language)",
		"WHAT IS TEA AND WHY NOT", "well - no", "rock'n'roll",
	} {
		q := syntax.Parse(text)
		if !q.Plain() || len(q.Notes) > 0 {
			t.Errorf("%s: %s %q, want plain words", text, q.Sentence(false), q.Notes)
		}
	}
	for _, text := range []string{`"a b"`, "a AND b", "-a", "title:a", "ab*"} {
		if syntax.Parse(text).Plain() {
			t.Errorf("%s is plain", text)
		}
	}
}

func TestTheTree(t *testing.T) {
	got := syntax.Parse(`maps NOT title:"old maps" year:2013..`).Root
	want := &syntax.Node{Op: syntax.OpAll, Parts: []*syntax.Node{
		{Op: syntax.OpWords, Parts: []*syntax.Node{{Op: syntax.OpWord, Text: "maps"}}},
		{Op: syntax.OpNot, Parts: []*syntax.Node{{Op: syntax.OpPhrase, Field: syntax.FieldTitle, Text: "old maps"}}},
		{Op: syntax.OpRange, Field: syntax.FieldYear, From: 2013},
	}}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// FuzzParse checks that every string is a legal query, whose tree is what engines expect.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", `a "b c" -d`, "title:(a OR b*) AND NOT year:2013..", "((((", `"`, "AND AND", "-", "\xff:\"", "type:", "«a» ”b", `title:"`, `(title:" )`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := syntax.Parse(text)
		checkNode(t, q.Root, 0)
		if q.Sentence(false) == "" {
			t.Errorf("%q has no sentence", text)
		}
	})
}

func checkNode(t *testing.T, n *syntax.Node, depth int) {
	t.Helper()
	if n == nil {
		if depth > 0 {
			t.Fatal("a part is missing")
		}
		return
	}
	leaf := n.Op == syntax.OpWord || n.Op == syntax.OpPhrase
	switch {
	case depth > 100:
		t.Fatal("the tree is too deep")
	case leaf != (n.Text != ""), (leaf || n.Op == syntax.OpRange) != (len(n.Parts) == 0):
		t.Fatalf("node %+v", n)
	case n.Op == syntax.OpNot && len(n.Parts) != 1, (n.Op == syntax.OpAny || n.Op == syntax.OpAll) && len(n.Parts) < 2:
		t.Fatalf("node %+v has %d parts", n, len(n.Parts))
	}
	for _, p := range n.Parts {
		if n.Op == syntax.OpWords && (p.Op != syntax.OpWord || p.Field != "") {
			t.Fatalf("%+v among words", p)
		}
		checkNode(t, p, depth+1)
	}
}
