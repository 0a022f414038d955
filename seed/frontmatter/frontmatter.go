// Package frontmatter reads the YAML at the head of a page.
package frontmatter

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Limits of what is read. Front matter is a few lines; YAML can make very much of very little.
const (
	maxBytes   = 64 << 10
	maxNesting = 30
	maxAliases = 20
)

// Error says where front matter is malformed.
type Error struct {
	Line    int // in the page, from 1
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Matter is front matter that has been read.
type Matter struct {
	keys   []string
	values map[string]value
}

type value struct {
	text string // a scalar as written
	json jsontext.Value
	line int
}

// head finds the front matter, which stands between two lines of three hyphens.
var head = regexp.MustCompile(`\A\s*---[ \t]*\n(?s:(.*?)\n)??---[ \t]*(?:\n|\z)`)

// Has tells whether a page begins with front matter.
func Has(page string) bool { return head.MatchString(page) }

// unclosed finds the beginning of front matter: a page may also begin with a rule.
var unclosed = regexp.MustCompile(`\A\s*---[ \t]*\n[A-Za-z_][\w-]*[ \t]*:`)

// Unclosed tells whether a page begins with front matter that no line of three hyphens ends.
func Unclosed(page string) bool { return !Has(page) && unclosed.MatchString(page) }

// Split parts the front matter of a page from its body, which begins on the line bodyLine. Without front matter all
// of it is body.
func Split(page string) (yaml string, yamlLine int, body string, bodyLine int) {
	m := head.FindStringSubmatchIndex(page)
	if m == nil {
		return "", 1, page, 1
	}
	bodyLine = 1 + strings.Count(page[:m[1]], "\n")
	if m[2] < 0 {
		return "", bodyLine, page[m[1]:], bodyLine
	}
	return page[m[2]:m[3]], 1 + strings.Count(page[:m[2]], "\n"), page[m[1]:], bodyLine
}

// Parse reads front matter that begins on a line of its page. Its errors are of type *Error.
func Parse(text string, line int) (m Matter, err error) {
	m = Matter{values: map[string]value{}}
	if err := check(text, line); err != nil {
		return m, err
	}
	defer func() {
		if r := recover(); r != nil { // the parser has not thought of everything
			err = &Error{line, "the YAML can't be read"}
		}
	}()
	file, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return m, located(err, line)
	}
	for _, doc := range file.Docs {
		if err := m.add(doc.Body, line); err != nil {
			return m, err
		}
	}
	return m, nil
}

// Decode reads a YAML file of a site into a value. Its errors are of type *Error, and io.EOF for a file that says
// nothing.
func Decode(text string, into any) (err error) {
	if err := check(text, 1); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil { // the parser has not thought of everything
			err = &Error{1, "the YAML can't be read"}
		}
	}()
	err = yaml.NewDecoder(strings.NewReader(text)).Decode(into)
	if err != nil && !errors.Is(err, io.EOF) {
		return located(err, 1)
	}
	return err
}

func (m *Matter) add(body ast.Node, line int) error {
	switch n := body.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil
	case *ast.MappingNode:
		for _, pair := range n.Values {
			if err := m.set(pair, line); err != nil {
				return err
			}
		}
		return nil
	case *ast.MappingValueNode:
		return m.set(n, line)
	}
	return &Error{line, "front matter must be keys with values"}
}

func (m *Matter) set(pair *ast.MappingValueNode, line int) error {
	at := line
	if t := pair.Key.GetToken(); t != nil {
		at += t.Position.Line - 1
	}
	key := keyOf(pair)
	var v any
	if err := yaml.NodeToValue(pair.Value, &v); err != nil {
		return &Error{at, fmt.Sprintf("the value of %q can't be read: %s", key, firstLine(err))}
	}
	data, err := json.Marshal(finite(asWritten(pair.Value, v)), json.Deterministic(true))
	if err != nil {
		return &Error{at, fmt.Sprintf("the value of %q can't be written as JSON: %v", key, err)}
	}
	if _, again := m.values[key]; !again {
		m.keys = append(m.keys, key)
	}
	m.values[key] = value{text: scalar(pair.Value), json: data, line: at}
	return nil
}

// scalar is a single value as written: 1.10 stays "1.10".
func scalar(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(n.Value)
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value)
	case *ast.NullNode:
		return ""
	case ast.ScalarNode:
		return strings.TrimSpace(n.GetToken().Value)
	}
	return ""
}

// asWritten keeps the numbers of a value as they are written, for 1.10 is not 1.1: as text where JSON would write them
// in another way.
func asWritten(n ast.Node, v any) any {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		written := jsontext.Value(strings.TrimSpace(n.GetToken().Value))
		if written.IsValid() {
			return written
		}
		return string(written)
	case *ast.SequenceNode:
		if list, ok := v.([]any); ok && len(list) == len(n.Values) {
			for i := range list {
				list[i] = asWritten(n.Values[i], list[i])
			}
		}
	case *ast.MappingNode:
		for _, pair := range n.Values {
			asWritten(pair, v)
		}
	case *ast.MappingValueNode:
		if object, ok := v.(map[string]any); ok {
			if inner, ok := object[keyOf(n)]; ok {
				object[keyOf(n)] = asWritten(n.Value, inner)
			}
		}
	}
	return v
}

func keyOf(pair *ast.MappingValueNode) string { return strings.Trim(pair.Key.String(), `"'`) }

// finite puts text in the place of what JSON has no number for, and of keys that are not text.
func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
	case []any:
		for i := range v {
			v[i] = finite(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = finite(v[k])
		}
	case map[any]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[fmt.Sprint(k)] = finite(v[k])
		}
		return out
	}
	return v
}

// check refuses what would cost a YAML parser too much.
func check(text string, line int) error {
	if len(text) > maxBytes {
		return &Error{line, fmt.Sprintf("it has more than %d bytes", maxBytes)}
	}
	depth, aliases := 0, 0
	for i, l := range strings.Split(text, "\n") {
		for _, r := range l {
			switch r {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(0, depth-1)
			case '*':
				aliases++
			}
		}
		indent := len(l) - len(strings.TrimLeft(l, " -?\t"))
		if depth > maxNesting || indent > 4*maxNesting {
			return &Error{line + i, fmt.Sprintf("it is nested more than %d deep", maxNesting)}
		}
	}
	if aliases > maxAliases && strings.Contains(text, "&") {
		return &Error{line, fmt.Sprintf("it has more than %d aliases", maxAliases)}
	}
	return nil
}

// located makes an error of ours of the parser's, on the line of the page.
func located(err error, line int) error {
	out := &Error{line, firstLine(err)}
	var y yaml.Error
	if errors.As(err, &y) {
		out.Message = y.GetMessage()
		if t := y.GetToken(); t != nil {
			out.Line = line + t.Position.Line - 1
		}
	}
	return out
}

func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return s
}

// Keys lists the keys in the order of the page.
func (m Matter) Keys() []string { return slices.Clone(m.keys) }

// Text is the text of a key's value as written, "" where there is none or it is not a single value.
func (m Matter) Text(key string) string { return m.values[key].text }

// JSON is a key's value, nil where there is none.
func (m Matter) JSON(key string) jsontext.Value { return m.values[key].json }

// Line is the line of the page on which a key stands.
func (m Matter) Line(key string) int { return m.values[key].line }
