package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// node is a value on its way between JSON and YAML. Members keep their order, and numbers their digits.
type node struct {
	kind  nodeKind
	text  string   // of a text; of a literal as JSON spells it
	plain string   // what YAML calls a literal, as it is spelt there: it may be meant as text
	keys  []string // of an object
	at    []int    // the lines of the keys
	items []*node  // of a list, or the values of an object
	line  int      // in the file, from 1; 0 when it comes from none
}

type nodeKind int

const (
	text    nodeKind = iota
	literal          // a number, true, false or null
	list
	object
)

const null = "null"

func textNode(s string) *node    { return &node{kind: text, text: s} }
func literalNode(s string) *node { return &node{kind: literal, text: s, plain: s} }

// isNull tells whether a value is absent.
func (n *node) isNull() bool { return n.kind == literal && n.text == null }

// get is a member of an object, nil when there is none.
func (n *node) get(key string) *node {
	if i := slices.Index(n.keys, key); i >= 0 {
		return n.items[i]
	}
	return nil
}

// lineOf is the line of a key, or of the object.
func (n *node) lineOf(key string) int {
	if i := slices.Index(n.keys, key); i >= 0 && i < len(n.at) {
		return n.at[i]
	}
	return n.line
}

// set puts a member into an object, last when it is new.
func (n *node) set(key string, value *node) {
	if i := slices.Index(n.keys, key); i >= 0 {
		n.items[i] = value
		return
	}
	n.keys, n.items, n.at = append(n.keys, key), append(n.items, value), append(n.at, value.line)
}

// take removes a member from an object and gives it, nil when there is none.
func (n *node) take(key string) *node {
	i := slices.Index(n.keys, key)
	if i < 0 {
		return nil
	}
	value := n.items[i]
	n.keys, n.items = slices.Delete(n.keys, i, i+1), slices.Delete(n.items, i, i+1)
	n.at = slices.Delete(n.at, i, i+1)
	return value
}

// rename gives a member another key, at its place.
func (n *node) rename(from, to string) {
	if i := slices.Index(n.keys, from); i >= 0 {
		n.keys[i] = to
	}
}

// fromJSON reads a JSON value.
func fromJSON(data []byte) (*node, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	n, err := readNode(dec)
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	return n, nil
}

func readNode(dec *jsontext.Decoder) (*node, error) {
	t, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch t.Kind() {
	case '"':
		return textNode(t.String()), nil
	case '[':
		return readItems(dec, &node{kind: list})
	case '{':
		return readItems(dec, &node{kind: object})
	}
	return literalNode(t.String()), nil
}

// readItems reads the rest of a list or an object.
func readItems(dec *jsontext.Decoder, n *node) (*node, error) {
	for {
		switch dec.PeekKind() {
		case ']', '}':
			_, err := dec.ReadToken()
			return n, err
		}
		if n.kind == object {
			t, err := dec.ReadToken()
			if err != nil {
				return nil, err
			}
			n.keys, n.at = append(n.keys, t.String()), append(n.at, 0)
		}
		item, err := readNode(dec)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
}

// json writes a value as JSON.
func (n *node) json() ([]byte, error) { return n.appendJSON(nil) }

func (n *node) appendJSON(out []byte) ([]byte, error) {
	var err error
	switch n.kind {
	case text:
		return jsontext.AppendQuote(out, n.text)
	case literal:
		return append(out, n.text...), nil
	case list:
		out = append(out, '[')
	case object:
		out = append(out, '{')
	}
	for i, item := range n.items {
		if i > 0 {
			out = append(out, ',')
		}
		if n.kind == object {
			if out, err = jsontext.AppendQuote(out, n.keys[i]); err != nil {
				return nil, err
			}
			out = append(out, ':')
		}
		if out, err = item.appendJSON(out); err != nil {
			return nil, err
		}
	}
	if n.kind == object {
		return append(out, '}'), nil
	}
	return append(out, ']'), nil
}

// find gives the line of what a JSON Pointer (RFC 6901) leads to, or of the nearest thing above that is there.
func (n *node) find(pointer string) int {
	line := n.line
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		i := -1
		switch n.kind {
		case object:
			i = slices.Index(n.keys, part)
			if i >= 0 && i < len(n.at) && n.at[i] > 0 {
				line = n.at[i]
			}
		case list:
			if at, err := strconv.Atoi(part); err == nil && at >= 0 && at < len(n.items) {
				i, line = at, n.items[at].line
			}
		}
		if i < 0 {
			return line
		}
		n = n.items[i]
	}
	return line
}
