package patch

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/models"
)

const (
	refused     = "the change is refused"
	setByServer = "is set by the server"
)

// read takes a document apart into its members. All of them must be of the allowed ones, and fit the record's; each
// one that is not is listed, the first misfit of it.
func read(kind models.Kind, doc []byte, allowed []string) (map[string]jsontext.Value, error) {
	if jsontext.Value(doc).Kind() != '{' {
		return nil, malformed([]models.FieldError{{Detail: "must be a JSON object"}})
	}
	var changes map[string]jsontext.Value
	if err := models.Decode(doc, &changes); err != nil {
		return nil, err
	}
	of := map[string]member{}
	for _, m := range members(models.NewRecord(kind)) {
		of[m.name] = m
	}
	var unread, owned []models.FieldError
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		m, known := of[name]
		switch {
		case !known:
			unread = append(unread, models.FieldError{Pointer: pointer(name), Detail: "unknown field"})
		case !slices.Contains(allowed, name):
			owned = append(owned, models.FieldError{Pointer: pointer(name), Detail: setByServer})
		default:
			fresh := member{name, reflect.New(m.value.Type()).Elem()}
			unread = append(unread, fieldsOf(fresh.set(changes[name]))...)
		}
	}
	if len(unread) > 0 {
		return nil, malformed(append(unread, owned...))
	}
	return changes, models.Invalid(refused, owned)
}

func malformed(fields []models.FieldError) error {
	return &models.Error{Kind: models.KindMalformed, Message: "the JSON could not be read", Fields: fields}
}

// pointer makes a JSON Pointer (RFC 6901) of names and indexes.
func pointer(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(string(jsontext.Pointer("").AppendToken(fmt.Sprint(p))))
	}
	return b.String()
}

// under puts the pointers of an error below a place.
func under(at string, err error) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return err
	}
	moved := *e
	moved.Fields = fieldsOf(err)
	for i := range moved.Fields {
		moved.Fields[i].Pointer = at + moved.Fields[i].Pointer
	}
	return &moved
}

// fieldsOf gives what an error says of fields.
func fieldsOf(err error) []models.FieldError {
	if e, ok := errors.AsType[*models.Error](err); ok {
		return slices.Clone(e.Fields)
	}
	return nil
}
