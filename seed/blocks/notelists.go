package blocks

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/seed/kramdown"
)

// anchorNotes puts anchors where the definitions of notes begin that have none: in lists of references, and at raised
// numbers under a rule.
func (c *converter) anchorNotes() {
	marked := raisedNumbers(c.doc.Root)
	below := false // a rule or the head of the references
	var raised []*html.Node
	find(c.doc.Root, func(n *html.Node) bool {
		head := isElement(n, "h1", "h2", "h3", "h4", "h5", "h6") && referencesHead.MatchString(words(n))
		below = below || head || isElement(n, "hr")
		switch {
		case head:
			anchorItems(nextSolid(n), marked)
		case isElement(n, "details") && isReferences(n):
			numberedAnchors(n, marked)
		case below && isElement(n, "sup") && marked[raisedNumber(n)] > 1 && beginsLine(n) && hasWordsAfter(n):
			raised = append(raised, n)
		}
		return true
	})
	for _, n := range raised {
		n.Parent.InsertBefore(kramdown.NoteAnchor(raisedNumber(n)), n)
		remove(n)
	}
}

// raisedNumbers counts how often each number is raised like a mark.
func raisedNumbers(root *html.Node) map[string]int {
	out := map[string]int{}
	find(root, func(n *html.Node) bool {
		if !isElement(n, "sup") {
			return true
		}
		for _, label := range numbersIn(words(n)) {
			out[label]++
		}
		return false
	})
	return out
}

// raisedNumber is the number that a sup holds and nothing else, "" when it holds more.
func raisedNumber(n *html.Node) string {
	s := strings.Trim(words(n), "[]().")
	if !digits.MatchString(s) {
		return ""
	}
	return strconv.Itoa(atoi(s))
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

// anchorItems puts an anchor before each item of an ordered list, if the page marks one of its numbers: else it is a
// list of literature.
func anchorItems(list *html.Node, marked map[string]int) {
	if !isElement(list, "ol") {
		return
	}
	no := 1
	if start, err := strconv.Atoi(kramdown.Attr(list, "start")); err == nil && start >= 0 {
		no = start
	}
	var items []*html.Node
	any := false
	for _, n := range children(list) {
		if isElement(n, "li") {
			any = any || marked[strconv.Itoa(no+len(items))] > 0
			items = append(items, n)
		}
	}
	if !any {
		return
	}
	for i, at := range items {
		if inner := solid(children(at)); len(inner) > 0 && isElement(inner[0], "p") {
			at = inner[0]
		}
		if begin := solid(children(at)); len(begin) == 0 || numberedLine.MatchString(text(begin[0])) || contains(begin[0], "a") && isDefinition(begin[0]) {
			continue
		}
		at.InsertBefore(kramdown.NoteAnchor(strconv.Itoa(no+i)), at.FirstChild)
	}
}

// numberedAnchors puts anchors in the place of the numbers in a collapsed list of notes, which are plain text: at the
// beginning of lines, paragraphs or list items.
func numberedAnchors(details *html.Node, marked map[string]int) {
	var texts []*html.Node
	find(details, func(n *html.Node) bool {
		if isElement(n, "ol") {
			anchorItems(n, marked)
		}
		if n.Type == html.TextNode && startsLine(n) && numberedLine.MatchString(n.Data) {
			texts = append(texts, n)
		}
		return !isElement(n, "summary")
	})
	last := 0
	for _, t := range texts {
		last = splitNumbers(t, last, marked)
	}
}

// startsLine tells whether a text node is at the beginning of its line, or holds the beginning of one.
func startsLine(n *html.Node) bool {
	return atLineStart(n) || strings.Contains(n.Data, "\n")
}

func atLineStart(n *html.Node) bool {
	prev := n.PrevSibling
	return prev == nil || isElement(prev, "br", "summary") || isElement(prev, flowNames...)
}

// splitNumbers puts the anchor of a Markdown note in the place of every number that begins a line of a text node, and
// gives the last. A number that neither follows the last nor is marked is the end of a note's own text.
func splitNumbers(n *html.Node, last int, marked map[string]int) int {
	pos := 0
	put := func(node *html.Node) { n.Parent.InsertBefore(node, n) }
	atStart := atLineStart(n)
	for _, m := range numberedLine.FindAllStringSubmatchIndex(n.Data, -1) {
		at, end := m[2], m[3]
		if at < 0 {
			at, end = m[4], m[5]
		}
		no := atoi(n.Data[at:end])
		if m[0] == 0 && !atStart && !strings.Contains(n.Data[:at], "\n") || last > 0 && no != last+1 && marked[strconv.Itoa(no)] == 0 {
			continue
		}
		put(&html.Node{Type: html.TextNode, Data: n.Data[pos:m[0]]})
		put(kramdown.NoteAnchor(strconv.Itoa(no)))
		pos, last = m[1], no
	}
	n.Data = n.Data[pos:]
	return last
}
