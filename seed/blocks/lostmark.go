package blocks

import (
	"fmt"
	"regexp"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/seed/kramdown"
)

// lostMark is a word that ends in a number, as one does whose note mark was pasted as plain text.
type lostMark struct {
	word, label string
	line        int
}

// wordNumber finds a plain word with a number at its end. Names with capitals inside them are called so.
var wordNumber = regexp.MustCompile(`(?:^|[\s“"‘'(])(\p{L}\p{Ll}{3,})(\d{1,3})(?:[\s.,;:!?”"’')]|$)`)

// findLostMarks lists the words of the text that end in a number.
func (c *converter) findLostMarks() []lostMark {
	var found []lostMark
	find(c.doc.Root, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			for _, m := range wordNumber.FindAllStringSubmatch(n.Data, -1) {
				found = append(found, lostMark{m[1], m[2], kramdown.Line(n)})
			}
		}
		return !isElement(n, "a", "code", "pre", "sup", "script", "style")
	})
	return found
}

// checkLostMarks reports the words whose number marks nothing, on a page that has notes.
func (c *converter) checkLostMarks(found []lostMark) {
	for _, m := range found {
		if len(c.out.Notes) > 0 && !c.marks[m.label] {
			c.out.Problems = append(c.out.Problems, kramdown.Problem{
				Line: m.line, Message: fmt.Sprintf("%s%s may be a word with the mark of a lost note %s: it stays as it is", m.word, m.label, m.label),
			})
		}
	}
}
