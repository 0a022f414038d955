package docs

import (
	"fmt"
	"slices"
	"strings"
)

// valueType says in a few words what values a schema allows.
type valueType struct {
	Words []word
	Notes []string // limits, default
}

// word is a part of a type: words, a link to a schema, or a value.
type word struct {
	Text, Href string
	Value      bool
}

func (t *valueType) say(text string) { t.Words = append(t.Words, word{Text: text}) }

func (r *reader) typeOf(schema node) valueType {
	var t valueType
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

func (r *reader) describe(t *valueType, schema node) {
	types := schema.get("type").texts()
	switch {
	case schema.ref() != "":
		name := schemaName(schema.ref())
		t.Words = append(t.Words, word{Text: name, Href: r.places[schemaAnchor(name)]})
	case schema.get("const").there():
		t.Words = append(t.Words, word{Text: r.value(schema.get("const")), Value: true})
	case schema.get("enum").there():
		r.values(t, schema.get("enum").list())
	case schema.get("oneOf").there():
		r.options(t, schema.get("oneOf").list())
	case schema.get("anyOf").there():
		r.options(t, schema.get("anyOf").list())
	case slices.Contains(types, "array"):
		t.say("list of ")
		r.describe(t, schema.get("items"))
	default:
		t.say(strings.Join(types, " or "))
		if format := schema.get("format").text(); format != "" {
			t.say(" (" + format + ")")
		}
	}
}

func (r *reader) options(t *valueType, options []node) {
	for i, option := range options {
		if i > 0 {
			t.say(" or ")
		}
		r.describe(t, option)
	}
}

func (r *reader) values(t *valueType, values []node) {
	for i, v := range values {
		if i > 0 {
			t.say(", ")
		}
		t.Words = append(t.Words, word{Text: r.value(v), Value: true})
	}
}

// value writes a value as a reader would: a string without quotes, a list with commas.
func (r *reader) value(v node) string {
	if texts := v.texts(); len(texts) > 0 {
		return strings.Join(texts, ",")
	}
	s, err := v.json()
	r.keep(err)
	return s
}
