package blocks

import (
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// list converts a list. What stands in it outside any item becomes an item, for it is shown as one.
func (f *flow) list(n *html.Node) {
	l := &models.List{Ordered: n.Data == "ol"}
	if l.Ordered {
		l.Start = f.start(n)
	}
	for _, c := range solid(children(n)) {
		switch {
		case isElement(c, "li"):
			l.Items = append(l.Items, f.item(children(c)))
		case isElement(c, "ul", "ol") && len(l.Items) > 0:
			last := &l.Items[len(l.Items)-1]
			last.Blocks = append(last.Blocks, f.flow([]*html.Node{c})...)
		default:
			l.Items = append(l.Items, f.item([]*html.Node{c}))
		}
	}
	l.Items = slices.DeleteFunc(l.Items, func(i models.ListItem) bool { return i.Text == "" && len(i.Blocks) == 0 })
	if len(l.Items) == 0 {
		return
	}
	f.facts[l] = facts{options: slices.Contains([]string{"A", "a"}, kramdown.Attr(n, "type"))}
	f.add(l)
}

// maxStart is the highest number that a list in a record can begin with.
const maxStart = 1_000_000

// start is the number that an ordered list begins with.
func (c *converter) start(n *html.Node) int {
	start, err := strconv.Atoi(kramdown.Attr(n, "start"))
	switch {
	case err != nil || start < 0:
		return 1
	case start > maxStart:
		c.problem(n, fmt.Sprintf("a list begins with %d, which is too high a number: it begins with 1", start))
		return 1
	}
	return start
}

// item converts the content of a list item: its first line is the item's text, the rest hangs under it.
func (c *converter) item(nodes []*html.Node) models.ListItem {
	blocks := c.flow(nodes)
	if len(blocks) > 0 {
		if p, ok := blocks[0].(*models.Paragraph); ok {
			return models.ListItem{Text: p.Text, Blocks: blocks[1:]}
		}
	}
	return models.ListItem{Blocks: blocks}
}

// definitions converts a list of terms and what they mean.
func (f *flow) definitions(n *html.Node) {
	var term []inline.Node
	for _, c := range solid(children(n)) {
		if isElement(c, "dt") {
			f.paragraphs(term) // one that nothing followed
			term = f.inline(children(c))
			continue
		}
		blocks := f.flow([]*html.Node{c})
		if p, ok := first(blocks).(*models.Paragraph); ok && len(term) > 0 {
			t := inline.Write(term)
			f.add(&models.Definition{Term: t, Text: inline.Write([]inline.Node{{Kind: inline.Strong, Children: term}}) + "\\\n" + p.Text})
			blocks, term = blocks[1:], nil
		}
		f.paragraphs(term)
		term = nil
		f.add(blocks...)
	}
	f.paragraphs(term)
}

// first is the first block, or nil.
func first(blocks models.Blocks) models.Block {
	if len(blocks) == 0 {
		return nil
	}
	return blocks[0]
}
