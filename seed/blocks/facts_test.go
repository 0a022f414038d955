package blocks

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

func TestFacts(t *testing.T) {
	const note = "\n\n<a name=\"fn1\">1</a>: Rye."
	for name, tt := range map[string]struct {
		body string
		want Facts
	}{
		"nothing":             {"a", Facts{}},
		"includes":            {"{% include a.html %} {%- include_relative b.md -%} `{% include c.html %}` <!-- {% include d.html %} -->", Facts{Includes: 2, Comments: 1}},
		"comments":            {"a <!-- 1 --><!-- --> {::comment}2{:/comment} `<!-- 3 -->`", Facts{Comments: 4}},
		"worksheet tables":    {"<table class=\"wide worksheet\"><tr><td>a</td></tr></table>\n<table><tr><td><table class=\"worksheet\"></table></td></tr></table>\n<div class=\"worksheet\"></div>", Facts{WorksheetTables: 2}},
		"name first":          {"a<sup><a name=\"1\" href=\"#fn1\">1</a></sup>" + note, Facts{RefForms: []string{FormNameFirst}}},
		"href first":          {"a<sup><a href=\"#fn1\" name=\"1\">1</a></sup>" + note, Facts{RefForms: []string{FormHrefFirst}}},
		"only href":           {"a<sup><a href=\"#fn1\">1</a></sup>" + note, Facts{RefForms: []string{FormHrefOnly}}},
		"a Markdown link":     {"a<sup>[1](#fn1)</sup>" + note, Facts{RefForms: []string{FormHrefOnly}}},
		"bare":                {"a<sup>1</sup>" + note, Facts{RefForms: []string{FormBareSup}}},
		"kramdown's own":      {"a[^1]\n\n[^1]: Rye.", Facts{RefForms: []string{FormKramdown}}},
		"several forms":       {"a<sup>[1](#fn1)</sup> b<sup>1</sup>" + note, Facts{RefForms: []string{FormBareSup, FormHrefOnly}}},
		"marks to nowhere":    {"a<sup><a href=\"#fn7\">1</a></sup> b<sup>[1](#fn1)</sup>" + note, Facts{RefForms: []string{FormHrefOnly}, BrokenRefAnchors: 1}},
		"no mark for a note":  {"a" + note, Facts{UnreferencedDefinitions: 1}},
		"an exponent":         {"m<sup>2</sup>", Facts{}},
		"bare addresses":      {"https://a.example, (http://b.example) and [https://c.example](https://c.example) <https://d.example> `https://e.example`", Facts{BareURLs: 2}},
		"an address in HTML":  {"<p>https://a.example</p><pre>https://b.example</pre>", Facts{BareURLs: 1}},
		"links to pages":      {"[a](b.html) [c](../d/) <a href=\"/e/f.md#g\">h</a> [i](j.htm?k=l.pdf)", Facts{InternalLinks: 4}},
		"links to files":      {"[a](b.docx) <a href=\"../c.PDF#page=2\">d</a> [e](f.png)", Facts{LocalFiles: 3}},
		"other links":         {"[a](https://b.example/c.pdf) [d](//e.example) [f](#g) [h](mailto:i@j.example) <a href=\"\">k</a>", Facts{}},
		"an image is no link": {"![a](b.png)", Facts{}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, convert(t, tt.body).Facts); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFactsAsJSON(t *testing.T) {
	data, err := models.Encode(Facts{RefForms: []string{FormBareSup}, BareURLs: 2})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"title_source":"","includes":0,"comments":0,"worksheet_tables":0,"broken_ref_anchors":0,` +
		`"unreferenced_definitions":0,"ref_forms":["bare-sup"],"bare_urls":2,"internal_links":0,"local_files":0}`
	if got := strings.TrimSpace(string(data)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLostMarks(t *testing.T) {
	const notes = "<sup>1</sup>\n\n<a name=\"fn1\">1</a>: Rye."
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"a word with a number":      {"The dough4 rises." + notes, 1},
		"at the end of a sentence":  {"It is a Dough12." + notes, 1},
		"the number is marked too":  {"The dough1 rises." + notes, 0},
		"a page without notes":      {"The dough4 rises.", 0},
		"after a dot":               {"In 2016.Summer2 it rose." + notes, 0},
		"a name of capitals":        {"Type RY4 and WebDough2 flour." + notes, 0},
		"a short word":              {"Take pan2 out." + notes, 0},
		"in code, links and notes":  {"`dough4` [dough5](x)" + notes + " See dough6.", 0},
		"a year right after a word": {"The dough2016 rose." + notes, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := 0
			for _, p := range convert(t, tt.body).Problems {
				if strings.Contains(p.Message, "lost note") && p.Line == 1 {
					got++
				}
			}
			if got != tt.want {
				t.Errorf("%d warnings, want %d", got, tt.want)
			}
		})
	}
}

// TestProblemsNameTheirLines has every problem on line 5.
func TestProblemsNameTheirLines(t *testing.T) {
	for name, body := range map[string]string{
		"a stray tag in an item":    "* a\n* b\n\n\n* c</li>\n* d",
		"a stray tag in a line":     "a\nb\nc\nd\ne</div> f\ng",
		"a stray tag in HTML":       "<div>\n\n\n\n</li></div>",
		"an open tag in a line":     "a\nb\nc\nd\n<u>e\nf",
		"an empty link in an item":  "* a\n* b\n* c\n* d\n* <a href=\"\">e</a>\n* f",
		"an empty Markdown link":    "a\nb\nc\nd\n[e]()\nf",
		"a mark in a quotation":     "> a\n> b\n> c\n> d\n> <sup><a href=\"#fn7\">1</a></sup>\n\n<a name=\"fn1\">1</a>: Rye.",
		"a mark in a Markdown link": "a\nb\n\n* c\n* d<sup>[1](#fn7)</sup>\n\n<a name=\"fn1\">1</a>: Rye.",
		"a crammed note":            "a\n\n<hr/>\nb\n<a name=\"fn1\">1</a>: Rye.\nc",
		"an attribute list":         "a\n\nb\n\n[c](d){:target=“_blank”}",
		"an include":                "a\n\nb\n\nc {% include x.html %} d",
	} {
		t.Run(name, func(t *testing.T) {
			problems := including(t, body).Problems
			if len(problems) != 1 || problems[0].Line != 5 {
				t.Errorf("problems %v, want one on line 5", problems)
			}
		})
	}
}
