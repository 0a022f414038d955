package models

import (
	"fmt"

	"github.com/go-json-experiment/json"
)

// Section is a page of a module: an aggregate of blocks, citations and editor notes that are saved, versioned and
// published together. Its place (ParentID, Position) is versioned on the module.
type Section struct {
	Meta            `validate:"-"`
	CourseID        ID           `json:"course_id" validate:"required"`
	ModuleID        ID           `json:"module_id" validate:"required"`
	ParentID        *ID          `json:"parent_id"`
	Position        int          `json:"position"` // in the module, counted through the tree in reading order
	Slug            string       `json:"slug" validate:"slug"`
	Title           string       `json:"title" validate:"required,max=500"`
	MenuLabel       string       `json:"menu_label" validate:"max=500"`
	Origin          *Origin      `json:"origin" gorm:"serializer:record"`
	Number          string       `json:"number" validate:"max=50"` // as shown: "1.1"
	InMenu          bool         `json:"in_menu"`
	Summary         Text         `json:"summary" validate:"max=10000"`
	DurationMinutes *int         `json:"duration_minutes" validate:"omitempty,min=0,max=100000"`
	Blocks          Blocks       `json:"blocks" gorm:"serializer:record" validate:"dive"`
	Citations       []Citation   `json:"citations" gorm:"serializer:record" validate:"max=2000,dive"`
	EditorNotes     []EditorNote `json:"editor_notes" gorm:"serializer:record" validate:"max=1000,dive"` // private
	HTML            string       `json:"-" gorm:"column:html"`                                           // live only: rendered when published

	// What the database holds of Blocks and Citations, which are empty then, in a section that was read to be served as it is.
	BlocksJSON    string `json:"-" gorm:"-"`
	CitationsJSON string `json:"-" gorm:"-"`
}

// Decode reads blocks and citations of a section that was read to be served.
func (s *Section) Decode() error {
	for stored, to := range map[*string]any{&s.BlocksJSON: &s.Blocks, &s.CitationsJSON: &s.Citations} {
		if *stored == "" {
			continue
		}
		if err := json.Unmarshal([]byte(*stored), to); err != nil {
			return fmt.Errorf("section %s: %w", s.ID, err)
		}
	}
	return nil
}

// Origin says which page of a source a section was read from, for "edit this page".
type Origin struct {
	Path   string     `json:"path" validate:"required,max=2000"` // slash-separated, from the root of the source
	Lines  *LineRange `json:"lines"`
	Commit string     `json:"commit" validate:"max=100"` // at which that page last changed; empty when unknown
}

// LineRange counts lines from 1, both ends included.
type LineRange struct {
	Start int `json:"start" validate:"min=1"`
	End   int `json:"end" validate:"gtefield=Start"`
}

// EditorNote is a private remark, an HTML comment of the imported page for instance.
type EditorNote struct {
	ID    string `json:"id" validate:"required,max=64,printascii"`
	After string `json:"after" validate:"max=64"` // id of the block that it follows; empty at the beginning
	Text  string `json:"text" validate:"required,max=1000000"`
}

// Citation is one numbered reference of a section. It may be marked many times in the text.
type Citation struct {
	ID      ID       `json:"id" validate:"uuid"`
	Label   string   `json:"label" validate:"required,max=50"` // as shown, unique in its section
	Locator *Locator `json:"locator"`
	Written Text     `json:"written" validate:"max=20000"` // as the author wrote it
	Source  *Ref     `json:"source"`
}

// Locator is the place in a source that a citation means, in the terms of CSL ("page", "chapter", "timestamp" …).
type Locator struct {
	Label string `json:"label" validate:"required,max=50"`
	Value string `json:"value" validate:"required,max=500"`
}

// Kind is KindSection.
func (*Section) Kind() Kind { return KindSection }

// Name is the slug.
func (s *Section) Name() string { return s.Slug }

// Label is the title.
func (s *Section) Label() string { return s.Title }

// Owner is the parent section, or the module for a section at the top.
func (s *Section) Owner() *Ref {
	if s.ParentID != nil {
		return NewRef(KindSection, *s.ParentID)
	}
	return NewRef(KindModule, s.ModuleID)
}
