package blocks

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
)

// code converts text in which every space counts.
func (f *flow) code(n *html.Node) {
	f.hidden(n)
	language := ""
	find(n, func(d *html.Node) bool {
		for _, class := range classes(d) {
			if after, ok := strings.CutPrefix(class, "language-"); ok {
				language = after
			}
		}
		return true
	})
	if code := strings.Trim(text(n), "\n"); strings.TrimSpace(code) != "" {
		f.add(&models.Code{Language: language, Code: code})
	}
}

// rawHTML keeps markup that no block can hold.
func (f *flow) rawHTML(n *html.Node) {
	f.hidden(n)
	find(n, func(d *html.Node) bool {
		d.Attr = slices.DeleteFunc(d.Attr, func(a html.Attribute) bool { return slices.Contains([]string{"data-line", "data-marker"}, a.Key) })
		return true
	})
	var b strings.Builder
	if err := html.Render(&b, n); err != nil || b.Len() == 0 {
		f.problem(n, "a <"+n.Data+"> could not be kept as HTML: only its text was")
		f.add(f.flow(children(n))...)
		return
	}
	f.problem(n, "a <"+n.Data+"> was kept as raw HTML")
	f.add(&models.RawHTML{HTML: b.String()})
}
