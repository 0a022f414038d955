package seed

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

// pageMaker draws pages of all that real ones hold, each word of which is another.
type pageMaker struct {
	*rapid.T
	n     int
	notes []string
}

// words are some words that stand nowhere else on the page.
func (m *pageMaker) words(least, most int) string {
	var out []string
	for range rapid.IntRange(least, most).Draw(m.T, "words") {
		m.n++
		out = append(out, rapid.SampledFrom([]string{"rye", "Oats", "brød", "knead", "über", "co-op", "x"}).Draw(m.T, "word")+fmt.Sprint("q", m.n))
	}
	return strings.Join(out, " ")
}

// line is inline text: emphasis, links, marks, breaks.
func (m *pageMaker) line() string {
	out := m.words(1, 4)
	switch rapid.IntRange(0, 6).Draw(m.T, "inline") {
	case 0:
		out += " **" + m.words(1, 2) + "** " + m.words(1, 1)
	case 1:
		out += " [" + m.words(1, 2) + "](https://example.org/" + fmt.Sprint(m.n) + "?a=1&b=2#c)"
	case 2:
		out += " <i>" + m.words(1, 2) + "</i>, <a href=\"../b/\" target=\"_blank\">" + m.words(1, 1) + "</a>"
	case 3:
		label := fmt.Sprint(len(m.notes) + 1)
		m.notes = append(m.notes, label)
		out += "<sup><a name=\"" + label + "\" href=\"#fn" + label + "\">" + label + "</a></sup>"
	case 4:
		out += " <!-- " + m.words(1, 3) + " --> " + m.words(1, 1)
	}
	return out + rapid.SampledFrom([]string{"", ".", "?", "…", "!"}).Draw(m.T, "end")
}

func (m *pageMaker) items(mark string) string {
	var b strings.Builder
	for n := range rapid.IntRange(1, 4).Draw(m.T, "items") {
		b.WriteString(strings.ReplaceAll(mark, "#", fmt.Sprint(n+1)) + " " + m.line() + "\n")
	}
	return b.String()
}

// html is a block without Markdown; what stands in it is plain.
func (m *pageMaker) html() string {
	w := func() string { return m.words(1, 4) }
	switch rapid.IntRange(0, 5).Draw(m.T, "html") {
	case 0:
		return "<ul><li>" + w() + "</li><li>" + w() + "<ol><li>" + w() + "</li></ol></li></ul>"
	case 1:
		return "<table><tr><th colspan=\"2\">" + w() + "</th></tr><tr><td>" + w() + "</td><td><p>" + w() + "</p>" + w() + "</td></tr></table>"
	case 2:
		return "<blockquote>" + w() + "<br/><br/>— " + w() + "</blockquote>"
	case 3:
		return "<p class=\"box-title\">" + w() + "</p><p>" + w() + "? " + w() + "</p>"
	case 4:
		return "<details><summary>" + w() + "</summary><p>" + w() + "</p></details>"
	}
	return "<h3>" + w() + "</h3>" + w() + "<br/>" + w()
}

func (m *pageMaker) block() string {
	switch rapid.IntRange(0, 8).Draw(m.T, "block") {
	case 0:
		return strings.Repeat("#", rapid.IntRange(2, 4).Draw(m.T, "level")) + " " + m.words(1, 4)
	case 1:
		return strings.TrimSpace(m.items("*"))
	case 2:
		return strings.TrimSpace(m.items("#."))
	case 3:
		return "> “" + m.words(2, 5) + "”<br/><br/>— " + m.words(1, 4)
	case 4:
		kind := rapid.SampledFrom([]string{"reflection", "tips", "explanatory", "case_study_box", "objectives", "callout activity", "other"}).Draw(m.T, "box")
		return "<div class=\"" + kind + "\">\n" + m.html() + m.html() + "\n</div>"
	case 5:
		return "<div class=\"callout activity\" markdown=\"1\">\n\n## Activity #" + fmt.Sprint(m.n+1) + ": " + m.words(1, 3) + "\n\n" + m.line() + "\n\n" + m.items("*") + "\n</div>"
	case 6:
		return "<p class=\"videotime\">1:02</p><p class=\"source\">" + m.words(1, 3) + "</p>\n<div class=\"video\"><iframe src=\"https://www.youtube.com/embed/a1b2c3d4e5f\"></iframe></div>"
	case 7:
		return m.html()
	}
	return m.line() + "\n" + m.line()
}

// page is a body with its notes.
func (m *pageMaker) page() string {
	var parts []string
	for range rapid.IntRange(1, 7).Draw(m.T, "blocks") {
		parts = append(parts, m.block())
	}
	if len(m.notes) > 0 {
		parts = append(parts, "<hr/>")
	}
	for _, label := range m.notes {
		parts = append(parts, "<a name=\"fn"+label+"\" href=\"#"+label+"\">"+label+"</a>: "+m.words(2, 6)+".")
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// TestNoWordIsLost: whatever a page is put together of, its words are in its records, in order, and no other.
func TestNoWordIsLost(t *testing.T) {
	const name = "modules/bread/section-2-1.md"
	rapid.Check(t, func(t *rapid.T) {
		body := (&pageMaker{T: t}).page()
		tree, err := readOne(name, siteHead+body)
		if err != nil {
			t.Fatal(err)
		}
		lost, added := difference(sourceWords(body, func(string) string { return "" }), recordWords(sections(tree)[name]))
		if len(lost)+len(added) > 0 {
			t.Fatalf("lost %q, added %q of\n%s", lost, added, body)
		}
	})
}

// FuzzOutlineWords wants of any plain text that its words are in the records, in order, but for the numbers of lists,
// which lists count. The first line is the title.
func FuzzOutlineWords(f *testing.F) {
	for _, s := range []string{
		"Bread\n\nDefinition: Bread is baked dough.\n\nKinds:\n\n • Rye\n   • dark\n\n • Wheat\n\nThat is all.\n",
		"Bread\n\n1. knead\n2. rest\n  a) well\n\n\u00a0\n\nOvens\n\n- hot\n* cold\n", "a\nb\n\n    c\n", "Rye:\n\nRye: a\n", "\n\n- a\n- - b\n1.1 c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || r == '\uFFFD' }) || strings.ContainsAny(text, "<>&[]{}*_`\\#|~^!") || strings.HasPrefix(strings.TrimSpace(text), "---") {
			t.Skip("markup, which plain text has none of")
		}
		start := time.Now()
		tree, err := readOne("bread.txt", text)
		if took := time.Since(start); took > tooLong {
			t.Errorf("took %v", took)
		}
		if err != nil {
			return
		}
		s := sections(tree)["bread.txt"]
		lost, _ := difference(plainWords(reListNumber.ReplaceAllString(text, "$1$2")), append(plainWords(joinNumber(s.Record.Number, s.Record.Title)), recordWords(s)...))
		if len(lost) > 0 {
			t.Errorf("lost %q of %q", lost, text)
		}
	})
}
