package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Source is a work that citations point to, shared by all sections of a course.
type Source struct {
	Meta       `validate:"-"`
	CourseID   ID         `json:"course_id" validate:"required"`
	Key        string     `json:"key" validate:"required,max=200"` // stable cite key, unique in the course
	CSL        CSL        `json:"csl" gorm:"serializer:record;column:csl"`
	Written    Text       `json:"written" validate:"max=20000"`
	Parse      ParseState `json:"parse" validate:"oneof=confirmed parsed partial unparsed"`
	Recogniser string     `json:"recogniser" validate:"max=100"` // which one read Written; empty when a person did

	CSLJSON string `json:"-" gorm:"-"` // what the database holds of CSL, which is empty then, in a source that was read to be served as it is
}

// ParseState says how far a source's fields can be trusted.
type ParseState string

// The states of a parsed source. A doubt is partial, never a guess presented as fact.
const (
	ParseConfirmed ParseState = "confirmed" // a person has said that it is right
	ParseParsed    ParseState = "parsed"
	ParsePartial   ParseState = "partial"
	ParseUnparsed  ParseState = "unparsed"
)

// Kind is KindSource.
func (*Source) Kind() Kind { return KindSource }

// Name is "": sources are addressed by id.
func (*Source) Name() string { return "" }

// Label is the title, or the cite key where none is known.
func (s *Source) Label() string {
	if s.CSL.Title == "" {
		return s.Key
	}
	return s.CSL.Title
}

// Owner is the course.
func (s *Source) Owner() *Ref { return NewRef(KindCourse, s.CourseID) }

// CSL is an item of CSL-JSON (Citation Style Language 1.0.2), with that standard's own names. Variables without a
// field here are kept in Other. Absent variables are left out, as the standard has it.
type CSL struct {
	Type           string                    `json:"type" validate:"required,max=100"`
	Title          string                    `json:"title,omitzero" validate:"max=2000"`
	Author         []CSLName                 `json:"author,omitempty" validate:"max=500,dive"`
	Editor         []CSLName                 `json:"editor,omitempty" validate:"max=500,dive"`
	Issued         *CSLDate                  `json:"issued,omitzero"`
	ContainerTitle string                    `json:"container-title,omitzero" validate:"max=2000"`
	Volume         string                    `json:"volume,omitzero" validate:"max=100"`
	Issue          string                    `json:"issue,omitzero" validate:"max=100"`
	Page           string                    `json:"page,omitzero" validate:"max=200"`
	Publisher      string                    `json:"publisher,omitzero" validate:"max=1000"`
	PublisherPlace string                    `json:"publisher-place,omitzero" validate:"max=1000"`
	Edition        string                    `json:"edition,omitzero" validate:"max=200"`
	URL            string                    `json:"URL,omitzero" validate:"max=8000"`
	DOI            string                    `json:"DOI,omitzero" validate:"max=500"`
	ISBN           string                    `json:"ISBN,omitzero" validate:"max=100"`
	ISSN           string                    `json:"ISSN,omitzero" validate:"max=100"`
	Language       string                    `json:"language,omitzero" validate:"max=100"`
	Genre          string                    `json:"genre,omitzero" validate:"max=200"`
	Medium         string                    `json:"medium,omitzero" validate:"max=200"`
	Dimensions     string                    `json:"dimensions,omitzero" validate:"max=200"` // running time of a video
	Note           string                    `json:"note,omitzero" validate:"max=10000"`
	Other          map[string]jsontext.Value `json:",embed"`
}

// CSLName is a person (family and given) or a body (literal).
type CSLName struct {
	Family              string `json:"family,omitzero" validate:"max=500"`
	Given               string `json:"given,omitzero" validate:"max=500"`
	DroppingParticle    string `json:"dropping-particle,omitzero" validate:"max=100"`
	NonDroppingParticle string `json:"non-dropping-particle,omitzero" validate:"max=100"`
	Suffix              string `json:"suffix,omitzero" validate:"max=100"`
	Literal             string `json:"literal,omitzero" validate:"max=1000"`
}

// CSLDate is a date or a range of dates: each part is year, month, day as far as known. Text that is no date is in
// Literal.
type CSLDate struct {
	DateParts [][]int `json:"date-parts,omitempty" validate:"max=2,dive,min=1,max=3"`
	Literal   string  `json:"literal,omitzero" validate:"max=500"`
}

// Year is the first year of the date, or 0.
func (d *CSLDate) Year() int {
	if d == nil || len(d.DateParts) == 0 || len(d.DateParts[0]) == 0 {
		return 0
	}
	return d.DateParts[0][0]
}

// cslTypes are the item types of CSL 1.0.2, appendix III.
var cslTypes = strings.Fields(`
	article article-journal article-magazine article-newspaper bill book broadcast chapter
	classic collection dataset document entry entry-dictionary entry-encyclopedia event
	figure graphic hearing interview legal_case legislation manuscript map
	motion_picture musical_score pamphlet paper-conference patent performance periodical personal_communication
	post post-weblog regulation report review review-book software song
	speech standard thesis treaty webpage`)

func (c *CSL) check() []FieldError {
	if c.Type == "" || slices.Contains(cslTypes, c.Type) { // an empty one is reported as missing
		return nil
	}
	return []FieldError{{Pointer: "/csl/type", Detail: fmt.Sprintf("%q is no item type of CSL", c.Type)}}
}
