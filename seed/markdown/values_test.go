package markdown

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
)

// bent are texts that some YAML parser or other reads as something else, or not at all.
var bent = []string{
	"", " ", "yes", "No", "on", "OFF", "y", "n", "true", "False", "null", "Null", "~", "NaN", ".nan", ".inf", "-.INF", "1", "-1", "+1", "0", "00", "007", "1.10",
	"1.", ".5", "1e3", "1E-3", "0x1f", "0o17", "0b11", "1_000", "1,000", "12:30", "12:30:45", "2024-03-05", "2024-3-5", "2024-03-05T10:00:00Z",
	"a: b", "a:", ":a", "a :b", "a #b", "#a", "a#b", "- a", "-", "--", "---", "...", "? a", "?", "& a", "&a", "*a", "!a", "!!str a", "%a", "@a", "`a`", "|", ">", "|-",
	"'", "''", `"`, `""`, "it's", `"quoted"`, "'single'", `\`, `a\nb`, `\"`, "{", "}", "{a}", "[", "]", "[a]", "a, b", "{a: b}", "=", "<<", "a\tb", "\ta", "a\t",
	" a", "a ", "  a  ", "\n", "a\n", "\na", "a\nb", "a\nb\n", "a\n\nb", "a\nb\n\n", " a\nb", "a\n b", "a\n  b\nc", "a\nb ", "a \nb", "a\n\tb", "- a\n- b", "a: b\nc: d",
	"# a\nb", "---\na", "a\n---\nb", "a\r", "a\rb", "a\r\nb", "\x00", "\x01", "\x1b", "\x7f", "\u0080", "\u0085", "\u00a0", "a\u00a0", "\u00ad", "\u200b", "\u2028", "\u2029",
	"\ufeff", "\ufeffa", "\ufffd", "\ufffe", "é", "e\u0301", "ß", "日本語", "عربي", "😀", "👩‍🏫", "\U000e0001", "“quoted”", "a – b", "0190a1b2-0000-7000-8000-000000000001",
	"https://example.org/a?b=c&d=e#f", "mailto:a@example.org", "a@example.org", "C:\\a", "50 %", "1st", "1. One", "3/4", "(a)", "a;b", "a|b", "a>b", "<b>", "$x$", "^1", "[^1]",
	strings.Repeat("long ", 100), strings.Repeat("日", 400), "a\u2028b\nc", "trailing \\\nbreak", "  two\n  spaces",
}

// TestTextsThatYAMLBends are read as what was written, by our reader and by the library on its own.
func TestTextsThatYAMLBends(t *testing.T) {
	for _, s := range bent {
		n := &node{kind: object}
		n.set("first", textNode("x"))
		n.set("value", textNode(s))
		n.set("list", &node{kind: list, items: []*node{textNode(s), {kind: list, items: []*node{textNode(s), textNode(s)}}}})
		in := &node{kind: object}
		in.set(s, textNode(s))
		in.set("last", textNode("x"))
		n.set("deep", &node{kind: list, items: []*node{in, in}})
		n.set("object", in)
		sameThroughYAML(t, n)
		var out struct{ Value string }
		if err := yaml.Unmarshal([]byte("value: "+n.get("value").inline(0)+"\n"), &out); err != nil || out.Value != s {
			t.Errorf("the library reads %q as %q, %v", s, out.Value, err)
		}
	}
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// sameThroughYAML writes an object as YAML, and reads it back.
func sameThroughYAML(t fataler, n *node) {
	t.Helper()
	want, err := n.json()
	if err != nil {
		t.Fatalf("JSON: %v", err)
	}
	text := n.yaml()
	back, err := parseYAML(text, 1)
	if err != nil {
		t.Fatalf("%s: %v\n%s", want, err, text)
	}
	if got, _ := back.json(); string(got) != string(want) {
		t.Fatalf("%s\nis read as\n%s\n%s", want, got, text)
	}
	if again := back.yaml(); again != text {
		t.Fatalf("written again:\n%s", cmp.Diff(text, again))
	}
	entries, err := parseYAML(n.item(), 1)
	if err != nil {
		t.Fatalf("as an entry: %v\n%s", err, n.item())
	}
	if got, _ := entries.items[0].json(); string(got) != string(want) {
		t.Fatalf("%s\nis read as the entry\n%s\n%s", want, got, n.item())
	}
}

// anyText is made of what bends YAML.
func anyText(t *rapid.T) string {
	if rapid.Bool().Draw(t, "any") {
		return rapid.String().Draw(t, "text")
	}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(bent), 0, 3).Draw(t, "text"), rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "between"))
}

func anyNode(t *rapid.T, depth int) *node {
	switch kind := rapid.IntRange(0, 3+min(depth, 2)).Draw(t, "kind"); kind {
	case 4:
		n := &node{kind: list}
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			n.items = append(n.items, anyNode(t, depth-1))
		}
		return n
	case 5:
		return anyObject(t, depth-1)
	case 3:
		return literalNode(rapid.SampledFrom([]string{"null", "true", "false", "0", "-1", "1.10", "1e400", "-0", "12345678901234567890", "2.50", "1E+2"}).Draw(t, "literal"))
	}
	return textNode(anyText(t))
}

func anyObject(t *rapid.T, depth int) *node {
	n := &node{kind: object}
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		n.set(anyText(t), anyNode(t, depth))
	}
	return n
}

func TestAnyObjectIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := anyObject(rt, 4)
		if len(n.items) == 0 {
			n.set("a", anyNode(rt, 4))
		}
		sameThroughYAML(rt, n)
	})
}

// anyPage is a section that holds any texts in the fields of its front matter.
func anyPage(t *rapid.T) *models.Section {
	text := func() string { return strings.ReplaceAll(anyText(t), "\x00", "") }
	some := func() string { return "x" + text() }
	s := &models.Section{
		Meta: models.Meta{ID: "0190a1b2-0000-7000-8000-000000000001", Extra: models.Extra{}}, Title: some(), Slug: "a-page", MenuLabel: text(), Number: text(),
		InMenu: rapid.Bool().Draw(t, "in menu"), Summary: models.Text(text()),
	}
	if rapid.Bool().Draw(t, "origin") {
		s.Origin = &models.Origin{Path: some(), Commit: text()}
	}
	if rapid.Bool().Draw(t, "parent") {
		s.ParentID = new(models.ID)
		*s.ParentID = "0190a1b2-0000-7000-8000-000000000002"
	}
	if rapid.Bool().Draw(t, "duration") {
		n := rapid.IntRange(0, 100).Draw(t, "minutes")
		s.DurationMinutes = &n
	}
	for range rapid.IntRange(0, 3).Draw(t, "extra") {
		data, err := anyNode(t, 3).json()
		if err != nil {
			t.Fatalf("JSON: %v", err)
		}
		s.Extra[text()] = jsontext.Value(data)
	}
	for _, label := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"1", "2", "a", "12 b", "]"}), 0, 3, rapid.ID[string]).Draw(t, "labels") {
		c := models.Citation{ID: models.NewID(), Label: label, Written: models.Text(rapid.SampledFrom([]string{"", "W.", "*W*, p. 3"}).Draw(t, "written"))}
		if rapid.Bool().Draw(t, "locator") {
			c.Locator = &models.Locator{Label: some(), Value: some()}
		}
		if rapid.Bool().Draw(t, "source") {
			c.Source = models.NewRef(models.KindSource, "0190a1b2-0000-7000-8000-000000000003")
		}
		s.Citations = append(s.Citations, c)
	}
	return s
}

// TestAnyPageIsReadBack writes sections and reads them as an import does.
func TestAnyPageIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyPage(rt)
		h := header{version: rapid.Int64Range(1, 1<<40).Draw(rt, "version"), draft: rapid.Bool().Draw(rt, "draft"), trashed: rapid.Bool().Draw(rt, "trashed")}
		text, err := writePage(s, h)
		if err != nil {
			rt.Fatalf("write: %v", err)
		}
		in, err := split(unixLines([]byte(text)))
		if err != nil {
			rt.Fatalf("%v\n%s", err, text)
		}
		record, back, err := readHead(in.head, models.KindSection)
		if err != nil {
			rt.Fatalf("%v\n%s", err, text)
		}
		got := record.(*models.Section)
		parent := got.ParentID
		r := &reader{index: newIndex(), course: &models.Course{}, loaded: &Loaded{}}
		if err := r.fill(got, &page{module: &page{}, slug: got.Slug}, in); err != nil {
			rt.Fatalf("%v\n%s", err, text)
		}
		got.ParentID = parent
		if back.version != h.version || back.draft != h.draft || back.trashed != h.trashed {
			rt.Fatalf("%+v is read as %+v\n%s", h, back, text)
		}
		want, _ := models.Encode(s)
		if have, _ := models.Encode(got); string(have) != string(want) {
			rt.Fatalf("%s\nis read as\n%s\n%s", want, have, text)
		}
	})
}

// TestAuthorsWriteYAMLInTheirWay: what is no text and stands where one belongs is taken as it is written.
func TestAuthorsWriteYAMLInTheirWay(t *testing.T) {
	for written, want := range map[string]string{
		"title: 1984":                   "1984",
		"title: 1.10":                   "1.10",
		"title: yes":                    "yes",
		"title: true":                   "true",
		"title: 2024-03-05":             "2024-03-05",
		"title: 0x1f":                   "0x1f",
		"title: .inf":                   ".inf",
		"title: 'it''s'":                "it's",
		"title: \"a\\tb\"":              "a\tb",
		"title: >\n  folded\n  lines\n": "folded lines\n",
		"title: |-\n  two\n  lines":     "two\nlines",
		"title: plain\n  continued":     "plain continued",
		"title: a # a comment":          "a",
		"# a comment\ntitle: a":         "a",
		"title: null":                   "",
		"title: ~":                      "",
		"title:":                        "",
		"{title: a, slug: b}":           "a",
		"\"title\": a":                  "a",
	} {
		n, err := parseYAML(written+"\n", 1)
		if err != nil {
			t.Errorf("%q: %v", written, err)
			continue
		}
		r, _, err := readHead(n, models.KindSection)
		if err != nil || r.Label() != want {
			t.Errorf("%q is read as %+v, %v; want %q", written, r, err, want)
		}
	}
}
