package directive

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// fence is a directive: a leaf "::name[text]{…}", or a container that begins with three or more colons and ends with
// a line of as many.
type fence struct {
	ast.BaseBlock
	at         int
	colons     int // 2 for a leaf
	name       string
	text       string // in the brackets
	attributes []attribute
	err        error
	closed     bool
}

var kindFence = ast.NewNodeKind("LecternDirective")

func (*fence) Kind() ast.NodeKind              { return kindFence }
func (n *fence) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// leafColons begin a directive without anything in it.
const leafColons = 2

func (n *fence) isLeaf() bool { return n.colons == leafColons }

var fenceStart = regexp.MustCompile(`^(?:(::)([A-Za-z][\w-]*)|(:::+)[ \t]*([A-Za-z][\w-]*)?)`)

// newFence reads a directive's own line, nil if it is none.
func newFence(line string) *fence {
	m := fenceStart.FindStringSubmatch(line)
	if m == nil {
		return nil
	}
	n := &fence{colons: len(m[1] + m[3]), name: hyphenated(m[2] + m[4])}
	rest := strings.Trim(line[len(m[0]):], " \t")
	if n.name == "" {
		if rest != "" {
			n.err = fmt.Errorf("a directive has a name after its colons, not %q", short(rest))
		}
		return n
	}
	n.text, n.attributes, n.err = textAndAttributes(rest)
	return n
}

// textAndAttributes reads "[text]{attributes}". The text ends with the last bracket after which there is nothing but
// attributes, so that it may hold brackets itself.
func textAndAttributes(s string) (string, []attribute, error) {
	if !strings.HasPrefix(s, "[") {
		if s == "" {
			return "", nil, nil
		}
		as, err := parseAttributes(s)
		return "", as, err
	}
	end, first := len(s), error(nil)
	for range maxBrackets {
		end = strings.LastIndexByte(s[:end], ']')
		if end < 0 {
			break
		}
		after := strings.TrimLeft(s[end+1:], " \t")
		if after == "" {
			return s[1:end], nil, nil
		}
		as, err := parseAttributes(after)
		if err == nil {
			return s[1:end], as, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = fmt.Errorf("the text has no closing bracket")
	}
	return "", nil, first
}

type fenceParser struct{ leaf }

func (fenceParser) Trigger() []byte { return []byte{':'} }

func (fenceParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg, ok := rest(reader, pc)
	if !ok {
		return nil, parser.NoChildren
	}
	n := newFence(line)
	if n == nil {
		return nil, parser.NoChildren
	}
	n.at = seg.Start
	reader.AdvanceToEOL()
	if n.isLeaf() || n.name == "" {
		return n, parser.NoChildren
	}
	return n, parser.HasChildren
}

func (fenceParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	n := node.(*fence)
	if n.isLeaf() || n.name == "" {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	indent, pos := util.IndentWidth(line, reader.LineOffset())
	if isFence(line[pos:], n.colons) && !closesInner(pc, n, indent) {
		n.closed = true
		reader.AdvanceToEOL()
		return parser.Close
	}
	return parser.Continue | parser.HasChildren
}

// isFence tells whether a line is so many colons and nothing else. It is asked of every line in a container.
func isFence(line []byte, colons int) bool {
	if len(line) < colons || line[0] != ':' {
		return false
	}
	line = bytes.TrimRight(line, " \t\n")
	return len(line) == colons && bytes.Count(line, []byte(":")) == colons
}

// maxFenceIndent is how far a closing fence may be indented; further in, it is code.
const maxFenceIndent = 3

// closesInner tells whether a closing fence of a container's length is not for it, but for what is open in it: a
// container of the same length, or code, in which it is text.
func closesInner(pc parser.Context, n *fence, indent int) bool {
	inside := false
	for _, b := range pc.OpenedBlocks() {
		if b.Node == ast.Node(n) {
			inside = true
			continue
		}
		if !inside {
			continue
		}
		switch inner := b.Node.(type) {
		case *fence:
			if inner.colons == n.colons && indent <= maxFenceIndent {
				return true
			}
		case *ast.List:
		case *ast.ListItem:
			if indent < inner.Offset {
				return false
			}
			indent -= inner.Offset
		case *definition:
			if indent < definitionIndent {
				return false
			}
			indent -= definitionIndent
		case *ast.FencedCodeBlock:
			return true
		case *comment:
			return !inner.closed
		default:
			return indent > maxFenceIndent && b.Node.Kind() == ast.KindCodeBlock
		}
	}
	return indent > maxFenceIndent
}
