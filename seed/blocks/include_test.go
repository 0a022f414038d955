package blocks

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// including converts a body of which every include is wanted. Its problems are those of reading it too.
func including(t *testing.T, body string) *Result {
	t.Helper()
	doc, err := kramdown.Parse(kramdown.Body{
		Text: body, FirstLine: 1, Variable: func(string) (string, bool) { return "", false },
		Include: func(kramdown.Include) bool { return true },
	})
	if err != nil {
		t.Fatal(err)
	}
	r := Convert(doc, "Bread")
	r.Problems = append(doc.Problems, r.Problems...)
	return r
}

func TestIncludesKeepTheirPlaces(t *testing.T) {
	const x = "{% include x.html %}"
	for name, tt := range map[string]struct {
		body, want string
		problems   int
	}{
		"on a line of its own":       {"a\n\n" + x + "\n\nb", "paragraph a | fragment | paragraph b", 0},
		"right under a paragraph":    {"a\n" + x + "\nb", "paragraph a | fragment | paragraph b", 0},
		"right under a heading":      {"## a\n" + x, "heading a | fragment", 0},
		"in the middle of a line":    {"a " + x + " b\n\nc", "paragraph a b | fragment | paragraph c", 1},
		"at the end of a line":       {"a " + x + "\n\nc", "paragraph a | fragment | paragraph c", 1},
		"in bold text":               {"**a " + x + "** b", "paragraph **a** b | fragment", 1},
		"in a heading":               {"## a " + x + "\n\nb", "heading a | fragment | paragraph b", 1},
		"two on a line":              {x + " {% include y.html %}\n\na", "fragment | fragment | paragraph a", 0},
		"after a line break":         {"a<br/>" + x + "<br/>b", "paragraph a | fragment | paragraph b", 0},
		"in a box":                   {"<div class=\"tips\">\n<p>Salt</p>\n" + x + "\n<p>More of it.</p></div>", "box Salt | fragment | paragraph More of it.", 0},
		"in a box with Markdown":     {"<div class=\"tips\" markdown=\"1\">\n## Salt\n" + x + "\n*More*\n</div>", "box Salt | fragment | paragraph _More_", 0},
		"in text without Markdown":   {"<div>\na\n" + x + "\nb\n</div>", "paragraph a | fragment | paragraph b", 0},
		"alone in a div":             {"<div>" + x + "</div>", "fragment", 0},
		"in a list item":             {"* a\n* " + x + "\n* b", "list a b | fragment", 0},
		"under a list item":          {"* a\n\n  " + x + "\n\n* b", "list a b | fragment", 0},
		"in a cell":                  {"<table><tr><td>a</td><td>" + x + "</td></tr></table>", "table a | fragment", 0},
		"in a cell of a pipe table":  {"| a | b |\n|---|---|\n| c | " + x + " |", "table a b c | fragment", 0},
		"in a quotation":             {"> a\n>\n> " + x, "quote | paragraph a | fragment", 0},
		"in an exercise":             {"<div class=\"activity\"><p>Dough</p><p>Why?</p>" + x + "</div>", "box | worksheet | fragment | = Dough | question Why?", 0},
		"above prompts":              {"<div class=\"activity\"><p>Dough</p>" + x + "<p>Why?</p></div>", "box | worksheet | = Dough | fragment | question Why?", 0},
		"in a note":                  {"a<sup>1</sup>\n\n<a name=\"fn1\">1</a>: Rye. " + x + "\n\nb", "paragraph a[^1] | paragraph b | fragment | note 1: Rye.", 1},
		"in a script":                {"a\n\n<script>" + x + "</script>", "paragraph a", 1 + 1},
		"in an attribute":            {"<a href=\"" + x + "\">a</a>", "paragraph a", 1 + 1},
		"in code, where it is shown": {"`" + x + "`", "paragraph `" + x + "`", 0},
		"in indented code":           {"a\n\n    b\n    " + x, "paragraph a | code", 1},
		"in a comment":               {"a <!-- " + x + " -->", "paragraph a", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := including(t, tt.body)
			if got := brief(r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(r.Problems) != tt.problems {
				t.Errorf("%d problems, want %d: %v", len(r.Problems), tt.problems, r.Problems)
			}
			if strings.Contains(tt.want, "fragment") != (len(r.Includes) > 0) {
				t.Errorf("includes %v", r.Includes)
			}
		})
	}
}

func TestIncludesComeInReadingOrder(t *testing.T) {
	r := including(t, "{% include 1.html %}\n\n<div class=\"activity\"><p>Dough</p>\n{% include 2.html %}\n<p>Why?</p>\n<hr/>\n{% include 3.html %}\n</div>\n\na {% include 4.html %} b\n\n* {% include_relative 5.html crust=\"thick\" %}\n")
	if len(r.Includes) != 5 {
		t.Fatalf("%d includes, want 5", len(r.Includes))
	}
	for i, in := range r.Includes {
		if want := string(rune('1'+i)) + ".html"; in.Name != want {
			t.Errorf("include %d is %s, want %s", i, in.Name, want)
		}
		if in.Block.Kind != models.BlockFragment || in.Block.ID == "" || in.Block.Fragment != nil {
			t.Errorf("block of include %d: %+v", i, in.Block)
		}
	}
	last := r.Includes[4]
	if !last.Relative || last.Line != 12 || len(last.Args) != 1 || last.Args[0].Value != "thick" {
		t.Errorf("last include: %+v", last.Include)
	}
	at := map[models.Block]bool{}
	visit := func(b models.Block, _ int) bool { at[b] = true; return true }
	r.Blocks.Walk(visit)
	r.Worksheets[0].Instructions.Walk(visit)
	for _, in := range r.Includes {
		if !at[in.Block] {
			t.Errorf("the block of %s is nowhere", in.Name)
		}
	}
}
