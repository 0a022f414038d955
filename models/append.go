package models

import (
	"encoding"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Appender writes itself as canonical JSON.
type Appender interface {
	AppendJSON(to []byte) ([]byte, error)
}

// AppendJSON appends what Encode gives. JSON that a value holds (jsontext.Value) is taken over as it is, so it must be canonical: what
// was read from the database is. The library looks at each byte of it again, and at each value for options that ours don't have,
// which takes three times as long: much of what an answer costs.
func AppendJSON(to []byte, v any) ([]byte, error) {
	return appendAny(to, reflect.ValueOf(v))
}

// appender appends a value of its type.
type appender func(to []byte, v reflect.Value) ([]byte, error)

// appenders are those of the types that were met, made once for each.
var appenders sync.Map

func appenderOf(t reflect.Type) appender {
	if known, ok := appenders.Load(t); ok {
		return known.(appender)
	}
	made := makeAppender(t)
	appenders.Store(t, made)
	return made
}

var (
	typeOfRef    = reflect.TypeFor[Ref]()
	typeOfJSON   = reflect.TypeFor[jsontext.Value]()
	saysZero     = reflect.TypeFor[interface{ IsZero() bool }]()
	appenderType = reflect.TypeFor[Appender]()

	// ownForm are the ways in which a type says itself how it is written.
	ownForm = []reflect.Type{
		reflect.TypeFor[json.MarshalerTo](), reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextAppender](), reflect.TypeFor[encoding.TextMarshaler](),
	}
)

func makeAppender(t reflect.Type) appender {
	switch {
	case t == typeOfJSON:
		return appendValue
	case t == typeOfRef:
		return appendRef
	case t == reflect.TypeFor[time.Time]():
		return appendTime
	case t.Kind() == reflect.Interface:
		return func(to []byte, v reflect.Value) ([]byte, error) { return appendAny(to, v.Elem()) }
	case t.Kind() != reflect.Pointer && t.Implements(appenderType):
		return func(to []byte, v reflect.Value) ([]byte, error) { return v.Interface().(Appender).AppendJSON(to) }
	case t.Kind() != reflect.Pointer && slices.ContainsFunc(ownForm, reflect.PointerTo(t).Implements):
		return appendEncoded
	}
	switch t.Kind() {
	case reflect.String:
		return func(to []byte, v reflect.Value) ([]byte, error) { return jsontext.AppendQuote(to, v.String()) }
	case reflect.Bool:
		return func(to []byte, v reflect.Value) ([]byte, error) { return strconv.AppendBool(to, v.Bool()), nil }
	case reflect.Int, reflect.Int64:
		return func(to []byte, v reflect.Value) ([]byte, error) { return strconv.AppendInt(to, v.Int(), 10), nil }
	case reflect.Pointer:
		return appenderOf(t.Elem()).pointer
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return appenderOf(t.Elem()).slice
		}
	case reflect.Map:
		if t.Key() == reflect.TypeFor[string]() {
			return appendMap
		}
	case reflect.Struct:
		if fields, plain := FieldsOf(t); plain {
			return func(to []byte, v reflect.Value) ([]byte, error) { return appendFields(to, v, fields) }
		}
	}
	return appendEncoded
}

// appendEncoded leaves a value to the library.
func appendEncoded(to []byte, v reflect.Value) ([]byte, error) {
	written, err := Encode(v.Interface())
	return append(to, written...), err
}

func appendAny(to []byte, v reflect.Value) ([]byte, error) {
	if !v.IsValid() {
		return append(to, "null"...), nil
	}
	return appenderOf(v.Type())(to, v)
}

func appendValue(to []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(to, "null"...), nil
	}
	return append(to, v.Bytes()...), nil
}

// appendRef is for the type that answers hold most of.
func appendRef(to []byte, v reflect.Value) ([]byte, error) {
	if v.CanAddr() {
		return v.Addr().Interface().(*Ref).append(to) //nolint:forcetypeassert // it is
	}
	ref := v.Interface().(Ref) //nolint:forcetypeassert // it is
	return ref.append(to)
}

func (r *Ref) append(to []byte) (_ []byte, err error) {
	path := (*string)(r.Path)
	if path != nil && *path == "" {
		path = nil
	}
	for _, m := range [...]struct {
		name  string
		value *string
	}{
		{`{"type":`, (*string)(&r.Type)}, {`,"id":`, (*string)(&r.ID)}, {`,"slug":`, r.Slug}, {`,"title":`, r.Title}, {`,"href":`, r.Href}, {`,"path":`, path},
	} {
		if m.value == nil {
			continue
		}
		if to, err = jsontext.AppendQuote(append(to, m.name...), *m.value); err != nil {
			return to, err
		}
	}
	if r.Path != nil && path == nil {
		to = append(to, `,"path":null`...)
	}
	return append(to, '}'), nil
}

func appendTime(to []byte, v reflect.Value) ([]byte, error) {
	t := v.Interface().(time.Time)
	if _, offset := t.Zone(); offset != 0 || t.Year() < 0 || t.Year() > 9999 { // which RFC 3339 can't write, or only just
		return appendEncoded(to, v)
	}
	to = t.AppendFormat(append(to, '"'), time.RFC3339Nano)
	return append(to, '"'), nil
}

func (one appender) pointer(to []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(to, "null"...), nil
	}
	return one(to, v.Elem())
}

func (one appender) slice(to []byte, v reflect.Value) (_ []byte, err error) {
	to = append(to, '[')
	for i := range v.Len() {
		if i > 0 {
			to = append(to, ',')
		}
		if to, err = one(to, v.Index(i)); err != nil {
			return to, err
		}
	}
	return append(to, ']'), nil
}

func appendMap(to []byte, v reflect.Value) (_ []byte, err error) {
	values := map[string]reflect.Value{}
	for name, value := range v.Seq2() {
		values[name.String()] = value
	}
	one := appenderOf(v.Type().Elem())
	to = append(to, '{')
	for i, name := range slices.Sorted(maps.Keys(values)) {
		if i > 0 {
			to = append(to, ',')
		}
		if to, err = jsontext.AppendQuote(to, name); err != nil {
			return to, err
		}
		if to, err = one(append(to, ':'), values[name]); err != nil {
			return to, err
		}
	}
	return append(to, '}'), nil
}

func appendFields(to []byte, v reflect.Value, fields []Field) (_ []byte, err error) {
	begin := len(to)
	for i := range fields {
		if to, err = fields[i].AppendJSON(to, v); err != nil {
			return to, err
		}
	}
	return Object(to, begin), nil
}

// Object makes an object of the members that were appended from a place on, each with a comma before it.
func Object(to []byte, begin int) []byte {
	if len(to) == begin {
		return append(to, "{}"...)
	}
	to[begin] = '{'
	return append(to, '}')
}

// Field is a field of a struct as JSON has it.
type Field struct {
	Name     string
	written  string // name and colon, with a comma before them
	index    []int
	omitZero bool
	typ      reflect.Type
	known    *atomic.Pointer[appender] // of the type, once it was needed: a type may hold itself
}

// fieldLists are those of the structs that were met, nil for one whose fields are not plain.
var fieldLists sync.Map

// FieldsOf lists the fields of a struct in their order, with those of structs that are embedded in it. It is false when tags say
// more of one than its name and omitzero.
func FieldsOf(t reflect.Type) (fields []Field, plain bool) {
	known, ok := fieldLists.Load(t)
	if !ok {
		known, _ = fieldLists.LoadOrStore(t, listFields(t))
	}
	fields = known.([]Field) //nolint:forcetypeassert // it is
	return fields, fields != nil
}

func listFields(t reflect.Type) []Field {
	fields := []Field{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		embedded := f.Anonymous && name == "" && options == "" && f.Type.Kind() == reflect.Struct
		if embedded || !f.Anonymous && !f.IsExported() || name == "-" {
			continue
		}
		if f.Anonymous || options != "" && options != "omitzero" || options != "" && f.Type.Implements(saysZero) {
			return nil
		}
		if name == "" {
			name = f.Name
		}
		fields = append(fields, Field{
			Name: name, written: "," + strconv.Quote(name) + ":", index: f.Index, omitZero: options == "omitzero",
			typ: f.Type, known: new(atomic.Pointer[appender]),
		})
	}
	return fields
}

// AppendJSON appends the field of a struct as a member of an object, with a comma before it; nothing where it is left out.
func (f *Field) AppendJSON(to []byte, of reflect.Value) ([]byte, error) {
	v := of.FieldByIndex(f.index)
	if f.omitZero && v.IsZero() {
		return to, nil
	}
	known := f.known.Load()
	if known == nil {
		made := appenderOf(f.typ)
		known = &made
		f.known.Store(known)
	}
	return (*known)(append(to, f.written...), v)
}
