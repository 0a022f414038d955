package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// Keys of front matter that are no fields of records.
const (
	idKey      = "id"
	versionKey = "version"
	draftKey   = "draft"   // not live, in a course that is
	trashedKey = "trashed" // in the trash
	parentKey  = "parent"  // the page above, by id or by slug
	pathKey    = "path"    // of a file: where in the folder its bytes are
	extraKey   = "extra"
)

// Keys of the description of the course.
const (
	formatKey        = "format"
	formatVersionKey = "version" // of the format
	newestKey        = "newest"  // the newest record that was written; none in a public export
	courseKey        = "course"  // the record
)

// elsewhere are the fields that front matter does not hold: what the database knows of a record, what the place of its
// file says, and what its body says.
var elsewhere = map[models.Kind][]string{
	models.KindCourse:    {},
	models.KindModule:    {"course_id", "position"},
	models.KindSection:   {"course_id", "module_id", "position", "blocks", "editor_notes"},
	models.KindSource:    {"course_id"},
	models.KindAsset:     {"course_id"},
	models.KindFragment:  {"course_id", "blocks"},
	models.KindWorksheet: {"module_id", "position", "instructions", "prompts", "answer_key"},
}

var timeFields = []string{"created_at", "updated_at"}

// renamed are the fields that front matter calls otherwise.
var renamed = map[string]string{"parent_id": parentKey}

// prototype is a record with the values that fields have when front matter does not say them.
func prototype(kind models.Kind) models.Record {
	r := models.NewRecord(kind)
	switch r := r.(type) {
	case *models.Course:
		r.Numbering = models.NumberAsWritten
	case *models.Module:
		r.InMenu = true
	case *models.Section:
		r.InMenu = true
	case *models.Worksheet:
		r.Word = models.WordWorksheet
	case *models.Source:
		r.Parse = models.ParseConfirmed
	}
	return r
}

// header is the front matter of a record, apart from its content.
type header struct {
	version int64 // 0: none
	draft   bool
	trashed bool
	paths   []filePath // of an asset: where its files are
}

// objectOf is a record as JSON, as an object.
func objectOf(r models.Record) (*node, error) {
	data, err := models.Encode(r)
	if err != nil {
		return nil, err
	}
	return fromJSON(data)
}

// writeHead gives the front matter of a record.
func writeHead(r models.Record, h header) (*node, error) {
	all, err := objectOf(r)
	if err != nil {
		return nil, err
	}
	otherwise, err := objectOf(prototype(r.Kind()))
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Concat(elsewhere[r.Kind()], timeFields) {
		all.take(key)
	}
	out := &node{kind: object}
	out.set(idKey, all.take(idKey))
	if h.version > 0 {
		out.set(versionKey, literalNode(fmt.Sprint(h.version)))
	}
	for _, state := range h.states() {
		if *state.yes {
			out.set(state.key, literalNode("true"))
		}
	}
	extra := all.take(extraKey)
	dropped, err := all.without(otherwise)
	if err != nil {
		return nil, err
	}
	t := reflect.TypeOf(r).Elem()
	for i, key := range dropped.keys {
		m, _ := shapeOf(t).member(key)
		shrink(dropped.items[i], key, m.of)
		name := key
		if other, ok := renamed[key]; ok {
			name = other
		}
		out.set(name, dropped.items[i])
	}
	if len(extra.items) > 0 {
		out.set(extraKey, extra)
	}
	return out, nil
}

// without gives the members of an object that are not the same in another one.
func (n *node) without(other *node) (*node, error) {
	out := &node{kind: object}
	for i, key := range n.keys {
		if there := other.get(key); there != nil {
			a, err := n.items[i].json()
			b, err2 := there.json()
			if err = errors.Join(err, err2); err != nil {
				return nil, err
			}
			if bytes.Equal(a, b) {
				continue
			}
		}
		out.set(key, n.items[i])
	}
	return out, nil
}

// readHead makes a record of its front matter. What the body and the place say is still to come. Errors are of type
// *badField.
func readHead(n *node, kind models.Kind) (models.Record, header, error) {
	var h header
	if n.kind != object {
		return nil, h, bad(n, "", "must be keys with values")
	}
	if err := h.read(n); err != nil {
		return nil, h, err
	}
	for _, key := range slices.Concat(elsewhere[kind], timeFields) {
		if n.get(key) != nil {
			return nil, h, &badField{n.lineOf(key), key, "there is no such key"}
		}
	}
	for from, to := range renamed {
		if n.get(from) != nil {
			return nil, h, &badField{n.lineOf(from), from, "there is no such key: it is called " + to}
		}
		if kind == models.KindSection {
			n.rename(to, from)
		}
	}
	r := prototype(kind)
	if err := growObject(n, "", reflect.TypeOf(r).Elem()); err != nil {
		return nil, h, err
	}
	if kind == models.KindAsset {
		h.paths = takePaths(n)
	}
	data, err := n.json()
	if err != nil {
		return nil, h, bad(n, "", "%v", err)
	}
	if err := models.Decode(data, r); err != nil {
		return nil, h, decodeError(n, err)
	}
	if id := r.Base().ID; id != "" && !id.Valid() {
		return nil, h, &badField{n.lineOf(idKey), idKey, fmt.Sprintf("%q is no id: it must be a UUID in lower case, or be left out for something new", id)}
	}
	if r.Base().Extra == nil {
		r.Base().Extra = models.Extra{}
	}
	return r, h, nil
}

// read takes the keys that are no fields.
func (h *header) read(n *node) error {
	line := n.lineOf(versionKey)
	if v := n.take(versionKey); v != nil && !v.isNull() {
		if _, err := fmt.Sscan(v.text, &h.version); err != nil || v.kind != literal || h.version < 1 || fmt.Sprint(h.version) != v.text {
			return &badField{line, versionKey, "must be a whole number from 1"}
		}
	}
	for _, state := range h.states() {
		line := n.lineOf(state.key)
		v := n.take(state.key)
		if v == nil || v.isNull() {
			continue
		}
		if v.kind != literal || v.text != "true" && v.text != "false" {
			return &badField{line, state.key, "must be true or false"}
		}
		*state.yes = v.text == "true"
	}
	return nil
}

type state struct {
	key string
	yes *bool
}

// states are the keys that are there only when something is so.
func (h *header) states() []state { return []state{{draftKey, &h.draft}, {trashedKey, &h.trashed}} }

// decodeError finds the line of what JSON has an error in.
func decodeError(n *node, err error) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Fields) == 0 {
		return bad(n, "", "%v", err)
	}
	return &badField{n.find(e.Fields[0].Pointer), dotted(e.Fields[0].Pointer), e.Fields[0].Detail}
}
