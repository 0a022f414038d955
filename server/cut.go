package server

import (
	"reflect"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// cuts says which fields of the records of an answer are wanted. Its keys are kinds as included, and with ownFields
// behind them the kind that was asked for itself; a kind that is not there keeps all.
type cuts map[string]map[string]bool

// ownFields marks the fields of the records that were asked for: a section may include other sections.
const ownFields = "!"

// wanted names the fields that are wanted, nil for all, of the records that were asked for and of those that are included.
func (cs cuts) wanted(kind models.Kind, in content.Include, also ...models.Kind) (map[string]bool, content.FieldsOf) {
	of := content.FieldsOf{}
	for _, kind := range append(in.Kinds(kind), also...) {
		if keep := cs[kind.Plural()]; keep != nil {
			of[kind] = keep
		}
	}
	return cs[kind.Plural()+ownFields], of
}

// records cuts records to the fields that are wanted.
func (cs cuts) records(of string, records []any) []any {
	if cs[of] == nil {
		return records
	}
	out := make([]any, len(records))
	for i, r := range records {
		out[i] = cut{record: r, keep: cs[of]}
	}
	return out
}

// tree cuts a module and the sections below it to the fields that are wanted.
func (cs cuts) tree(v content.TreeView) any {
	if len(cs) == 0 {
		return v
	}
	return cut{v.ModuleView, cs[models.KindModule.Plural()+ownFields], "tree", cs.nodes(v.Tree)}
}

func (cs cuts) nodes(nodes []*content.TreeNode) []cut {
	out := make([]cut, len(nodes))
	for i, n := range nodes {
		out[i] = cut{n.SectionView, cs[models.KindSection.Plural()], "children", cs.nodes(n.Children)}
	}
	return out
}

func (cs cuts) included(in content.Included) content.Included {
	if in == nil || len(cs) == 0 {
		return in
	}
	out := content.Included{}
	for kind, records := range in {
		out[kind] = cs.records(kind, records)
	}
	return out
}

// cut is a record of which only some fields are written as JSON, nil for all, and behind them those below it.
type cut struct {
	record any // a struct
	keep   map[string]bool
	name   string // of the field for those below; empty: there are none
	below  []cut
}

// MarshalJSONTo writes the fields that are wanted, in the order of all.
func (c cut) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	v := reflect.ValueOf(c.record)
	for _, f := range fieldsOf(v.Type()) {
		value := v.FieldByIndex(f.index)
		if c.keep != nil && !c.keep[f.name] || f.omitZero && value.IsZero() {
			continue
		}
		if err := writeMember(enc, f.name, value.Interface()); err != nil {
			return err
		}
	}
	if c.name != "" {
		if err := writeMember(enc, c.name, c.below); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

func writeMember(enc *jsontext.Encoder, name string, value any) error {
	if err := enc.WriteToken(jsontext.String(name)); err != nil {
		return err
	}
	return json.MarshalEncode(enc, value)
}

// jsonField is a field of a struct as JSON has it.
type jsonField struct {
	name     string
	index    []int
	omitZero bool
}

// jsonFields are those of the served kinds, found once for each.
var jsonFields sync.Map

// fieldsOf lists the fields of a struct, with those of structs that are embedded in it.
func fieldsOf(t reflect.Type) []jsonField {
	if known, ok := jsonFields.Load(t); ok {
		return known.([]jsonField)
	}
	var out []jsonField
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, jsonField{name, f.Index, options == "omitzero"})
	}
	jsonFields.Store(t, out)
	return out
}
