package merge

import (
	"crypto/sha256"
	"fmt"
	"reflect"

	"github.com/lectern-cms/lectern/models"
)

// plain writes a value for comparing and for reports: texts as they are, all else as JSON.
func plain(v reflect.Value) string {
	if v.Kind() == reflect.String {
		return v.String()
	}
	data, err := models.Encode(v.Interface())
	if err != nil { // a raw value that is no JSON
		return fmt.Sprint(v.Interface())
	}
	return string(data)
}

func equal(a, b reflect.Value) bool { return a.Type() == b.Type() && plain(a) == plain(b) }

// digest is short and the same for equal parts only.
func digest(parts []string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return string(h.Sum(nil))
}

// clone copies a record with all that it points to.
func clone(r models.Record) models.Record {
	return deepCopy(reflect.ValueOf(r)).Interface().(models.Record)
}

func deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(deepCopy(v.Elem()))
		}
	case reflect.Interface:
		if !v.IsNil() {
			out.Set(deepCopy(v.Elem()))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(deepCopy(v.Index(i)))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for k, e := range v.Seq2() {
				out.SetMapIndex(k, deepCopy(e))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
	}
	return out
}
