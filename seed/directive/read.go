package directive

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/lectern-cms/lectern/models"
)

// reader turns the syntax tree of one text into blocks and prompts.
type reader struct {
	src         []byte
	starts      []int       // of the lines in src
	firstLine   int         // of src in its file
	at          map[any]int // where in src blocks and prompts begin
	definitions []Definition
	defined     map[string]int // the line of each label
	warnings    []Warning
	noComments  bool
	names       Names // nil: records are called by their ids alone
}

// newReader finds the blocks of a text.
func newReader(s string, firstLine int) (*reader, ast.Node, error) {
	if len(s) > maxBytes {
		return nil, nil, &Error{firstLine, fmt.Sprintf("the text has more than %d bytes", maxBytes)}
	}
	if !utf8.ValidString(s) {
		return nil, nil, &Error{firstLine, "the text is not UTF-8"}
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	r := &reader{src: []byte(s + "\n"), firstLine: firstLine, at: map[any]int{}, defined: map[string]int{}}
	for i := 0; i < len(r.src); {
		r.starts = append(r.starts, i)
		i += bytes.IndexByte(r.src[i:], '\n') + 1
	}
	ctx, so := parser.NewContext(), &nesting{}
	ctx.Set(nestingKey, so)
	root := engine().Parse(text.NewReader(r.src), parser.WithContext(ctx))
	if so.problem != "" {
		return nil, nil, r.fail(so.at, "%s", so.problem)
	}
	return r, root, nil
}

// line is the line in the file of a place in the text.
func (r *reader) line(at int) int {
	return r.firstLine + sort.SearchInts(r.starts, at+1) - 1
}

func (r *reader) fail(at int, format string, args ...any) error {
	return &Error{r.line(at), fmt.Sprintf(format, args...)}
}

func (r *reader) warn(at int, message string) {
	r.warnings = append(r.warnings, Warning{r.line(at), message})
}

// lines gives the lines of a block as written.
func (r *reader) lines(n ast.Node) []string {
	segments := n.Lines()
	out := make([]string, segments.Len())
	for i := range out {
		seg := segments.At(i)
		out[i] = strings.TrimSuffix(string(seg.Value(r.src)), "\n")
	}
	return out
}

// position is where a node begins.
func (r *reader) position(n ast.Node) int {
	switch n := n.(type) {
	case *fence:
		return n.at
	case *oneLine:
		return n.at
	case *comment:
		return n.at
	case *definition:
		return n.at
	}
	return max(0, n.Pos())
}

// holds takes those children of a node that are no blocks; it tells whether it took one.
type holds func(n ast.Node) (bool, error)

func nothingElse(ast.Node) (bool, error) { return false, nil }

// blocks reads the blocks in a node, comments as notes among them.
func (r *reader) blocks(parent ast.Node, also holds) (models.Blocks, error) {
	return r.blocksFrom(parent.FirstChild(), also)
}

func (r *reader) blocksFrom(n ast.Node, also holds) (models.Blocks, error) {
	var out models.Blocks
	var ahead *oneLine // attributes for the next block
	for ; n != nil; n = n.NextSibling() {
		if line, ok := n.(*oneLine); ok && line.kind == kindAttributes {
			if ahead != nil {
				return nil, r.fail(line.at, "a second line of attributes for one block")
			}
			ahead = line
			continue
		}
		taken, err := r.aside(n, &out)
		if !taken && err == nil {
			taken, err = also(n)
		}
		if err != nil {
			return nil, err
		}
		if taken {
			continue
		}
		made, err := r.block(n, ahead)
		if err != nil {
			return nil, err
		}
		out, ahead = append(out, made...), nil
	}
	if ahead != nil {
		return nil, r.fail(ahead.at, "attributes that no block follows")
	}
	return out, nil
}

// aside takes what stands among blocks and is none: comments, and definitions of marks.
func (r *reader) aside(n ast.Node, out *models.Blocks) (bool, error) {
	switch n := n.(type) {
	case *comment:
		b, err := r.comment(n)
		if b != nil {
			*out = append(*out, b)
		}
		return true, err
	case *definition:
		return true, r.definition(n)
	}
	return false, nil
}

// note is an editor note among blocks, until the blocks are numbered.
type note struct {
	models.BlockBase
	text string
}

// noteID finds the id at the beginning of a comment.
func noteID(s string) (id, rest string) {
	if !strings.HasPrefix(s, "{#") {
		return "", s
	}
	end := strings.IndexByte(s, '}')
	if end < 0 || !isAttributeLine(s[:end+1]) {
		return "", s
	}
	as, _ := parseAttributes(s[:end+1])
	if len(as) != 1 {
		return "", s
	}
	return as[0].value, strings.TrimLeft(s[end+1:], commentSpace)
}

// commentSpace is what surrounds the text of a comment.
const commentSpace = " \t\n"

func (r *reader) comment(n *comment) (models.Block, error) {
	switch {
	case !n.closed:
		return nil, r.fail(n.at, "a comment without its end, -->")
	case strings.Trim(n.after, commentSpace) != "":
		return nil, r.fail(n.at, "%q stands after a comment on its line", short(strings.Trim(n.after, commentSpace)))
	case r.noComments:
		return nil, r.fail(n.at, "a worksheet has no place for comments")
	}
	id, text := noteID(strings.Trim(strings.Join(r.lines(n), "\n"), commentSpace))
	if text == "" {
		return nil, nil
	}
	b := &note{text: text}
	b.ID = id
	r.at[b] = n.at
	return b, nil
}

func (r *reader) definition(n *definition) error {
	t, err := r.onlyText(n, n.at)
	if err != nil {
		return err
	}
	return r.define(Definition{Label: n.label, Text: t}, n.at)
}

func (r *reader) define(d Definition, at int) error {
	if line, again := r.defined[d.Label]; again {
		return r.fail(at, "the mark %q is defined twice, first on line %d", d.Label, line)
	}
	d.Line = r.line(at)
	r.defined[d.Label] = d.Line
	r.definitions = append(r.definitions, d)
	return nil
}

// onlyText reads a node that holds at most one paragraph.
func (r *reader) onlyText(n ast.Node, at int) (models.Text, error) {
	child := n.FirstChild()
	switch {
	case child == nil:
		return "", nil
	case !isParagraph(child):
		return "", r.fail(r.position(child), "only text can stand here")
	case child.NextSibling() != nil:
		return "", r.fail(r.position(child.NextSibling()), "only one paragraph can stand here")
	}
	return r.text(unprotect(r.lines(child)), at), nil
}

func isParagraph(n ast.Node) bool {
	return n.Kind() == ast.KindParagraph || n.Kind() == ast.KindTextBlock
}

// text gives an inline text, and warns of what in it is public although it looks private.
func (r *reader) text(s string, at int) models.Text {
	if strings.Contains(s, commentOpen) {
		r.warn(at, "a comment within a text is public: comments are notes only on lines of their own")
	}
	return models.Text(s)
}
