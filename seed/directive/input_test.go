package directive_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

// TestHandWrittenFormsAreRead says in Lectern's own form what other forms mean.
func TestHandWrittenFormsAreRead(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"line ends of Windows":        {"## H\r\n\r\na\r\nb\r\n", "## H\n\na\nb\n"},
		"no line end at the end":      {":::box\na\n:::", ":::box{kind=info}\na\n:::\n"},
		"setext heading":              {"H\n---\na", "## H\n\na\n"},
		"setext heading of lines":     {"a\nb {#c}\n---", "::::heading{level=2 anchor=c}\n:::text\na\nb\n:::\n::::\n"},
		"closed heading":              {"### H ###   ", "### H\n"},
		"heading closed with anchor":  {"## H ## {#a}", "## H {#a}\n"},
		"heading, anchor by name":     {"## H {anchor='a b'}", "## H {anchor=\"a b\"}\n"},
		"heading with a set":          {"## H {a, b}", "## H {a, b} ##\n"},
		"heading after a paragraph":   {"a\n## H", "a\n\n## H\n"},
		"other bullets":               {"* a\n* b\n\n+ c", "- a\n- b\n\n* c\n"},
		"other numbers":               {"1) a\n1) b", "1. a\n2. b\n"},
		"loose list":                  {"- a\n\n- b\n", "- a\n- b\n"},
		"deep indentation":            {"-   a\n\n    b\n", "- a\n\n  b\n"},
		"nested by a tab":             {"- a\n\t- b\n", "- a\n  - b\n"},
		"lazy line":                   {"> a\nb", "> a\n> b\n"},
		"fence of tildes":             {"~~~ go\nx\n~~~", "```go\nx\n```\n"},
		"indented code":               {"    a\n\n      b\n", "```\na\n\n  b\n```\n"},
		"code in an item":             {"- a\n\n  ```\n  b\n  ```", "- a\n\n  ```\n  b\n  ```\n"},
		"table without outer pipes":   {"a | b\n:- | -:\nc", "| a | b |\n| --- | --- |\n| c |  |\n"},
		"table behind a paragraph":    {"x\n| a |\n|---|\n", "x\n\n| a |\n| --- |\n"},
		"table in an item":            {"- x\n  | a |\n  |---|\n", "- x\n\n  | a |\n  | --- |\n"},
		"image with escapes":          {"![a \\[b\\] &amp; c](d.png)", "::image{url=d.png alt=\"a [b] & c\"}\n"},
		"image in a sentence":         {"see ![a](b)", "see ![a](b)\n"},
		"attributes in any order":     {":::box{class='a b'   kind=tip}\nx\n:::", ":::box{kind=tip class=\"a b\"}\nx\n:::\n"},
		"classes as in HTML":          {":::box{.a .b}\nx\n:::", ":::box{kind=info class=\"a b\"}\nx\n:::\n"},
		"quotation marks in a value":  {`::embed{url=a title="say \"hi\" \n"}`, "::embed{url=a title=\"say \\\"hi\\\" \\n\"}\n"},
		"single quotation marks":      {`::embed{url=a title='"x"'}`, "::embed{url=a title=\"\\\"x\\\"\"}\n"},
		"backslashes in a value":      {`::embed{url=a title="C:\dir"}`, "::embed{url=a title=\"C:\\\\dir\"}\n"},
		"spaces in a directive":       {"::: box [T] { kind=tip }  \nx\n:::  ", ":::box[T]{kind=tip}\nx\n:::\n"},
		"underscores in names":        {"::video{url=a video_id=b}", "::video{url=a video-id=b}\n"},
		"flags with values":           {"::image{url=a decorative=true}", "::image{url=a decorative}\n"},
		"flags that are off":          {"::image{url=a decorative=false}", "![](a)\n"},
		"same colons nested":          {":::box\n:::disclosure[a]\nx\n:::\ny\n:::", "::::box{kind=info}\n:::disclosure[a]\nx\n:::\n\ny\n::::\n"},
		"more colons than needed":     {"::::::box\nx\n::::::", ":::box{kind=info}\nx\n:::\n"},
		"indented inside":             {"::::box\n  :::title\n  T\n  :::\n  x\n::::", ":::box[T]{kind=info}\nx\n:::\n"},
		"container in an item":        {"- a\n\n  :::box\n  - b\n  :::\n- c", "- a\n\n  :::box{kind=info}\n  - b\n  :::\n\n- c\n"},
		"container in an item in one": {":::box\n- a\n  :::box\n  x\n  :::\n:::", "::::box{kind=info}\n- a\n\n  :::box{kind=info}\n  x\n  :::\n::::\n"},
		"item not closed by a fence":  {":::box\n- a\n:::", ":::box{kind=info}\n- a\n:::\n"},
		"fence of colons in code":     {":::box\n```\n:::\n```\n:::", "::::box{kind=info}\n```\n:::\n```\n::::\n"},
		"fence of colons in comment":  {":::box\n<!--\n:::\n-->\n:::", "::box{kind=info}\n\n<!-- ::: -->\n"},
		"leaf as a container":         {":::embed{url=a}\n:::", "::embed{url=a}\n"},
		"container as a leaf":         {"::box[T]", "::box[T]{kind=info}\n"},
		"text as a container":         {":::video{url=a}\n:::caption\nC\n:::\n:::", "::video[C]{url=a}\n"},
		"brackets in brackets":        {"::box[a]b]{kind=tip}", "::box[a]b]{kind=tip}\n"},
		"braces in brackets":          {"::box[a]{kind=tip}]", "::box[a]{kind=tip}]{kind=info}\n"},
		"two colons in a text":        {":: a\nb ::c", ":: a\nb ::c\n"},
		"attributes on a line":        {"{#x}\n::embed{url=a}", "::embed{#x url=a}\n"},
		"words in braces":             {"{draft}\n\n{}", "{draft}\n\n{}\n"},
		"id of another's place":       {"{#b2}\na\n\nb", "{#b2}\na\n\n{#b2-2}\nb\n"},
		"comment without spaces":      {"a\n<!--b-->\nc", "a\n\n<!-- b -->\n\nc\n"},
		"empty comment":               {"a\n\n<!-- -->", "a\n"},
		"comment in an item":          {"- a\n  <!-- b -->", "- a\n\n<!-- b -->\n"},
		"definitions anywhere":        {"[^1]: a\nb\n[^2]: c\n\nd[^1]", "d[^1]\n\n[^1]: a\n    b\n[^2]: c\n"},
		"protected line":              {"\\# a\n1\\. b\n\\\\# c", "\\# a\n1\\. b\n\\\\# c\n"},
		"needless backslash":          {"\\a \\* b", "\\a \\* b\n"},
		"quote as a prefix only":      {">\n> a", "> a\n"},
		"JSON over lines":             {"```lectern\n{\n \"kind\": \"rule\", \"id\": \"x\"}\n```", "{#x}\n---\n"},
		"list item like a paragraph":  {"- {#x}\n  a", "- {#x}\n  a\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := directive.ParseSection(tt.in, 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, roundTrip(t, *s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMalformedTextIsRefused(t *testing.T) {
	deep := strings.Repeat(">", 200) + " a"
	for name, tt := range map[string]struct {
		in   string
		line int
		want string
	}{
		"unknown directive":          {"a\n\n::vidoe{url=a}", 3, "there is no directive vidoe here"},
		"unknown in a box":           {":::box\n::credit[a]\n:::", 2, "there is no directive credit here"},
		"unknown in a video":         {":::video{url=a}\n::title[a]\n:::", 2, "there is no directive title in video"},
		"prompt in a section":        {"::question[a]", 1, "question can't stand here, only in a worksheet and not within blocks"},
		"no name":                    {":::{kind=tip}", 1, `a directive has a name after its colons, not "{kind=tip}"`},
		"unknown attribute":          {"::embed{src=a}", 1, "there is no attribute src here"},
		"attribute twice":            {"::embed{url=a url=b}", 1, "the attribute url stands there twice"},
		"attribute without value":    {"::embed{url}", 1, "the attribute url: needs a value"},
		"no number":                  {"::video{url=a start=1:30}", 1, `the attribute start: "1:30" is no whole number`},
		"negative number":            {"::video{url=a start=-1}", 1, `the attribute start: "-1" is no whole number`},
		"number with a sign":         {"::video{url=a start=+1}", 1, `the attribute start: "+1" is no whole number`},
		"unknown kind of box":        {":::box{kind=box}\n:::", 1, `the attribute kind: "box" is none of [objectives activity reflection case_study info tip example extra card]`},
		"unknown role":               {"::worksheet{role=last}", 1, `the attribute role: "last" is none of [first again end]`},
		"no id of a record":          {"::fragment{ref=footer}", 1, `the attribute ref: "footer" is no id of a record`},
		"neither true nor false":     {"::image{url=a decorative=yes}", 1, `the attribute decorative: "yes" is neither true nor false`},
		"brace not closed":           {"::embed{url=a", 1, "attributes without a closing brace"},
		"quotation mark not closed":  {`::embed{url="a}`, 1, "the value of url has no closing quotation mark"},
		"bracket not closed":         {"::box[a", 1, "the text has no closing bracket"},
		"attributes without a space": {`::embed{url="a"title="b"}`, 1, `a space is missing before "title=\"b\"}"`},
		"text after attributes":      {"::embed{url=a} b", 1, `"b" stands after the attributes`},
		"no attribute":               {"::embed{=}", 1, `"=}" is no attribute`},
		"container not closed":       {"a\n\n:::box\nb\n", 3, "the container box is not closed: it ends with a line of 3 colons"},
		"inner one not closed":       {"::::box\n:::disclosure[a]\nb\n::::", 2, "the container disclosure is not closed: it ends with a line of 3 colons"},
		"not closed in a quote":      {"> :::box\n> a\n\nb", 1, "the container box is not closed: it ends with a line of 3 colons"},
		"end of nothing":             {"a\n\n:::", 3, "a line of 3 colons that ends nothing: a container ends with as many as it begins with"},
		"longer end":                 {":::box\na\n::::", 1, "the container box is not closed: it ends with a line of 3 colons"},
		"text twice":                 {":::box[a]\n::title[b]\n:::", 2, "title stands there twice"},
		"text of blocks":             {":::video{url=a}\n:::credit\n- b\n:::\n:::", 3, "only text can stand here"},
		"text of two paragraphs":     {":::video{url=a}\n:::credit\nb\n\nc\n:::\n:::", 5, "only one paragraph can stand here"},
		"text in brackets and below": {":::video{url=a}\n:::credit[a]\nb\n:::\n:::", 2, "credit has text in brackets and below"},
		"attributes of a text":       {":::video{url=a}\n::credit[a]{b=c}\n:::", 2, "credit has no attributes"},
		"no text in brackets":        {"::embed[a]{url=b}", 1, "embed has no text in brackets"},
		"definition of two":          {":::definition[a]\nb\n\nc\n:::", 4, "this can't stand in definition"},
		"row without a table":        {":::row\n:::", 1, "there is no directive row here"},
		"cell without a row":         {":::table\n::cell[a]\n:::", 2, "there is no directive cell in table"},
		"head below rows":            {"::::table\n:::row\n:::\n:::head\n:::\n::::", 4, "the head of a table stands above its rows"},
		"row with attributes":        {"::::table\n:::row{header}\n:::\n::::", 2, "row has neither text nor attributes"},
		"too many cells":             {"| a |\n|---|\n| b | c |", 1, "a row has 2 cells, the head of its table has 1"},
		"title of the section":       {"# a", 1, "headings begin at level 2: level 1 is the title of the section"},
		"underlined title":           {"a\n===", 1, "headings begin at level 2: level 1 is the title of the section"},
		"heading without text":       {"##", 1, "a heading without text"},
		"heading with a class":       {"## a {.b}", 1, "there is no attribute class here"},
		"id twice":                   {"{#x}\na\n\n{#x}\nb", 4, `the id "x" stands there twice`},
		"id that is too long":        {"{#" + strings.Repeat("x", 65) + "}\na", 1, "the attribute id: an id has 1 to 64 printable ASCII characters"},
		"attributes of nothing":      {"a\n\n{#x}", 3, "attributes that no block follows"},
		"two lines of attributes":    {"{#x}\n{start=1}\n- a", 2, "a second line of attributes for one block"},
		"attribute of another kind":  {"{start=1}\na", 1, "there is no attribute start here"},
		"mark defined twice":         {"[^1]: a\n[^1]: b", 2, `the mark "1" is defined twice, first on line 1`},
		"comment not closed":         {"a\n\n<!-- b", 3, "a comment without its end, -->"},
		"text behind a comment":      {"<!-- a --> b", 1, `"b" stands after a comment on its line`},
		"two notes of one id":        {"<!-- {#a} b -->\n<!-- {#a} c -->", 1, `two notes have the id "a"`},
		"unknown kind in JSON":       {"a\n\n```lectern\n{\"kind\":\"rul\"}\n```", 3, `the JSON could not be read: /0/kind unknown kind of block "rul"`},
		"JSON without id":            {"```lectern\n{\"kind\":\"rule\"}\n```", 1, "an id has 1 to 64 printable ASCII characters"},
		"too much nested":            {strings.Repeat("> ", 100) + "\n" + strings.Repeat(strings.Repeat(">", 100)+" \n", 25000), 20973, "too many lines stand within too many blocks"},
		"nested too deep":            {"a\n\n" + deep, 3, "blocks are nested more than 120 deep"},
		"too many attributes":        {"::box{" + strings.Repeat("a ", 41) + "}", 1, "more than 40 attributes"},
		"attributes too long":        {"::box{a=" + strings.Repeat("a", 64<<10) + "}", 1, "attributes have more than 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := directive.ParseSection(tt.in, 1)
			checkError(t, err, tt.line, tt.want)
		})
	}
}

func checkError(t *testing.T, err error, line int, message string) {
	t.Helper()
	e, ok := errors.AsType[*directive.Error](err)
	if !ok || e.Line != line || e.Message != message {
		t.Errorf("error %v, want line %d: %s", err, line, message)
	}
}

func TestMalformedWorksheetsAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		in   string
		line int
		want string
	}{
		"block behind a prompt":    {"::field[a]\n\nb", 3, "the blocks of a worksheet stand before its prompts, or in an answer"},
		"prompt behind an answer":  {"::answers\n\n::field[a]", 3, "prompts stand before the answers"},
		"prompt in a box":          {":::box\n::field[a]\n:::", 2, "field can't stand here, only in a worksheet and not within blocks"},
		"block in a group":         {":::group\na\n:::", 2, "this can't stand in a group"},
		"text in a choice":         {":::choice-one\na\n:::", 2, "this can't stand in choice-one"},
		"list in an option":        {":::choice-one\n- a\n  - b\n:::", 3, "only one paragraph can stand here"},
		"two lists of options":     {":::choice-one\n- a\n\n* b\n:::", 4, "this can't stand in choice-one"},
		"scale of text":            {"::::rating\n:::scale\na\n:::\n::::", 3, "this can't stand in scale"},
		"row of a grid not closed": {"::::grid\n:::row[a]\n::::", 2, "the container row is not closed: it ends with a line of 3 colons"},
		"id twice":                 {"::field{#a}\n\n::field{#a}", 3, `the id "a" stands there twice`},
		"comment":                  {"a\n\n<!-- b -->", 3, "a worksheet has no place for comments"},
		"comment among prompts":    {":::group\n<!-- b -->\n:::", 2, "a comment can't stand in a group"},
		"definition of a mark":     {"a\n\n[^1]: b", 3, "a worksheet has no definitions of marks"},
		"unknown field in JSON":    {"```lectern\n{\"kind\":\"field\",\"id\":\"a\",\"lines\":1}\n```", 1, "the JSON could not be read: /0/lines unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := directive.ParseWorksheet(tt.in, 1)
			checkError(t, err, tt.line, tt.want)
		})
	}
}

func TestErrorsNameTheLineOfTheFile(t *testing.T) {
	_, err := directive.ParseSection("a\n\n::b", 11)
	checkError(t, err, 13, "there is no directive b here")
	if err.Error() != "line 13: there is no directive b here" {
		t.Errorf("error reads %q", err)
	}
}

func TestDoubtfulTextIsReported(t *testing.T) {
	for name, tt := range map[string]struct {
		in   string
		want []directive.Warning
	}{
		"comment in a text": {"a\n\nb <!-- c -->", []directive.Warning{{Line: 3, Message: "a comment within a text is public: comments are notes only on lines of their own"}}},
		"link definition":   {"[a]: http://example.org", []directive.Warning{{Line: 1, Message: "a link definition is kept as text: links are written [text](address)"}}},
		"HTML":              {"<div class=\"a\">\n\nb\n\n</div>", []directive.Warning{{Line: 1, Message: htmlWarning}, {Line: 5, Message: htmlWarning}}},
		"HTML in a line":    {"<sup>2</sup> a", nil},
		"protected":         {"\\[a]: b", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := directive.ParseSection(tt.in, 1)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, s.Warnings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const htmlWarning = "HTML is kept within a text: markup of its own stands in a block that begins with ```{=html}"

func TestDefinitionsHaveTheirLine(t *testing.T) {
	s, err := directive.ParseSection("a[^x]\n\n[^x]: b\n    c\n\n[^y]: d\n", 5)
	if err != nil {
		t.Fatal(err)
	}
	want := []directive.Definition{{Label: "x", Text: "b\nc", Line: 7}, {Label: "y", Text: "d", Line: 10}}
	if diff := cmp.Diff(want, s.Definitions); diff != "" {
		t.Error(diff)
	}
}

// slow is what no text of a quarter of a megabyte may take, with the race detector too.
const slow = time.Minute

func TestHostileTextTakesNoTime(t *testing.T) {
	const size = 1 << 18
	for name, unit := range map[string]string{
		"quotes": ">", "bullets": "- ", "numbers": "1. ", "colons": ":", "brackets": "::box[]{", "braces": "## {a=", "boxes": ":::box\n",
		"leaves": "::box\n", "ends": ":::\n", "pipes": "|", "table rows": "a|b\n-|-\n", "comments": "<!--", "notes": "<!-- a -->\n", "definitions": "[^a",
		"backslashes": `\`, "empty items": "-\n", "fences": "```\n", "lines": "a\n", "attribute lines": "{#a}\n", "underlines": "a\n---\n",
		"list and quote": "- > ", "deeper boxes": "- :::box\n  ", "line ends": "\n", "returns": "\r",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := directive.ParseSection(strings.Repeat(unit, size/len(unit)), 1)
			if took := time.Since(start); took > slow {
				t.Errorf("took %v", took)
			}
			if _, ok := errors.AsType[*directive.Error](err); err != nil && !ok {
				t.Errorf("error %v", err)
			}
			t.Logf("%v, error %.60v", time.Since(start), err)
		})
	}
	if _, err := directive.ParseSection(strings.Repeat("a", 9<<20), 1); err == nil {
		t.Error("9 MiB were read")
	}
}

func TestAnswersAreNumberedWithTheInstructions(t *testing.T) {
	w, err := directive.ParseWorksheet("a\n\n::field[b]\n\n:::answers{prompt=p1}\nc\n:::\n", 1)
	if err != nil {
		t.Fatal(err)
	}
	if id := w.Answers[0].Blocks[0].Base().ID; id != "b2" || w.Answers[0].Prompt != "p1" || w.Prompts[0].PromptFields().ID != "p1" {
		t.Errorf("block %s answers %s", id, w.Answers[0].Prompt)
	}
}

// TestRecordsCalledByName: only a caller that knows names may have them in texts.
func TestRecordsCalledByName(t *testing.T) {
	const id = models.ID("0190a1b2-0000-7000-8000-000000000001")
	names := func(kind models.Kind, name string) (models.ID, bool) {
		return id, kind == models.KindWorksheet && name == "my-sheet"
	}
	s, err := directive.ParseSectionWith("a\n\n::worksheet{ref=my-sheet}\n", 1, names)
	if err != nil || s.Blocks[1].(*models.WorksheetUse).Worksheet.ID != id {
		t.Errorf("a worksheet by name: %+v, %v", s, err)
	}
	if w, err := directive.ParseWorksheetWith("::worksheet{ref=my-sheet}\n", 1, names); err != nil || w.Instructions[0].(*models.WorksheetUse).Worksheet.ID != id {
		t.Errorf("in a worksheet: %+v, %v", w, err)
	}
	for text, want := range map[string]string{
		"::fragment{ref=my-sheet}\n":         `line 1: the attribute ref: there is no fragment with the id or name "my-sheet"`,
		"a\n\n{source=somebody}\n> Words.\n": `line 3: the attribute source: there is no source with the id or name "somebody"`,
	} {
		if _, err := directive.ParseSectionWith(text, 1, names); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
