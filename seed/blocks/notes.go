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
	numberedLine   = regexp.MustCompile(`(?m)^\s*(\d{1,3})\s*[.:](?:\s+|$)`)
	numberEnd      = regexp.MustCompile(`^\s*[:.]?\s*`)
)

// takeNotes cuts the definitions of notes out of the page, with the rule above them. Which mark belongs to which is
// decided by the visible numbers alone.
func (c *converter) takeNotes() {
	c.anchors = anchorNames(c.doc.Root)
	find(c.doc.Root, func(n *html.Node) bool {
		if isElement(n, "details") && isReferences(n) {
			numberedAnchors(n)
		}
		return true
	})
	var starts []*html.Node
	begins := map[*html.Node]bool{}
	find(c.doc.Root, func(n *html.Node) bool {
		if isElement(n, "a") && isDefinition(n) {
			starts, begins[n] = append(starts, n), true
		}
		return true
	})
	for _, n := range starts {
		c.takeNote(n, begins)
	}
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
// the beginning of a line.
func isDefinition(n *html.Node) bool {
	if _, ok := kramdown.NoteLabel(n); ok {
		return true
	}
	_, ok := markLabel(n)
	return ok && beginsLine(n)
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
	label, ok := kramdown.NoteLabel(n)
	if !ok {
		label, _ = markLabel(n)
		label = strconv.Itoa(atoi(label))
	}
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
	if len(content) > 0 && content[0].Type == html.TextNode {
		content[0].Data = numberEnd.ReplaceAllString(content[0].Data, "")
	}
	c.addNote(label, content, line)
	dropEmpty(parent)
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

// isReferences tells whether a details element is a collapsed list of notes.
func isReferences(n *html.Node) bool {
	for _, c := range solid(children(n)) {
		if isElement(c, "summary") {
			return referencesHead.MatchString(words(c))
		}
	}
	return false
}

// numberedAnchors puts anchors in the place of the numbers in a collapsed list of notes, which are plain text: at the
// beginning of lines, paragraphs or list items.
func numberedAnchors(details *html.Node) {
	var texts []*html.Node
	find(details, func(n *html.Node) bool {
		if n.Type == html.TextNode && startsLine(n) && numberedLine.MatchString(n.Data) {
			texts = append(texts, n)
		}
		return !isElement(n, "summary")
	})
	for _, t := range texts {
		splitNumbers(t)
	}
}

// startsLine tells whether a text node is at the beginning of its line, or holds the beginning of one.
func startsLine(n *html.Node) bool {
	prev := n.PrevSibling
	return prev == nil || isElement(prev, "br", "summary") || isElement(prev, flowNames...) || strings.Contains(n.Data, "\n")
}

// splitNumbers puts the anchor of a Markdown note in the place of every number that begins a line of a text node.
func splitNumbers(n *html.Node) {
	atStart := n.PrevSibling == nil || isElement(n.PrevSibling, "br", "summary") || isElement(n.PrevSibling, flowNames...)
	pos := 0
	put := func(node *html.Node) { n.Parent.InsertBefore(node, n) }
	for _, m := range numberedLine.FindAllStringSubmatchIndex(n.Data, -1) {
		if m[0] == 0 && !atStart && !strings.Contains(n.Data[:m[2]], "\n") {
			continue
		}
		put(&html.Node{Type: html.TextNode, Data: n.Data[pos:m[0]]})
		put(kramdown.NoteAnchor(n.Data[m[2]:m[3]]))
		pos = m[1]
	}
	n.Data = n.Data[pos:]
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
