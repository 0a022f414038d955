package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Worksheet renders a worksheet without its answers: label, instructions, prompts in order, and its document.
func Worksheet(ws *models.Worksheet) string {
	p := newGuest()
	p.out.WriteString("<section" + attr("class", "worksheet "+string(ws.Word)) + attr("aria-label", ws.Label()) + ">\n")
	p.element("p", ` class="worksheet-title"`, p.inline(plainToText(ws.Label())))
	p.blocks(ws.Instructions)
	p.prompts(ws.Prompts)
	if d := ws.Document; d != nil {
		label := p.inlineIn(d.Label, true)
		if label == "" {
			label = "Open the document"
		}
		dest := d.URL
		if d.Asset != nil {
			dest = RecordLink{To: d.Asset.Key()}.String()
		}
		p.element("p", ` class="worksheet-document"`, "<a"+hrefAttr(dest)+">"+label+"</a>")
	}
	p.out.WriteString("</section>\n")
	return p.out.String()
}

// Prompts renders prompts alone, as they stand in a worksheet.
func Prompts(ps models.Prompts) string {
	p := newGuest()
	p.prompts(ps)
	return p.out.String()
}

func (p *page) prompts(ps models.Prompts) {
	for _, prompt := range ps {
		p.prompt(prompt)
	}
}

// plainToText escapes a plain string for use as inline text.
func plainToText(s string) models.Text {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") { // a paragraph ends at a blank line
		if strings.ContainsRune("\\`*_[]<>&~!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return models.Text(b.String())
}

func (p *page) prompt(prompt models.Prompt) {
	base := prompt.PromptFields()
	p.out.WriteString("<div" + attr("class", "prompt "+string(base.Kind)) + attr("data-prompt", base.ID) + ">\n")
	p.line("p", "", base.Text)
	switch prompt := prompt.(type) {
	case *models.Group:
		p.line("p", ` class="lead-in"`, prompt.LeadIn)
		p.prompts(prompt.Prompts)
	case *models.Choice:
		p.texts("ul", prompt.Options)
	case *models.Rating:
		p.table(gridTable(prompt.Scale, ratingRows(prompt)))
	case *models.Grid:
		p.table(gridTable(prompt.Columns, prompt.Rows))
	case *models.Matching:
		p.texts("ol", prompt.Left)
		p.texts("ul", prompt.Right)
	}
	p.line("p", ` class="help"`, base.Help)
	p.out.WriteString("</div>\n")
}

// line writes an element around a text, or nothing for an empty text.
func (p *page) line(name, attrs string, t models.Text) {
	if t != "" {
		p.element(name, attrs, p.inline(t))
	}
}

func (p *page) texts(name string, texts []models.Text) {
	p.out.WriteString("<" + name + ">\n")
	for _, t := range texts {
		p.element("li", "", p.inline(t))
	}
	p.out.WriteString("</" + name + ">\n")
}

func ratingRows(r *models.Rating) []models.GridRow {
	rows := make([]models.GridRow, len(r.Statements))
	for i, s := range r.Statements {
		rows[i] = models.GridRow{Label: s, Cells: make([]models.Text, len(r.Scale))}
	}
	return rows
}

// gridTable lays a grid out as a table. Where rows have labels they stand in a column of their own, under the first
// column head if there is one head more than cells.
func gridTable(columns []models.Text, rows []models.GridRow) *models.Table {
	labelled := slices.ContainsFunc(rows, func(r models.GridRow) bool { return r.Label != "" })
	t := &models.Table{}
	if len(columns) > 0 {
		var head []models.Cell
		if labelled && !spansLabels(columns, rows) {
			head = append(head, models.Cell{})
		}
		t.Head = [][]models.Cell{appendCells(head, columns)}
	}
	for _, r := range rows {
		var row []models.Cell
		if labelled {
			row = append(row, models.Cell{Text: r.Label, Header: true})
		}
		t.Rows = append(t.Rows, appendCells(row, r.Cells))
	}
	return t
}

func appendCells(row []models.Cell, texts []models.Text) []models.Cell {
	for _, t := range texts {
		row = append(row, models.Cell{Text: t})
	}
	return row
}

// spansLabels tells whether the first column head is that of the labels: there is one head more than cells.
func spansLabels(columns []models.Text, rows []models.GridRow) bool {
	return slices.ContainsFunc(rows, func(r models.GridRow) bool { return len(columns) > len(r.Cells) })
}

// prompt writes a prompt as Markdown.
func (m *markdown) prompt(prompt models.Prompt) {
	base := prompt.PromptFields()
	switch p := prompt.(type) {
	case *models.Group:
		m.para(guard(base.Text))
		m.para(guard(p.LeadIn))
		for _, inner := range p.Prompts {
			m.prompt(inner)
		}
	case *models.Choice:
		m.para(guard(base.Text))
		m.bullets(p.Options)
	case *models.Rating:
		m.para(guard(base.Text))
		m.para(guard(joinTexts(p.Scale, " / ")))
		m.bullets(p.Statements)
	case *models.Grid:
		m.para(guard(base.Text))
		m.table(gridTable(p.Columns, p.Rows))
	case *models.Matching:
		m.para(guard(base.Text))
		m.bullets(p.Left)
		m.bullets(p.Right)
	case *models.FreeSpace:
		m.para(guard(base.Text))
		if p.Lines != nil {
			m.para("(" + strconv.Itoa(*p.Lines) + " lines)")
		}
	default:
		m.bullets([]models.Text{base.Text})
	}
	m.para(guard(base.Help))
}

func joinTexts(texts []models.Text, sep string) models.Text {
	parts := make([]string, len(texts))
	for i, t := range texts {
		parts[i] = string(t)
	}
	return models.Text(strings.Join(parts, sep))
}
