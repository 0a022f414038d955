package blocks

import (
	"fmt"
	"regexp"
	"slices"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// Include is the place of an included file among the blocks. Its block has no fragment yet: who reads the file sets it.
type Include struct {
	kramdown.Include
	Block *models.FragmentUse
}

// includeLine finds lines that hold nothing but includes.
var includeLine = regexp.MustCompile(`(?m)^[ \t]*(?:\x{FDD2}\d+\x{FDD3}[ \t]*)+$`)

// includes converts a text in which includes stand on lines of their own. It is false for any other text.
func (f *flow) includes(n *html.Node) bool {
	if n.Type != html.TextNode {
		return false
	}
	lines := slices.DeleteFunc(includeLine.FindAllStringIndex(n.Data, -1), func(at []int) bool {
		return at[0] == 0 && !f.beginsLine() || at[1] == len(n.Data) && !endsLine(n)
	})
	pos := 0
	for _, at := range lines {
		f.pending = append(f.pending, &html.Node{Type: html.TextNode, Data: n.Data[pos:at[0]]})
		f.flush()
		for _, m := range kramdown.IncludePlaceholder.FindAllStringSubmatch(n.Data[at[0]:at[1]], -1) {
			f.add(f.include(atoi(m[1])))
		}
		pos = at[1]
	}
	if len(lines) == 0 {
		return false
	}
	if rest := (&html.Node{Type: html.TextNode, Data: n.Data[pos:]}); !isBlank(rest) {
		f.pending = append(f.pending, rest)
	}
	return true
}

// beginsLine tells whether what comes next is the first thing in its line.
func (f *flow) beginsLine() bool {
	waiting := solid(f.pending)
	return len(waiting) == 0 || isElement(waiting[len(waiting)-1], "br")
}

// endsLine tells whether a node is the last thing in its line.
func endsLine(n *html.Node) bool {
	next := nextSolid(n)
	return next == nil || isElement(next, "br") || isElement(next, flowNames...)
}

// include is the block in the place of an include.
func (c *converter) include(index int) *models.FragmentUse {
	use := &models.FragmentUse{}
	c.uses[use] = index
	return use
}

// includeInText notes an include that stands in a line of text: its block comes after the text.
func (c *converter) includeInText(index int) {
	at := c.doc.Includes[index]
	c.out.Problems = append(c.out.Problems, kramdown.Problem{
		Line: at.Line, Message: fmt.Sprintf("the include %q stands in a line of text: it was put after it", at.Name),
	})
	c.aside = append(c.aside, c.include(index))
}

// missingIncludes reports the includes that have no block, for they stand in a script or an attribute for instance.
func (c *converter) missingIncludes() {
	placed := map[int]bool{}
	for _, index := range c.uses {
		placed[index] = true
	}
	for i, include := range c.doc.Includes {
		if !placed[i] {
			c.out.Problems = append(c.out.Problems, kramdown.Problem{
				Line: include.Line, Message: fmt.Sprintf("the include %q stands where no block can be: its tag was taken out", include.Name),
			})
		}
	}
}
