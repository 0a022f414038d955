package blocks

import (
	"regexp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// matching finds what asks to find the pairs of two lists.
var matching = regexp.MustCompile(`(?i)\b(?:match|pair up|draw (?:a line|lines|arrows)|connect (?:each|every|the))\b`)

// findMatching marks the lists and tables that are to be joined: right below a text that asks for it, two lists one
// after the other, or a table of one row with a list in each of its two cells.
func (c *converter) findMatching(blocks models.Blocks) {
	for i := 1; i < len(blocks); i++ {
		p, ok := blocks[i-1].(*models.Paragraph)
		if !ok || !matching.MatchString(render.Plain(p.Text)) {
			continue
		}
		switch b := blocks[i].(type) {
		case *models.List:
			if i+1 == len(blocks) {
				return
			}
			if right, ok := blocks[i+1].(*models.List); ok && isTerms(b) && isTerms(right) {
				c.join(b)
				c.join(right)
			}
		case *models.Table:
			if len(b.Rows) == 1 && len(b.Rows[0]) == 2 && isTerms(listOf(b.Rows[0][0])) && isTerms(listOf(b.Rows[0][1])) && isGrid(b) {
				c.join(b)
			}
		}
	}
}

func (c *converter) join(b models.Block) {
	f := c.facts[b]
	f.joined = true
	c.facts[b] = f
}

// minTerms is the fewest terms of a list to be joined with another.
const minTerms = 2

// isTerms tells whether the items of a list can be joined with those of another: texts and nothing more.
func isTerms(l *models.List) bool {
	if l == nil || len(l.Items) < minTerms {
		return false
	}
	for _, item := range l.Items {
		if t, ok := flatItem(item); !ok || blank(t) {
			return false
		}
	}
	return true
}

// listOf gives the list that a cell holds and nothing else, or nil.
func listOf(c models.Cell) *models.List {
	if c.Text != "" || len(c.Blocks) != 1 {
		return nil
	}
	l, _ := c.Blocks[0].(*models.List)
	return l
}

// matching adds two lists to be joined.
func (f *filler) matching(lead models.Text, left, right *models.List) {
	m := &models.Matching{PromptBase: f.base(models.PromptMatching, lead), Left: itemTexts(left), Right: itemTexts(right)}
	f.last = &m.PromptBase
	f.add(m)
}
