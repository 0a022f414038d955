package render

import (
	"html"
	"strconv"

	"github.com/lectern-cms/lectern/models"
)

// Section renders a section's blocks and notes as HTML: accessible, sanitised, without html or body elements. What
// refers to other records is a placeholder; Fill puts in what is there at the time of reading.
func Section(s *models.Section, numbering models.Numbering) string {
	p := newPage(Options{Citations: s.Citations, Numbering: numbering})
	p.blocks(s.Blocks)
	p.endnotes()
	return p.out.String()
}

// Fragment renders shared content for the places that include it.
func Fragment(f *models.Fragment) string {
	p := newGuest()
	p.blocks(f.Blocks)
	return p.out.String()
}

func (p *page) blocks(bs models.Blocks) {
	for _, b := range bs {
		p.block(b)
	}
}

func (p *page) block(b models.Block) {
	switch b := b.(type) {
	case *models.Heading:
		name := "h" + strconv.Itoa(min(max(b.Level, 2), 6))
		id := ""
		if !p.guest { // one that is shown twice on a page would have its anchors twice
			id = attr("id", p.anchors.take(Anchor(b)))
		}
		p.element(name, id, p.inline(b.Text))
	case *models.Paragraph:
		p.element("p", "", p.inline(b.Text))
	case *models.List:
		p.list(b)
	case *models.Quote:
		p.quote(b)
	case *models.Definition:
		p.element("p", ` class="definition"`+attr("data-term", Plain(b.Term)), p.inline(b.Text))
	case *models.Box:
		p.box(b)
	case *models.Disclosure:
		p.out.WriteString("<details>\n")
		p.element("summary", "", p.inline(b.Label))
		p.blocks(b.Blocks)
		p.out.WriteString("</details>\n")
	case *models.Table:
		p.table(b)
	case *models.Code:
		class := ""
		if b.Language != "" {
			class = attr("class", "language-"+b.Language)
		}
		p.out.WriteString("<pre><code" + class + ">" + html.EscapeString(b.Code) + "</code></pre>\n")
	case *models.Rule:
		p.out.WriteString("<hr>\n")
	case *models.RawHTML:
		p.out.WriteString(Sanitise(b.HTML) + "\n")
	case *models.WorksheetUse:
		p.placeholder(b.Worksheet)
	case *models.FragmentUse:
		p.placeholder(b.Fragment)
	default:
		p.media(b)
	}
}

// element writes an element of one line. Its content is HTML already.
func (p *page) element(name, attrs, content string) {
	p.out.WriteString("<" + name + attrs + ">" + content + "</" + name + ">\n")
}

func (p *page) list(b *models.List) {
	name, attrs := "ul", ""
	if b.Ordered {
		name = "ol"
		if b.Start != 1 {
			attrs = intAttr("start", b.Start)
		}
	}
	p.out.WriteString("<" + name + attrs + ">\n")
	for _, item := range b.Items {
		p.out.WriteString("<li>" + p.inline(item.Text))
		if len(item.Blocks) > 0 {
			p.out.WriteString("\n")
			p.blocks(item.Blocks)
		}
		p.out.WriteString("</li>\n")
	}
	p.out.WriteString("</" + name + ">\n")
}

func (p *page) quote(b *models.Quote) {
	if b.Attribution == "" {
		p.out.WriteString("<blockquote>\n")
		p.blocks(b.Blocks)
		p.out.WriteString("</blockquote>\n")
		return
	}
	p.out.WriteString("<figure class=\"quote\">\n<blockquote>\n")
	p.blocks(b.Blocks)
	p.out.WriteString("</blockquote>\n")
	p.element("figcaption", "", p.inline(b.Attribution))
	p.out.WriteString("</figure>\n")
}

func (p *page) box(b *models.Box) {
	p.out.WriteString("<section" + attr("class", "box "+string(b.Box)) + attr("aria-label", Plain(b.Title)) + ">\n")
	if b.Title != "" {
		p.element("p", ` class="box-title"`, p.inline(b.Title))
	}
	p.blocks(b.Blocks)
	p.out.WriteString("</section>\n")
}

func (p *page) table(b *models.Table) {
	p.out.WriteString("<table>\n")
	if b.Caption != "" {
		p.element("caption", "", p.inline(b.Caption))
	}
	p.rows("thead", b.Head, true)
	p.rows("tbody", b.Rows, false)
	p.out.WriteString("</table>\n")
}

func (p *page) rows(name string, rows [][]models.Cell, head bool) {
	if len(rows) == 0 {
		return
	}
	p.out.WriteString("<" + name + ">\n")
	for _, row := range rows {
		p.out.WriteString("<tr>\n")
		for _, c := range row {
			p.cell(c, head)
		}
		p.out.WriteString("</tr>\n")
	}
	p.out.WriteString("</" + name + ">\n")
}

func (p *page) cell(c models.Cell, head bool) {
	name, attrs := "td", ""
	switch {
	case c.Text == "" && len(c.Blocks) == 0: // heads nothing
	case head:
		name, attrs = "th", ` scope="col"`
	case c.Header:
		name, attrs = "th", ` scope="row"`
	}
	if c.Colspan > 1 {
		attrs += intAttr("colspan", c.Colspan)
	}
	if c.Rowspan > 1 {
		attrs += intAttr("rowspan", c.Rowspan)
	}
	p.out.WriteString("<" + name + attrs + ">" + p.inline(c.Text))
	if len(c.Blocks) > 0 {
		p.out.WriteString("\n")
		p.blocks(c.Blocks)
	}
	p.out.WriteString("</" + name + ">\n")
}

func (p *page) placeholder(ref *models.Ref) {
	if place := placeholder(ref); place != "" {
		p.out.WriteString(place + "\n")
	}
}
