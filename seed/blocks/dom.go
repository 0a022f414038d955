package blocks

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/seed/kramdown"
)

func children(n *html.Node) []*html.Node {
	var out []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out = append(out, c)
	}
	return out
}

func isElement(n *html.Node, names ...string) bool {
	return n != nil && n.Type == html.ElementNode && slices.Contains(names, n.Data)
}

// isBlank tells whether a node is white space between elements. A no-break space is something.
func isBlank(n *html.Node) bool {
	return n.Type == html.TextNode && strings.Trim(n.Data, " \t\n\r\f") == ""
}

// solid are the nodes that are not white space.
func solid(nodes []*html.Node) []*html.Node {
	var out []*html.Node
	for _, n := range nodes {
		if !isBlank(n) {
			out = append(out, n)
		}
	}
	return out
}

func classes(n *html.Node) []string { return strings.Fields(kramdown.Attr(n, "class")) }

func hasClass(n *html.Node, name string) bool {
	return n.Type == html.ElementNode && slices.Contains(classes(n), name)
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// text is the characters in a node, white space as it stands.
func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
	}
	return b.String()
}

// words is the text of a node with its white space folded, and comments and includes taken out.
func words(n *html.Node) string { return fold(withoutPlaceholders(text(n))) }

func withoutPlaceholders(s string) string {
	return kramdown.IncludePlaceholder.ReplaceAllString(kramdown.Placeholder.ReplaceAllString(s, ""), "")
}

// fold makes one space of every run of white space, no-break spaces among it.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// find visits a node and everything in it, in order, until visit gives false for going deeper.
func find(n *html.Node, visit func(*html.Node) bool) {
	if !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		find(c, visit)
		c = next
	}
}

// contains tells whether an element inside a node, or the node, has one of the names.
func contains(n *html.Node, names ...string) bool {
	found := false
	find(n, func(d *html.Node) bool {
		found = found || isElement(d, names...)
		return !found
	})
	return found
}

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// nextSolid is the next sibling that is not white space.
func nextSolid(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil && isBlank(n); n = n.NextSibling {
	}
	return n
}

func previousSolid(n *html.Node) *html.Node {
	for n = n.PrevSibling; n != nil && isBlank(n); n = n.PrevSibling {
	}
	return n
}
