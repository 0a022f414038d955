package seed

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// readOne reads one page with the reader that recognises it.
func readOne(name, page string) (*Tree, error) {
	src := Source{FS: fstest.MapFS{name: {Data: []byte(page)}}, Pages: []string{name}}
	return Read(context.Background(), src)
}

const siteHead = "---\nlayout: module\ntitle: 2.1 Kneading\nmodule_name: bread\nsection: 2. Dough\n---\n\n"

func TestHostilePages(t *testing.T) {
	const quick = time.Minute // what is quadratic takes longer; a busy machine with the race detector does not
	for name, tt := range map[string]struct {
		path, page string
		want       string // part of the error; empty: the page is read
	}{
		"malformed front matter":  {"a.md", "---\nlayout: module\ntitle: [a\n---\nx", "a.md, line "},
		"front matter no mapping": {"a.md", "---\n- a\n- b\n---\nx", "a.md, line 2: malformed front matter"},
		"invalid UTF-8":           {"a.md", siteHead + "abc\xff", "a.md, line 8, byte 4"},
		"invalid UTF-8 in yaml":   {"a.md", "---\nlayout: module\ntitle: \xfe\n---\n", "a.md, line 3, byte 8"},
		"long line":               {"a.md", siteHead + strings.Repeat("bread ", 1<<20), "a.md, line 8: the line has more than"},
		"huge page":               {"a.txt", strings.Repeat("bread\n", 10<<20), "a.txt: the page has more than"},
		"nested brackets":         {"a.md", siteHead + strings.Repeat("[", 20_000), "a.md, line 8: brackets are nested"},
		"brackets over lines":     {"a.md", siteHead + strings.Repeat("[\n", 20_000), "brackets are nested"},
		"too many links":          {"a.md", siteHead + strings.Repeat("[a](<b", 2_000), "a.md, line 8: a paragraph has more than 500 links"},
		"long paragraph":          {"a.md", siteHead + strings.Repeat("bread and butter\n", 10_000), "a paragraph has more than"},
		"nested divs":             {"a.md", siteHead + strings.Repeat("<div>", 40_000), "a.md, line 8: elements are nested"},
		"nested divs on lines":    {"a.md", siteHead + strings.Repeat("<div>\n", 100_000), "a.md, line 109: elements are nested"},
		"nested Markdown divs":    {"a.md", siteHead + strings.Repeat("<div markdown=\"1\">\n", 10_000), "elements are nested"},
		"nested spans":            {"a.md", siteHead + strings.Repeat("<b>", 10_000), "elements are nested"},
		"nested quotes":           {"a.md", siteHead + strings.Repeat(">", 100_000), "a.md, line 8: quotes and lists are nested"},
		"nested lists":            {"a.md", siteHead + strings.Repeat("- ", 100_000), "a.md, line 8: quotes and lists are nested"},
		"indented lists":          {"a.md", siteHead + deepList(2_000), "a list is indented by more"},
		"nested outline":          {"a.txt", "Bread\n\n" + strings.ReplaceAll(deepList(2_000), "-", "•"), "lists are nested more"},
		"aliases":                 {"a.md", "---\nlayout: module\na: &a [x]\nb: [" + strings.Repeat("*a, ", 100) + "]\n---\n", "aliases"},
		"nested yaml":             {"a.md", "---\nlayout: module\na: " + strings.Repeat("[", 30_000) + "\n---\n", "nested more than"},
		"long front matter":       {"a.md", "---\nlayout: module\n" + strings.Repeat("# bread\n", 10_000) + "---\n", "more than 65536 bytes"},

		"empty":                 {"a.txt", "", ""},
		"only white space":      {"a.txt", " \n\u00a0\n\n", ""},
		"only front matter":     {"a.md", siteHead, ""},
		"empty front matter":    {"a.md", "---\n---\n", ""},
		"unclosed front matter": {"a.md", "---\ntitle: Bread\n\nDough rises.\n", "a.md:1"},
		"NULs":                  {"a.md", siteHead + "a\x00b\n\nc\x00\n", ""},
		"CRLF":                  {"a.md", strings.ReplaceAll(siteHead+"Flour.\n\nWater.\n", "\n", "\r\n"), ""},
		"byte order mark":       {"a.md", "\uFEFF" + siteHead + "Flour.\n", ""},
		"unclosed comment":      {"a.md", siteHead + "Flour. <!-- never", ""},
		"our own placeholders":  {"a.md", siteHead + "\uFDD0999999999999999999\uFDD1 flour \uFDD00\uFDD1\n", ""},
		"unclosed everything":   {"a.md", siteHead + "<table><tr><td><ul><li><a href=\"x\"><sup>1", ""},
		"only end tags":         {"a.md", siteHead + strings.Repeat("</div></a></td></p>\n", 2_000), ""},
		"many backticks":        {"a.md", siteHead + strings.Repeat("` `` ``` ", 4_000), ""},
		"many stars":            {"a.md", siteHead + strings.Repeat("*a _b **c ", 4_000), ""},
		"many links":            {"a.md", siteHead + strings.Repeat("[a](<b", 400), ""},
		"many links in HTML":    {"a.md", siteHead + "<div>" + strings.Repeat("[a](<b", 8_000) + "</div>", ""},
		"many braces":           {"a.md", siteHead + strings.Repeat("{{ {% ", 7_000), ""},
		"many tags":             {"a.md", siteHead + strings.Repeat("<a \"", 12_000), ""},
		"many quotes in tags":   {"a.md", siteHead + strings.Repeat("<b '\n", 10_000), ""},
		"many comments":         {"a.md", siteHead + strings.Repeat("<!-- a -->\n", 900), ""},
		"many boxes":            {"a.md", siteHead + strings.Repeat("<div class=\"tips\">a</div>\n", 2_000), ""},
		"many raw tags":         {"a.md", siteHead + strings.Repeat("{% raw %}\n", 20_000), ""},
		"many highlight tags":   {"a.md", siteHead + strings.Repeat("{% highlight x %}\n", 10_000), ""},
		"many comment tags":     {"a.md", siteHead + strings.Repeat("a `{% comment %}`\n", 2_000), ""},
		"many code spans":       {"a.md", siteHead + strings.Repeat("`a`\n", 400_000), "a paragraph has more than"},
		"many comments in code": {"a.md", siteHead + strings.Repeat("a `<!--`\n", 200_000) + "-->", "a paragraph has more than"},
		"many open comments":    {"a.md", siteHead + strings.Repeat("a `<!--` `{::comment}`\n", 200_000), "a paragraph has more than"},
		"fences of all lengths": {"a.md", siteHead + fences(1_500), "a paragraph has more than"},
		"an endless heading":    {"a.md", siteHead + "## " + strings.Repeat("x", 3_000) + "\n\nFlour.\n", ""},
		"many fences":           {"a.md", siteHead + strings.Repeat("```a\n", 40_000), "a paragraph has more than"},
		"many exercises":        {"a.md", siteHead + manyOf("## Activity %d: Knead\n\n", 4_000), ""},
		"many definitions":      {"a.md", siteHead + manyOf("[a%d]: b\n\n<hr/>\n\n", 3_000), ""},
		"many open scripts":     {"a.md", siteHead + strings.Repeat("<div><script></div>\n\na <iframe>\n\n", 2_000), ""},
		"many unclosed cells":   {"a.md", siteHead + "<table>" + strings.Repeat("<tr><td>a", 2_000) + "</table>", ""},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			tree, err := readOne(tt.path, tt.page)
			if took := time.Since(start); took > quick {
				t.Errorf("took %v", took)
			}
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) || models.KindOf(err) != models.KindMalformed {
					t.Fatalf("error %.200v, want %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatalf("%.200v", err)
			}
			checkTree(t, tree)
		})
	}
}

// manyOf repeats a text with a number in it.
func manyOf(format string, times int) string {
	var b strings.Builder
	for i := range times {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// fences are as many fences, each too short to close the one before.
func fences(n int) string {
	var b strings.Builder
	for ; n > 2; n-- {
		b.WriteString(strings.Repeat("`", n) + "\n")
	}
	return b.String()
}

// deepList is a list in which every item is in the one before.
func deepList(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

// checkTree checks what is true of every tree: sound records, references to what is there, and no comment in public.
func checkTree(t *testing.T, tree *Tree) {
	t.Helper()
	for _, m := range tree.Modules {
		if !models.ValidSlug(m.Record.Slug) {
			t.Errorf("slug %q", m.Record.Slug)
		}
		for _, s := range sections(&Tree{Modules: []*Module{m}}) {
			validateSection(t, m, s)
			uses := 0
			s.Record.Blocks.Walk(func(b models.Block, _ int) bool {
				if _, ok := b.(*models.WorksheetUse); ok {
					uses++
				}
				return true
			})
			if uses > len(s.Worksheets) {
				t.Errorf("%d places of worksheets, but %d worksheets", uses, len(s.Worksheets))
			}
		}
	}
}

func TestReadStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"a.txt", "_posts/a.md"} {
		src := Source{FS: fstest.MapFS{name: {Data: []byte("Bread\n")}}, Pages: []string{name}}
		if _, err := Read(ctx, src); err == nil {
			t.Errorf("%s was read after the context had ended", name)
		}
	}
}
