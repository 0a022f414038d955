package directive

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// engine finds the blocks of a text. It has no parsers for what stands within a line: texts are taken as written.
var engine = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(nested{parser.NewListParser()}, 300),
		util.Prioritized(nested{parser.NewListItemParser()}, 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(atxParser{}, 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(nested{parser.NewBlockquoteParser()}, 800),
		util.Prioritized(nested{fenceParser{}}, 810),
		util.Prioritized(nested{definitionParser{}}, 820),
		util.Prioritized(commentParser{}, 830),
		util.Prioritized(attributeLineParser{}, 840),
		util.Prioritized(paragraphParser{}, 1000),
	))
})

// nested bounds how deep blocks nest, and over how many lines. What is beyond that is not opened or not continued, and
// the text is refused afterwards.
type nested struct{ parser.BlockParser }

// nesting counts for the bounds of one text.
type nesting struct {
	lines   int // each as often as there are blocks open around it
	problem string
	at      int // where in the text
}

var nestingKey = parser.NewContextKey()

// exceeds takes down the first place where a bound is exceeded.
func (n *nesting) exceeds(reader text.Reader, problem string) {
	if n.problem == "" {
		_, at := reader.Position()
		n.problem, n.at = problem, at.Start
	}
}

func (n nested) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) >= maxOpen {
		pc.Get(nestingKey).(*nesting).exceeds(reader, fmt.Sprintf("blocks are nested more than %d deep", maxOpen))
		return nil, parser.NoChildren
	}
	return n.BlockParser.Open(parent, reader, pc)
}

func (n nested) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	so := pc.Get(nestingKey).(*nesting)
	if so.lines++; so.lines > maxNestedLines {
		so.exceeds(reader, "too many lines stand within too many blocks")
	}
	if so.problem != "" {
		return parser.Close
	}
	return n.BlockParser.Continue(node, reader, pc)
}

// leaf is the part of a parser that is the same for blocks of lines.
type leaf struct{}

func (leaf) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (leaf) Close(ast.Node, text.Reader, parser.Context)                 {}
func (leaf) CanInterruptParagraph() bool                                 { return true }
func (leaf) CanAcceptIndentedLine() bool                                 { return false }

// rest is the line from the block's first character on, without its end, and the segment of it.
func rest(reader text.Reader, pc parser.Context) (string, text.Segment, bool) {
	line, seg := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || pos >= len(line) {
		return "", seg, false
	}
	seg = text.NewSegment(seg.Start-seg.Padding+pos, seg.Stop)
	return strings.TrimSuffix(string(line[pos:]), "\n"), seg, true
}

// paragraphParser keeps lines as they are written, spaces too.
type paragraphParser struct{ leaf }

func (paragraphParser) Trigger() []byte { return nil }

func (paragraphParser) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, seg := reader.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	n := ast.NewParagraph()
	n.Lines().Append(seg)
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

func (paragraphParser) Continue(n ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, seg := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Close
	}
	n.Lines().Append(seg)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (paragraphParser) CanInterruptParagraph() bool { return false }

// oneLine is a block of one line of our own: a heading, or attributes for the next block.
type oneLine struct {
	ast.BaseBlock
	kind ast.NodeKind
	text string // from its first character on
	at   int    // of that character
}

func (n *oneLine) Kind() ast.NodeKind            { return n.kind }
func (n *oneLine) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }
func (n *oneLine) IsRaw() bool                   { return true }

var (
	kindATX        = ast.NewNodeKind("LecternHeading")
	kindAttributes = ast.NewNodeKind("LecternAttributes")
)

// atxParser reads "## Heading". What stands at its end is left to the reader.
type atxParser struct{ leaf }

var atxStart = regexp.MustCompile(`^#{1,6}(?:[ \t]|$)`)

func (atxParser) Trigger() []byte { return []byte{'#'} }

func (atxParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg, ok := rest(reader, pc)
	if !ok || !atxStart.MatchString(line) {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &oneLine{kind: kindATX, text: line, at: seg.Start}, parser.NoChildren
}

// attributeLineParser reads "{#b3}" before a block.
type attributeLineParser struct{ leaf }

func (attributeLineParser) Trigger() []byte { return []byte{'{'} }

func (attributeLineParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg, ok := rest(reader, pc)
	if !ok || !isAttributeLine(line) {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &oneLine{kind: kindAttributes, text: line, at: seg.Start}, parser.NoChildren
}

// comment is "<!-- … -->", which begins on a line of its own.
type comment struct {
	ast.BaseBlock
	at     int
	closed bool
	after  string // what follows on its last line
}

var kindComment = ast.NewNodeKind("LecternComment")

func (*comment) Kind() ast.NodeKind              { return kindComment }
func (n *comment) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }
func (*comment) IsRaw() bool                     { return true }

type commentParser struct{ leaf }

const (
	commentOpen  = "<!--"
	commentClose = "-->"
)

func (commentParser) Trigger() []byte { return []byte{'<'} }

func (commentParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg, ok := rest(reader, pc)
	if !ok || !strings.HasPrefix(line, commentOpen) {
		return nil, parser.NoChildren
	}
	n := &comment{at: seg.Start}
	n.add(line[len(commentOpen):], seg.WithStart(seg.Start+len(commentOpen)))
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

func (commentParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*comment)
	if n.closed {
		return parser.Close
	}
	line, seg := reader.PeekLine()
	n.add(string(line), seg)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// add takes a line, up to the end of the comment if that is in it.
func (n *comment) add(line string, seg text.Segment) {
	if i := strings.Index(line, commentClose); i >= 0 {
		n.closed = true
		n.after = line[i+len(commentClose):]
		seg = seg.WithStop(seg.Start - seg.Padding + i)
		if seg.Stop < seg.Start {
			return
		}
	}
	n.Lines().Append(seg)
}

// definition is "[^label]: text", which holds blocks so that its text may go on over lines.
type definition struct {
	ast.BaseBlock
	at    int
	label string
}

var kindDefinition = ast.NewNodeKind("LecternDefinition")

func (*definition) Kind() ast.NodeKind              { return kindDefinition }
func (n *definition) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type definitionParser struct{ leaf }

// definitionIndent is how far the further lines of a definition are indented, as in every Markdown with footnotes.
const definitionIndent = 4

var definitionStart = regexp.MustCompile(`^\[\^([^\]\s]+)\]:`)

func (definitionParser) Trigger() []byte { return []byte{'['} }

func (definitionParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg, ok := rest(reader, pc)
	if !ok {
		return nil, parser.NoChildren
	}
	m := definitionStart.FindStringSubmatch(line)
	if m == nil {
		return nil, parser.NoChildren
	}
	reader.Advance(pc.BlockOffset() + len(m[0]))
	return &definition{at: seg.Start, label: m[1]}, parser.HasChildren
}

func (definitionParser) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	indent, _ := util.IndentWidth(line, reader.LineOffset())
	if indent < definitionIndent {
		return parser.Close
	}
	pos, padding := util.IndentPosition(line, reader.LineOffset(), definitionIndent)
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}
