package blocks

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// markAt is the first mark of a label.
type markAt struct {
	label string
	line  int
}

var (
	digits     = regexp.MustCompile(`^\d{1,4}$`)
	bareSup    = regexp.MustCompile(`^\[?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]?$`)
	number     = regexp.MustCompile(`\d+`)
	separators = " \t\n,;"
)

// mark is a citation mark. Only the visible label counts: anchors in sources are often wrong.
func (c *converter) mark(label string) inline.Node { return c.markAt(label, nil) }

func (c *converter) markAt(label string, at *html.Node) inline.Node {
	if digits.MatchString(label) {
		label = strconv.Itoa(atoi(label)) // "01" means 1
	}
	if !c.marks[label] {
		c.marks[label] = true
		c.order = append(c.order, markAt{label, kramdown.Line(at)})
	}
	return inline.Node{Kind: inline.Mark, Value: label}
}

// markLabel tells whether an a element is a citation mark: its text is a number, and it is an anchor in the page or
// leads to one.
func markLabel(n *html.Node) (string, bool) {
	label := words(n)
	if !digits.MatchString(label) {
		return "", false
	}
	inPage := strings.HasPrefix(kramdown.Attr(n, "href"), "#")
	return label, inPage || hasAttr(n, "name") || hasAttr(n, "id")
}

// superscript converts a sup: one or several citation marks, or raised text.
func (c *converter) superscript(n *html.Node) []inline.Node {
	if m := bareSup.FindStringSubmatch(words(n)); m != nil && !contains(n, "a") {
		var out []inline.Node
		for _, label := range number.FindAllString(m[1], -1) {
			out = append(out, c.markAt(label, n))
		}
		return out
	}
	inner := c.inline(children(n))
	marks, only := onlyMarks(inner)
	switch {
	case only && len(marks) > 0:
		return marks
	case len(marks) > 0 || hasAttr(n, kramdown.Unclosed):
		return inner // a mark is raised anyway, and the text beside it was not meant to be
	}
	return []inline.Node{{Kind: inline.Tag, Value: "sup", Children: inner}}
}

// onlyMarks gives the marks among nodes, and tells whether there is nothing else but what separates them.
func onlyMarks(nodes []inline.Node) (marks []inline.Node, only bool) {
	only = true
	for _, n := range nodes {
		switch {
		case n.Kind == inline.Mark:
			marks = append(marks, n)
		case n.Kind != inline.Text || strings.Trim(n.Value, separators) != "":
			only = false
		}
	}
	return marks, only
}

// checkTarget reports a mark whose address leads nowhere, though its number may be defined.
func (c *converter) checkTarget(n *html.Node, label string) {
	target, ok := strings.CutPrefix(kramdown.Attr(n, "href"), "#")
	if ok && !c.anchors[target] {
		c.problem(n, fmt.Sprintf("the mark %s leads to #%s, which is nowhere on the page", label, target))
	}
}

// checkMarks reports marks that nothing defines and definitions that nothing marks.
func (c *converter) checkMarks() {
	defined := map[string]bool{}
	for _, n := range c.out.Notes {
		defined[n.Label] = true
		if !c.marks[n.Label] {
			c.out.Problems = append(c.out.Problems, kramdown.Problem{Line: n.Line, Message: "nothing marks the note " + n.Label})
		}
	}
	for _, m := range c.order {
		if !defined[m.label] {
			c.out.Problems = append(c.out.Problems, kramdown.Problem{Line: m.line, Message: "the mark " + m.label + " has no note"})
		}
	}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // the caller has seen that these are digits
	return n
}
