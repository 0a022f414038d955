package server

import (
	"fmt"
	"slices"
	"strings"
)

// docsType says in a few words what values a schema allows.
type docsType struct {
	Words []docsWord
	Notes []string // limits, default
}

// docsWord is a part of a type: words, a link to a schema, or a value.
type docsWord struct {
	Text, Href string
	Value      bool
}

func (t *docsType) say(text string) { t.Words = append(t.Words, docsWord{Text: text}) }

func (r *docsReader) typeOf(schema node) docsType {
	var t docsType
	r.describe(&t, schema)
	for _, limit := range []struct{ key, format string }{
		{"minimum", "at least %s"}, {"maximum", "at most %s"}, {"maxLength", "at most %s characters"},
		{"minItems", "at least %s"}, {"maxItems", "at most %s"}, {"default", "default %s"},
	} {
		if v := schema.get(limit.key); schema.ref() == "" && v.there() {
			t.Notes = append(t.Notes, fmt.Sprintf(limit.format, r.value(v)))
		}
	}
	return t
}

func (r *docsReader) describe(t *docsType, schema node) {
	types := schema.get("type").texts()
	switch {
	case schema.ref() != "":
		name := schema.ref()[strings.LastIndexByte(schema.ref(), '/')+1:]
		t.Words = append(t.Words, docsWord{Text: name, Href: "#" + schemaAnchor(name)})
	case schema.get("const").there():
		t.Words = append(t.Words, docsWord{Text: r.value(schema.get("const")), Value: true})
	case schema.get("enum").there():
		r.values(t, schema.get("enum").list())
	case schema.get("oneOf").there():
		for i, option := range schema.get("oneOf").list() {
			if i > 0 {
				t.say(" or ")
			}
			r.describe(t, option)
		}
	case slices.Contains(types, "array"):
		t.say("list of ")
		r.describe(t, schema.get("items"))
	default:
		t.say(strings.Join(types, " or "))
	}
}

func (r *docsReader) values(t *docsType, values []node) {
	for i, v := range values {
		if i > 0 {
			t.say(", ")
		}
		t.Words = append(t.Words, docsWord{Text: r.value(v), Value: true})
	}
}

// value writes a value as a reader would: a string without quotes, a list with commas.
func (r *docsReader) value(v node) string {
	if texts := v.texts(); len(texts) > 0 {
		return strings.Join(texts, ",")
	}
	s, err := v.json()
	r.keep(err)
	return s
}
