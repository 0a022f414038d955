package patch

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/content/merge"
	"github.com/lectern-cms/lectern/models"
)

// owners are the members that say where a new record is to stand.
var owners = map[models.Kind][]string{
	models.KindModule:    {"course_id"},
	models.KindSection:   {"module_id", "parent_id"},
	models.KindSource:    {"course_id"},
	models.KindWorksheet: {"module_id"},
	models.KindAsset:     {"course_id"},
	models.KindFragment:  {"course_id"},
}

// Owners names the members that say what a new record of a kind is to belong to.
func Owners(kind models.Kind) []string { return owners[kind] }

// later are the members that whoever saves a new record fills in: the course of a section's module, an uploaded file.
var later = map[models.Kind]string{models.KindSection: "/course_id", models.KindAsset: "/file"}

// New makes a record of a stored kind from the JSON of its editable members (see Editable) and of the ids of what it is to belong
// to: course_id, or for worksheets module_id, or for sections module_id and parent_id. What is absent or null has its default: in_menu
// true, numbering as_written, word worksheet, a slug made of the title as imports make it, empty lists and texts. A
// source without csl gets what can be read from its written form, one with csl counts as confirmed; its key is made of author,
// year and title.
//
// The record has an id, and so has all in it, as in Merge. Its times are not set, nor are the course of a section
// and the file of an asset: those are the caller's. That apart, errors are those of Merge, of all rules at once.
func New(kind models.Kind, doc []byte) (models.Record, error) {
	values, err := read(kind, doc, append(Editable(kind), owners[kind]...))
	if err != nil {
		return nil, err
	}
	r := models.NewRecord(kind)
	r.Base().ID = models.NewID()
	for _, m := range members(r) {
		if m.name == "in_menu" {
			m.value.SetBool(true)
		}
		if v := values[m.name]; v != nil && v.Kind() != 'n' {
			if err := m.set(v); err != nil {
				return nil, err
			}
		}
	}
	if err := sameFiles(models.NewRecord(kind), r); err != nil {
		return nil, err
	}
	fill(r)
	bareRefs(r)
	merge.Name(r)
	if err := checkNew(r); err != nil {
		return nil, err
	}
	return r, nil
}

// fill gives what is empty its default.
func fill(r models.Record) {
	switch r := r.(type) {
	case *models.Course:
		or(&r.Numbering, models.NumberAsWritten)
	case *models.Worksheet:
		or(&r.Word, models.WordWorksheet)
	case *models.Source:
		fillSource(r)
	}
	for _, m := range members(r) {
		if m.name == "slug" && m.value.IsZero() && r.Label() != "" {
			m.value.SetString(models.Slug(r.Label()))
		}
	}
}

func fillSource(s *models.Source) {
	if reflect.ValueOf(s.CSL).IsZero() {
		found := cite.Parse(s.Written)
		s.CSL = found.CSL
		or(&s.Parse, found.Parse)
		or(&s.Recogniser, found.Recogniser)
	}
	or(&s.Parse, models.ParseConfirmed)
	or(&s.Key, cite.Key(s.CSL))
}

func or[S ~string](at *S, value S) {
	if *at == "" {
		*at = value
	}
}

// checkNew validates a record, but for what is filled in later.
func checkNew(r models.Record) error {
	fields := slices.DeleteFunc(fieldsOf(models.Validate(r)), func(f models.FieldError) bool {
		at := later[r.Kind()]
		return at != "" && (f.Pointer == at || strings.HasPrefix(f.Pointer, at+"/"))
	})
	return models.Invalid(fmt.Sprintf("the %s breaks rules", r.Kind()), fields)
}
