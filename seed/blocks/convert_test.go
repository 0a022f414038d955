package blocks

import (
	"regexp"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

func convert(t *testing.T, body string) *Result {
	t.Helper()
	doc, err := kramdown.Parse(kramdown.Body{Text: body, FirstLine: 1, Variable: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	return Convert(doc, "Bread")
}

// brief writes texts and kinds of blocks and prompts, one after the other.
func brief(r *Result) string {
	var out []string
	add := func(kind string, texts []*models.Text) {
		for _, t := range texts {
			if *t != "" {
				kind += " " + strings.ReplaceAll(string(*t), "\n", "/")
			}
		}
		out = append(out, kind)
	}
	r.Blocks.Walk(func(b models.Block, _ int) bool {
		add(string(b.Base().Kind), models.Texts(b))
		return true
	})
	for _, w := range r.Worksheets {
		out = append(out, "= "+w.Label())
		w.Instructions.Walk(func(b models.Block, _ int) bool {
			add(string(b.Base().Kind), models.Texts(b))
			return true
		})
		w.Prompts.Walk(func(p models.Prompt, _ int) { add(string(p.PromptFields().Kind), models.PromptTexts(p)) })
		for _, a := range w.AnswerKey {
			out = append(out, "answer to "+a.Prompt)
		}
	}
	for _, n := range r.Notes {
		out = append(out, "note "+n.Label+": "+string(n.Written))
	}
	return strings.Join(out, " | ")
}

func TestNotes(t *testing.T) {
	const defined = " | note 1: Rye."
	for name, tt := range map[string]struct{ body, want string }{
		"name first":         {"a<sup><a name=\"1\" href=\"#fn1\">1</a></sup>\n\n<hr/>\n\n<a name=\"fn1\" href=\"#1\">1</a>: Rye.", "paragraph a[^1]" + defined},
		"Markdown link":      {"a<sup>[1](#fn1)</sup>\n\n***\n\n<a name=\"#fn1\">1</a>: Rye.", "paragraph a[^1]" + defined},
		"bare, collapsed":    {"a<sup>1</sup>\n\n<details><summary>References</summary>\n1. Rye.\n</details>", "paragraph a[^1] | disclosure References" + defined},
		"collapsed list":     {"a<sup>1</sup>\n\n<details><summary>References</summary>\n<ul><li>1. Rye.</li></ul>\n</details>", "paragraph a[^1] | disclosure References" + defined},
		"twins":              {"a<sup><a href=\"#1\" name=\"1A\">1</a></sup>\n\n<a name=\"1\" href=\"#1A\">1</a> Rye.", "paragraph a[^1]" + defined},
		"Markdown notes":     {"a[^1]\n\n[^1]: Rye.\n\nb", "paragraph a[^1] | paragraph b" + defined},
		"several":            {"a<sup><a name=\"1\">1</a>, <a name=\"1\">1</a></sup>\n\n<a name=\"fn1\">1</a>: Rye.", "paragraph a[^1][^1]" + defined},
		"crammed":            {"a<sup>1, 2</sup>\n\n<hr/>\n<a name=\"fn1\">1</a>: Rye.\n<a name=\"fn2\">2</a>: Oats.", "paragraph a[^1][^2]" + defined + " | note 2: Oats."},
		"wrong anchor":       {"a<sup><a name=\"4\" href=\"#fn73\">1</a></sup>\n\n<a name=\"fn7\">1</a>: Rye.", "paragraph a[^1]" + defined},
		"not a note":         {"m<sup>th</sup> and [2](https://example.org)", "paragraph m<sup>th</sup> and [2](https://example.org)"},
		"open sup":           {"a<sup><a href=\"#fn1\">1</a> b\n\n<a name=\"fn1\">1</a>: Rye.", "paragraph a[^1] b" + defined},
		"linked list":        {"[1](#one) First\n\n- [2](#two) Second", "paragraph [1](#one) First | list [2](#two) Second"},
		"exponents":          {"5 m<sup>2</sup> and 10<sup>3</sup>", "paragraph 5 m<sup>2</sup> and 10<sup>3</sup>"},
		"in brackets":        {"a<sup><a href=\"#fn1\">[1]</a></sup>\n\n<a name=\"fn1\">1</a>: Rye.", "paragraph a[^1]" + defined},
		"range":              {"a<sup>1-2</sup>\n\n<a name=\"fn1\">1</a>: Rye.\n\n<a name=\"fn2\">2</a>: Oats.", "paragraph a[^1][^2]" + defined + " | note 2: Oats."},
		"two paragraphs":     {"a[^1]\n\n[^1]: Rye.\n\n    More rye.\n\n    Even more.\n\nb", "paragraph a[^1] | paragraph b | note 1: Rye.\\\nMore rye.\\\nEven more."},
		"numbered cells":     {"<table><tr><td><a name=\"1\">1</a></td><td>Rye</td></tr></table>", "table 1 Rye"},
		"number in a note":   {"a<sup>1</sup><sup>2</sup>\n\n<details><summary>References</summary>\n1. Rye, 33,\n12. Ghent.\n2) Oats.\n[3] Corn.\n</details>", "paragraph a[^1][^2] | disclosure References | note 1: Rye, 33, 12. Ghent. | note 2: Oats. | note 3: Corn."},
		"raised, under rule": {"a<sup>1</sup> b<sup>2</sup>\n\n<hr/>\n<sup>1</sup> Rye.\n\n<sup>2</sup> Oats.", "paragraph a[^1] b[^2]" + defined + " | note 2: Oats."},
		"ordered list":       {"a<sup>1</sup> b<sup>2</sup>\n\n## References\n\n1. Rye.\n2. Oats.", "paragraph a[^1] b[^2] | heading References" + defined + " | note 2: Oats."},
		"literature":         {"## References\n\n1. Rye.\n2. Oats.", "heading References | list Rye. Oats."},
		"number with a dot":  {"a<sup>1</sup>\n\n<a name=\"fn1\">1.</a> Rye.", "paragraph a[^1]" + defined},
		"text after a note":  {"a<sup>1</sup>\n\n<a name=\"fn1\">1</a>: Rye.\n\nb", "paragraph a[^1] | paragraph b" + defined},
	} {
		t.Run(name, func(t *testing.T) {
			if got := brief(convert(t, tt.body)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestConvert(t *testing.T) {
	for name, tt := range map[string]struct{ body, want string }{
		"title of a box":        {"<div class=\"tips\"><p>Salt</p><p>A little is enough.</p></div>", "box Salt | paragraph A little is enough."},
		"box without a title":   {"<div class=\"tips\"><p>A little is enough.</p><p>More.</p></div>", "box | paragraph A little is enough. | paragraph More."},
		"lead-in of objectives": {"<div class=\"objectives\"><p>You can</p><ul><li>knead</li></ul></div>", "box | paragraph You can | list knead"},
		"attribution":           {"> Knead.<br/><br/>-- _Ada_", "quote _Ada_ | paragraph Knead."},
		"attribution on a line": {"> Knead.\n> — *Ada*, baker", "quote _Ada_, baker | paragraph Knead."},
		"a dash in long prose":  {"> Knead it\n> — " + strings.Repeat("and knead it ", 20), "quote | paragraph Knead it — " + strings.TrimSpace(strings.Repeat("and knead it ", 20))},
		"hyphen attribution":    {"> Knead.\n> - Ada", "quote Ada | paragraph Knead."},
		"on its own line":       {"> “Knead.” — Ada", "quote Ada | paragraph “Knead.”"},
		"no attribution":        {"> Knead - and rest.", "quote | paragraph Knead - and rest."},
		"two breaks in a cell":  {"<table><tr><td>a<br/><br/>b</td></tr></table>", "table | paragraph a | paragraph b"},
		"title of an image":     {"![x](a.png \"A rye loaf\")", "image A rye loaf"},
		"image and caption":     {"![x](a.png)\n\n_Source: Ada_", "image _Source: Ada_"},
		"frame in a line":       {"a <iframe src=\"https://h5p.org/1\"></iframe> b", "paragraph a | embed | paragraph b"},
		"time after a video":    {"<iframe src=\"https://youtu.be/x\"></iframe>\n<div class=\"videotime\">1:02 | clip</div>", "video clip"},
		"time without a video":  {"<p class=\"videotime\">1:02</p>\n\na", "paragraph 1:02 | paragraph a"},
		"facts before a frame":  {"<p class=\"source\">Ada</p>\n<p class=\"videotime\">1:02 min</p>\n\n<iframe src=\"https://youtu.be/x\"></iframe>", "video Ada"},
		"facts after a wrapper": {"<div class=\"video\"><iframe src=\"https://youtu.be/x\"></iframe></div>\n<div class=\"videotime\">1:02 | clip</div>", "video clip"},
		"below zero":            {"> “Cold”<br/>-5 degrees", "quote | paragraph “Cold”\\/-5 degrees"},
		"item in a quotation":   {"> Steps\n>\n> * Only one", "quote | paragraph Steps | list Only one"},
		"terms":                 {"<dl><dt>Poolish</dt><dd>A wet sponge.</dd></dl>", "definition **Poolish**\\/A wet sponge."},
		"unknown wrappers":      {"<section><center><font>a</font></center></section>", "paragraph a"},
		"exercise":              {"<div class=\"reflection\"><p>Warm?</p><p>Did it rise?</p><p>Note the time.</p></div>", "box | worksheet | = Warm? | question Did it rise? Note the time."},
		"video behind prompts":  {"<div class=\"reflection\"><p>Dough</p><p>Did it rise?</p><iframe src=\"https://youtu.be/x\"></iframe></div>", "box | worksheet | video | = Dough | question Did it rise?"},
		"sheet of its own":      {"<table class=\"worksheet\"><tr><th>Flour</th></tr><tr><td style=\"height:250px\"></td></tr></table>", "worksheet | = Worksheet | grid Flour"},
		"filled-in example":     {"<table class=\"worksheet\"><tr><th>Flour</th></tr><tr><td>rye</td></tr></table>", "table Flour rye"},
		"workbook":              {"## Worksheet #2: Dough\n\n* Weight\n\n## Next\n\na", "worksheet | heading Next | paragraph a | = Worksheet #2: Dough | field Weight"},
		"prompts above a box":   {"<div class=\"activity\"><p>Dough</p><p>Did it rise?</p><p>Why?</p><div class=\"tips\"><p>Wait.</p></div></div>", "box | worksheet | box | paragraph Wait. | = Dough | question Did it rise? | question Why?"},
		"most prompts":          {"<div class=\"activity\"><h3>Dough</h3><blockquote><p>Wait.</p></blockquote><p>Did it?</p><p>Why?</p><hr/><p>And?</p></div>", "box | worksheet | rule | paragraph And? | = Dough | quote | paragraph Wait. | question Did it? | question Why?"},
		"boxes to tick":         {"## Activity 1: Colours\n\nPick:\n\n- [ ] red\n- [ ] blue", "worksheet | = Activity #1: Colours | choice_many Pick: red blue"},
		"emoji":                 {"## 🎯 Activity #2: Emoji\n\n* Weight", "worksheet | = Activity #2: 🎯 Emoji | field Weight"},
		"hidden answers":        {"<div class=\"activity\"><h2>Quiz</h2><p>Rye is:</p><ul><li>grass</li><li>moss</li></ul><details><summary>Answer</summary>grass</details></div>", "box | worksheet | = Quiz | choice_one Rye is: grass moss | answer to p1"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := brief(convert(t, tt.body)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestCommentsStayPrivate(t *testing.T) {
	r := convert(t, "a\n\n<!-- secret 1 -->\n\n* b <!-- secret 2 -->\n\n<div class=\"activity\"><p>Bake.</p><!-- secret 3 --><p>Done?</p></div>\n\n## c <!-- secret 4 -->\n\n<pre>d <!-- secret 5 --></pre>\n\n<svg><text>e <!-- secret 6 --></text></svg>\n\nf <code>g <!-- secret 7 --></code>")
	data, err := models.Encode(r.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range r.Worksheets {
		more, err := models.Encode(w)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, more...)
	}
	if regexp.MustCompile(`secret|\x{FDD0}`).Match(data) {
		t.Errorf("a comment is in public content: %s", data)
	}
	if len(r.EditorNotes) != 7 || r.EditorNotes[0].After != "b1" {
		t.Errorf("notes %+v", r.EditorNotes)
	}
}

func TestListsBeginWithTheirNumbers(t *testing.T) {
	for body, want := range map[string]int{"7. a": 7, "<ol><li>a</li></ol>": 1, "<ol start=\"-1\"><li>a</li></ol>": 1, "33333331. a": 1} {
		if got := convert(t, body).Blocks[0].(*models.List).Start; got != want {
			t.Errorf("%s begins with %d, want %d", body, got, want)
		}
	}
}

func TestFallbackText(t *testing.T) {
	r := convert(t, "<video src=\"a.mp4\">Get a newer browser</video>")
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Message, "Get a newer browser") {
		t.Errorf("problems %+v", r.Problems)
	}
}
