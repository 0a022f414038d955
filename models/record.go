package models

import (
	"strings"
	"time"
)

// Meta is what every record has. The fields without JSON belong to how a record is kept, not to its content: the
// admin API shows them beside it.
type Meta struct {
	ID        ID        `json:"id" gorm:"primaryKey"`
	CreatedAt time.Time `json:"created_at" gorm:"autoCreateTime:false"`
	UpdatedAt time.Time `json:"updated_at" gorm:"autoUpdateTime:false"` // when its content last changed
	Extra     Extra     `json:"extra" gorm:"serializer:record"`

	// SortKey is the title folded in Go, so that text sorts alike in every database.
	SortKey string `json:"-"`

	// Of a draft: Version counts the saves of the record's own fields, LiveVersion is the one that readers see (nil:
	// none), TrashedAt is when it was put in the trash.
	Version     int64      `json:"-"`
	LiveVersion *int64     `json:"-"`
	TrashedAt   *time.Time `json:"-"`

	// Of a live record: when it was last published, and of one that was read the slugs of the live records above it, with
	// slashes between them.
	PublishedAt time.Time `json:"-"`
	Above       string    `json:"-" gorm:"->"`

	// Shown is what a reference to a live record says, of one that was read for that alone. Others have it too: nobody changes it.
	Shown *Ref `json:"-" gorm:"-"`
}

// Base gives what every record has.
func (m *Meta) Base() *Meta { return m }

// State is what an editor sees of a record.
type State string

// The states of a record.
const (
	StateDraft   State = "draft"   // never live, or not any more
	StateChanged State = "changed" // live, and the draft differs
	StateLive    State = "live"
	StateTrashed State = "trashed"
)

// State derives the state of a draft.
func (m *Meta) State() State {
	switch {
	case m.TrashedAt != nil:
		return StateTrashed
	case m.LiveVersion == nil:
		return StateDraft
	case *m.LiveVersion != m.Version:
		return StateChanged
	}
	return StateLive
}

// Record is a record that is saved, versioned and published as one: a course, module, section, source, worksheet,
// asset or fragment.
type Record interface {
	Base() *Meta
	Kind() Kind
	// Name is the slug, or "" for kinds that have none.
	Name() string
	// Label is what the record is called in lists: its title.
	Label() string
	// Owner refers to the record that this one belongs to and is published with, nil for courses.
	Owner() *Ref
}

// NewRecord makes an empty record of a stored kind. It panics on any other kind: which kinds there are is known
// when Lectern is compiled.
func NewRecord(kind Kind) Record {
	switch kind {
	case KindCourse:
		return new(Course)
	case KindModule:
		return new(Module)
	case KindSection:
		return new(Section)
	case KindSource:
		return new(Source)
	case KindWorksheet:
		return new(Worksheet)
	case KindAsset:
		return new(Asset)
	case KindFragment:
		return new(Fragment)
	}
	panic("models: no record of kind " + string(kind))
}

// Course is the top of the tree: modules in order, and what is shared between them.
type Course struct {
	Meta      `validate:"-"`
	Slug      string       `json:"slug" validate:"slug"`
	Title     string       `json:"title" validate:"required,max=500"`
	Summary   Text         `json:"summary" validate:"max=10000"`
	Language  string       `json:"language" validate:"required,bcp47_language_tag"`
	License   string       `json:"license" validate:"max=500"`
	Publisher string       `json:"publisher" validate:"max=500"`
	Numbering Numbering    `json:"numbering" validate:"oneof=as_written first_use"`
	Source    CourseSource `json:"source" gorm:"serializer:record"`
}

// Numbering says which numbers readers see on citations.
type Numbering string

// The ways of numbering citations.
const (
	NumberAsWritten Numbering = "as_written"
	NumberFirstUse  Numbering = "first_use" // 1, 2, 3 … in the order of the marks, at rendering only
)

// CourseSource says where an imported course comes from.
type CourseSource struct {
	Repository string `json:"repository" validate:"max=2000"`
	Commit     string `json:"commit" validate:"max=100"`
	URL        string `json:"url" validate:"max=2000"`
}

// Kind is KindCourse.
func (*Course) Kind() Kind { return KindCourse }

// Name is the slug.
func (c *Course) Name() string { return c.Slug }

// Label is the title.
func (c *Course) Label() string { return c.Title }

// Owner is nil.
func (*Course) Owner() *Ref { return nil }

// Module is a unit of a course: sections in a tree, worksheets, and facts in the terms of LRMI. Its place (Position)
// is versioned on the course.
type Module struct {
	Meta            `validate:"-"`
	CourseID        ID            `json:"course_id" validate:"required"`
	Position        int           `json:"position"`
	Slug            string        `json:"slug" validate:"slug"`
	Title           string        `json:"title" validate:"required,max=500"`
	MenuLabel       string        `json:"menu_label" validate:"max=500"`
	InMenu          bool          `json:"in_menu"`
	Summary         Text          `json:"summary" validate:"max=10000"`
	Objectives      []Objective   `json:"objectives" gorm:"serializer:record" validate:"max=100,dive"`
	Prerequisites   []string      `json:"prerequisites" gorm:"serializer:record" validate:"max=50,dive,required,max=1000"`
	Audience        []string      `json:"audience" gorm:"serializer:record" validate:"max=50,dive,required,max=200"`
	Level           []string      `json:"level" gorm:"serializer:record" validate:"max=20,dive,required,max=200"`
	DurationMinutes *int          `json:"duration_minutes" validate:"omitempty,min=0,max=100000"`
	Subjects        []string      `json:"subjects" gorm:"serializer:record" validate:"max=50,dive,required,max=200"`
	Keywords        []string      `json:"keywords" gorm:"serializer:record" validate:"max=100,dive,required,max=200"`
	License         string        `json:"license" validate:"max=500"`
	Cover           *Ref          `json:"cover" gorm:"serializer:record"`
	Contributors    []Contributor `json:"contributors" gorm:"serializer:record" validate:"max=200,dive"`
	Owners          []string      `json:"owners" gorm:"serializer:record" validate:"max=100,dive,required,max=200"` // private
}

// Objective is something that a learner can do after the module, or after one section of it.
type Objective struct {
	ID      string `json:"id" validate:"required,max=64,printascii"`
	Text    Text   `json:"text" validate:"required,max=10000"`
	Section *Ref   `json:"section"`
}

// Contributor is a person or body with a part in a module. Either Literal or Family is set.
type Contributor struct {
	Given   string `json:"given" validate:"max=200"`
	Family  string `json:"family" validate:"required_without=Literal,max=200"`
	Literal string `json:"literal" validate:"max=500"`
	ORCID   string `json:"orcid" validate:"omitempty,orcid"`
	Role    string `json:"role" validate:"max=100"`
}

// Kind is KindModule.
func (*Module) Kind() Kind { return KindModule }

// Name is the slug.
func (m *Module) Name() string { return m.Slug }

// Label is the title.
func (m *Module) Label() string { return m.Title }

// Owner is the course.
func (m *Module) Owner() *Ref { return NewRef(KindCourse, m.CourseID) }

// Worksheet is something to fill in or to do. Its prompts hold no answers.
type Worksheet struct {
	Meta            `validate:"-"`
	ModuleID        ID            `json:"module_id" validate:"required"`
	Position        int           `json:"position"`
	Slug            string        `json:"slug" validate:"slug"`
	Word            WorksheetWord `json:"word" validate:"oneof=worksheet activity reflection self-assessment quiz"`
	Number          string        `json:"number" validate:"max=50"`
	Title           string        `json:"title" validate:"max=500"`
	Instructions    Blocks        `json:"instructions" gorm:"serializer:record" validate:"dive"`
	Document        *Document     `json:"document" gorm:"serializer:record"`
	DurationMinutes *int          `json:"duration_minutes" validate:"omitempty,min=0,max=100000"`
	Prompts         Prompts       `json:"prompts" gorm:"serializer:record" validate:"dive"`
	AnswerKey       []Answer      `json:"answer_key" gorm:"serializer:record" validate:"max=1000,dive"` // private
	HTML            string        `json:"-" gorm:"column:html"`                                         // live only: rendered when published
}

// WorksheetWord is what the author calls a worksheet.
type WorksheetWord string

// The words for worksheets.
const (
	WordWorksheet      WorksheetWord = "worksheet"
	WordActivity       WorksheetWord = "activity"
	WordReflection     WorksheetWord = "reflection"
	WordSelfAssessment WorksheetWord = "self-assessment"
	WordQuiz           WorksheetWord = "quiz"
)

// Document is a worksheet's printable or editable form: a link as written, or a file.
type Document struct {
	URL   string `json:"url" validate:"max=8000"`
	Asset *Ref   `json:"asset"`
	Label Text   `json:"label" validate:"max=1000"`
}

// Answer is a part of an answer key: the answer to one prompt, or with an empty Prompt to the whole worksheet.
type Answer struct {
	Prompt string `json:"prompt" validate:"max=64"`
	Blocks Blocks `json:"blocks" validate:"dive"`
}

// Kind is KindWorksheet.
func (*Worksheet) Kind() Kind { return KindWorksheet }

// Name is the slug.
func (w *Worksheet) Name() string { return w.Slug }

// Label is the whole of what is shown above a worksheet: "Worksheet #2: Your Experiences", the title alone where there
// is no number, and the word alone where there is no title either.
func (w *Worksheet) Label() string {
	word := string(w.Word)
	if word != "" {
		word = strings.ToUpper(word[:1]) + word[1:]
	}
	switch {
	case w.Number != "" && w.Title != "":
		return word + " #" + w.Number + ": " + w.Title
	case w.Number != "":
		return word + " #" + w.Number
	case w.Title != "":
		return w.Title
	}
	return word
}

// Owner is the module.
func (w *Worksheet) Owner() *Ref { return NewRef(KindModule, w.ModuleID) }

// Asset is a file with what must be known to show it and to say whose it is.
type Asset struct {
	Meta          `validate:"-"`
	CourseID      ID             `json:"course_id" validate:"required"`
	File          File           `json:"file" gorm:"serializer:record"`
	Alt           string         `json:"alt" validate:"max=2000"`
	Decorative    bool           `json:"decorative"`
	Caption       Text           `json:"caption" validate:"max=10000"`
	Credit        Text           `json:"credit" validate:"max=10000"`
	License       string         `json:"license" validate:"max=500"`
	Transcript    Text           `json:"transcript" validate:"max=1000000"`
	CaptionTracks []CaptionTrack `json:"caption_tracks" gorm:"serializer:record" validate:"max=50,dive"`
	FocalPoint    *FocalPoint    `json:"focal_point" gorm:"serializer:record"`
	Renditions    []Rendition    `json:"renditions" gorm:"serializer:record" validate:"max=50,dive"`
}

// File is stored bytes. Sha256 is the lower-case hexadecimal hash that names them.
type File struct {
	Name      string   `json:"name" validate:"required,max=255"`
	Sha256    string   `json:"sha256" validate:"required,len=64,hexadecimal,lowercase"`
	MediaType string   `json:"media_type" validate:"required,max=200"`
	Bytes     int64    `json:"bytes" validate:"min=0"`
	Width     *int     `json:"width" validate:"omitempty,min=1"`    // pixels
	Height    *int     `json:"height" validate:"omitempty,min=1"`   // pixels
	Duration  *float64 `json:"duration" validate:"omitempty,min=0"` // seconds
}

// CaptionTrack is a WebVTT file for a video or sound asset.
type CaptionTrack struct {
	Language string `json:"language" validate:"bcp47_language_tag"`
	Label    string `json:"label" validate:"max=200"`
	File     File   `json:"file"`
}

// FocalPoint is the part of an image that cropping must keep, as fractions of its width and height.
type FocalPoint struct {
	X float64 `json:"x" validate:"min=0,max=1"`
	Y float64 `json:"y" validate:"min=0,max=1"`
}

// Rendition is a smaller or converted copy of an asset.
type Rendition struct {
	Name string `json:"name" validate:"required,max=100"`
	File File   `json:"file"`
}

// Kind is KindAsset.
func (*Asset) Kind() Kind { return KindAsset }

// Name is "": assets are addressed by id.
func (*Asset) Name() string { return "" }

// Label is the file's name.
func (a *Asset) Label() string { return a.File.Name }

// Owner is the course.
func (a *Asset) Owner() *Ref { return NewRef(KindCourse, a.CourseID) }

// Fragment is shared content that sections include. It includes no fragments itself.
type Fragment struct {
	Meta     `validate:"-"`
	CourseID ID     `json:"course_id" validate:"required"`
	Slug     string `json:"slug" validate:"slug"`
	Title    string `json:"title" validate:"max=500"`
	Blocks   Blocks `json:"blocks" gorm:"serializer:record" validate:"dive"`
	HTML     string `json:"-" gorm:"column:html"` // live only: rendered when published
}

// Kind is KindFragment.
func (*Fragment) Kind() Kind { return KindFragment }

// Name is the slug.
func (f *Fragment) Name() string { return f.Slug }

// Label is the title, or the slug where there is none.
func (f *Fragment) Label() string {
	if f.Title == "" {
		return f.Slug
	}
	return f.Title
}

// Owner is the course.
func (f *Fragment) Owner() *Ref { return NewRef(KindCourse, f.CourseID) }

// ModuleOf is the module of a section or worksheet, "" for others.
func ModuleOf(r Record) ID {
	switch r := r.(type) {
	case *Section:
		return r.ModuleID
	case *Worksheet:
		return r.ModuleID
	}
	return ""
}
