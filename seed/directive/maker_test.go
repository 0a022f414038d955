package directive_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
)

// pieces are what texts are made of: words, markup, and everything that begins a block or ends a text too early.
var pieces = []string{
	"word", "two words", "näive", "“quoted”", "*em*", "**strong**", "`code`", "[link](http://example.org/a_b)", "[^1]", "[^n2]:",
	"![img](a.png)", "<br>", "<!-- c -->", "<!--", "-->", "&amp;", "&#32;", "&#9;", `\`, `\\`, `\#`, `\&#32;`, " ", "  ", "\t", "\u00a0",
	"\\\n", "  \n", "\n", "# ", "## h ##", "#", "- ", "-", "* ", "+ ", "1. ", "12) ", `1\. `, "> ", ">", "---", "***", "___", "===", "```", "~~~",
	":::", "::", ":::box", "::video{url=x}", "|", "| a | b |", "|---|---|", "--|--", "{#b1}", "{", "}", "]", "[", "{a=b}", "]{a=b}", "[x]: y", "    ",
	"'", `"`, "=", ":", "$x$", "~~no~~", "www.example.org",
}

// draws makes random blocks and prompts that the model allows.
type draws struct {
	t     *rapid.T
	ids   map[string]bool
	depth int
	own   bool // blocks have ids that are not the ones of their places
	count int
}

func newDraws(t *rapid.T) *draws {
	return &draws{t: t, ids: map[string]bool{}, own: rapid.Bool().Draw(t, "own ids")}
}

func (d *draws) bool(name string) bool   { return rapid.Bool().Draw(d.t, name) }
func (d *draws) upTo(n int) int          { return rapid.IntRange(0, n).Draw(d.t, "n") }
func (d *draws) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.t, "one") }

// inline is a text without blank lines.
func (d *draws) inline() models.Text {
	parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 5).Draw(d.t, "text")
	var lines []string
	for _, l := range strings.Split(strings.Join(parts, ""), "\n") {
		if strings.Trim(l, " \t") != "" {
			lines = append(lines, l)
		}
	}
	return models.Text(strings.Join(lines, "\n"))
}

func (d *draws) some() models.Text {
	if t := d.inline(); t != "" {
		return t
	}
	return "word"
}

func (d *draws) somes(least int) []models.Text {
	out := make([]models.Text, least+d.upTo(2))
	for i := range out {
		out[i] = d.some()
	}
	return out
}

// word is a text without markup: an address, a class, an alternative text.
func (d *draws) word() string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(append([]string{"https://example.org/?a=b&c", "callout activity", "\n", "\r"}, pieces...)), 0, 3).Draw(d.t, "word"), "")
}

func (d *draws) number() *int {
	if d.bool("absent") {
		return nil
	}
	n := rapid.IntRange(1, 1000).Draw(d.t, "number")
	return &n
}

func (d *draws) ref(kind models.Kind) *models.Ref {
	if d.bool("no reference") {
		return nil
	}
	return models.NewRef(kind, models.ID(fmt.Sprintf("0190%04d-0000-7000-8000-000000000000", d.upTo(9999))))
}

// id is the one of the place, or another that is not taken.
func (d *draws) id(letter string, base *string) {
	d.count++
	*base = fmt.Sprintf("%s%d", letter, d.count)
	if d.own && d.bool("own id") {
		*base = fmt.Sprintf("%s-%d", d.one("x", "my id", `q"`, "{}", "b"), d.count)
	}
}

func (d *draws) blocks(most int) models.Blocks {
	if d.depth++; d.depth > 4 {
		most = 0
	}
	defer func() { d.depth-- }()
	var out models.Blocks
	for range d.upTo(most) {
		out = append(out, d.block(rapid.SampledFrom(blockKinds).Draw(d.t, "kind")))
	}
	return out
}

var blockKinds = []models.BlockKind{
	models.BlockParagraph, models.BlockHeading, models.BlockList, models.BlockQuote, models.BlockDefinition, models.BlockBox,
	models.BlockDisclosure, models.BlockTable, models.BlockImage, models.BlockVideo, models.BlockEmbed, models.BlockDownload,
	models.BlockWorksheet, models.BlockFragment, models.BlockCode, models.BlockRule, models.BlockRawHTML,
}

func (d *draws) block(kind models.BlockKind) models.Block {
	var base models.BlockBase
	d.id("b", &base.ID)
	base.Kind = kind
	switch kind {
	case models.BlockHeading:
		return &models.Heading{BlockBase: base, Level: 2 + d.upTo(4), Text: d.some(), Anchor: d.one("", "top", d.word())}
	case models.BlockList:
		l := &models.List{BlockBase: base, Ordered: d.bool("ordered"), Start: d.upTo(2) * d.upTo(9)}
		for range 1 + d.upTo(2) {
			l.Items = append(l.Items, models.ListItem{Text: d.inline(), Blocks: d.blocks(2)})
		}
		return l
	case models.BlockQuote:
		return &models.Quote{BlockBase: base, Blocks: d.blocks(3), Attribution: d.inline(), Source: d.ref(models.KindSource)}
	case models.BlockDefinition:
		return &models.Definition{BlockBase: base, Term: d.some(), Text: d.some()}
	case models.BlockBox:
		return &models.Box{BlockBase: base, Box: models.BoxKind(d.one("objectives", "case_study", "info")), Title: d.inline(),
			Blocks: d.blocks(3), OriginClass: d.word()}
	case models.BlockDisclosure:
		return &models.Disclosure{BlockBase: base, Label: d.inline(), Blocks: d.blocks(3)}
	case models.BlockTable:
		return &models.Table{BlockBase: base, Head: d.rows(), Rows: d.rows(), Caption: d.inline()}
	case models.BlockImage:
		return &models.Image{BlockBase: base, Asset: d.ref(models.KindAsset), URL: d.word(), Alt: d.word(), Decorative: d.bool("decorative"),
			Caption: d.inline(), Link: d.word()}
	case models.BlockVideo:
		return &models.Video{BlockBase: base, URL: "x" + d.word(), Provider: d.word(), VideoID: d.word(), Start: d.number(), End: d.number(),
			Duration: d.number(), Credit: d.inline(), Caption: d.inline(), Title: d.word()}
	case models.BlockEmbed:
		return &models.Embed{BlockBase: base, URL: "x" + d.word(), Title: d.word(), Provider: d.word(), Height: d.number()}
	case models.BlockDownload:
		return &models.Download{BlockBase: base, Asset: d.ref(models.KindAsset), URL: d.word(), Label: d.inline(), MediaType: d.word()}
	case models.BlockWorksheet:
		return &models.WorksheetUse{BlockBase: base, Worksheet: d.ref(models.KindWorksheet), Role: models.WorksheetRole(d.one("first", "again", "end"))}
	case models.BlockFragment:
		return &models.FragmentUse{BlockBase: base, Fragment: d.ref(models.KindFragment)}
	case models.BlockCode:
		return &models.Code{BlockBase: base, Language: d.one("", "go", "python", "text", "c++", d.one("lectern", "{=html}", "~~~", d.word())), Code: d.code()}
	case models.BlockRule:
		return &models.Rule{BlockBase: base}
	case models.BlockRawHTML:
		return &models.RawHTML{BlockBase: base, HTML: d.code()}
	}
	return &models.Paragraph{BlockBase: base, Text: d.some()}
}

// code is lines of any sort, blank ones too.
func (d *draws) code() string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(append([]string{"\n", "\n\n", "\tx", "    y"}, pieces...)), 0, 5).Draw(d.t, "code"), "")
}

// rows are as a pipe table has them in one of two draws.
func (d *draws) rows() [][]models.Cell {
	width, simple := 1+d.upTo(2), d.bool("simple")
	rows := make([][]models.Cell, d.upTo(2))
	for i := range rows {
		if !simple {
			width = d.upTo(2)
		}
		for range width {
			c := models.Cell{Text: d.inline(), Colspan: 1, Rowspan: 1, Header: i == 0}
			if !simple {
				c.Header, c.Colspan, c.Rowspan, c.Blocks = d.bool("header"), 1+d.upTo(1), 1+d.upTo(1), d.blocks(1)
			}
			rows[i] = append(rows[i], c)
		}
	}
	return rows
}

// notes follow blocks in reading order, as importers and reading give them.
func (d *draws) notes(bs models.Blocks) []models.EditorNote {
	var out []models.EditorNote
	add := func(after string) {
		if d.upTo(5) == 0 {
			out = append(out, models.EditorNote{ID: fmt.Sprintf("n%d", len(out)+1), After: after, Text: string(d.some())})
		}
	}
	add("")
	bs.Walk(func(b models.Block, _ int) bool {
		add(b.Base().ID)
		return true
	})
	return out
}

var promptKinds = []models.PromptKind{
	models.PromptQuestion, models.PromptSentenceStart, models.PromptField, models.PromptStep, models.PromptGroup, models.PromptFreeSpace,
	models.PromptChoiceOne, models.PromptChoiceMany, models.PromptRating, models.PromptGrid, models.PromptBlank, models.PromptMatching,
	models.PromptDrawing,
}

func (d *draws) prompts(most int) models.Prompts {
	if d.depth++; d.depth > 3 {
		most = 0
	}
	defer func() { d.depth-- }()
	var out models.Prompts
	for range d.upTo(most) {
		out = append(out, d.prompt(rapid.SampledFrom(promptKinds).Draw(d.t, "kind")))
	}
	return out
}

func (d *draws) prompt(kind models.PromptKind) models.Prompt {
	p := models.NewPrompt(kind)
	base := p.PromptFields()
	d.id("p", &base.ID)
	base.Text, base.Help, base.Required = d.inline(), d.inline(), d.bool("required")
	if d.bool("objective") {
		o := d.one("", "o1", `o"2`)
		base.Objective = &o
	}
	switch p := p.(type) {
	case *models.Group:
		p.LeadIn, p.Prompts = d.inline(), d.prompts(3)
	case *models.FreeSpace:
		p.Lines, p.Height = d.number(), d.number()
	case *models.Choice:
		p.Options = d.somes(1)
	case *models.Rating:
		p.Scale, p.Statements = []models.Text{d.inline(), d.inline()}, d.somes(1)
	case *models.Grid:
		p.Columns = d.somes(0)
		labelled := d.upTo(1) * min(1, len(p.Columns))
		for range 1 + d.upTo(2) {
			row := models.GridRow{Label: d.inline()}
			for range p.Columns[labelled:] {
				row.Cells = append(row.Cells, d.inline())
			}
			if d.upTo(3) == 0 {
				row.Cells = append(row.Cells, d.inline())
			}
			p.Rows = append(p.Rows, row)
		}
	case *models.Matching:
		p.Left, p.Right = d.somes(1), d.somes(1)
	}
	return p
}
