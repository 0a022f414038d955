package markdown

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parseError says what is wrong on a line of a file.
type parseError struct {
	line    int
	message string
}

func (e *parseError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.message) }

// parseYAML reads YAML that begins on a line of its file: one document of objects, lists and scalars. Anchors, aliases
// and tags are refused. Its errors are of type *parseError.
func parseYAML(text string, line int) (*node, error) {
	if err := checkYAML(text, line); err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, yamlError(err, line)
	}
	r := yamlReader{offset: line - 1}
	var out *node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if _, ok := doc.Body.(*ast.CommentGroupNode); ok {
			continue
		}
		if out != nil {
			return nil, &parseError{r.line(doc.Body), "a second document: only one can stand here"}
		}
		if out, err = r.value(doc.Body, 0); err != nil {
			return nil, err
		}
	}
	if out == nil {
		out = &node{kind: object, line: line}
	}
	return out, nil
}

// yamlError makes an error of ours of the parser's.
func yamlError(err error, line int) *parseError {
	message, _, _ := strings.Cut(err.Error(), "\n")
	out := &parseError{line, message}
	var y yaml.Error
	if errors.As(err, &y) {
		out.message = y.GetMessage()
		if t := y.GetToken(); t != nil {
			out.line = line + t.Position.Line - 1
		}
	}
	return out
}

// yamlReader makes nodes of a syntax tree.
type yamlReader struct {
	offset int // what is added to the parser's lines
}

func (r yamlReader) line(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return r.offset + t.Position.Line
	}
	return r.offset + 1
}

func (r yamlReader) value(v ast.Node, depth int) (*node, error) {
	if v == nil {
		return &node{kind: literal, text: null, line: r.offset + 1}, nil
	}
	line := r.line(v)
	if depth > maxNesting {
		return nil, &parseError{line, fmt.Sprintf("values are nested more than %d deep", maxNesting)}
	}
	switch v := v.(type) {
	case *ast.MappingNode:
		out := &node{kind: object, line: line}
		for _, pair := range v.Values {
			if err := r.member(out, pair, depth); err != nil {
				return nil, err
			}
		}
		return out, nil
	case *ast.MappingValueNode:
		out := &node{kind: object, line: line}
		return out, r.member(out, v, depth)
	case *ast.SequenceNode:
		out := &node{kind: list, line: line}
		for _, value := range v.Values {
			item, err := r.value(value, depth+1)
			if err != nil {
				return nil, err
			}
			out.items = append(out.items, item)
		}
		return out, nil
	case *ast.StringNode:
		if v.Token.Type == token.StringType && isNumber(v.Value) { // one that is too large for the parser
			return number(v.Value, line), nil
		}
		return &node{kind: text, text: v.Value, line: line}, nil
	case *ast.LiteralNode:
		return &node{kind: text, text: v.Value.Value, line: line}, nil
	case *ast.NullNode:
		return &node{kind: literal, text: null, plain: plainOf(v), line: line}, nil
	case *ast.BoolNode:
		return &node{kind: literal, text: fmt.Sprint(v.Value), plain: plainOf(v), line: line}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return number(plainOf(v), line), nil
	}
	return nil, &parseError{line, fmt.Sprintf("%s can't stand here: values are texts, numbers, lists and objects, without anchors and tags",
		strings.ToLower(v.Type().String()))}
}

// plainOf is a scalar as it is written.
func plainOf(n ast.Node) string {
	if t := n.GetToken(); t != nil {
		return strings.TrimSpace(t.Value)
	}
	return ""
}

// number keeps the digits of a number. What JSON has no number for, such as 0x1f and 1_000, is text.
func number(s string, line int) *node {
	if isNumber(s) {
		return &node{kind: literal, text: s, plain: s, line: line}
	}
	return &node{kind: text, text: s, plain: s, line: line}
}

func isNumber(s string) bool {
	v := jsontext.Value(s)
	return s != "" && v.Kind() == '0' && v.IsValid()
}

func (r yamlReader) member(out *node, pair *ast.MappingValueNode, depth int) error {
	line := r.line(pair.Key)
	key, err := r.key(pair.Key)
	if err != nil {
		return err
	}
	if out.get(key) != nil {
		return &parseError{line, fmt.Sprintf("the key %q stands there twice", key)}
	}
	value, err := r.value(pair.Value, depth+1)
	if err != nil {
		return err
	}
	out.keys, out.items, out.at = append(out.keys, key), append(out.items, value), append(out.at, line)
	return nil
}

// key is the text of a key.
func (r yamlReader) key(k ast.MapKeyNode) (string, error) {
	switch k := k.(type) {
	case *ast.StringNode:
		return k.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return plainOf(k), nil
	}
	return "", &parseError{r.line(k), "a key must be a plain text"}
}
