package patch

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/models"
)

// kept are the members of all kinds that say how a record is kept and where it stands. Moving is an action of its own.
var kept = []string{"id", "created_at", "updated_at", "course_id", "module_id", "parent_id", "position"}

// setElsewhere are the members of single kinds that editors don't write: where an import read the record, and files,
// which come by upload.
var setElsewhere = map[models.Kind][]string{
	models.KindCourse:  {"source"},
	models.KindSection: {"origin"},
	models.KindAsset:   {"file", "renditions"},
}

// member is a place in a record that has a name in its JSON.
type member struct {
	name  string
	value reflect.Value
}

// members gives the top-level members of a record, in the order of its JSON.
func members(r models.Record) []member {
	return appendMembers(nil, reflect.ValueOf(r).Elem())
}

func appendMembers(out []member, v reflect.Value) []member {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); {
		case f.Anonymous:
			out = appendMembers(out, v.Field(i))
		case name != "-":
			out = append(out, member{name, v.Field(i)})
		}
	}
	return out
}

// Members names all members of records of a kind, in the order of their JSON.
func Members(kind models.Kind) []string {
	var out []string
	for _, m := range members(models.NewRecord(kind)) {
		out = append(out, m.name)
	}
	return out
}

// Editable names the members of records of a kind that editors write. The server sets all others.
func Editable(kind models.Kind) []string {
	var out []string
	for _, m := range members(models.NewRecord(kind)) {
		if !slices.Contains(kept, m.name) && !slices.Contains(setElsewhere[kind], m.name) {
			out = append(out, m.name)
		}
	}
	return out
}

// Fields names the members in which two versions of a record differ, in the order of its JSON. Its times are not among them:
// they always do.
func Fields(before, after models.Record) []string {
	var out []string
	was := members(before)
	for i, m := range members(after) {
		if m.name != "created_at" && m.name != "updated_at" && !same(was[i].value, m.value) {
			out = append(out, m.name)
		}
	}
	return out
}

// same compares two values by what their JSON says. It encodes only what is not equal in memory already: of a list of
// blocks, those that have changed.
func same(a, b reflect.Value) bool {
	if reflect.DeepEqual(a.Interface(), b.Interface()) {
		return true
	}
	if isList(a) && isList(b) && a.Len() > 0 && a.Len() == b.Len() {
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	}
	x, errA := models.Encode(a.Interface())
	y, errB := models.Encode(b.Interface())
	return errA == nil && errB == nil && string(x) == string(y)
}

// isList tells whether a value is an array in JSON, element by element.
func isList(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8
}

// merge applies the patch of one member, which read has found to fit.
func (m member) merge(change jsontext.Value) error {
	is, err := models.Encode(m.value.Interface())
	if err != nil {
		return fmt.Errorf("encode %s: %w", m.name, err)
	}
	merged, err := models.Patched(is, change)
	if err != nil {
		return fmt.Errorf("merge %s: %w", m.name, err)
	}
	return m.set(merged)
}

// set reads the member strictly from its JSON. Errors point at the place in the record.
func (m member) set(data jsontext.Value) error {
	value := reflect.New(m.value.Type())
	if err := models.Decode(data, value.Interface()); err != nil {
		return under("/"+m.name, err)
	}
	m.value.Set(value.Elem())
	return nil
}
