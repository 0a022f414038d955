package merge

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Element is a record, or an element of one of its lists, as plain data.
type Element struct {
	ID     string // unique in the record; the same thing has the same one in both versions
	Noun   string // what it is called: "block", "prompt", "objective", "editor note", "citation", "answer"; "" for all else
	Name   string // the id of its own, "" for what has none
	Kind   string // of a block or prompt
	Title  string // for people: "block b4 (paragraph)", "citation 2"; "" for what has no id of its own
	Fields []Field
	Lists  []List
}

// Field is a value in an element that is no element itself.
type Field struct {
	Path  string // JSON Pointer from the element; "" where the element is the value
	Text  bool   // it is a string
	Value string // that string, or JSON
	Zero  bool   // it is empty, 0 or false
}

// List is a list of an element.
type List struct {
	Path     string // JSON Pointer from the element
	Elements []*Element
}

// Elements reads two versions of a record, which must be of one kind. Things are the same when their ids are, values
// when they are equal, and what has no id when it is alike and in the same order. Where the record stands, and its
// times, are not in it.
func Elements(from, to models.Record) (a, b *Element) {
	was := (&identifier{}).identify(from)
	is := (&identifier{mark: "new ", base: was}).identify(to)
	return was.root.element(), is.root.element()
}

func (n *node) element() *Element {
	e := &Element{ID: n.id}
	if n.name.IsValid() {
		e.Noun, e.Name, e.Title = n.in.class.noun, n.name.String(), title(n)
	}
	if e.Noun == "block" || e.Noun == "prompt" {
		e.Kind = kind(n)
	}
	for _, f := range n.fields {
		if f.path != "/kind" {
			e.add(f.path, f.value)
		}
	}
	for _, l := range n.lists {
		list := List{Path: l.path}
		for _, child := range l.nodes {
			list.Elements = append(list.Elements, child.element())
		}
		e.Lists = append(e.Lists, list)
	}
	return e
}

// add notes a value, taken apart as far as each part makes sense alone: references do as a whole only, and what is
// absent is no field.
func (e *Element) add(path string, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			e.add(path, v.Elem())
		}
	case v.Kind() == reflect.String:
		e.Fields = append(e.Fields, Field{Path: path, Text: true, Value: v.String(), Zero: v.String() == ""})
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[models.Ref]():
		e.addStruct(path, v)
	case v.Kind() == reflect.Map:
		keys := map[string]reflect.Value{}
		for k, inner := range v.Seq2() {
			keys[k.String()] = inner
		}
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			e.add(path+"/"+escape.Replace(k), keys[k])
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		for i := range v.Len() {
			e.add(path+"/"+strconv.Itoa(i), v.Index(i))
		}
	default:
		e.Fields = append(e.Fields, Field{Path: path, Value: plain(v), Zero: v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0})
	}
}

func (e *Element) addStruct(path string, v reflect.Value) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		at := path + "/" + name
		if name == "" { // what has no field of its own stands beside those that have
			at = path
		}
		e.add(at, v.Field(i))
	}
}

// Common pairs the equal strings of two sequences in order: as many as there are, or where the sequences are long at
// least those that occur once. Each pair is the indexes in a and b. It takes the time and memory of at most MaxCells
// comparisons.
func Common(a, b []string) [][2]int { return common(a, b) }

// Moved finds which of the ids in both sequences stand in another order than before: the fewest that explain it.
func Moved(before, after []string) map[string]bool { return moved(before, after) }
