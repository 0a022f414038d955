package markdown

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
)

// member is what JSON calls a field of a struct, and its type.
type member struct {
	name     string
	of       reflect.Type
	optional bool // a pointer: absent is not the same as empty
}

// shape is what a struct looks like in JSON.
type shape struct {
	members []member
	open    bool // other members are kept as they are
}

func (s shape) member(name string) (member, bool) {
	i := slices.IndexFunc(s.members, func(m member) bool { return m.name == name })
	if i < 0 {
		return member{}, false
	}
	return s.members[i], true
}

var shapes sync.Map // of shape, by reflect.Type

// shapeOf describes a struct.
func shapeOf(t reflect.Type) shape {
	if s, ok := shapes.Load(t); ok {
		return s.(shape)
	}
	var s shape
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || name == "-":
		case options == "embed":
			s.open = true
		case f.Anonymous && name == "":
			inner := shapeOf(f.Type)
			s.members, s.open = append(s.members, inner.members...), s.open || inner.open
		default:
			s.members = append(s.members, member{name, f.Type, f.Type.Kind() == reflect.Pointer})
		}
	}
	shapes.Store(t, s)
	return s
}

var (
	refType  = reflect.TypeFor[models.Ref]()
	fileType = reflect.TypeFor[models.File]()
	rawType  = reflect.TypeFor[jsontext.Value]()
)

// referred are the kinds of record that the references under these names lead to. They are written as ids alone.
var referred = map[string]models.Kind{
	"section": models.KindSection, "cover": models.KindAsset, "asset": models.KindAsset, "source": models.KindSource,
}

// shrink makes the JSON of a value shorter, for people: a reference is an id, and what is empty is left out.
func shrink(n *node, name string, t reflect.Type) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == refType:
		shrinkRef(n, name)
	case t == rawType:
	case t.Kind() == reflect.Slice && n.kind == list:
		for _, item := range n.items {
			shrink(item, name, t.Elem())
		}
	case t.Kind() == reflect.Struct && n.kind == object:
		s := shapeOf(t)
		for _, key := range slices.Clone(n.keys) {
			m, ok := s.member(key)
			if !ok {
				continue
			}
			value := n.get(key)
			if shrink(value, key, m.of); m.isDefault(value) {
				n.take(key)
			}
		}
	}
}

// isDefault tells whether a value is the one that is read when there is none.
func (m member) isDefault(n *node) bool {
	if n.isNull() {
		return true
	}
	return !m.optional && len(n.items) == 0 && (n.text == "" || n.kind == literal && (n.text == "false" || n.text == "0"))
}

// shrinkRef makes an id of a reference to the kind of record that the name stands for.
func shrinkRef(n *node, name string) {
	kind, id := n.get("type"), n.get("id")
	if n.kind == object && len(n.keys) == 2 && kind != nil && id != nil && models.Kind(kind.text) == referred[name] {
		*n = node{kind: text, text: id.text}
	}
}

// badField is an error in a field of front matter.
type badField struct {
	line           int
	field, message string
}

func (e *badField) Error() string { return e.field + ": " + e.message }

func bad(n *node, field, format string, args ...any) error {
	return &badField{n.line, field, fmt.Sprintf(format, args...)}
}

// grow makes of front matter the JSON of a value. What is no text and stands where one belongs is taken as it is
// written: 1.10 and yes are texts there. A key that there is not is an error.
func grow(n *node, field, name string, t reflect.Type) error {
	if n.isNull() {
		return nil
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == refType:
		return growRef(n, field, name)
	case t == rawType || t.Kind() == reflect.Interface:
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		return growText(n, field)
	case reflect.Bool:
		if n.kind != literal || n.text != "true" && n.text != "false" {
			return bad(n, field, "must be true or false")
		}
	case reflect.Int, reflect.Int64, reflect.Float64:
		if n.kind != literal || !isDigit(n.text) {
			return bad(n, field, "must be a number")
		}
	case reflect.Map:
		if n.kind != object {
			return bad(n, field, "must be keys with values")
		}
	case reflect.Slice:
		return growList(n, field, name, t)
	case reflect.Struct:
		return growObject(n, field, t)
	}
	return nil
}

func growText(n *node, field string) error {
	switch n.kind {
	case literal:
		*n = node{kind: text, text: n.plain, line: n.line}
	case list, object:
		return bad(n, field, "must be a text")
	}
	return nil
}

func growList(n *node, field, name string, t reflect.Type) error {
	if n.kind != list {
		return bad(n, field, "must be a list")
	}
	for i, item := range n.items {
		if err := grow(item, fmt.Sprintf("%s[%d]", field, i+1), name, t.Elem()); err != nil {
			return err
		}
	}
	return nil
}

func growObject(n *node, field string, t reflect.Type) error {
	if n.kind != object {
		return bad(n, field, "must be keys with values")
	}
	s := shapeOf(t)
	for i, key := range n.keys {
		at := key
		if field != "" {
			at = field + "." + key
		}
		m, ok := s.member(key)
		switch {
		case ok:
			if err := grow(n.items[i], at, key, m.of); err != nil {
				return err
			}
		case t == fileType && key == pathKey:
		case !s.open:
			return &badField{n.at[i], at, "there is no such key"}
		}
	}
	return nil
}

// growRef makes a reference of an id, or of the name of a record.
func growRef(n *node, field, name string) error {
	if n.kind == object {
		return growObject(n, field, refType)
	}
	if err := growText(n, field); err != nil {
		return err
	}
	kind, ok := referred[name]
	if !ok || n.kind != text {
		return bad(n, field, "must be the type and the id of a record")
	}
	*n = node{
		kind: object, line: n.line, keys: []string{"type", "id"}, at: []int{n.line, n.line},
		items: []*node{textNode(string(kind)), {kind: text, text: n.text, line: n.line}},
	}
	return nil
}
