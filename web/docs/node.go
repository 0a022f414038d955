package docs

import (
	"bytes"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
)

// node is a place in the contract. What is missing is a node with nothing in it, so that ways through the contract
// can be written down in one expression.
type node struct {
	root  yaml.MapSlice
	value any
}

func readNode(data []byte) (node, error) {
	var root yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(data, &root, yaml.UseOrderedMap()); err != nil {
		return node{}, err
	}
	return node{root, root}, nil
}

// get follows keys. A reference stands for what it refers to; keys beside it come first (JSON Schema 2020-12).
func (n node) get(keys ...string) node {
	for _, key := range keys {
		n = n.child(key)
	}
	return n
}

func (n node) child(key string) node {
	for name, v := range n.all() {
		if name == key {
			return v
		}
	}
	if ref := n.ref(); ref != "" && key != refKey {
		return n.target().child(key)
	}
	return node{root: n.root}
}

const refKey = "$ref"

// ref is the reference that a node is, or "".
func (n node) ref() string {
	for name, v := range n.all() {
		if name == refKey {
			return v.text()
		}
	}
	return ""
}

// target is what a reference refers to; any other node is its own.
func (n node) target() node {
	ref := n.ref()
	if ref == "" {
		return n
	}
	return n.at(ref)
}

// at is what a reference within the contract refers to.
func (n node) at(ref string) node {
	at := node{n.root, n.root}
	for key := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.child(key)
	}
	return at.target()
}

// all visits the entries of a map in the order of the document.
func (n node) all() iter.Seq2[string, node] {
	entries, _ := n.value.(yaml.MapSlice)
	return func(yield func(string, node) bool) {
		for _, e := range entries {
			if key, _ := e.Key.(string); !yield(key, node{n.root, e.Value}) {
				return
			}
		}
	}
}

// list gives the elements of a list.
func (n node) list() []node {
	values, _ := n.value.([]any)
	out := make([]node, len(values))
	for i, v := range values {
		out[i] = node{n.root, v}
	}
	return out
}

func (n node) there() bool { return n.value != nil }

// text is a string, or "".
func (n node) text() string {
	s, _ := n.value.(string)
	return s
}

// texts gives the strings of a list, or a string as a list of one.
func (n node) texts() []string {
	if s := n.text(); s != "" {
		return []string{s}
	}
	var out []string
	for _, v := range n.list() {
		out = append(out, v.text())
	}
	return out
}

// json writes a node as JSON without spaces.
func (n node) json() (string, error) {
	var b bytes.Buffer
	err := n.encode(jsontext.NewEncoder(&b))
	return strings.TrimSuffix(b.String(), "\n"), err
}

func (n node) encode(enc *jsontext.Encoder) error {
	switch n.value.(type) {
	case yaml.MapSlice:
		if err := enc.WriteToken(jsontext.BeginObject); err != nil {
			return err
		}
		for key, v := range n.all() {
			if err := enc.WriteToken(jsontext.String(key)); err != nil {
				return err
			}
			if err := v.encode(enc); err != nil {
				return err
			}
		}
		return enc.WriteToken(jsontext.EndObject)
	case []any:
		if err := enc.WriteToken(jsontext.BeginArray); err != nil {
			return err
		}
		for _, v := range n.list() {
			if err := v.encode(enc); err != nil {
				return err
			}
		}
		return enc.WriteToken(jsontext.EndArray)
	}
	return json.MarshalEncode(enc, n.value)
}
