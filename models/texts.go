package models

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

var textType = reflect.TypeFor[Text]()

// EachText visits every inline text of a record, private ones too, in the order of its JSON, with the JSON Pointer to
// it. It finds them by type, so that a new field can't be forgotten.
func EachText(r Record, visit func(pointer string, t *Text)) {
	eachText(reflect.ValueOf(r), "", visit)
}

func eachText(v reflect.Value, at string, visit func(string, *Text)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			eachText(v.Elem(), at, visit)
		}
	case reflect.String:
		if v.Type() == textType && v.CanAddr() {
			visit(at, v.Addr().Interface().(*Text))
		}
	case reflect.Slice:
		if !mayHoldText(v.Type().Elem()) {
			return
		}
		for i := range v.Len() {
			eachText(v.Index(i), at+"/"+strconv.Itoa(i), visit)
		}
	case reflect.Struct:
		for _, f := range textFieldsOf(v.Type()) {
			eachText(v.Field(f.index), at+f.pointer, visit)
		}
	}
}

// textField is a field of a struct in which texts may be found.
type textField struct {
	index   int
	pointer string // "/text", empty for an embedded struct
}

// textFields has the []textField of the types that were seen: tags are slow to read, and a record has many structs of few
// types.
var textFields sync.Map

func textFieldsOf(t reflect.Type) []textField {
	if known, ok := textFields.Load(t); ok {
		return known.([]textField)
	}
	var out []textField
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || name == "-" || !mayHoldText(f.Type):
		case f.Anonymous:
			out = append(out, textField{i, ""})
		default:
			out = append(out, textField{i, "/" + name})
		}
	}
	textFields.Store(t, out)
	return out
}

// mayHoldText tells whether a text may be reached from values of a type.
func mayHoldText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Struct:
		return true
	}
	return t == textType
}
