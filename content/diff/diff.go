// Package diff says what differs between two versions of a record: field by field, element by element, and in texts
// word by word. It does no I/O.
package diff

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/content/merge"
	"github.com/lectern-cms/lectern/models"
)

// Diff is what differs between two versions of a record. It is empty where nothing does. Where the record stands, and
// its times, are not compared.
type Diff struct {
	Kind     models.Kind `json:"kind"`
	Fields   []Field     `json:"fields"`   // of the record itself, in the order of its JSON
	Elements []Element   `json:"elements"` // of its lists, list by list
	Counts   Counts      `json:"counts"`
}

// Counts says how many elements of each kind of change there are, nested ones too. An element that moved and changed
// counts twice.
type Counts struct {
	Added   int `json:"added"`
	Deleted int `json:"deleted"`
	Changed int `json:"changed"`
	Moved   int `json:"moved"`
}

// Change says what happened to an element.
type Change string

// The changes of an element.
const (
	Added   Change = "added"
	Deleted Change = "deleted"
	Changed Change = "changed" // a field of its own has
	Kept    Change = "kept"    // it moved, or something in it has changed
)

// Element is a block, prompt, citation, objective, note, answer, list item, keyword … that changed. The elements of a
// list are in the order of the newer version, deleted ones behind what they stood behind.
type Element struct {
	Change  Change `json:"change"`
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901) into the newer version; of deleted ones into the older
	Type    string `json:"type"`    // block, prompt, citation, objective, editor_note, answer; empty for what has no id
	ID      string `json:"id"`      // of its own; of an answer its prompt's
	Kind    string `json:"kind"`    // of a block or prompt
	Title   string `json:"title"`   // for people: "block b4 (paragraph)", "citation 2", "items 3"
	Moved   *Place `json:"moved"`   // where it was; null when it has not moved

	// Fields are the ones that changed; of an added or deleted element all that are not empty.
	Fields   []Field   `json:"fields"`
	Elements []Element `json:"elements"` // what it holds and has changed
}

// Place is where a moved element was.
type Place struct {
	In    string `json:"in"`    // title of the element that held it; empty for the record itself
	After string `json:"after"` // title of the one before it; empty for the first
}

// Field is a value that changed. Strings are told word by word, other values as they were and are, a member being
// absent on the side that has none.
type Field struct {
	Path  string         `json:"path"` // JSON Pointer from the element; empty where the element is the value
	Words []Run          `json:"words,omitzero"`
	Old   jsontext.Value `json:"old,omitzero"`
	New   jsontext.Value `json:"new,omitzero"`
}

// Between compares two versions of a record of one kind; it fails with KindMalformed when they are not. Elements are
// the same when they have one id, wherever they are; those without one when they are alike and in order.
func Between(from, to models.Record) (Diff, error) {
	if from.Kind() != to.Kind() {
		return Diff{}, models.Malformed(fmt.Sprintf("a %s can't be compared with a %s", from.Kind(), to.Kind()), nil)
	}
	was, is := merge.Elements(from, to)
	c := &comparer{from: index(was), to: index(is), budget: maxComparisons}
	root := c.element(is.ID)
	return Diff{Kind: to.Kind(), Fields: root.Fields, Elements: root.Elements, Counts: c.counts}, nil
}

// Empty tells whether nothing differs.
func (d Diff) Empty() bool { return len(d.Fields) == 0 && len(d.Elements) == 0 }
