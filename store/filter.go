package store

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/models"
)

// Filter is a condition on one field of the records of a list. It is made by NewFilter.
type Filter struct {
	field  Field
	op     Op
	values []any
}

// Limits of filters.
const (
	MaxFilterValues = 100 // of one filter
	maxFilterBytes  = 500 // of one value
)

// NewFilter makes a filter of what a client wrote: several values of OpIn and OpNin have commas between them, and
// a backslash stands before commas and backslashes that belong to a value. The error says what is wrong, and what is
// allowed, for people.
func NewFilter(kind models.Kind, name string, op Op, written string) (Filter, error) {
	return newFilter(kind, Fields(kind), name, op, written)
}

// NewDraftFilter is NewFilter for lists of drafts.
func NewDraftFilter(kind models.Kind, name string, op Op, written string) (Filter, error) {
	return newFilter(kind, DraftFields(kind), name, op, written)
}

func newFilter(kind models.Kind, fields []Field, name string, op Op, written string) (Filter, error) {
	field, ok := fieldNamed(fields, name)
	if !ok {
		return Filter{}, fmt.Errorf("no such field: %s are filtered by %s", kind.Plural(), fieldNames(fields))
	}
	if !slices.Contains(field.Ops(), op) {
		return Filter{}, fmt.Errorf("no such comparison: %s takes %s", name, opNames(field))
	}
	f := Filter{field: field, op: op}
	parts := []string{written}
	if op == OpIn || op == OpNin {
		var err error
		if parts, err = SplitList(written); err != nil {
			return Filter{}, err
		}
	}
	if len(parts) > MaxFilterValues {
		return Filter{}, fmt.Errorf("has %d values, and %d are allowed", len(parts), MaxFilterValues)
	}
	for _, part := range parts {
		v, err := f.value(part)
		if err != nil {
			return Filter{}, err
		}
		f.values = append(f.values, v)
	}
	return f, nil
}

// SplitList takes a list of values apart at its commas: a backslash stands before commas and backslashes that belong to
// a value.
func SplitList(written string) ([]string, error) {
	var parts []string
	var part strings.Builder
	escaped := false
	for _, r := range written {
		switch {
		case escaped && r != ',' && r != '\\':
			return nil, errBackslash
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == ',':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteRune(r)
		}
		escaped = false
	}
	if escaped {
		return nil, errBackslash
	}
	return append(parts, part.String()), nil
}

var errBackslash = errors.New(`has a backslash that stands before no comma and no backslash: write \\ for the sign itself`)

// String is the same for the same condition, and for no other.
func (f Filter) String() string { return fmt.Sprintf("%s %s %q", f.field.Name, f.op, f.values) }

func fieldNames(fields []Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

func opNames(f Field) string {
	var out []string
	for _, op := range f.Ops() {
		out = append(out, string(op))
	}
	return strings.Join(out, ", ")
}

// value reads one value as its field has them.
func (f Filter) value(s string) (any, error) {
	if len(s) > maxFilterBytes {
		return nil, fmt.Errorf("is longer than %d bytes", maxFilterBytes)
	}
	if strings.ContainsRune(s, 0) {
		return nil, fmt.Errorf("holds a character that no text has")
	}
	if f.op == OpExists {
		return boolean(s)
	}
	switch f.field.Type {
	case FieldBool:
		return boolean(s)
	case FieldID:
		if !models.ID(s).Valid() {
			return nil, fmt.Errorf("%q is no id", s)
		}
	case FieldCourse:
		if !models.ID(s).Valid() && !models.ValidSlug(s) {
			return nil, fmt.Errorf("%q is neither the id nor the slug of a course", s)
		}
	case FieldNumber:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no whole number", s)
		}
		return n, nil
	case FieldYear:
		if n, err := strconv.Atoi(s); err != nil || n < 0 || len(s) != 4 {
			return nil, fmt.Errorf("%q is no year of four digits", s)
		}
	case FieldTime:
		return moment(s)
	case FieldTitle:
		if s = Fold(s); s == "" {
			return nil, fmt.Errorf("has no letter or digit")
		}
	case FieldState:
		if _, ok := states[models.State(s)]; !ok {
			return nil, fmt.Errorf("%q is no state: choose from draft, changed, live, trashed", s)
		}
	case FieldWithin:
		return boolean(s)
	case FieldWord, FieldTerm:
	}
	return s, nil
}

func boolean(s string) (any, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, fmt.Errorf("%q is neither true nor false", s)
}

// moment reads a time (RFC 3339), or a date, which begins at midnight UTC.
func moment(s string) (any, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.Parse(time.DateOnly, s)
	}
	if err != nil {
		return nil, fmt.Errorf("%q is no time such as 2026-05-01T10:00:00Z and no date such as 2026-05-01", s)
	}
	return models.Timestamp(t), nil
}

// afterAll follows all texts that begin with what stands before it.
const afterAll = "\U0010FFFF"

// comparisons are the conditions of columns. Text of a request is only ever a value.
var comparisons = map[Op]string{
	OpEq: "%s = ?", OpNe: "%s <> ?", OpIn: "%s IN ?", OpNin: "%s NOT IN ?", OpLt: "%s < ?", OpLte: "%s <= ?", OpGt: "%s > ?", OpGte: "%s >= ?",
}

// apply adds the filter to a statement over the records of a kind on a side.
func (f Filter) apply(db *gorm.DB, kind models.Kind, side string) *gorm.DB {
	switch f.field.Type {
	case FieldTerm, FieldYear:
		return f.applyTerm(db, kind, side)
	case FieldCourse:
		return f.applyCourse(db, side)
	case FieldState:
		return f.applyState(db)
	case FieldWithin:
		within := "(" + unpublishedWithin[kind] + ")"
		if f.values[0] == (f.op == OpNe) {
			within = "NOT " + within
		}
		return db.Where(within)
	default:
	}
	column := f.field.column
	switch {
	case f.op == OpExists && f.values[0] == true:
		return db.Where(column + " IS NOT NULL")
	case f.op == OpExists:
		return db.Where(column + " IS NULL")
	case f.op == OpContains:
		return db.Where(column+" LIKE ?", "%"+f.values[0].(string)+"%") // folded text has no signs that mean something here
	case f.op == OpStarts && f.field.Type == FieldTitle:
		return db.Where(column+" >= ? AND "+column+" < ?", f.values[0], f.values[0].(string)+afterAll)
	case f.op == OpStarts:
		return db.Where("SUBSTR("+column+", 1, ?) = ?", len([]rune(f.values[0].(string))), f.values[0])
	}
	condition := fmt.Sprintf(comparisons[f.op], column)
	if f.field.Optional && (f.op == OpNe || f.op == OpNin) {
		condition = "(" + column + " IS NULL OR " + condition + ")"
	}
	return db.Where(condition, f.argument())
}

// argument is the value of a comparison, or the list of them.
func (f Filter) argument() any {
	if f.op == OpIn || f.op == OpNin {
		return f.values
	}
	return f.values[0]
}

// applyCourse filters by course, which worksheets have through their module.
func (f Filter) applyCourse(db *gorm.DB, side string) *gorm.DB {
	in, of := "IN", f.field.column+" %s (SELECT id FROM "+side+"_courses WHERE id IN ? OR slug IN ?)"
	if f.field.column == "" {
		of = "module_id %s (SELECT id FROM " + side + "_modules WHERE course_id IN (SELECT id FROM " + side + "_courses WHERE id IN ? OR slug IN ?))"
	}
	if f.op == OpNe || f.op == OpNin {
		in = "NOT IN"
	}
	return db.Where(fmt.Sprintf(of, in), f.values, f.values)
}

// applyTerm filters by the words that records have in the index of terms.
func (f Filter) applyTerm(db *gorm.DB, kind models.Kind, side string) *gorm.DB {
	in, op := "IN", f.op
	switch {
	case op == OpNe:
		in, op = "NOT IN", OpEq
	case op == OpNin:
		in, op = "NOT IN", OpIn
	case op == OpExists && f.values[0] == false:
		in = "NOT IN"
	}
	of := "id " + in + " (SELECT record_id FROM " + side + "_terms WHERE kind = ? AND field = ?"
	if f.op == OpExists {
		return db.Where(of+")", kind, f.field.Name)
	}
	argument := f.values[0]
	if op == OpIn {
		return db.Where(of+" AND value IN ?)", kind, f.field.Name, f.values)
	}
	return db.Where(of+" AND "+fmt.Sprintf(comparisons[op], "value")+")", kind, f.field.Name, argument)
}
