package kramdown

import (
	"bytes"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown turns pieces of Markdown into HTML. Link definitions hold for the whole page, so it knows them all.
type markdown struct {
	doc    *Document
	engine goldmark.Markdown
	refs   map[string]parser.Reference // by normalised label
}

// pageContext knows the link definitions of the whole page.
type pageContext struct {
	parser.Context
	refs map[string]parser.Reference
}

func (c pageContext) Reference(label string) (parser.Reference, bool) {
	if ref, ok := c.refs[label]; ok {
		return ref, true
	}
	return c.Context.Reference(label)
}

// newMarkdown makes the engine. It has no parser for blocks of HTML: the segmenter has found those, by other rules.
func newMarkdown(doc *Document, page string) *markdown {
	engine := goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(
				util.Prioritized(parser.NewSetextHeadingParser(), 100),
				util.Prioritized(parser.NewThematicBreakParser(), 200),
				util.Prioritized(parser.NewListParser(), 300),
				util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewCodeBlockParser(), 500),
				util.Prioritized(parser.NewATXHeadingParser(parser.WithHeadingAttribute()), 600),
				util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
				util.Prioritized(parser.NewBlockquoteParser(), 800),
				util.Prioritized(parser.NewParagraphParser(), 1000),
			),
			parser.WithInlineParsers(
				util.Prioritized(parser.NewCodeSpanParser(), 100),
				util.Prioritized(parser.NewLinkParser(), 200),
				util.Prioritized(parser.NewAutoLinkParser(), 300),
				util.Prioritized(tagParser{}, 400),
				util.Prioritized(parser.NewEmphasisParser(), 500),
			),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		)),
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithRendererOptions(html.WithUnsafe(), renderer.WithNodeRenderers(
			util.Prioritized(writtenLinks{}, 100), util.Prioritized(numberedTags{}, 100), util.Prioritized(restoredCode{doc}, 100))),
	)
	return &markdown{doc: doc, engine: engine, refs: linkDefinitions(page)}
}

var linkDefinition = regexp.MustCompile(`(?m)^ {0,3}\[([^\]^\n][^\]\n]*)\]:[ \t]*(<[^>\n]*>|\S+)(?:[ \t]+["'(](.*)["')])?[ \t]*$`)

func linkDefinitions(page string) map[string]parser.Reference {
	refs := map[string]parser.Reference{}
	for _, m := range linkDefinition.FindAllStringSubmatch(page, -1) {
		label := util.ToLinkReference([]byte(m[1]))
		if _, again := refs[label]; !again {
			refs[label] = parser.NewReference([]byte(m[1]), []byte(strings.Trim(m[2], "<>")), []byte(m[3]))
		}
	}
	return refs
}

// render gives the HTML of some lines of Markdown.
func (m *markdown) render(lines []line) (string, error) {
	if err := checkNesting(lines); err != nil {
		return "", err
	}
	lines = pipeTables(noteDefinitions(m.attributeLists(lines)))
	var b strings.Builder
	starts := make([]int, len(lines))
	for i, l := range lines {
		starts[i] = b.Len()
		b.WriteString(l.text + "\n")
	}
	src := []byte(b.String())
	ctx := pageContext{parser.NewContext(), m.refs}
	root := m.engine.Parser().Parse(text.NewReader(src), parser.WithContext(ctx))
	number(root, starts, lines)
	var out bytes.Buffer
	if err := m.engine.Renderer().Render(&out, src, root); err != nil {
		return "", err
	}
	return out.String(), nil
}

// markerAttr tells which character a list was made with.
const markerAttr = "data-marker"

// number gives every block, link and inline tag its line in the page, as an attribute, and every list its marker.
func number(root ast.Node, starts []int, lines []line) {
	lineOf := func(pos int) []byte { return []byte(strconv.Itoa(lines[sort.SearchInts(starts, pos+1)-1].no)) }
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n == root {
			return ast.WalkContinue, nil
		}
		if pos, ok := position(n); ok {
			n.SetAttributeString(lineAttr, lineOf(pos))
		}
		if l, ok := n.(*ast.List); ok {
			l.SetAttributeString(markerAttr, []byte{l.Marker})
		}
		return ast.WalkContinue, nil
	})
}

// position is where a node begins in the source, as far as that is known: of a block its first line of text, of a link
// its first words.
func position(n ast.Node) (int, bool) {
	switch n := n.(type) {
	case *ast.Text:
		return n.Segment.Start, true
	case *ast.RawHTML:
		return n.Segments.At(0).Start, true
	}
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start, true
	}
	if c := n.FirstChild(); c != nil {
		return position(c)
	}
	return 0, false
}

// tagParser reads inline tags as browsers do, where CommonMark is stricter: attributes may touch. A name that is no
// element's is text.
type tagParser struct{}

// maxTagLines bounds the search for the end of a tag.
const maxTagLines = 10

func (tagParser) Trigger() []byte { return []byte{'<'} }

func (tagParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	savedLine, savedSegment := block.Position()
	node := ast.NewRawHTML()
	var read []byte
	for range maxTagLines {
		rest, segment := block.PeekLine()
		if rest == nil {
			break
		}
		t, ok := scanTag(string(append(read, rest...)), 0)
		if ok && isKnown(t.name) {
			end := t.end - len(read)
			node.Segments.Append(segment.WithStop(segment.Start + end))
			block.Advance(end)
			return node
		}
		read = append(read, rest...)
		node.Segments.Append(segment)
		block.AdvanceLine()
	}
	block.SetPosition(savedLine, savedSegment)
	return nil
}
