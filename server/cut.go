package server

import (
	"fmt"
	"reflect"

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

// AppendJSON appends the fields that are wanted, in the order of all.
func (c cut) AppendJSON(to []byte) (_ []byte, err error) {
	begin, v := len(to), reflect.ValueOf(c.record)
	fields, plain := models.FieldsOf(v.Type())
	if !plain {
		return to, fmt.Errorf("JSON of %s can't be cut", v.Type())
	}
	for i := range fields {
		if c.keep != nil && !c.keep[fields[i].Name] {
			continue
		}
		if to, err = fields[i].AppendJSON(to, v); err != nil {
			return to, err
		}
	}
	if c.name != "" {
		to = append(to, `,"`+c.name+`":`...)
		if to, err = models.AppendJSON(to, c.below); err != nil {
			return to, err
		}
	}
	return models.Object(to, begin), nil
}

// MarshalJSONTo writes them where the library writes what is around them.
func (c cut) MarshalJSONTo(enc *jsontext.Encoder) error {
	data, err := c.AppendJSON(nil)
	if err != nil {
		return err
	}
	return enc.WriteValue(data)
}
