package blocks

import (
	"strconv"

	"github.com/lectern-cms/lectern/models"
)

// numberer gives ids in reading order, so that the same page always has the same ones, and turns the comments among
// the blocks into editor notes.
type numberer struct {
	c          *converter
	count      int
	after      string // id of the block that notes follow; fixed inside a worksheet
	fixed      bool
	worksheets []*models.Worksheet
}

// Number gives blocks their kinds, and ids in reading order.
func Number(bs models.Blocks) models.Blocks {
	n := numberer{c: &converter{}}
	return n.blocks(bs)
}

func (c *converter) number() {
	n := numberer{c: c}
	c.out.Blocks = n.blocks(c.out.Blocks)
	for _, b := range c.takeAside() {
		c.out.Blocks = append(c.out.Blocks, n.blocks(models.Blocks{b})...)
	}
	c.out.Worksheets = n.worksheets
}

func (n *numberer) blocks(bs models.Blocks) models.Blocks {
	var out models.Blocks
	for _, b := range bs {
		if note, ok := b.(*comment); ok {
			n.note(note.index)
			continue
		}
		n.count++
		base := b.Base()
		base.ID, base.Kind = "b"+strconv.Itoa(n.count), models.KindOfBlock(b)
		if !n.fixed {
			n.after = base.ID
		}
		switch b := b.(type) {
		case *models.WorksheetUse:
			n.worksheet(n.c.worksheet(b))
		case *models.FragmentUse:
			n.include(b)
		}
		for _, inner := range models.Children(b) {
			*inner = n.blocks(*inner)
		}
		out = append(out, b)
	}
	return out
}

// worksheet numbers the blocks of a worksheet, which is an aggregate of its own. Notes in it belong to its place.
func (n *numberer) worksheet(w *models.Worksheet) {
	inner := numberer{c: n.c, after: n.after, fixed: true}
	w.Instructions = inner.blocks(w.Instructions)
	for i := range w.AnswerKey {
		w.AnswerKey[i].Blocks = inner.blocks(w.AnswerKey[i].Blocks)
	}
	n.worksheets = append(append(n.worksheets, w), inner.worksheets...)
}

func (n *numberer) include(use *models.FragmentUse) {
	if index, ok := n.c.uses[use]; ok {
		n.c.out.Includes = append(n.c.out.Includes, Include{n.c.doc.Includes[index], use})
	}
}

// note makes an editor note of a comment.
func (n *numberer) note(index int) {
	if index >= len(n.c.doc.Comments) {
		return
	}
	c := n.c.doc.Comments[index]
	if c.Text == "" {
		return
	}
	notes := &n.c.out.EditorNotes
	*notes = append(*notes, models.EditorNote{ID: "n" + strconv.Itoa(len(*notes)+1), After: n.after, Text: c.Text})
}
