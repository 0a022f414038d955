package merge

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/lectern-cms/lectern/models"
)

// node is a record, or an element of one of its lists that are merged element by element: a block, a prompt, an item
// of a list, a cell, a keyword. Records are read into trees of nodes by reflection, so that a new field can't be
// forgotten: what is no such list is a field.
type node struct {
	id      string // unique in its tree; the same thing has the same one in all trees (see identify)
	value   reflect.Value
	up      *node // nil for the record
	in      *list
	name    reflect.Value // the field that holds the element's own id
	ref     reflect.Value // the field that holds the id of another element
	fields  []field
	lists   []*list
	content string   // equal for elements that say the same; ids and references by id are left out
	words   []string // of the element and all in it, sorted
	size    int      // elements in it, itself counted
	twin    bool     // an equal element is in the other version
}

type field struct {
	path  string // JSON Pointer from the element
	value reflect.Value
	ref   bool // it is the element's ref
}

type list struct {
	class class
	path  string // JSON Pointer from the element that holds it
	up    *node
	value reflect.Value
	min   bool // must not become empty
	nodes []*node
}

// class says how the elements of a list are told apart.
type class struct {
	noun   string // named elements: what they are called
	prefix string // of the ids that are made for them; "" for UUIDs and for ids of other elements
	valued bool   // an element is its value
	byPos  bool   // lists of one length are matched by position
}

// classes has the lists that are merged element by element. Elements without a noun have no id of their own and are
// matched by likeness. Lists of other types are fields: they are merged as one value.
var classes = map[reflect.Type]class{
	reflect.TypeFor[models.Block]():        {noun: "block", prefix: "b"},
	reflect.TypeFor[models.Prompt]():       {noun: "prompt", prefix: "p"},
	reflect.TypeFor[models.Objective]():    {noun: "objective", prefix: "o"},
	reflect.TypeFor[models.EditorNote]():   {noun: "editor note", prefix: "n"},
	reflect.TypeFor[models.Citation]():     {noun: "citation"},
	reflect.TypeFor[models.Answer]():       {noun: "answer"},
	reflect.TypeFor[string]():              {valued: true},
	reflect.TypeFor[models.Text]():         {},
	reflect.TypeFor[models.ListItem]():     {},
	reflect.TypeFor[[]models.Cell]():       {},
	reflect.TypeFor[models.Cell]():         {byPos: true},
	reflect.TypeFor[models.GridRow]():      {},
	reflect.TypeFor[models.Contributor]():  {},
	reflect.TypeFor[models.CaptionTrack](): {},
	reflect.TypeFor[models.Rendition]():    {},
}

// units are types whose fields only make sense together.
var units = map[reflect.Type]bool{
	reflect.TypeFor[models.Ref]():         true,
	reflect.TypeFor[models.File]():        true,
	reflect.TypeFor[models.Origin]():      true,
	reflect.TypeFor[models.Locator]():     true,
	reflect.TypeFor[models.FocalPoint]():  true,
	reflect.TypeFor[models.CSLDate]():     true,
	reflect.TypeFor[models.Contributor](): true,
	reflect.TypeFor[models.GridRow]():     true,
}

// placed are the fields of a record that say where and how it is kept. They stay ours.
var placed = []string{"id", "created_at", "updated_at", "position", "parent_id", "module_id", "course_id"}

// grow reads a record. The tree's values are the record's own places: what is set there is set in the record.
func grow(r models.Record) *node {
	n := skeleton(r)
	n.sum()
	return n
}

// skeleton is grow without what elements are compared by, which takes most of its time.
func skeleton(r models.Record) *node {
	n := &node{value: reflect.ValueOf(r).Elem()}
	n.read()
	return n
}

// read fills in what the node's value has, and all nodes below it.
func (n *node) read() {
	v := n.value
	switch {
	case v.Kind() == reflect.Struct && !units[v.Type()]:
		n.readStruct(v)
	case n.in != nil && v.Kind() == reflect.Slice:
		n.readList(v, classes[v.Type().Elem()], "", "")
	default:
		n.fields = append(n.fields, field{value: v})
	}
}

func (n *node) readStruct(v reflect.Value) {
	for i := range v.NumField() {
		f, at := v.Type().Field(i), v.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || name == "-" || n.up == nil && slices.Contains(placed, name):
		case f.Anonymous:
			n.readStruct(at)
		case n.in != nil && name == "id":
			n.name = at
		case v.Type() == reflect.TypeFor[models.BlockBase](): // the kind: the Go type says it
		default:
			n.readField(at, name, f.Tag.Get("validate"))
		}
	}
}

func (n *node) readField(at reflect.Value, name, rules string) {
	switch {
	case n.in != nil && n.in.class.noun == "answer" && name == "prompt":
		n.name, n.ref = at, at
		return
	case n.in != nil && n.in.class.noun == "editor note" && name == "after":
		n.ref = at
		n.fields = append(n.fields, field{"/" + name, at, true})
		return
	}
	if at.Kind() == reflect.Slice {
		if c, ok := classes[at.Type().Elem()]; ok {
			n.readList(at, c, "/"+name, rules)
			return
		}
	}
	n.fields = append(n.fields, field{"/" + name, at, false})
}

func (n *node) readList(v reflect.Value, c class, path, rules string) {
	own, _, _ := strings.Cut(rules, "dive")
	l := &list{class: c, path: path, up: n, value: v, min: strings.Contains(own, "min=1,")}
	for i := range v.Len() {
		at := v.Index(i)
		if at.Kind() == reflect.Interface {
			at = at.Elem().Elem()
		}
		child := &node{value: at, up: n, in: l}
		child.read()
		l.nodes = append(l.nodes, child)
	}
	n.lists = append(n.lists, l)
}

// sum computes content, words and size from the fields and from the nodes below, of these too.
func (n *node) sum() {
	n.size = 1
	parts := []string{n.value.Type().String()}
	for _, f := range n.fields {
		if !f.ref {
			parts = append(parts, f.path, plain(f.value))
			n.addWords(f)
		}
	}
	for _, l := range n.lists {
		parts = append(parts, l.path)
		for _, child := range l.nodes {
			child.sum()
			parts = append(parts, child.content)
			n.size += child.size
			if n.up != nil {
				n.words = append(n.words, child.words...)
			}
		}
	}
	slices.Sort(n.words)
	n.content = digest(parts)
}

// addWords takes the words of texts, addresses and the like; numbers and switches would make all things alike.
func (n *node) addWords(f field) {
	k := f.value.Kind()
	if n.up == nil || f.path == "/kind" || k != reflect.String && k != reflect.Struct {
		return
	}
	n.words = append(n.words, strings.FieldsFunc(strings.ToLower(plain(f.value)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})...)
}

// state is content with all ids and references.
func (n *node) state() string {
	parts := []string{n.content}
	n.walk(func(below *node) {
		for _, v := range []reflect.Value{below.name, below.ref} {
			if v.IsValid() {
				parts = append(parts, v.String())
			}
		}
	})
	return digest(parts)
}

// own writes what the node itself says, without its id and without what is in it.
func (n *node) own() string {
	parts := []string{n.value.Type().String()}
	for _, f := range n.fields {
		parts = append(parts, plain(f.value))
	}
	return digest(parts)
}

// walk visits the nodes below n in reading order, a node before what is in it.
func (n *node) walk(visit func(*node)) {
	for _, l := range n.lists {
		l.walk(visit)
	}
}

func (l *list) walk(visit func(*node)) {
	for _, n := range l.nodes {
		visit(n)
		n.walk(visit)
	}
}
