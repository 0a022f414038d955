package merge

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// build makes the merged element in the place of its shape, and all that is in it.
func (m *merger) build(id, pointer string) {
	n, f := m.shape(id), m.fates[id]
	o, t := m.ours.byID[id], m.theirs.byID[id]
	switch {
	case f.kept && !m.keptAround(o):
		m.conflict(pointer, title(o), text(o), deleted)
	case f.moved != "":
		m.conflict(pointer, title(o), m.ours.byID[id].in.place().String(), f.moved)
	}
	if o != nil && t != nil {
		m.fields(id, pointer)
	}
	if f.label != "" {
		m.conflict(pointer+"/label", title(o), citation(o).Label, f.label)
	}
	for _, l := range n.lists {
		m.list(l, pointer+l.path)
	}
}

// keptAround tells whether what is around an element is kept for the same reason.
func (m *merger) keptAround(n *node) bool {
	f := m.fates[n.up.id]
	return f.kept && m.fates[n.id].place.up == n.up.id
}

func (m *merger) fields(id, pointer string) {
	b, o, t := m.was(id), m.ours.byID[id], m.theirs.byID[id]
	if o.value.Type() != t.value.Type() {
		if b == nil || b.own() != o.own() && b.own() != t.own() || m.force[id] {
			m.conflict(pointer, title(o), kind(o)+": "+text(o), kind(t)+": "+text(t))
		}
		return
	}
	for i, f := range o.fields {
		was := reflect.Zero(f.value.Type())
		if b != nil && b.value.Type() == o.value.Type() {
			was = b.fields[i].value
		}
		m.value(was, f.value, t.fields[i].value, pointer+f.path, title(o))
	}
}

// was is what base has of an element, nil for nothing, though ours may have taken it out and put it in again.
func (m *merger) was(id string) *node {
	if b := m.base.byID[id]; b != nil {
		return b
	}
	return m.theirs.was[id]
}

// value merges theirs into ours, field by field and key by key where that makes sense.
func (m *merger) value(b, o, t reflect.Value, pointer, who string) {
	switch {
	case equal(o, t) || equal(b, t):
	case equal(b, o):
		o.Set(t)
	case o.Kind() == reflect.Map:
		m.keys(b, o, t, pointer, who)
	case o.Kind() == reflect.Struct && !units[o.Type()]:
		m.structs(b, o, t, pointer, who)
	case o.Kind() == reflect.Pointer && o.Type().Elem().Kind() == reflect.Struct && !units[o.Type().Elem()] && !b.IsNil() && !o.IsNil() && !t.IsNil():
		m.structs(b.Elem(), o.Elem(), t.Elem(), pointer, who)
	default:
		m.conflict(pointer, field{path: pointer}.title(who), plain(o), plain(t))
	}
}

// title is who has the field, or the field itself for one of the record.
func (f field) title(who string) string {
	if who == "" {
		return strings.TrimPrefix(f.path, "/")
	}
	return who
}

func (m *merger) structs(b, o, t reflect.Value, pointer, who string) {
	for i := range o.NumField() {
		name, _, _ := strings.Cut(o.Type().Field(i).Tag.Get("json"), ",")
		at := pointer + "/" + name
		if name == "" { // what has no field of its own stands beside those that have
			at = pointer
		}
		m.value(b.Field(i), o.Field(i), t.Field(i), at, who)
	}
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

func (m *merger) keys(b, o, t reflect.Value, pointer, who string) {
	all := map[string]bool{}
	for _, v := range []reflect.Value{b, o, t} {
		for _, k := range v.MapKeys() {
			all[k.String()] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		k := reflect.ValueOf(key)
		was, is, will := b.MapIndex(k), o.MapIndex(k), t.MapIndex(k)
		switch {
		case alikeIn(is, will) || alikeIn(was, will):
		case alikeIn(was, is):
			if o.IsNil() {
				o.Set(reflect.MakeMap(o.Type()))
			}
			o.SetMapIndex(k, will)
		default:
			at := pointer + "/" + escape.Replace(key)
			m.conflict(at, field{path: at}.title(who), entry(is), entry(will))
		}
	}
}

// alikeIn compares two entries of maps, either of which may be absent.
func alikeIn(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() {
		return a.IsValid() == b.IsValid()
	}
	return equal(a, b)
}

func entry(v reflect.Value) string {
	if !v.IsValid() {
		return deleted
	}
	return plain(v)
}

// list makes a list of what belongs into it.
func (m *merger) list(l *list, pointer string) {
	p := l.place()
	for _, n := range m.lost[p] {
		is := deleted
		if o := m.ours.byID[n.id]; o != nil {
			is = text(o)
		}
		m.conflict(pointer, title(n), is, text(n))
	}
	out := reflect.Zero(l.value.Type())
	for i, id := range m.order(p, pointer) {
		m.build(id, pointer+"/"+strconv.Itoa(i))
		v := m.shape(id).value
		if l.value.Type().Elem().Kind() == reflect.Interface {
			v = v.Addr()
		}
		out = reflect.Append(out, v)
	}
	for _, n := range m.refused(p) {
		m.conflict(pointer, title(n), "another citation "+citation(n).Label, text(n))
	}
	l.value.Set(out)
}

// refused are the citations of theirs whose label ours has for another one.
func (m *merger) refused(p place) []*node {
	var out []*node
	if t := m.theirs.lists[p]; t != nil && t.class.noun == "citation" {
		for _, n := range t.nodes {
			if f := m.fates[n.id]; f.gone && f.label != "" {
				out = append(out, n)
			}
		}
	}
	return out
}
