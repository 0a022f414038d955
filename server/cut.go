package server

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// cuts says which fields of the records of an answer are wanted. Its keys are kinds as included, and with ownFields
// behind them the kind that was asked for itself; a kind that is not there keeps all.
type cuts map[string]map[string]bool

// ownFields marks the fields of the records that were asked for: a section may include other sections.
const ownFields = "!"

// records cuts records to the fields that are wanted.
func (cs cuts) records(of string, records []any) ([]any, error) {
	if cs[of] == nil {
		return records, nil
	}
	out := make([]any, len(records))
	for i, r := range records {
		var err error
		if out[i], err = cs.record(of, r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// record is the JSON of a record, cut to the fields that are wanted.
func (cs cuts) record(of string, record any) (jsontext.Value, error) {
	data, err := models.Encode(record)
	if err != nil || cs[of] == nil {
		return data, err
	}
	return cut(data, cs[of])
}

// cutTree is a module with some of its fields, and its sections with some of theirs.
type cutTree struct {
	Module jsontext.Value `json:",embed"`
	Tree   []cutNode      `json:"tree"`
}

type cutNode struct {
	Section  jsontext.Value `json:",embed"`
	Children []cutNode      `json:"children"`
}

// tree cuts a module and the sections below it to the fields that are wanted.
func (cs cuts) tree(v content.TreeView) (any, error) {
	if len(cs) == 0 {
		return v, nil
	}
	module, err := cs.record(models.KindModule.Plural()+ownFields, v.ModuleView)
	if err != nil {
		return nil, err
	}
	nodes, err := cs.nodes(v.Tree)
	return cutTree{module, nodes}, err
}

func (cs cuts) nodes(nodes []*content.TreeNode) ([]cutNode, error) {
	out := make([]cutNode, len(nodes))
	for i, n := range nodes {
		var err error
		if out[i].Section, err = cs.record(models.KindSection.Plural(), n.SectionView); err != nil {
			return nil, err
		}
		if out[i].Children, err = cs.nodes(n.Children); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (cs cuts) included(in content.Included) (content.Included, error) {
	if in == nil || len(cs) == 0 {
		return in, nil
	}
	out := content.Included{}
	for kind, records := range in {
		cut, err := cs.records(kind, records)
		if err != nil {
			return nil, err
		}
		out[kind] = cut
	}
	return out, nil
}

// cut leaves out the members of a JSON object that are not wanted.
func cut(object jsontext.Value, keep map[string]bool) (jsontext.Value, error) {
	var out bytes.Buffer
	dec, enc := jsontext.NewDecoder(bytes.NewReader(object)), jsontext.NewEncoder(&out)
	if err := copyToken(dec, enc); err != nil {
		return nil, err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, fmt.Errorf("cut a record: %w", err)
		}
		wanted := keep[name.String()]
		if wanted {
			if err := enc.WriteToken(name); err != nil {
				return nil, fmt.Errorf("cut a record: %w", err)
			}
		}
		value, err := dec.ReadValue()
		if err != nil {
			return nil, fmt.Errorf("cut a record: %w", err)
		}
		if wanted {
			if err := enc.WriteValue(value); err != nil {
				return nil, fmt.Errorf("cut a record: %w", err)
			}
		}
	}
	if err := copyToken(dec, enc); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

func copyToken(dec *jsontext.Decoder, enc *jsontext.Encoder) error {
	t, err := dec.ReadToken()
	if err == nil {
		err = enc.WriteToken(t)
	}
	if err != nil {
		return fmt.Errorf("cut a record: %w", err)
	}
	return nil
}
