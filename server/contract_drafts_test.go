package server

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

// Where the schemas of drafts stand in the contract.
const (
	draftsBegin = "    # Drafts, and what is sent of them: written by go test ./server -run ContractHasTheDrafts -update\n"
	draftsEnd   = "    # End of drafts.\n"
)

// The schemas of drafts and of requests follow from those of the content API and from what the code lets editors write:
// a draft has the record's own members, new records and patches those that are editable, with nothing required but
// what a record can't be made without.
func TestContractHasTheDrafts(t *testing.T) {
	data, err := os.ReadFile("../openapi.yaml")
	check(t, err)
	before, rest, ok := strings.Cut(string(data), draftsBegin)
	got, after, ok2 := strings.Cut(rest, draftsEnd)
	if !ok || !ok2 {
		t.Fatal("openapi.yaml has no place for drafts")
	}
	d := &draftSchemas{t: t, out: map[string]yaml.MapSlice{}}
	check(t, yaml.UnmarshalWithOptions([]byte(before+after), &d.contract, yaml.UseOrderedMap()))
	for _, kind := range models.StoredKinds() {
		d.add(kind)
	}
	want := d.text()
	if *update {
		check(t, os.WriteFile("../openapi.yaml", []byte(before+draftsBegin+want+draftsEnd+after), 0o600))
	} else if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, contract + (go test ./server -run ContractHasTheDrafts -update writes it)\n%s", diff)
	}
}

// draftSchemas writes schemas from those that the contract has.
type draftSchemas struct {
	t        *testing.T
	contract yaml.MapSlice
	out      map[string]yaml.MapSlice
	order    []string
}

// servedAs are the schemas of the content API that have the members of records.
var servedAs = map[models.Kind]string{
	models.KindCourse: "Course", models.KindModule: "ModuleFields", models.KindSection: "SectionFields", models.KindSource: "Source",
	models.KindWorksheet: "Worksheet", models.KindAsset: "Asset", models.KindFragment: "Fragment",
}

// ownMembers are those of drafts that readers don't get, or get otherwise.
var ownMembers = map[string]string{
	"extra":        "{ description: 'Front matter and fields of your own. Keys that begin with _ are private.', type: object, additionalProperties: true }",
	"course_id":    "{ description: The course that it belongs to., $ref: '#/components/schemas/ID' }",
	"module_id":    "{ description: The module that it belongs to., $ref: '#/components/schemas/ID' }",
	"parent_id":    "{ description: The section above it; null at the top of the module., oneOf: [{ $ref: '#/components/schemas/ID' }, { type: 'null' }] }",
	"position":     "{ description: 'Its place among its siblings, from 0.', type: integer, minimum: 0 }",
	"owners":       "{ description: The ids of the users whose module it is. Private., type: array, maxItems: 100, items: { type: string } }",
	"editor_notes": "{ description: Remarks for editors. Private., type: array, maxItems: 1000, items: { $ref: '#/components/schemas/EditorNote' } }",
	"answer_key":   "{ description: Answers. Private., type: array, maxItems: 1000, items: { $ref: '#/components/schemas/Answer' } }",
}

// madeWith are the members without which a record can't be made.
var madeWith = map[models.Kind][]string{
	models.KindCourse: {"title", "language"}, models.KindModule: {"course_id", "title"}, models.KindSection: {"module_id", "title"},
	models.KindSource: {"course_id"}, models.KindWorksheet: {"module_id"}, models.KindFragment: {"course_id", "slug"},
}

func (d *draftSchemas) add(kind models.Kind) {
	name := strings.ToUpper(string(kind[:1])) + string(kind[1:])
	var members, required []string
	for _, m := range patch.Members(kind) {
		members = append(members, m)
		if !slices.Contains(leftOut, m) && m != patch.Private(kind) {
			required = append(required, m)
		}
	}
	props := yaml.MapSlice{{Key: "kind", Value: yaml.MapSlice{{Key: "description", Value: "Which kind of record it is."}, {Key: "type", Value: "string"}, {Key: "const", Value: string(kind)}}}}
	edit := yaml.MapSlice{}
	for _, m := range members {
		schema := d.member(kind, m)
		props = append(props, yaml.MapItem{Key: m, Value: schema})
		if slices.Contains(patch.Editable(kind), m) {
			edit = append(edit, yaml.MapItem{Key: m, Value: d.input(schema)})
		}
	}
	d.put(name+"Draft", yaml.MapSlice{
		{Key: "description", Value: "A " + string(kind) + " as editors have it. Lists leave out what is large, and nobody gets what they may not see."},
		{Key: "type", Value: "object"},
		{Key: "allOf", Value: []any{refSchema("DraftFields")}},
		{Key: "required", Value: append([]string{"kind"}, required...)},
		{Key: "unevaluatedProperties", Value: false},
		{Key: "properties", Value: props},
	})
	d.put(name+"Patch", yaml.MapSlice{
		{Key: "description", Value: "Changes of a " + string(kind) + " (RFC 7396): null empties a member, lists are replaced as a whole."},
		{Key: "type", Value: "object"},
		{Key: "additionalProperties", Value: false},
		{Key: "properties", Value: nullable(edit)},
	})
	if madeWith[kind] == nil {
		return
	}
	create := yaml.MapSlice{
		{Key: "id", Value: yaml.MapSlice{{Key: "description", Value: "For clients that mint ids themselves; a UUID, best of version 7."}, {Key: "$ref", Value: "#/components/schemas/ID"}}},
		{Key: "position", Value: yaml.MapSlice{{Key: "description", Value: "Where it is to stand; last without it."}, {Key: "$ref", Value: "#/components/schemas/Position"}}},
	}
	for _, m := range []string{"course_id", "module_id", "parent_id"} {
		if slices.Contains(patch.Owners(kind), m) {
			create = append(create, yaml.MapItem{Key: m, Value: d.member(kind, m)})
		}
	}
	d.put(name+"New", yaml.MapSlice{
		{Key: "description", Value: "A new " + string(kind) + ". What is absent or null has its default; a slug is made of the title, with a number behind it where a sibling has it."},
		{Key: "type", Value: "object"},
		{Key: "required", Value: madeWith[kind]},
		{Key: "additionalProperties", Value: false},
		{Key: "properties", Value: append(create, nullable(edit)...)},
	})
}

// leftOut are the members that lists leave out.
var leftOut = []string{"blocks", "instructions", "prompts", "citations", "transcript"}

func refSchema(name string) yaml.MapSlice {
	return yaml.MapSlice{{Key: "$ref", Value: "#/components/schemas/" + name}}
}

// nullable lets every member be null as well.
func nullable(props yaml.MapSlice) yaml.MapSlice {
	out := make(yaml.MapSlice, len(props))
	for i, p := range props {
		schema := p.Value.(yaml.MapSlice)
		description, rest := get(schema, "description"), without(schema, "description")
		wrapped := yaml.MapSlice{{Key: "anyOf", Value: []any{rest, yaml.MapSlice{{Key: "type", Value: "null"}}}}}
		if description == nil {
			description = "See the schema of the member."
		}
		out[i] = yaml.MapItem{Key: p.Key, Value: append(yaml.MapSlice{{Key: "description", Value: description}}, wrapped...)}
	}
	return out
}

// member is the schema of a member of a record.
func (d *draftSchemas) member(kind models.Kind, name string) yaml.MapSlice {
	if text, ok := ownMembers[name]; ok {
		var schema yaml.MapSlice
		check(d.t, yaml.UnmarshalWithOptions([]byte(text), &schema, yaml.UseOrderedMap()))
		return schema
	}
	for _, from := range []string{servedAs[kind], "RecordFields"} {
		props, _ := get(d.schema(from), "properties").(yaml.MapSlice)
		if schema, ok := get(props, name).(yaml.MapSlice); ok {
			return schema
		}
	}
	d.t.Fatalf("the contract has no member %s of %s", name, kind.Plural())
	return nil
}

func (d *draftSchemas) schema(name string) yaml.MapSlice {
	components, _ := get(d.contract, "components").(yaml.MapSlice)
	schemas, _ := get(components, "schemas").(yaml.MapSlice)
	schema, ok := get(schemas, name).(yaml.MapSlice)
	if !ok {
		d.t.Fatalf("the contract has no schema %s", name)
	}
	return schema
}

// asServed are the schemas that requests have as answers do.
var asServed = []string{"ID", "Slug", "Timestamp", "InlineMarkdown", "Extra", "CSLItem", "File"}

// input is a schema for requests: what it refers to need not be whole.
func (d *draftSchemas) input(v any) any {
	switch v := v.(type) {
	case yaml.MapSlice:
		out := yaml.MapSlice{}
		for _, item := range v {
			switch target, isRef := item.Value.(string); {
			case isRef && strings.HasPrefix(target, "#/components/schemas/"):
				out = append(out, yaml.MapItem{Key: item.Key, Value: "#/components/schemas/" + d.inputNamed(strings.TrimPrefix(target, "#/components/schemas/"))})
			default:
				out = append(out, yaml.MapItem{Key: item.Key, Value: d.input(item.Value)})
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = d.input(v[i])
		}
		return out
	}
	return v
}

// inputNamed writes the schema for requests of a named one, once, and gives its name.
func (d *draftSchemas) inputNamed(name string) string {
	if slices.Contains(asServed, name) {
		return name
	}
	sent := name + "Sent"
	if _, done := d.out[sent]; done {
		return sent
	}
	d.put(sent, nil)
	schema := without(d.schema(name), "required", "description", "examples")
	examples := get(d.schema(name), "examples")
	kind := get(d.schema(name), "properties")
	if props, ok := kind.(yaml.MapSlice); ok {
		var need []string
		for _, must := range []string{"kind", "type"} {
			if get(props, must) != nil && (must == "kind" || name == "Reference") {
				need = append(need, must)
			}
		}
		if name == "Reference" {
			need = append(need, "id")
		}
		if need != nil {
			schema = append(schema, yaml.MapItem{Key: "required", Value: need})
		}
	}
	out := append(yaml.MapSlice{{Key: "description", Value: fmt.Sprintf("A %s as it is sent: what is left out has its default, ids are given to what has none.", name)}},
		d.input(schema).(yaml.MapSlice)...)
	d.out[sent] = append(out, yaml.MapItem{Key: "examples", Value: examples})
	return sent
}

// ownExamples are values of the members that only drafts have.
var ownExamples = map[string]any{
	"course_id": "019a2b40-0c11-7d3a-9b42-6e1f0a7d4c01", "module_id": "019a2b40-1e55-7b60-8c7d-2f9a3b5e6d11", "parent_id": nil, "position": 2,
	"extra": yaml.MapSlice{{Key: "_note", Value: "to be checked"}}, "owners": []any{}, "editor_notes": []any{}, "answer_key": []any{},
}

// example makes an example of a schema of drafts from those of the content API.
func (d *draftSchemas) example(name string) any {
	for _, kind := range models.StoredKinds() {
		base := strings.ToUpper(string(kind[:1])) + string(kind[1:])
		shown := get(d.schema(base), "examples").([]any)[0].(yaml.MapSlice)
		value := func(m string) any {
			if v, ok := ownExamples[m]; ok {
				return v
			}
			return get(shown, m)
		}
		switch name {
		case base + "Draft":
			out := append(yaml.MapSlice{{Key: "kind", Value: string(kind)}}, get(d.schema("DraftFields"), "examples").([]any)[0].(yaml.MapSlice)...)
			for _, m := range patch.Members(kind) {
				out = append(out, yaml.MapItem{Key: m, Value: value(m)})
			}
			return out
		case base + "Patch":
			m := slices.DeleteFunc(patch.Editable(kind), func(m string) bool { return m != "license" && m != "title" && m != "written" })[0]
			return yaml.MapSlice{{Key: m, Value: value(m)}}
		case base + "New":
			out := yaml.MapSlice{}
			for _, m := range madeWith[kind] {
				out = append(out, yaml.MapItem{Key: m, Value: value(m)})
			}
			return out
		}
	}
	d.t.Fatalf("no example of %s", name)
	return nil
}

func (d *draftSchemas) put(name string, schema yaml.MapSlice) {
	d.order = append(d.order, name)
	d.out[name] = schema
}

// text writes the schemas as they stand in the contract.
func (d *draftSchemas) text() string {
	var b strings.Builder
	for _, name := range d.order {
		schema := d.out[name]
		if get(schema, "examples") == nil {
			schema = append(schema, yaml.MapItem{Key: "examples", Value: []any{d.example(name)}})
		}
		data, err := yaml.MarshalWithOptions(yaml.MapSlice{{Key: name, Value: schema}}, yaml.Indent(2), yaml.IndentSequence(true))
		check(d.t, err)
		for line := range strings.Lines(string(data)) {
			b.WriteString("    " + line)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func get(m yaml.MapSlice, name string) any {
	for _, item := range m {
		if item.Key == name {
			return item.Value
		}
	}
	return nil
}

func without(m yaml.MapSlice, names ...string) yaml.MapSlice {
	return slices.DeleteFunc(slices.Clone(m), func(item yaml.MapItem) bool { return slices.Contains(names, item.Key.(string)) })
}
