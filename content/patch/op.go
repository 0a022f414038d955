package patch

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/models"
)

// MaxOps is how many operations one list may hold: more than a person does between two saves, and few enough that they are
// done within one request.
const MaxOps = 1000

// The operations.
const (
	OpInsert  = "insert"  // puts a new block at a place
	OpReplace = "replace" // puts another block, with all that is in it, in the place of one; the id stays
	OpMove    = "move"    // takes a block, with all that is in it, to a place
	OpDelete  = "delete"  // takes a block, with all that is in it, out
)

// Op is one operation on the blocks of a record, or on the prompts of a worksheet. Its JSON is one of
//
//	{"op": "insert", "block": {"kind": …}, <place>}
//	{"op": "replace", "id": "b3", "block": {"kind": …}}
//	{"op": "move", "id": "b3", <place>}
//	{"op": "delete", "id": "b3"}
//
// with "prompt" for "block" where it is about prompts, and for <place> one of
//
//	"after": "b2"               behind a block, in the list that holds it; null: at the beginning of the whole
//	"before": "b2"              in front of it; null: at the end of the whole
//	"into": "b5", "slot": 0     at the end of what a container holds
//
// A slot is one of the places where a block holds blocks (models.Children): item 0, 1 … of a list; a table's cells,
// counted in reading order from its first head row; 0, which may be left out, for quotes, boxes, disclosures and groups of
// prompts. The block is checked strictly. Blocks in it may bring ids, which must be free, or have none and are given one.
type Op struct {
	Op     string         `json:"op"`
	ID     string         `json:"id,omitzero"`
	Block  jsontext.Value `json:"block,omitzero"`
	Prompt jsontext.Value `json:"prompt,omitzero"`
	After  Anchor         `json:"after,omitzero"`
	Before Anchor         `json:"before,omitzero"`
	Into   string         `json:"into,omitzero"`
	Slot   int            `json:"slot,omitzero"`
}

// Anchor is a block that a place is next to, or with an empty ID an end of the whole list. The zero Anchor is none.
type Anchor struct {
	Given bool
	ID    string
}

// At makes an anchor: a block's id, or "" for an end of the whole list.
func At(id string) Anchor { return Anchor{Given: true, ID: id} }

// UnmarshalJSONFrom reads an id or null.
func (a *Anchor) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	t, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch t.Kind() {
	case 'n':
		*a = At("")
		return nil
	case '"':
		if id := t.String(); id != "" {
			*a = At(id)
			return nil
		}
	}
	return fmt.Errorf("must be an id or null")
}

// MarshalJSONTo writes the id, or null for an end of the list.
func (a Anchor) MarshalJSONTo(enc *jsontext.Encoder) error {
	if a.ID == "" {
		return enc.WriteToken(jsontext.Null)
	}
	return enc.WriteToken(jsontext.String(a.ID))
}

// needs are the members that an operation must have; it may have no other ones.
var needs = map[string]struct{ id, element, place bool }{
	OpInsert:  {element: true, place: true},
	OpReplace: {id: true, element: true},
	OpMove:    {id: true, place: true},
	OpDelete:  {id: true},
}

// check lists what is wrong with the shape of an operation on blocks or prompts, whichever noun names.
func (o Op) check(at, noun string) []models.FieldError {
	need, known := needs[o.Op]
	if !known {
		return []models.FieldError{{Pointer: at + "/op", Detail: "must be one of insert, replace, move, delete"}}
	}
	var fields []models.FieldError
	must := func(name string, has, need bool) {
		switch {
		case need && !has:
			fields = append(fields, models.FieldError{Pointer: at + "/" + name, Detail: "is required"})
		case has && !need:
			fields = append(fields, models.FieldError{Pointer: at + "/" + name, Detail: "does not belong here"})
		}
	}
	must("id", o.ID != "", need.id)
	must("block", o.Block != nil, need.element && noun == "block")
	must("prompt", o.Prompt != nil, need.element && noun == "prompt")
	switch places := o.places(); {
	case need.place && len(places) != 1:
		fields = append(fields, models.FieldError{Pointer: at, Detail: "needs one of after, before, into"})
	case !need.place:
		for _, name := range places {
			must(name, true, false)
		}
	}
	must("slot", o.Slot != 0, o.Slot != 0 && o.Into != "")
	return fields
}

func (o Op) places() []string {
	var out []string
	if o.After.Given {
		out = append(out, "after")
	}
	if o.Before.Given {
		out = append(out, "before")
	}
	if o.Into != "" {
		out = append(out, "into")
	}
	return out
}

// element is the block or prompt that the operation brings, as it was sent.
func (o Op) element() jsontext.Value {
	if o.Block != nil {
		return o.Block
	}
	return o.Prompt
}
