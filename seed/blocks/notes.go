package blocks

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// Note is the definition of a citation.
type Note struct {
	Label   string // as shown, unique in the page
	Written models.Text
	Line    int
}

var (
	referencesHead = regexp.MustCompile(`(?i)^(references?|endnotes?|footnotes?|notes|sources|works cited|bibliography)\s*:?$`)
	numberedLine   = regexp.MustCompile(`(?m)^\s*(?:\[(\d{1,3})\]|(\d{1,3})\s*[.:)])(?:\s+|$)`)
	numberEnd      = regexp.MustCompile(`^\s*[:.]?\s*`)
)

// takeNotes cuts the definitions of notes out of the page, with the rule above them. Which mark belongs to which is
// decided by the visible numbers alone.
func (c *converter) takeNotes() {
	c.anchors = anchorNames(c.doc.Root)
	c.anchorNotes()
	var starts []*html.Node
	begins := map[*html.Node]bool{}
	find(c.doc.Root, func(n *html.Node) bool {
		if isElement(n, "a") && isDefinition(n) {
			starts, begins[n] = append(starts, n), true
		}
		return true
	})
	c.defined = map[string]bool{}
	for _, n := range starts {
		c.defined[definedLabel(n)] = true
		c.checkName(n)
	}
	for _, n := range starts {
		c.takeNote(n, begins)
	}
}

var nameNumber = regexp.MustCompile(`^[A-Za-z#_:-]*(\d+)[A-Za-z]?$`)

// checkName reports a note whose place on the page is called by another number.
func (c *converter) checkName(n *html.Node) {
	label := definedLabel(n)
	for _, key := range []string{"name", "id"} {
		name := kramdown.Attr(n, key)
		if m := nameNumber.FindStringSubmatch(name); m != nil && strconv.Itoa(atoi(m[1])) != label {
			c.problem(n, fmt.Sprintf("the note %s is called %s on the page: its number counts", label, name))
		}
	}
}

// definedLabel is the label of the note that begins at an a element.
func definedLabel(n *html.Node) string {
	if label, ok := kramdown.NoteLabel(n); ok {
		return label
	}
	label, _ := markLabel(n)
	return strconv.Itoa(atoi(label))
}

func anchorNames(root *html.Node) map[string]bool {
	names := map[string]bool{}
	find(root, func(n *html.Node) bool {
		for _, key := range []string{"name", "id"} {
			if v := kramdown.Attr(n, key); v != "" {
				names[v] = true
			}
		}
		return true
	})
	return names
}

// isDefinition tells whether an a element begins the definition of a note: it is numbered like a mark, but stands at
// the beginning of a line. A mere link is a definition only with a colon after it.
func isDefinition(n *html.Node) bool {
	if _, ok := kramdown.NoteLabel(n); ok {
		return true
	}
	if _, ok := markLabel(n); !ok || !beginsLine(n) {
		return false
	}
	next := n.NextSibling
	if !hasWordsAfter(n) {
		return false
	}
	return hasAttr(n, "name") || hasAttr(n, "id") || next != nil && strings.HasPrefix(strings.TrimSpace(text(next)), ":")
}

// hasWordsAfter tells whether text follows a node in its line.
func hasWordsAfter(n *html.Node) bool {
	for next := n.NextSibling; next != nil && !isElement(next, flowNames...); next = next.NextSibling {
		if words(next) != "" {
			return true
		}
	}
	return false
}

func beginsLine(n *html.Node) bool {
	if !isElement(n.Parent, "p", "li", "div", "body", "td", "section", "dd", "center") {
		return false
	}
	for prev := n.PrevSibling; prev != nil; prev = prev.PrevSibling {
		switch {
		case prev.Type == html.TextNode:
			line := prev.Data[strings.LastIndexByte(prev.Data, '\n')+1:]
			if strings.TrimSpace(line) != "" {
				return false
			}
			if strings.Contains(prev.Data, "\n") {
				return true
			}
		case isElement(prev, "br") || isElement(prev, flowNames...):
			return true
		default:
			return false
		}
	}
	return true
}

// takeNote cuts one definition out: everything up to the next one, or to the end of its paragraph.
func (c *converter) takeNote(n *html.Node, begins map[*html.Node]bool) {
	label := definedLabel(n)
	parent, line := n.Parent, kramdown.Line(n)
	if isElement(parent, "body", "div", "section") {
		c.dropRule(n)
	} else if first := previousSolid(n); first == nil {
		c.dropRule(parent)
	}
	var content []*html.Node
	for next := n.NextSibling; next != nil && !isElement(next, flowNames...) && !begins[next]; {
		after := next.NextSibling
		content = append(content, next)
		remove(next)
		next = after
	}
	remove(n)
	content = append(content, furtherParagraphs(parent)...)
	if len(content) > 0 && content[0].Type == html.TextNode {
		content[0].Data = numberEnd.ReplaceAllString(content[0].Data, "")
	}
	c.addNote(label, content, line)
	dropEmpty(parent)
}

// furtherParagraphs takes the paragraphs that go on with the note in the one before them, each on a line of its own.
func furtherParagraphs(p *html.Node) []*html.Node {
	var out []*html.Node
	for next := nextSolid(p); isElement(next, "p") && next.FirstChild != nil && kramdown.ContinuesNote(next.FirstChild); next = nextSolid(p) {
		out = append(out, &html.Node{Type: html.ElementNode, Data: "br"})
		for _, n := range children(next) {
			remove(n)
			out = append(out, n)
		}
		remove(next)
	}
	return out
}

// dropRule removes a rule right above the notes.
func (c *converter) dropRule(n *html.Node) {
	if prev := previousSolid(n); isElement(prev, "hr") {
		remove(prev)
	}
}

func (c *converter) addNote(label string, content []*html.Node, line int) {
	for _, n := range c.out.Notes {
		if n.Label == label {
			c.out.Problems = append(c.out.Problems, kramdown.Problem{Line: line, Message: fmt.Sprintf("the note %s is defined twice", label)})
			label += "-" + strconv.Itoa(len(c.out.Notes)+1)
			break
		}
	}
	c.out.Notes = append(c.out.Notes, Note{Label: label, Written: inline.Write(c.inline(content)), Line: line})
}

// dropEmpty removes a paragraph or list item that holds nothing any more, and the list around it.
func dropEmpty(n *html.Node) {
	for isElement(n, "p", "li", "ul", "ol") && len(solid(children(n))) == 0 {
		parent := n.Parent
		remove(n)
		if n = parent; n == nil {
			return
		}
	}
}
