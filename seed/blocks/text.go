package blocks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// keptTags are the elements that texts hold as HTML.
var keptTags = strings.Fields("sup sub u mark kbd small ins cite q var samp dfn abbr bdi time")

// inline converts nodes that stand in a line of text. Blocks among them become lines of their own.
func (c *converter) inline(nodes []*html.Node) []inline.Node {
	var out []inline.Node
	for _, n := range nodes {
		switch n.Type {
		case html.TextNode:
			out = append(out, c.characters(n)...)
		case html.ElementNode:
			out = append(out, c.span(n)...)
		}
	}
	return out
}

// text converts the inline content of an element.
func (c *converter) text(n *html.Node) models.Text {
	return inline.Write(c.inline(children(n)))
}

var noteMark = regexp.MustCompile(`\[\^([^\]\s\[]+)\]|\x{FDD0}(\d+)\x{FDD1}|\x{FDD2}(\d+)\x{FDD3}`)

// characters converts text: the marks of Markdown notes in it, and the comments and includes that stood in it.
func (c *converter) characters(n *html.Node) []inline.Node {
	var out []inline.Node
	s := n.Data
	pos := 0
	for _, m := range noteMark.FindAllStringSubmatchIndex(s, -1) {
		out = append(out, inline.Node{Kind: inline.Text, Value: s[pos:m[0]]})
		switch {
		case m[2] >= 0:
			c.out.Facts.form(FormKramdown)
			out = append(out, c.mark(s[m[2]:m[3]], n))
		case m[4] >= 0:
			c.aside = append(c.aside, &comment{index: atoi(s[m[4]:m[5]])})
		default:
			c.includeInText(atoi(s[m[6]:m[7]]))
		}
		pos = m[1]
	}
	return append(out, inline.Node{Kind: inline.Text, Value: s[pos:]})
}

// span converts one element in a line of text.
func (c *converter) span(n *html.Node) []inline.Node {
	switch n.Data {
	case "a":
		return c.anchor(n)
	case "sup":
		return c.superscript(n)
	case "b", "strong":
		return c.run(inline.Strong, n)
	case "i", "em":
		return c.run(inline.Em, n)
	case "del", "s", "strike":
		return c.run(inline.Strike, n)
	case "code", "tt":
		c.hidden(n)
		return []inline.Node{{Kind: inline.Code, Value: words(n)}}
	case "br":
		return []inline.Node{{Kind: inline.Break}}
	case "img":
		return c.inlineImage(n)
	case "script", "style", "template":
		c.problem(n, "a <"+n.Data+"> was left out")
		return nil
	case "iframe", "video", "embed", "object":
		c.problem(n, "a frame in a line of text became a link")
		c.fallback(n)
		src := source(n)
		return []inline.Node{{Kind: inline.Link, URL: src, Children: []inline.Node{{Kind: inline.Text, Value: src}}}}
	}
	if slices.Contains(keptTags, n.Data) {
		return []inline.Node{{Kind: inline.Tag, Value: n.Data, Children: c.inline(children(n))}}
	}
	inner := c.inline(children(n))
	if slices.Contains(flowNames, n.Data) || isElement(n, "td", "th", "tr") {
		line := inline.Node{Kind: inline.Break}
		return append(append([]inline.Node{line}, inner...), line)
	}
	return inner
}

// hidden notes the comments and includes in an element whose text is taken as it stands, and takes them out.
func (c *converter) hidden(n *html.Node) {
	find(n, func(d *html.Node) bool {
		if d.Type == html.TextNode {
			for _, m := range kramdown.Placeholder.FindAllStringSubmatch(d.Data, -1) {
				c.aside = append(c.aside, &comment{index: atoi(m[1])})
			}
			for _, m := range kramdown.IncludePlaceholder.FindAllStringSubmatch(d.Data, -1) {
				c.includeInText(atoi(m[1]))
			}
			d.Data = withoutPlaceholders(d.Data)
		}
		return true
	})
}

func (c *converter) run(kind inline.Kind, n *html.Node) []inline.Node {
	return []inline.Node{{Kind: kind, Children: c.inline(children(n))}}
}

// anchor converts an a element: a citation mark, a link, or a mere anchor, of which its text stays.
func (c *converter) anchor(n *html.Node) []inline.Node {
	if label, ok := markLabel(n); ok && c.isMark(n, label) {
		c.out.Facts.form(anchorForm(n))
		c.checkTarget(n, label)
		return []inline.Node{c.mark(label, n)}
	}
	inner := c.inline(children(n))
	href := strings.TrimSpace(kramdown.Attr(n, "href"))
	if href == "" {
		if hasAttr(n, "href") {
			c.problem(n, fmt.Sprintf("the link %q leads nowhere: only its text was kept", words(n)))
		}
		return inner
	}
	return []inline.Node{{Kind: inline.Link, URL: href, Title: kramdown.Attr(n, "title"), Children: inner}}
}

// inlineImage converts an img in a line of text. An address that texts can't hold makes it its alternative text.
func (c *converter) inlineImage(n *html.Node) []inline.Node {
	src := source(n)
	if src == "" {
		c.problem(n, "an image has no address and was left out")
		return nil
	}
	return []inline.Node{{Kind: inline.Image, URL: src, Value: kramdown.Attr(n, "alt"), Title: kramdown.Attr(n, "title")}}
}

// source is the address of a frame or an image.
func source(n *html.Node) string {
	for _, name := range []string{"src", "data", "data-src"} {
		if v := strings.TrimSpace(kramdown.Attr(n, name)); v != "" {
			return v
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isElement(c, "source") {
			return kramdown.Attr(c, "src")
		}
	}
	return ""
}
