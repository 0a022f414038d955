package directive

import (
	"fmt"
	"strconv"

	"github.com/lectern-cms/lectern/models"
)

// numberer gives ids in reading order to blocks and prompts that have none, as package seed/blocks does, and takes
// the notes out from among the blocks.
type numberer struct {
	r     *reader
	taken map[string]bool
	count int    // blocks so far
	after string // id of the last one, which notes follow
	notes []models.EditorNote
}

// numberer begins to number; first is the number of the first block, 1 for a whole text.
func (r *reader) numberer(first int) *numberer {
	return &numberer{r: r, taken: map[string]bool{}, count: first - 1}
}

// take notes the ids that blocks have of themselves. None may be there twice.
func (n *numberer) take(bs models.Blocks) (err error) {
	bs.Walk(func(b models.Block, _ int) bool {
		switch b.(type) {
		case *note, *placedNote:
			return true
		}
		if e := n.takeID(b.Base().ID, n.r.at[b]); e != nil && err == nil {
			err = e
		}
		return true
	})
	return err
}

func (n *numberer) takeID(id string, at int) error {
	if id == "" {
		return nil
	}
	if n.taken[id] {
		return n.r.fail(at, "the id %q stands there twice", id)
	}
	n.taken[id] = true
	return nil
}

// blocks gives the ids, and takes out the notes.
func (n *numberer) blocks(bs models.Blocks) models.Blocks {
	var out models.Blocks
	for _, b := range bs {
		switch b := b.(type) {
		case *note:
			n.notes = append(n.notes, models.EditorNote{ID: b.ID, After: n.after, Text: b.text})
			continue
		case *placedNote:
			n.notes = append(n.notes, b.note)
			continue
		}
		n.count++
		base := b.Base()
		base.Kind = models.KindOfBlock(b)
		if base.ID == "" {
			base.ID = free("b", n.count, n.taken)
		}
		n.after = base.ID
		for _, inner := range models.Children(b) {
			*inner = n.blocks(*inner)
		}
		out = append(out, b)
	}
	return out
}

// free gives the id of a number. Only where another block has been given that id by hand is it another one.
func free(letter string, number int, taken map[string]bool) string {
	id := letter + strconv.Itoa(number)
	for i := 2; taken[id]; i++ {
		id = fmt.Sprintf("%s%d-%d", letter, number, i)
	}
	taken[id] = true
	return id
}

// finishNotes gives ids to the notes that have none.
func (n *numberer) finishNotes() ([]models.EditorNote, error) {
	taken := map[string]bool{}
	for _, note := range n.notes {
		if note.ID != "" && taken[note.ID] {
			return nil, &Error{n.r.firstLine, fmt.Sprintf("two notes have the id %q", note.ID)}
		}
		taken[note.ID] = note.ID != ""
	}
	for i := range n.notes {
		if n.notes[i].ID == "" {
			n.notes[i].ID = free("n", i+1, taken)
		}
	}
	return n.notes, nil
}

// numberPrompts gives ids to prompts that have none.
func (r *reader) numberPrompts(ps models.Prompts, first int) error {
	n := r.numberer(1)
	var err error
	ps.Walk(func(p models.Prompt, _ int) {
		if e := n.takeID(p.PromptFields().ID, r.at[p]); e != nil && err == nil {
			err = e
		}
	})
	count := first - 1
	ps.Walk(func(p models.Prompt, _ int) {
		count++
		if base := p.PromptFields(); base.ID == "" {
			base.ID = free("p", count, n.taken)
		}
	})
	return err
}
