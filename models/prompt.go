package models

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// PromptKind names a kind of prompt.
type PromptKind string

// The kinds of prompt.
const (
	PromptQuestion      PromptKind = "question"
	PromptSentenceStart PromptKind = "sentence_start"
	PromptField         PromptKind = "field"
	PromptStep          PromptKind = "step"
	PromptGroup         PromptKind = "group"
	PromptFreeSpace     PromptKind = "free_space"
	PromptChoiceOne     PromptKind = "choice_one"
	PromptChoiceMany    PromptKind = "choice_many"
	PromptRating        PromptKind = "rating"
	PromptGrid          PromptKind = "grid"
	PromptBlank         PromptKind = "blank"
	PromptMatching      PromptKind = "matching"
	PromptDrawing       PromptKind = "drawing"
)

// Prompt is one thing that a worksheet asks for. The concrete types are the ones of newPrompt. Prompts hold no
// answers: those are in the worksheet's private answer key.
type Prompt interface {
	// PromptFields gives the fields that every prompt has.
	PromptFields() *PromptBase
}

// PromptBase is what every prompt has.
type PromptBase struct {
	ID        string     `json:"id" validate:"required,max=64,printascii"` // unique in its worksheet
	Kind      PromptKind `json:"kind"`
	Text      Text       `json:"text" validate:"max=100000"`
	Help      Text       `json:"help" validate:"max=100000"`
	Required  bool       `json:"required"`
	Objective *string    `json:"objective" validate:"omitempty,max=64"` // id of an objective of the module
}

// PromptFields gives the prompt's common fields.
func (p *PromptBase) PromptFields() *PromptBase { return p }

// PlainPrompt is a prompt that is its text and nothing more: a question, a sentence start, a field, a step, a text
// with gaps (blank) or a space to draw in.
type PlainPrompt struct {
	PromptBase
}

// Group holds prompts that share a lead-in.
type Group struct {
	PromptBase
	LeadIn  Text    `json:"lead_in" validate:"max=100000"`
	Prompts Prompts `json:"prompts" validate:"dive"`
}

// FreeSpace is room to write: so many lines, or a height in CSS pixels.
type FreeSpace struct {
	PromptBase
	Lines  *int `json:"lines" validate:"omitempty,min=1,max=1000"`
	Height *int `json:"height" validate:"omitempty,min=1,max=100000"`
}

// Choice offers options, of which one (choice_one) or any number (choice_many) are taken.
type Choice struct {
	PromptBase
	Options []Text `json:"options" validate:"min=1,max=500,dive,required,max=100000"`
}

// Rating has statements that are each placed on one scale.
type Rating struct {
	PromptBase
	Scale      []Text `json:"scale" validate:"min=1,max=50,dive,max=100000"`
	Statements []Text `json:"statements" validate:"min=1,max=500,dive,required,max=100000"`
}

// Grid is a table to fill in. A KWL table is a grid.
type Grid struct {
	PromptBase
	Columns []Text    `json:"columns" validate:"max=50,dive,max=100000"`
	Rows    []GridRow `json:"rows" validate:"min=1,max=500,dive"`
}

// GridRow is one row: its label, and its cells, of which empty ones are to be filled in.
type GridRow struct {
	Label Text   `json:"label" validate:"max=100000"`
	Cells []Text `json:"cells" validate:"max=50,dive,max=100000"`
}

// Matching asks which of Right belongs to each of Left.
type Matching struct {
	PromptBase
	Left  []Text `json:"left" validate:"min=1,max=200,dive,required,max=100000"`
	Right []Text `json:"right" validate:"min=1,max=200,dive,required,max=100000"`
}

// NewPrompt makes an empty prompt of a kind, or nil for an unknown one.
func NewPrompt(kind PromptKind) Prompt {
	p := newPrompt(kind)
	if p != nil {
		p.PromptFields().Kind = kind
	}
	return p
}

func newPrompt(kind PromptKind) Prompt {
	switch kind {
	case PromptQuestion, PromptSentenceStart, PromptField, PromptStep, PromptBlank, PromptDrawing:
		return new(PlainPrompt)
	case PromptGroup:
		return new(Group)
	case PromptFreeSpace:
		return new(FreeSpace)
	case PromptChoiceOne, PromptChoiceMany:
		return new(Choice)
	case PromptRating:
		return new(Rating)
	case PromptGrid:
		return new(Grid)
	case PromptMatching:
		return new(Matching)
	}
	return nil
}

// Prompts is an ordered list of prompts of any kind; the order is the author's.
type Prompts []Prompt

// UnmarshalJSONFrom reads the prompts, each into the type that its kind names.
func (ps *Prompts) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*ps = nil
	return readArray(dec, func() error {
		v, err := union(dec, "prompt", func(kind string) any {
			if p := newPrompt(PromptKind(kind)); p != nil {
				return p
			}
			return nil
		})
		if err == nil {
			*ps = append(*ps, v.(Prompt))
		}
		return err
	})
}

// MarshalJSONTo writes the prompts.
func (ps Prompts) MarshalJSONTo(enc *jsontext.Encoder) error {
	return json.MarshalEncode(enc, []Prompt(ps))
}
