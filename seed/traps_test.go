package seed

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// trapped reads one page of a module site and gives its section and all that it holds as JSON.
func trapped(t *testing.T, body string) (*Section, string) {
	t.Helper()
	const page = "modules/bread/section-2-1.md"
	tree, err := readOne(page, siteHead+body)
	if err != nil {
		t.Fatal(err)
	}
	checkTree(t, tree)
	s := sections(tree)[page]
	return s, string(encode(s.Record)) + string(encode(s.Worksheets))
}

// TestTraps goes through the traps of importing sites that a page by itself shows. Those of whole sites (order, menus,
// copies, links, front matter, letter case) have tests of their own beside the code that deals with them.
func TestTraps(t *testing.T) {
	const three = "<hr/>\n\n<a name=\"fn1\">1</a>: Rye.\n\n<a name=\"fn2\">2</a>: Oats.\n\n<a name=\"fn3\">3</a>: Corn.\n"
	for name, tt := range map[string]struct {
		body     string
		marks    string // in order, by label
		has, not []string
	}{
		"1 marks by their visible number": {
			"a<sup><a href=\"#fn9\" name=\"4\">2</a></sup> b<sup><a href=\"#3\" name=\"3A\">3</a></sup>\n\n" + three, "2 3", nil, []string{"fn9", "3A"},
		},
		"2 numbered anchors that are no marks": {
			"a<sup>1</sup> <a name=\"2\">2</a>\n\n<a href=\"#one\">1</a> of these\n\n" + three, "1", []string{"of these"}, nil,
		},
		"3 no renumbering, one record for many marks": {
			"a<sup>3</sup> b<sup>1</sup> c<sup>3</sup> d<sup>2, 3</sup>\n\n" + three, "3 1 3 2 3", []string{`"label":"1"`, `"label":"2"`, `"label":"3"`}, nil,
		},
		"4 definitions crammed under a rule, and text after them": {
			"a<sup>1</sup><sup>2</sup>\n\n<hr/>\n<a name=\"fn1\">1</a>: Rye.\n<a name=\"fn2\">2</a>: Oats.\n\nAnd bread.", "1 2",
			[]string{`"text":"And bread."`, `"written":"Rye."`, `"written":"Oats."`}, []string{`"rule"`},
		},
		"5 Markdown in HTML, where it is on and where it is off": {
			"<div class=\"tips\">*off*</div>\n\n<div class=\"tips\" markdown=\"1\">\n*on*\n</div>\n\n<details><summary>More</summary>*shut*</details>", "",
			[]string{`\\*off\\*`, `"_on_"`, `\\*shut\\*`}, nil,
		},
		"6 breaks before an attribution": {
			"> “Knead.”<br/><br/>— Ada, a *baker*", "", []string{`"attribution":"Ada, a _baker_"`, `"text":"“Knead.”"`}, nil,
		},
		"7 facts of a video before it and after it": {
			"<p class=\"videotime\">7:44</p><p class=\"source\">Ada Miller</p>\n<div class=\"video\"><iframe src=\"https://www.youtube.com/embed/a1b2c3d4e5f?start=4&end=9\"></iframe></div>\n\n" +
				"<iframe src=\"https://www.youtube.com/embed/f5e4d3c2b1a\"></iframe>\n<div class=\"videotime\">1:57 | A <i>part</i> of it</div>\n", "",
			[]string{`"duration":464`, `"duration":117`, "Ada Miller", "A _part_ of it", `"start":4`, `"end":9`}, nil,
		},
		"7 one video under the other, the facts of each before it": {
			strings.Repeat("<p class=\"videotime\">1:02</p><p class=\"source\">Ada</p>\n<div class=\"video\"><iframe src=\"https://youtu.be/a1b2c3d4e5f\"></iframe></div>\n\n", 2) +
				"<p class=\"source\">Bo</p>\n<div class=\"video\"><iframe src=\"https://youtu.be/a1b2c3d4e5f\"></iframe></div>\n\n" +
				"<p class=\"videotime\">1:03</p>\n<div class=\"video\"><iframe src=\"https://youtu.be/a1b2c3d4e5f\"></iframe></div>\n", "",
			[]string{`"duration":62,`, `"duration":63,`, `"duration":null,`, `"credit":"Bo"`}, []string{"paragraph"},
		},
		"8 addresses with all of their parts": {
			"[a](https://docs.example.org/d?usp=x&uuid=7#heading=h.1) [b](https://example.org/c.pdf#page=40)\n\n![c](https://example.org/blob/d.png?raw=true)", "",
			[]string{"d?usp=x&uuid=7#heading=h.1", "c.pdf#page=40", "d.png?raw=true"}, nil,
		},
		"9 the first paragraph of a box": {
			"<div class=\"tips\"><p>Salt</p><p>A little is enough.</p></div>\n\n<div class=\"objectives\"><p>After this you can:</p><ul><li>knead</li></ul></div>", "",
			[]string{`"title":"Salt"`, `"text":"After this you can:"`}, []string{`"title":"After this`},
		},
		"10 tables that are filled in, and tables to fill in": {
			"<table class=\"worksheet\"><tr><th>Flour</th><th>Why</th></tr><tr><td>rye</td><td>dark</td></tr></table>\n\n" +
				"<table class=\"worksheet\"><tr><th>Oven</th><th>Heat</th></tr><tr><td height=\"250\"></td><td></td></tr></table>", "",
			[]string{`"kind":"table"`, `"kind":"grid"`}, nil,
		},
		"11 steps and options are no questions": {
			"<div class=\"reflection\"><p>Bake</p><ol><li>Heat the oven.</li><li>Why?</li></ol></div>", "",
			[]string{`"kind":"step"`}, nil,
		},
		"15 the title again as a heading": {"# 2.1 Kneading\n\n## Kneading bread", "", []string{"Kneading bread"}, nil},
		"16 comments are no content": {
			"a <!-- quote from MILL_07 --> b\n\n<!-- ## Old\n<div class=\"tips\">x</div> -->", "",
			[]string{`"text":"a b"`, `"editor_notes":[{`, "quote from MILL_07"}, []string{`"kind":"heading"`, `"kind":"box"`},
		},
		"17 Liquid is not shown": {
			"[a]({{site.url}}{{ site.baseurl }}/modules/x/) {{ page.section }} {% unknown tag %}", "", []string{"](/modules/x/)", "2. Dough"}, []string{"{{", "{%"},
		},
		"18 bad nesting loses nothing": {
			"<p>a<div>b</p>c</div>\n\n<CENTER><FONT SIZE=2>d</FONT></CENTER>\n\n<IMG SRC=\"x.png\" ALT=\"Loaf\">\n\n<table><tr><td>e<tr><td>k</table>\n\nf<sup><a href=\"#fn1\">1</a> g\n\n" + three, "1",
			[]string{`a`, `b`, `"c"`, `"d"`, `Loaf`, `"e"`, `"k"`, `f[^1] g`}, nil,
		},
		"19 quotation marks, dots and no-break spaces": {
			"“Dough... it's alive” -- \"so\" 10\u00a0g &nbsp;x", "", []string{"“Dough... it's alive” -- \\\"so\\\" 10\u00a0g \u00a0x"}, nil,
		},
		"20 bars, stars and lists under paragraphs": {
			"Flours:\n* rye\n* oats\n\n***\n\nSteps:\n1. knead\n2. rest", "", []string{`"text":"Flours:"`, `"kind":"list"`, `"ordered":true`, `"kind":"rule"`}, []string{"* rye", "1. knead"},
		},
		"24 counts before zeros": {"a<sup>1</sup> b[^2] c<sup>[3](#fn3)</sup>\n\n" + three, "1 2 3", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, held := trapped(t, tt.body)
			var marks []string
			models.EachText(s.Record, func(_ string, text *models.Text) { marks = append(marks, render.Marks(*text)...) })
			if got := strings.Join(marks, " "); got != tt.marks {
				t.Errorf("marks %q, want %q", got, tt.marks)
			}
			for _, c := range s.Record.Citations {
				if !slices.Contains([]string{"Rye.", "Oats.", "Corn."}, string(c.Written)) {
					t.Errorf("note %s is %q", c.Label, c.Written)
				}
			}
			for _, want := range tt.has {
				if !strings.Contains(held, want) {
					t.Errorf("%q is not there: %s", want, held)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(held, not) {
					t.Errorf("%q is there: %s", not, held)
				}
			}
		})
	}
}

// 14: unknown and misspelt keys stay, whatever their values.
func TestFrontMatterIsKept(t *testing.T) {
	tree, err := readOne("modules/bread/_posts/2004-01-02-proof.md", "---\ntile: Proof\ncategories: [a, b]\nnested:\n  deep: 1.50\nempty:\nflag: yes\nquoted: \"a: b\"\n---\n")
	if err != nil {
		t.Fatal(err)
	}
	extra := tree.Modules[0].Sections[0].Record.Extra
	got := map[string]string{}
	for key, value := range extra {
		got[key] = string(value)
	}
	want := map[string]string{"tile": `"Proof"`, "categories": `["a","b"]`, "nested": `{"deep":1.50}`, "empty": `null`, "flag": `"yes"`, "quoted": `"a: b"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// 22: bullets of plain text, blank lines of no-break spaces, nesting by spaces.
func TestOutlineBullets(t *testing.T) {
	tree, err := readOne("bread.txt", "Bread\n\nKinds:\n\n  • Rye\n\u00a0\n    • dark\n\n  • Wheat\n\n\u00a0\n\nThat is all.\n")
	if err != nil {
		t.Fatal(err)
	}
	s := tree.Modules[0].Sections[0].Record
	list, ok := s.Blocks[1].(*models.List)
	if !ok || len(list.Items) != 2 || list.Items[0].Text != "Rye" || len(list.Items[0].Blocks) != 1 || len(s.Blocks) != 3 {
		t.Errorf("%s", encode(s.Blocks))
	}
}
