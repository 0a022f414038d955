package directive_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

func ptr[T any](v T) *T { return &v }

func ref(kind models.Kind) *models.Ref {
	return models.NewRef(kind, "0190a1b2-0000-7000-8000-00000000000a")
}

// base is that of the block with a number.
func base(id string) models.BlockBase { return models.BlockBase{ID: id} }

func para(id string, text models.Text) *models.Paragraph {
	return &models.Paragraph{BlockBase: base(id), Text: text}
}

func TestBlocksAreWritten(t *testing.T) {
	b1 := base("b1")
	one := func(text models.Text) models.Cell { return models.Cell{Text: text, Colspan: 1, Rowspan: 1} }
	head := func(text models.Text) models.Cell { c := one(text); c.Header = true; return c }
	for name, tt := range map[string]struct {
		in   models.Blocks
		want string
	}{
		"nothing":                   {nil, ""},
		"paragraph":                 {models.Blocks{para("b1", "a *b*\\\nc")}, "a *b*\\\nc\n"},
		"paragraph of its own id":   {models.Blocks{para("x", "a")}, "{#x}\na\n"},
		"id with a space":           {models.Blocks{para("x y", "a")}, "{id=\"x y\"}\na\n"},
		"paragraph that is image":   {models.Blocks{para("b1", "![a](b)")}, "\\![a](b)\n"},
		"heading":                   {models.Blocks{&models.Heading{BlockBase: b1, Level: 3, Text: "H"}}, "### H\n"},
		"heading with anchor":       {models.Blocks{&models.Heading{BlockBase: b1, Level: 2, Text: "C#", Anchor: "c"}}, "## C# ## {#c}\n"},
		"heading with an odd one":   {models.Blocks{&models.Heading{BlockBase: b1, Level: 2, Text: "H", Anchor: "a b"}}, "## H {anchor=\"a b\"}\n"},
		"heading of lines":          {models.Blocks{&models.Heading{BlockBase: b1, Level: 2, Text: "a\nb"}}, "::::heading{level=2}\n:::text\na\nb\n:::\n::::\n"},
		"heading like a list":       {models.Blocks{&models.Heading{BlockBase: b1, Level: 2, Text: "1. a"}}, "## 1. a\n"},
		"list":                      {models.Blocks{list(items("a", "b"))}, "- a\n- b\n"},
		"list with an empty item":   {models.Blocks{list(items("a", "", "b"))}, "- a\n-\n- b\n"},
		"ordered list":              {models.Blocks{&models.List{BlockBase: b1, Ordered: true, Start: 9, Items: items("a", "b\nc")}}, "9. a\n10. b\n    c\n"},
		"list with a start":         {models.Blocks{&models.List{BlockBase: b1, Start: 2, Items: items("a")}}, "{start=2}\n- a\n"},
		"two lists":                 {models.Blocks{list(items("a")), listOf("b2", items("b")), listOf("b3", items("c"))}, "- a\n\n* b\n\n- c\n"},
		"nested list":               {models.Blocks{list([]models.ListItem{{Text: "a", Blocks: models.Blocks{listOf("b2", items("b"))}}})}, "- a\n  - b\n"},
		"list in a list at once":    {models.Blocks{list([]models.ListItem{{Blocks: models.Blocks{listOf("b2", items("b"))}}})}, "- - b\n"},
		"item of a paragraph":       {models.Blocks{list([]models.ListItem{{Blocks: models.Blocks{para("b2", "a")}}})}, "- {#b2}\n  a\n"},
		"item with a rule":          {models.Blocks{list([]models.ListItem{{Blocks: models.Blocks{&models.Rule{BlockBase: base("b2")}}}})}, "- ***\n"},
		"quote":                     {models.Blocks{&models.Quote{BlockBase: b1, Blocks: models.Blocks{para("b2", "a"), para("b3", "b")}}}, "> a\n>\n> b\n"},
		"quote of somebody":         {models.Blocks{&models.Quote{BlockBase: b1, Blocks: models.Blocks{para("b2", "a")}, Attribution: "B"}}, "> a\n>\n> ::attribution[B]\n"},
		"quote of a source":         {models.Blocks{&models.Quote{BlockBase: b1, Source: ref(models.KindSource)}}, "{source=0190a1b2-0000-7000-8000-00000000000a}\n>\n"},
		"definition":                {models.Blocks{&models.Definition{BlockBase: b1, Term: "a", Text: "b"}}, ":::definition[a]\nb\n:::\n"},
		"empty box":                 {models.Blocks{&models.Box{BlockBase: b1, Box: models.BoxCard}}, "::box{kind=card}\n"},
		"box":                       {models.Blocks{&models.Box{BlockBase: b1, Box: models.BoxTip, Title: "T", OriginClass: "a b", Blocks: models.Blocks{para("b2", "x")}}}, ":::box[T]{kind=tip class=\"a b\"}\nx\n:::\n"},
		"box in a box":              {models.Blocks{&models.Box{BlockBase: b1, Box: models.BoxTip, Blocks: models.Blocks{&models.Box{BlockBase: base("b2"), Box: models.BoxTip, Blocks: models.Blocks{para("b3", "x")}}}}}, "::::box{kind=tip}\n:::box{kind=tip}\nx\n:::\n::::\n"},
		"title of lines":            {models.Blocks{&models.Box{BlockBase: b1, Box: models.BoxTip, Title: "a\nb", Blocks: models.Blocks{para("b2", "x")}}}, "::::box{kind=tip}\n:::title\na\nb\n:::\n\nx\n::::\n"},
		"disclosure":                {models.Blocks{&models.Disclosure{BlockBase: b1, Label: "[more]", Blocks: models.Blocks{para("b2", "x")}}}, ":::disclosure[[more]]\nx\n:::\n"},
		"pipe table":                {models.Blocks{&models.Table{BlockBase: b1, Head: [][]models.Cell{{head("a"), head("")}}, Rows: [][]models.Cell{{one("|"), one("d")}}}}, "| a |  |\n| --- | --- |\n| \\| | d |\n"},
		"table with caption":        {models.Blocks{&models.Table{BlockBase: b1, Head: [][]models.Cell{{head("a")}}, Caption: "c"}}, ":::table[c]\n| a |\n| --- |\n:::\n"},
		"table without head":        {models.Blocks{&models.Table{BlockBase: b1, Rows: [][]models.Cell{{head("a"), one("b")}}}}, "::::table\n:::row\n::cell[a]{header}\n::cell[b]\n:::\n::::\n"},
		"table with spans":          {models.Blocks{&models.Table{BlockBase: b1, Head: [][]models.Cell{{{Text: "a", Header: true, Colspan: 2, Rowspan: 1}, one("b")}}}}, "::::table\n:::head\n::cell[a]{colspan=2}\n::cell[b]{header=false}\n:::\n::::\n"},
		"image":                     {models.Blocks{&models.Image{BlockBase: b1, URL: "a/b.png", Alt: "it's"}}, "![it's](a/b.png)\n"},
		"image of an asset":         {models.Blocks{&models.Image{BlockBase: b1, Asset: ref(models.KindAsset), Alt: "a \"b\"\nc", Caption: "C"}}, "::image[C]{asset=0190a1b2-0000-7000-8000-00000000000a alt=\"a \\\"b\\\"\\nc\"}\n"},
		"video":                     {models.Blocks{&models.Video{BlockBase: b1, URL: "http://v.example.org/?a=1&b=2", Start: ptr(0), Duration: ptr(90), Credit: "C"}}, ":::video{url=\"http://v.example.org/?a=1&b=2\" duration=90 start=0}\n::credit[C]\n:::\n"},
		"embed":                     {models.Blocks{&models.Embed{BlockBase: b1, URL: "/q", Height: ptr(0)}}, "::embed{url=\"/q\" height=0}\n"},
		"download":                  {models.Blocks{&models.Download{BlockBase: b1, URL: "a.pdf", Label: "L", MediaType: "application/pdf"}}, "::download[L]{url=a.pdf media-type=application/pdf}\n"},
		"worksheet":                 {models.Blocks{&models.WorksheetUse{BlockBase: b1, Worksheet: ref(models.KindWorksheet), Role: models.RoleAgain}}, "::worksheet{ref=0190a1b2-0000-7000-8000-00000000000a role=again}\n"},
		"worksheet that is missing": {models.Blocks{&models.WorksheetUse{BlockBase: b1, Role: models.RoleFirst}}, "::worksheet\n"},
		"fragment":                  {models.Blocks{&models.FragmentUse{BlockBase: b1, Fragment: ref(models.KindFragment)}}, "::fragment{ref=0190a1b2-0000-7000-8000-00000000000a}\n"},
		"code":                      {models.Blocks{&models.Code{BlockBase: b1, Language: "go", Code: "\ta\n\nb\n"}}, "```go\n\ta\n\nb\n\n```\n"},
		"code with a fence":         {models.Blocks{&models.Code{BlockBase: b1, Code: "```"}}, "````\n```\n````\n"},
		"code of an odd language":   {models.Blocks{&models.Code{BlockBase: b1, Language: "a`b", Code: "x"}}, "~~~a`b\nx\n~~~\n"},
		"empty code":                {models.Blocks{&models.Code{BlockBase: b1}}, "```\n```\n"},
		"rule":                      {models.Blocks{&models.Rule{BlockBase: b1}}, "---\n"},
		"raw HTML":                  {models.Blocks{&models.RawHTML{BlockBase: b1, HTML: "<b>\n\n</b>"}}, "```{=html}\n<b>\n\n</b>\n```\n"},
		"code that looks like ours": {models.Blocks{&models.Code{BlockBase: b1, Language: "{=html}"}}, "```lectern\n{\"id\":\"b1\",\"kind\":\"code\",\"language\":\"{=html}\",\"code\":\"\"}\n```\n"},
		"only the inner one as JSON": {models.Blocks{&models.Quote{BlockBase: b1, Blocks: models.Blocks{para("b2", "a\n")}}},
			"> ```lectern\n> {\"id\":\"b2\",\"kind\":\"paragraph\",\"text\":\"a\\n\"}\n> ```\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, roundTrip(t, directive.Section{Blocks: tt.in})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func items(texts ...models.Text) []models.ListItem {
	out := make([]models.ListItem, len(texts))
	for i := range texts {
		out[i].Text = texts[i]
	}
	return out
}

func list(items []models.ListItem) *models.List { return listOf("b1", items) }

func listOf(id string, items []models.ListItem) *models.List {
	return &models.List{BlockBase: base(id), Items: items}
}

func TestPromptsAreWritten(t *testing.T) {
	of := func(kind models.PromptKind, text models.Text) models.PromptBase {
		return models.PromptBase{ID: "p1", Kind: kind, Text: text}
	}
	plain := func(kind models.PromptKind, set func(*models.PromptBase)) models.Prompts {
		p := &models.PlainPrompt{PromptBase: of(kind, "Why?")}
		set(&p.PromptBase)
		return models.Prompts{p}
	}
	nothing := func(*models.PromptBase) {}
	texts := func(ts ...models.Text) []models.Text { return ts }
	for name, tt := range map[string]struct {
		in   models.Prompts
		want string
	}{
		"question":        {plain(models.PromptQuestion, nothing), "::question[Why?]\n"},
		"sentence start":  {plain(models.PromptSentenceStart, nothing), "::sentence-start[Why?]\n"},
		"field":           {plain(models.PromptField, nothing), "::field[Why?]\n"},
		"step":            {plain(models.PromptStep, nothing), "::step[Why?]\n"},
		"blank":           {plain(models.PromptBlank, nothing), "::blank[Why?]\n"},
		"drawing":         {plain(models.PromptDrawing, nothing), "::drawing[Why?]\n"},
		"without text":    {plain(models.PromptField, func(b *models.PromptBase) { b.Text = "" }), "::field\n"},
		"required":        {plain(models.PromptField, func(b *models.PromptBase) { b.Required = true }), "::field[Why?]{required}\n"},
		"objective":       {plain(models.PromptField, func(b *models.PromptBase) { b.Objective = ptr("") }), "::field[Why?]{objective=\"\"}\n"},
		"its own id":      {plain(models.PromptField, func(b *models.PromptBase) { b.ID = "why" }), "::field[Why?]{#why}\n"},
		"help":            {plain(models.PromptField, func(b *models.PromptBase) { b.Help = "H" }), ":::field[Why?]\n::help[H]\n:::\n"},
		"text of lines":   {plain(models.PromptField, func(b *models.PromptBase) { b.Text = "- a\n- b" }), "::::field\n:::text\n\\- a\n\\- b\n:::\n::::\n"},
		"group":           {models.Prompts{&models.Group{PromptBase: of(models.PromptGroup, "G"), LeadIn: "L", Prompts: models.Prompts{&models.PlainPrompt{PromptBase: models.PromptBase{ID: "p2", Kind: models.PromptField, Text: "F"}}}}}, ":::group[G]\n::lead-in[L]\n\n::field[F]\n:::\n"},
		"empty group":     {models.Prompts{&models.Group{PromptBase: of(models.PromptGroup, "G")}}, "::group[G]\n"},
		"free space":      {models.Prompts{&models.FreeSpace{PromptBase: of(models.PromptFreeSpace, "S"), Lines: ptr(3), Height: ptr(40)}}, "::free-space[S]{lines=3 height=40}\n"},
		"choice of one":   {models.Prompts{&models.Choice{PromptBase: of(models.PromptChoiceOne, "C"), Options: texts("a", "b\nc")}}, ":::choice-one[C]\n- a\n- b\n  c\n:::\n"},
		"choice of many":  {models.Prompts{&models.Choice{PromptBase: of(models.PromptChoiceMany, "C"), Options: texts("a")}}, ":::choice-many[C]\n- a\n:::\n"},
		"choice and help": {models.Prompts{&models.Choice{PromptBase: models.PromptBase{ID: "p1", Kind: models.PromptChoiceOne, Help: "H"}, Options: texts("a")}}, ":::choice-one\n::help[H]\n- a\n:::\n"},
		"rating":          {models.Prompts{&models.Rating{PromptBase: of(models.PromptRating, "R"), Scale: texts("", "b"), Statements: texts("c")}}, "::::rating[R]\n:::scale\n-\n- b\n:::\n\n- c\n::::\n"},
		"grid":            {models.Prompts{&models.Grid{PromptBase: of(models.PromptGrid, "G"), Columns: texts("a", ""), Rows: []models.GridRow{{Label: "x", Cells: texts("", "|")}}}}, ":::grid[G]\n|  | a |  |\n| --- | --- | --- |\n| x |  | \\| |\n:::\n"},
		"grid, head over its labels": {models.Prompts{&models.Grid{PromptBase: of(models.PromptGrid, ""), Columns: texts("a", "b"), Rows: []models.GridRow{{Label: "x", Cells: texts("")}}}},
			":::grid\n| a | b |\n| --- | --- |\n| x |  |\n:::\n"},
		"grid of labels": {models.Prompts{&models.Grid{PromptBase: of(models.PromptGrid, ""), Rows: []models.GridRow{{Label: "x"}}}}, ":::grid\n|  |\n| --- |\n| x |\n:::\n"},
		"ragged grid":    {models.Prompts{&models.Grid{PromptBase: of(models.PromptGrid, ""), Columns: texts("a"), Rows: []models.GridRow{{Label: "x"}, {Cells: texts("b\nc")}}}}, "::::grid\n:::columns\n- a\n:::\n::row[x]\n:::row\n- b\n  c\n:::\n::::\n"},
		"matching":       {models.Prompts{&models.Matching{PromptBase: of(models.PromptMatching, "M"), Left: texts("a"), Right: texts("b", "c")}}, "::::matching[M]\n:::left\n- a\n:::\n:::right\n- b\n- c\n:::\n::::\n"},
		"text that is no text": {models.Prompts{&models.Choice{PromptBase: of(models.PromptChoiceOne, ""), Options: texts("a\n")}},
			"```lectern\n{\"id\":\"p1\",\"kind\":\"choice_one\",\"text\":\"\",\"help\":\"\",\"required\":false,\"objective\":null,\"options\":[\"a\\n\"]}\n```\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, worksheetRoundTrip(t, directive.Worksheet{Prompts: tt.in})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNotesAreWrittenWhereTheyBelong(t *testing.T) {
	blocks := func() models.Blocks {
		return models.Blocks{
			&models.Box{BlockBase: base("b1"), Box: models.BoxTip, Blocks: models.Blocks{para("b2", "x")}},
			list2("b3", "b4"),
		}
	}
	for name, tt := range map[string]struct {
		notes []models.EditorNote
		want  string
	}{
		"at the beginning":       {[]models.EditorNote{{ID: "n1", Text: "N"}}, "<!-- N -->\n\n:::box{kind=tip}\nx\n:::\n\n- a\n  - b\n"},
		"behind a box's opening": {[]models.EditorNote{{ID: "n1", After: "b1", Text: "N"}}, ":::box{kind=tip}\n<!-- N -->\n\nx\n:::\n\n- a\n  - b\n"},
		"in a box":               {[]models.EditorNote{{ID: "n1", After: "b2", Text: "N\n\nM"}}, ":::box{kind=tip}\nx\n\n<!--\nN\n\nM\n-->\n:::\n\n- a\n  - b\n"},
		"in an item":             {[]models.EditorNote{{ID: "n1", After: "b3", Text: "N"}}, ":::box{kind=tip}\nx\n:::\n\n- a\n\n  <!-- N -->\n\n  - b\n"},
		"with an id":             {[]models.EditorNote{{ID: "why", Text: "N"}}, "<!-- {#why} N -->\n\n:::box{kind=tip}\nx\n:::\n\n- a\n  - b\n"},
		"that begins like an id": {[]models.EditorNote{{ID: "n1", Text: "{#why} N"}}, "<!-- {#n1} {#why} N -->\n\n:::box{kind=tip}\nx\n:::\n\n- a\n  - b\n"},
		"that can be no comment": {[]models.EditorNote{{ID: "n1", Text: "a --> b"}}, "```lectern\n{\"kind\":\"editor_note\",\"id\":\"n1\",\"after\":\"\",\"text\":\"a --> b\"}\n```\n\n:::box{kind=tip}\nx\n:::\n\n- a\n  - b\n"},
		"of no block":            {[]models.EditorNote{{ID: "n1", After: "b9", Text: "N"}}, ":::box{kind=tip}\nx\n:::\n\n- a\n  - b\n\n```lectern\n{\"kind\":\"editor_note\",\"id\":\"n1\",\"after\":\"b9\",\"text\":\"N\"}\n```\n"},
		"in another order": {[]models.EditorNote{{ID: "n1", After: "b4", Text: "N"}, {ID: "n2", Text: "M"}},
			":::box{kind=tip}\nx\n:::\n\n- a\n  - b\n\n```lectern\n{\"kind\":\"editor_note\",\"id\":\"n1\",\"after\":\"b4\",\"text\":\"N\"}\n```\n\n" +
				"```lectern\n{\"kind\":\"editor_note\",\"id\":\"n2\",\"after\":\"\",\"text\":\"M\"}\n```\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, roundTrip(t, directive.Section{Blocks: blocks(), Notes: tt.notes})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func list2(outer, inner string) *models.List {
	return listOf(outer, []models.ListItem{{Text: "a", Blocks: models.Blocks{listOf(inner, items("b"))}}})
}

func TestDefinitionsAreWritten(t *testing.T) {
	for name, tt := range map[string]struct {
		in   directive.Definition
		want string
	}{
		"one line":           {directive.Definition{Label: "1", Text: "a"}, "[^1]: a\n"},
		"lines":              {directive.Definition{Label: "1", Text: "a\n# b"}, "[^1]: a\n    \\# b\n"},
		"no text":            {directive.Definition{Label: "x"}, "[^x]:\n"},
		"label with a space": {directive.Definition{Label: "a b", Text: "c"}, "```lectern\n{\"kind\":\"note_definition\",\"label\":\"a b\",\"text\":\"c\"}\n```\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, roundTrip(t, directive.Section{Definitions: []directive.Definition{tt.in}})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTwoBlocksOfOneIDAreNotWritten(t *testing.T) {
	for name, in := range map[string]models.Blocks{
		"by name":  {para("x", "a"), para("x", "b")},
		"by place": {para("b2", "a"), para("b2", "b")},
		"none":     {para("", "a")},
	} {
		if text, err := directive.WriteSection(directive.Section{Blocks: in}); err == nil {
			t.Errorf("%s: written as %q", name, text)
		}
	}
}
