// Package merge brings together what changed in a source since the last import and what editors changed in Lectern
// since then. It does no I/O.
package merge

import (
	"fmt"
	"reflect"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
)

// Conflict is a change of theirs that is not in the merged record, because ours changed the same thing differently.
type Conflict struct {
	Pointer      string // JSON Pointer (RFC 6901) into the merged record; to the list for what is not in it
	Field        string // for people: "title", "block b4 (paragraph)"
	Ours, Theirs string // what each has there, cut at maxValue characters
}

// maxValue is how many characters of a value a Conflict shows.
const maxValue = 120

// deleted stands for the value of what one side no longer has.
const deleted = "(deleted)"

// Three merges what changed from base to theirs into ours. What only one side changed is taken; where both changed
// the same thing differently ours is kept and a Conflict says so. Theirs is aligned with base first (see Align). The
// id, times and place of the record and what is not in its JSON stay ours. The inputs are not changed, and the
// merged record breaks no rule of models when they break none: should both sides together go beyond a limit, merged
// is ours, with one Conflict about the whole. It fails with KindMalformed when the records are not of one kind.
func Three(base, ours, theirs models.Record) (merged models.Record, conflicts []Conflict, err error) {
	if base.Kind() != ours.Kind() || base.Kind() != theirs.Kind() {
		message := fmt.Sprintf("a %s can't be merged from a %s and a %s", base.Kind(), ours.Kind(), theirs.Kind())
		return nil, nil, models.Malformed(message, nil)
	}
	merged, conflicts = three(base, ours, theirs)
	if broken := models.Validate(merged); broken != nil && models.Validate(ours) == nil && models.Validate(theirs) == nil {
		all := Conflict{Field: string(ours.Kind()), Ours: "kept", Theirs: "both together: " + broken.Error()}
		return models.Clone(ours), []Conflict{all.cut()}, nil
	}
	return merged, conflicts, nil
}

func three(base, ours, theirs models.Record) (models.Record, []Conflict) {
	if sameBut(ours, theirs) {
		return models.Clone(ours), nil
	}
	merged := models.Clone(ours)
	m := compare(base, merged, models.Clone(theirs))
	m.decide()
	m.build("", "")
	return merged, m.conflicts
}

// compare finds what the same things are in the three versions. It changes ids in theirs.
func compare(base, ours, theirs models.Record) *merger {
	Align(base, theirs)
	m := &merger{fates: map[string]*fate{}, force: map[string]bool{}, lost: map[place][]*node{}}
	m.base = (&identifier{}).identify(base)
	m.ours = (&identifier{mark: "ours ", base: m.base}).identify(ours)
	names := newNames(m.base.root, m.ours.root, grow(theirs))
	m.theirs = (&identifier{mark: "theirs ", base: m.base, ours: m.ours, names: names}).identify(theirs)
	return m
}

// sameBut tells whether both sides arrived at the same record, but for ids.
func sameBut(ours, theirs models.Record) bool {
	theirs = models.Clone(theirs)
	Align(ours, theirs)
	return grow(ours).state() == grow(theirs).state()
}

// merger holds the three versions and what is decided on each element that ours or theirs has.
type merger struct {
	base, ours, theirs *tree
	fates              map[string]*fate
	force              map[string]bool   // elements that ours gives the type of
	lost               map[place][]*node // what theirs changed and ours deleted
	conflicts          []Conflict
}

// conflict reports two values of one thing.
func (m *merger) conflict(pointer, field, ours, theirs string) {
	m.conflicts = append(m.conflicts, Conflict{pointer, field, ours, theirs}.cut())
}

func (c Conflict) cut() Conflict {
	c.Ours, c.Theirs = cut(c.Ours), cut(c.Theirs)
	return c
}

func cut(s string) string {
	if utf8.RuneCountInString(s) <= maxValue {
		return s
	}
	return string([]rune(s)[:maxValue-1]) + "…"
}

// title names an element for people: itself, or the nearest element around it that has an id.
func title(n *node) string {
	for n.up != nil && n.in.class.noun == "" {
		n = n.up
	}
	if n.up == nil {
		return ""
	}
	if n.in.class.noun == "citation" {
		return "citation " + citation(n).Label
	}
	out := n.key()
	if k := kind(n); n.in.class.noun == "block" || n.in.class.noun == "prompt" {
		out += " (" + k + ")"
	}
	return out
}

// text is a node's value for a report: its words where they are one field, else all of it.
func text(n *node) string {
	if n.value.Kind() == reflect.Struct {
		for _, name := range []string{"Text", "Written", "Title", "Label"} {
			if f := n.value.FieldByName(name); f.IsValid() && f.Kind() == reflect.String && f.String() != "" {
				return f.String()
			}
		}
	}
	return plain(n.value)
}
