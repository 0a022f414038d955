// Package blocks turns the DOM of a page into blocks, worksheets and notes. What no block can hold is kept as raw HTML
// or as running text, and reported: no word is lost.
package blocks

import (
	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// Result is what a page holds.
type Result struct {
	Blocks      models.Blocks
	Notes       []Note
	EditorNotes []models.EditorNote
	Worksheets  []*models.Worksheet // in reading order; the blocks refer to them
	Objectives  []models.Text       // the items of boxes of objectives
	Minutes     *int                // the duration that the page states
	Includes    []Include           // in reading order
	Facts       Facts
	Problems    []kramdown.Problem
}

// Convert makes blocks of a document. The same document gives the same block, prompt and note ids. It takes the
// document apart.
func Convert(doc *kramdown.Document, title string) *Result {
	c := &converter{
		doc: doc, title: title, facts: map[models.Block]facts{}, marks: map[string]bool{}, used: map[*html.Node]bool{},
		uses: map[*models.FragmentUse]int{},
	}
	c.out.Facts.count(doc)
	c.takeNotes()
	inNotes, lost := c.takeAside(), c.findLostMarks()
	c.out.Blocks = c.workbook(c.flow(children(doc.Root)))
	c.aside = append(c.aside, inNotes...)
	c.number()
	c.missingIncludes()
	c.checkMarks()
	c.checkLostMarks(lost)
	return &c.out
}

// converter is the state of converting one page.
type converter struct {
	doc      *kramdown.Document
	title    string
	out      Result
	facts    map[models.Block]facts
	anchors  map[string]bool // what a link to a place in the page can lead to
	marks    map[string]bool // labels marked in the text
	defined  map[string]bool // labels of the notes of the page
	order    []markAt
	aside    models.Blocks               // comments and includes in the text being converted, not yet put after a block
	uses     map[*models.FragmentUse]int // which include stands in the place of a block
	used     map[*html.Node]bool         // read together with an earlier element
	exercise int                         // how many exercise boxes are around what is converted
}

// facts are what the DOM says of a block and the block does not.
type facts struct {
	fillIn  bool               // a table that is there to be written in
	options bool               // a list of answers to choose from
	joined  bool               // a list or table whose terms are to be joined
	height  int                // of the cells of a table, in CSS pixels
	spans   []kramdown.Problem // what to say of cells that take the place of several, where a table becomes prompts
	line    int
}

// comment stands where an HTML comment was until the blocks have ids.
type comment struct {
	models.BlockBase
	index int
}

func (c *converter) problem(n *html.Node, message string) {
	c.out.Problems = append(c.out.Problems, kramdown.Problem{Line: kramdown.Line(n), Message: message})
}

// takeAside gives the comments and includes found since it was last called.
func (c *converter) takeAside() models.Blocks {
	out := c.aside
	c.aside = nil
	return out
}
