package store

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// Op compares a field with one or more values.
type Op string

// The comparisons.
const (
	OpEq       Op = "eq"
	OpNe       Op = "ne" // not equal, or absent
	OpIn       Op = "in"
	OpNin      Op = "nin" // none of them, or absent
	OpLt       Op = "lt"
	OpLte      Op = "lte"
	OpGt       Op = "gt"
	OpGte      Op = "gte"
	OpContains Op = "contains"
	OpStarts   Op = "starts"
	OpExists   Op = "exists"
)

// FieldType says what the values of a field are, and so how it can be compared.
type FieldType string

// The types of fields.
const (
	FieldID     FieldType = "id"
	FieldCourse FieldType = "course" // the id or the slug of a course
	FieldWord   FieldType = "word"   // compared as it is written
	FieldTitle  FieldType = "title"  // compared without letter case, accents and punctuation
	FieldBool   FieldType = "boolean"
	FieldNumber FieldType = "integer"
	FieldTime   FieldType = "time" // with date, or a date in UTC
	FieldTerm   FieldType = "term" // one of several words of a record
	FieldYear   FieldType = "year" // four digits

	// Of drafts only:
	FieldState  FieldType = "state"          // draft, changed, live, trashed
	FieldWithin FieldType = "changed_within" // something that it owns is not live as it is
)

// ops are the comparisons that each type takes; a field that may be absent takes OpExists too.
var ops = map[FieldType][]Op{
	FieldID:     {OpEq, OpNe, OpIn, OpNin},
	FieldCourse: {OpEq, OpNe, OpIn, OpNin},
	FieldWord:   {OpEq, OpNe, OpIn, OpNin, OpStarts},
	FieldTitle:  {OpEq, OpNe, OpContains, OpStarts},
	FieldBool:   {OpEq, OpNe},
	FieldNumber: {OpEq, OpNe, OpIn, OpNin, OpLt, OpLte, OpGt, OpGte},
	FieldTime:   {OpEq, OpNe, OpLt, OpLte, OpGt, OpGte},
	FieldTerm:   {OpEq, OpNe, OpIn, OpNin},
	FieldYear:   {OpEq, OpNe, OpIn, OpNin, OpLt, OpLte, OpGt, OpGte},
	FieldState:  {OpEq, OpNe, OpIn, OpNin},
	FieldWithin: {OpEq, OpNe},
}

// Field is a field that lists of records can be filtered by.
type Field struct {
	Name     string
	Type     FieldType
	Optional bool   // a record may have none
	Index    string // the columns of the index that serves it; empty when the list is read through
	column   string
}

// Ops lists the comparisons that the field takes.
func (f Field) Ops() []Op {
	out := slices.Clone(ops[f.Type])
	if f.Optional {
		out = append(out, OpExists)
	}
	return out
}

// The index of all terms.
const termsIndex = "kind, field, value, record_id"

func word(name string) Field { return Field{Name: name, Type: FieldWord, column: name} }

func term(name string) Field {
	return Field{Name: name, Type: FieldTerm, Optional: true, Index: termsIndex}
}

var (
	fieldSlug     = word("slug")
	fieldTitle    = Field{Name: "title", Type: FieldTitle, Index: "sort_key, id", column: "sort_key"}
	fieldNumber   = word("number")
	fieldLicense  = word("license")
	fieldInMenu   = Field{Name: "in_menu", Type: FieldBool, column: "in_menu"}
	fieldDuration = Field{Name: "duration_minutes", Type: FieldNumber, Optional: true, column: "duration_minutes"}
	fieldModule   = Field{Name: "module", Type: FieldID, Index: "module_id, position, id", column: "module_id"}

	// everyField is what all kinds have.
	everyField = []Field{
		{Name: "id", Type: FieldID, Index: "id", column: "id"},
		{Name: "created_at", Type: FieldTime, column: "created_at"},
		{Name: "updated_at", Type: FieldTime, column: "updated_at"},
		{Name: "published_at", Type: FieldTime, column: "published_at"},
	}
)

func courseField(index string) Field {
	return Field{Name: "course", Type: FieldCourse, Index: index, column: "course_id"}
}

// fields are those that each kind has beside everyField.
var fields = map[models.Kind][]Field{
	models.KindCourse: {
		{Name: "slug", Type: FieldWord, Index: "slug", column: "slug"}, fieldTitle, word("language"), fieldLicense, word("publisher"),
	},
	models.KindModule: {
		fieldSlug, fieldTitle, courseField("course_id, position, id"), fieldInMenu, fieldLicense, fieldDuration,
		term("audience"), term("level"), term("subjects"), term("keywords"),
	},
	models.KindSection: {
		fieldSlug, fieldTitle, fieldNumber, courseField("course_id, id"), fieldModule,
		{Name: "parent", Type: FieldID, Optional: true, column: "parent_id"}, fieldInMenu, fieldDuration,
	},
	models.KindWorksheet: {
		fieldSlug, fieldTitle, fieldNumber, word("word"), {Name: "course", Type: FieldCourse, Index: "module_id, position, id"}, fieldModule, fieldDuration,
	},
	models.KindCitation: {
		word("label"), {Name: "course", Type: FieldCourse, column: "course_id"},
		{Name: "module", Type: FieldID, column: "module_id"},
		{Name: "section", Type: FieldID, Index: "section_id, position, id", column: "section_id"},
		{Name: "source", Type: FieldID, Optional: true, Index: "source_id", column: "source_id"},
	},
	models.KindSource: {
		{Name: "key", Type: FieldWord, column: "key"}, fieldTitle, courseField("course_id, key"), word("parse"), word("recogniser"),
		term("type"), {Name: "year", Type: FieldYear, Optional: true, Index: termsIndex},
	},
	models.KindFragment: {fieldSlug, fieldTitle, courseField("course_id, slug")},
	models.KindAsset: {
		fieldTitle, courseField("course_id, id"), term("media_type"), fieldLicense, {Name: "decorative", Type: FieldBool, column: "decorative"},
	},
}

// Fields lists the fields that lists of a kind can be filtered by.
func Fields(kind models.Kind) []Field {
	return slices.Concat(everyField[:1], fields[kind], everyField[1:])
}

// DraftFields lists the fields that lists of drafts of a kind can be filtered by.
func DraftFields(kind models.Kind) []Field {
	out := slices.DeleteFunc(Fields(kind), func(f Field) bool { return f.column == "published_at" })
	out = append(out, Field{Name: "state", Type: FieldState},
		Field{Name: "scheduled_at", Type: FieldTime, Optional: true, column: nextSchedule(kind)})
	if unpublishedWithin[kind] != "" {
		out = append(out, Field{Name: "changed_within", Type: FieldWithin})
	}
	return out
}

func fieldNamed(fields []Field, name string) (Field, bool) {
	at := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if at < 0 {
		return Field{}, false
	}
	return fields[at], true
}
