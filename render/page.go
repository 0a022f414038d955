package render

import (
	"html"
	"strconv"
	"strings"

	"github.com/gosimple/slug"

	"github.com/lectern-cms/lectern/models"
)

// Options say how a section, fragment or worksheet is rendered.
type Options struct {
	Citations []models.Citation
	Numbering models.Numbering
}

// page is the state of rendering one aggregate: which notes it has, where they are marked, which ids are taken.
type page struct {
	out       strings.Builder
	citations []*note
	notes     map[string]*note // by label
	order     []*note          // in the order in which they are listed
	anchors   anchors
	guest     bool // shown within sections: marks mean the section's notes, and headings have no anchors of their own
}

// note is a citation and its marks in the text.
type note struct {
	citation models.Citation
	anchor   string
	number   string // as shown
	listed   bool   // and numbered
	marks    int
}

func newPage(o Options) *page {
	p := &page{notes: map[string]*note{}, anchors: anchors{}}
	names := anchors{}
	for _, c := range o.Citations {
		n := &note{citation: c, anchor: names.take(anchorText(c.Label))}
		p.citations = append(p.citations, n)
		p.notes[c.Label] = n
		if o.Numbering != models.NumberFirstUse {
			p.enlist(n, c.Label)
		}
	}
	return p
}

// newGuest is the page of what is shown within sections.
func newGuest() *page {
	p := newPage(Options{})
	p.guest = true
	return p
}

// enlist puts a note into the list under a number, if it is not there yet.
func (p *page) enlist(n *note, number string) {
	if !n.listed {
		n.listed, n.number = true, number
		p.order = append(p.order, n)
	}
}

// nextNumber is the number of the next note that is numbered by its first mark.
func (p *page) nextNumber() string {
	return strconv.Itoa(len(p.order) + 1)
}

// mark renders one citation mark. A mark without a citation, which only drafts can hold, shows its label. In a link
// it leads nowhere, but can be led back to.
func (p *page) mark(m *mark, inLink bool) string {
	n := p.notes[m.label]
	if n == nil && p.guest && !inLink {
		return `<sup class="note-mark"><a` + attr("href", "#"+(&note{anchor: anchorText(m.label)}).id()) +
			` role="doc-noteref">` + html.EscapeString(m.label) + `</a></sup>`
	}
	if n == nil {
		return `<sup class="note-mark unresolved">[` + html.EscapeString(m.label) + `]</sup>`
	}
	p.enlist(n, p.nextNumber())
	n.marks++
	if inLink {
		return `<sup class="note-mark"` + attr("id", n.markID(n.marks)) + `>` + html.EscapeString(n.number) + `</sup>`
	}
	return `<sup class="note-mark"><a` + attr("id", n.markID(n.marks)) + attr("href", "#"+n.id()) +
		` role="doc-noteref">` + html.EscapeString(n.number) + `</a></sup>`
}

// The ids of notes and marks have colons, which those of headings never have.
func (n *note) id() string {
	return "note:" + n.anchor
}

func (n *note) markID(i int) string {
	return "mark:" + n.anchor + ":" + strconv.Itoa(i)
}

// anchors are the ids taken so far.
type anchors map[string]bool

// take gives an id that is not taken: a repeated one gets a number, as kramdown does it.
func (a anchors) take(base string) string {
	id := base
	for i := 1; a[id]; i++ {
		id = base + "-" + strconv.Itoa(i)
	}
	a[id] = true
	return id
}

// Anchor is a heading's fragment identifier before repeated ones are told apart: its own, or one made from its text.
func Anchor(h *models.Heading) string {
	if h.Anchor != "" {
		return anchorText(h.Anchor)
	}
	return anchorText(Plain(h.Text))
}

func anchorText(s string) string {
	if s = slug.Make(s); s != "" {
		return s
	}
	return "section"
}

// endnotes renders the list of notes with links back to every mark.
func (p *page) endnotes() {
	if len(p.citations) == 0 {
		return
	}
	// Notes are rendered before any is listed, because they too can hold marks. Those without a mark come last.
	var written []string
	unmarked := 0
	for i := range p.citations {
		for i == len(p.order) {
			p.enlist(p.citations[unmarked], p.nextNumber())
			unmarked++
		}
		written = append(written, p.inline(p.order[i].citation.Written))
	}
	p.out.WriteString("<section role=\"doc-endnotes\" aria-label=\"Notes\">\n<ol class=\"notes\">\n")
	for i, n := range p.order {
		value := ""
		if number, err := strconv.Atoi(n.number); err == nil {
			value = intAttr("value", number)
		}
		p.out.WriteString("<li" + attr("id", n.id()) + value + ">")
		if value == "" {
			p.out.WriteString(`<span class="note-label">` + html.EscapeString(n.number) + "</span> ")
		}
		p.out.WriteString(written[i])
		for place := 1; place <= n.marks; place++ {
			p.out.WriteString(` <a` + attr("href", "#"+n.markID(place)) + ` role="doc-backlink"` +
				attr("aria-label", backLabel(n, place)) + `>↩</a>`)
		}
		p.out.WriteString("</li>\n")
	}
	p.out.WriteString("</ol>\n</section>\n")
}

func backLabel(n *note, i int) string {
	label := "Back to mark " + n.number
	if n.marks > 1 {
		label += ", place " + strconv.Itoa(i)
	}
	return label
}

// SetAnchors gives each heading the fragment identifier that it has in the HTML of these blocks.
func SetAnchors(bs models.Blocks) {
	taken := anchors{}
	bs.Walk(func(b models.Block, _ int) bool {
		if h, ok := b.(*models.Heading); ok {
			h.Anchor = taken.take(Anchor(h))
		}
		return true
	})
}
