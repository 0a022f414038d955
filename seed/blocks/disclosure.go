package blocks

import (
	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// details converts a disclosure.
func (f *flow) details(n *html.Node) {
	d := &models.Disclosure{}
	var inner []*html.Node
	for _, c := range children(n) {
		if isElement(c, "summary") && d.Label == "" && !contains(c, without(flowNames, "summary")...) {
			d.Label = f.text(c)
			continue
		}
		inner = append(inner, c)
	}
	d.Blocks = f.flow(inner)
	f.add(d)
}

// checkbox converts a disclosure that is made of a check box, its label, and what the box shows when it is checked.
func (f *flow) checkbox(n *html.Node) bool {
	if !isElement(n, "input") || kramdown.Attr(n, "type") != "checkbox" {
		return false
	}
	label := nextSolid(n)
	if !isElement(label, "label") {
		return false
	}
	shown := nextSolid(label)
	if !isElement(shown, "div", "section", "ul", "ol", "p") {
		return false
	}
	f.flush()
	f.add(&models.Disclosure{Label: f.text(label), Blocks: f.flow([]*html.Node{shown})})
	f.used[label], f.used[shown] = true, true
	return true
}
