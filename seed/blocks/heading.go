package blocks

import (
	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// heading converts a heading. Level 1 is the section's own title, so that one in the page counts as level 2.
func (f *flow) heading(n *html.Node) {
	t := f.text(n)
	if t == "" {
		return
	}
	h := &models.Heading{Level: max(2, int(n.Data[1]-'0')), Text: t, Anchor: kramdown.Attr(n, "id")}
	if n.Data == "h1" && fold(render.Plain(t)) == fold(f.title) {
		f.problem(n, "the title stands again as a heading")
	}
	f.facts[h] = facts{line: kramdown.Line(n)}
	f.add(h)
}
