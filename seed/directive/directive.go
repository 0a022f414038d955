// Package directive writes the bodies of sections and worksheets as Markdown that people edit, and reads them back.
// What Markdown has no way to say is a directive, ":::box{kind=tip}". The syntax is described in docs/markdown.md.
//
// Reading what was written gives the same blocks, in every field: each block is read back when it is written, and one
// that does not come back as it was is written as JSON instead.
package directive

import (
	"fmt"

	"github.com/lectern-cms/lectern/models"
)

// Limits of what is read. They bound the time and the stack that a text can cost.
const (
	maxBytes          = 8 << 20  // of one text, as the importer's pages
	maxOpen           = 120      // quotes, lists, items and directives around one line; 24 levels of blocks need 4 each
	maxNestedLines    = 2 << 20  // lines, each as often as it has blocks around it: goldmark keeps 24 bytes for each
	maxAttributes     = 40       // of one directive; the most that any kind has is ten
	maxAttributeBytes = 64 << 10 // of one directive's braces; an address has at most 8000 characters
	maxBrackets       = 1000     // closing brackets in a directive's line that are tried as the end of its text
)

// Error says where a text is malformed.
type Error struct {
	Line    int // in the file, from 1
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Section is the body of a section or of a fragment.
type Section struct {
	Blocks      models.Blocks
	Notes       []models.EditorNote // in reading order
	Definitions []Definition        // of the marks [^label]
	Warnings    []Warning           // about what can be read but was hardly meant; not written
}

// Definition says what a mark such as [^1] stands for.
type Definition struct {
	Label string
	Text  models.Text
	Line  int // in the file, from 1; not written
}

// Worksheet is the body of a worksheet: what stands above its prompts, the prompts, and the answer key.
type Worksheet struct {
	Instructions models.Blocks
	Prompts      models.Prompts
	Answers      []models.Answer
	Warnings     []Warning
}

// Names finds the record of a kind that a text calls by a name in the place of its id: by its slug, or whatever else the
// caller has for it.
type Names func(kind models.Kind, name string) (models.ID, bool)

// Warning tells of something on a line that is kept, but may not be what the author meant.
type Warning struct {
	Line    int
	Message string
}
