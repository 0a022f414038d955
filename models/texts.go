package models

import (
	"reflect"
	"strconv"
	"strings"
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
		for i := range v.Len() {
			eachText(v.Index(i), at+"/"+strconv.Itoa(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case !f.IsExported() || name == "-":
			case f.Anonymous:
				eachText(v.Field(i), at, visit)
			default:
				eachText(v.Field(i), at+"/"+name, visit)
			}
		}
	}
}
