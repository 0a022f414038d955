package blocks

import (
	"fmt"
	"regexp"
	"slices"
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
	digits  = regexp.MustCompile(`^\d{1,4}$`)
	bareSup = regexp.MustCompile(`^[\[(]?(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)[\])]?$`)

	numberRange = regexp.MustCompile(`(\d+)(?:\s*[–-]\s*(\d+))?`)
	separators  = " \t\n,;[]"
)

// maxRange is how many notes one range of numbers can stand for.
const maxRange = 20

// mark is a citation mark. Only the visible label counts: anchors in sources are often wrong.
func (c *converter) mark(label string, at *html.Node) inline.Node {
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
	label := strings.Trim(words(n), "[]().")
	if !digits.MatchString(label) {
		return "", false
	}
	inPage := strings.HasPrefix(kramdown.Attr(n, "href"), "#")
	return label, inPage || hasAttr(n, "name") || hasAttr(n, "id")
}

// noteTarget is what links from marks to notes look like.
var noteTarget = regexp.MustCompile(`^#+[A-Za-z_:-]*\d+[A-Za-z]?$`)

// isMark tells whether a numbered anchor is a mark, and not a link that happens to be called by a number: it is raised,
// has a name, or looks like one whose note is on the page.
func (c *converter) isMark(n *html.Node, label string) bool {
	for at := n.Parent; at != nil; at = at.Parent {
		if isElement(at, "sup") {
			return true
		}
	}
	named := hasAttr(n, "href") && (hasAttr(n, "name") || hasAttr(n, "id"))
	return named || c.defined[strconv.Itoa(atoi(label))] && noteTarget.MatchString(kramdown.Attr(n, "href"))
}

// superscript converts a sup: one or several citation marks, or raised text.
func (c *converter) superscript(n *html.Node) []inline.Node {
	if m := bareSup.FindStringSubmatch(words(n)); m != nil && !contains(n, "a") {
		return c.bareMarks(n, numbersIn(m[1]))
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

// bareMarks makes marks of the numbers in a sup. Without a note for any of them it is an exponent, or a mark whose note
// the page has lost: it stays as it is.
func (c *converter) bareMarks(n *html.Node, labels []string) []inline.Node {
	if !slices.ContainsFunc(labels, func(label string) bool { return c.defined[label] }) {
		c.problem(n, "the raised "+words(n)+" has no note: it stays as it is")
		return []inline.Node{{Kind: inline.Tag, Value: "sup", Children: c.inline(children(n))}}
	}
	var out []inline.Node
	c.out.Facts.form(FormBareSup)
	for _, label := range labels {
		out = append(out, c.mark(label, n))
	}
	return out
}

// numbersIn lists the numbers of a sup: "1, 3" and "1-3" are two and three of them.
func numbersIn(s string) []string {
	var out []string
	for _, m := range numberRange.FindAllStringSubmatch(s, -1) {
		from, to := atoi(m[1]), atoi(m[2])
		if to-from > maxRange {
			to = 0
		}
		for n := from; n == from || n <= to; n++ {
			out = append(out, strconv.Itoa(n))
		}
	}
	return out
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
		c.out.Facts.BrokenRefAnchors++
		c.problem(n, fmt.Sprintf("the mark %s leads to #%s, which is nowhere on the page", label, target))
	}
}

// checkMarks reports marks that nothing defines and definitions that nothing marks.
func (c *converter) checkMarks() {
	defined := map[string]bool{}
	for _, n := range c.out.Notes {
		defined[n.Label] = true
		if !c.marks[n.Label] {
			c.out.Facts.UnreferencedDefinitions++
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
