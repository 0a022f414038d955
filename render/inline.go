// Package render turns the blocks of records into HTML, Markdown and plain text. Inline text is parsed in one place,
// here, by goldmark. HTML is safe by construction: what is written is either escaped or one of the elements named in
// this package, and raw_html blocks go through a sanitiser.
package render

import (
	"bufio"
	"bytes"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	goldmark "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/lectern-cms/lectern/models"
)

// paragraphParser takes indented lines too: in a text they are no code.
type paragraphParser struct{ parser.BlockParser }

func (paragraphParser) CanAcceptIndentedLine() bool { return true }

// inlineParser reads models.Text. Its only block is the paragraph, so that a text that begins with "1." or "#" is
// just text.
var inlineParser = parser.NewParser(
	parser.WithBlockParsers(util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000)),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(markParser{}, 150),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
	),
)

// parseInline gives the syntax tree of an inline text and the bytes it refers to.
func parseInline(t models.Text) (ast.Node, []byte) {
	src := []byte(t)
	return inlineParser.Parse(text.NewReader(src)), src
}

// mark is [^label]: a place in the text that cites.
type mark struct {
	ast.BaseInline
	label string
}

var kindMark = ast.NewNodeKind("CitationMark")

func (*mark) Kind() ast.NodeKind            { return kindMark }
func (m *mark) Dump(source []byte, lvl int) { ast.DumpHelper(m, source, lvl, nil, nil) }

type markParser struct{}

func (markParser) Trigger() []byte { return []byte{'['} }

func (markParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) < 4 || line[1] != '^' {
		return nil
	}
	end := bytes.IndexByte(line, ']')
	if end < 3 || bytes.ContainsAny(line[2:end], "[ \t\n") {
		return nil
	}
	block.Advance(end + 1)
	return &mark{label: string(line[2:end])}
}

// Marks lists the labels of the citation marks in a text, in order, repeated ones too.
func Marks(t models.Text) []string {
	var out []string
	root, _ := parseInline(t)
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if m, ok := n.(*mark); ok && entering {
			out = append(out, m.label)
		}
		return ast.WalkContinue, nil
	})
	return out
}

// Link is a link in a text.
type Link struct {
	URL  string // as meant, escapes and entities resolved
	Text string // as read
}

// Links lists the links of a text, in order.
func Links(t models.Text) []Link {
	var out []Link
	root, src := parseInline(t)
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			var b strings.Builder
			plainNode(&b, n, src)
			out = append(out, Link{URL: unescape(n.Destination), Text: b.String()})
		case *ast.AutoLink:
			out = append(out, Link{URL: string(n.URL(src)), Text: string(n.Label(src))})
		}
		return ast.WalkContinue, nil
	})
	return out
}

// Plain is a text without its markup: what a reader reads, marks of citations left out, line breaks as "\n".
func Plain(t models.Text) string {
	root, src := parseInline(t)
	var b strings.Builder
	plainNode(&b, root, src)
	return b.String()
}

func plainNode(b *strings.Builder, root ast.Node, src []byte) {
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if n.Kind() == ast.KindParagraph && n.NextSibling() != nil {
				b.WriteByte('\n')
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.WriteString(textOf(n, src))
			switch {
			case n.HardLineBreak():
				b.WriteByte('\n')
			case n.SoftLineBreak():
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(src))
		case *ast.RawHTML:
			if name, _ := rawTag(n, src); name == "br" {
				b.WriteByte('\n')
			}
		case *ast.Image:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// textOf gives the characters that a text node stands for. In code every character stands for itself.
func textOf(n *ast.Text, src []byte) string {
	value := n.Segment.Value(src)
	if n.IsRaw() {
		return string(value)
	}
	if p := n.Parent(); p != nil && p.Kind() == ast.KindCodeSpan {
		return string(value)
	}
	return unescape(value)
}

// unescape resolves backslash escapes and entities in one pass, so that what one of them gives is not resolved again.
func unescape(value []byte) string {
	if !bytes.ContainsAny(value, `\&`) {
		return string(value)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	goldmark.DefaultWriter.Write(w, value)
	_ = w.Flush() // a bytes.Buffer takes everything
	return html.UnescapeString(b.String())
}

// WithoutComments gives a text without its HTML comments, which are an author's remarks to other authors.
func WithoutComments(t models.Text) models.Text {
	if !strings.Contains(string(t), "<!--") {
		return t
	}
	root, src := parseInline(t)
	var b strings.Builder
	at := 0
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		raw, ok := n.(*ast.RawHTML)
		if !ok || !entering || !bytes.HasPrefix(raw.Segments.Value(src), []byte("<!--")) {
			return ast.WalkContinue, nil
		}
		b.Write(src[at:raw.Segments.At(0).Start])
		at = raw.Segments.At(raw.Segments.Len() - 1).Stop
		return ast.WalkContinue, nil
	})
	b.Write(src[at:])
	return models.Text(b.String())
}

// InlineHTML renders a text without notes and references: marks show their labels, links to records keep their
// lectern: address.
func InlineHTML(t models.Text) string {
	return newPage(Options{}).inline(t)
}

// inline renders a text as HTML.
func (p *page) inline(t models.Text) string {
	return p.inlineIn(t, false)
}

// inlineIn renders a text as HTML that may stand in a link, where no other link may be.
func (p *page) inlineIn(t models.Text, link bool) string {
	root, src := parseInline(t)
	w := inlineWriter{page: p, src: src, inLink: link}
	w.children(root)
	return w.out.String()
}

// inlineWriter writes the inline nodes of one text.
type inlineWriter struct {
	page   *page
	src    []byte
	out    strings.Builder
	inLink bool
}

// children writes the content of a node and closes the raw tags that it left open: markup never leaks out of the
// element that it began in.
func (w *inlineWriter) children(n ast.Node) {
	var open []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok {
			open = w.raw(raw, open)
			continue
		}
		w.node(c)
	}
	for _, name := range slices.Backward(open) {
		w.out.WriteString("</" + name + ">")
	}
}

func (w *inlineWriter) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		w.children(n)
		if n.NextSibling() != nil {
			w.out.WriteString("<br>\n")
		}
	case *ast.Text:
		w.out.WriteString(html.EscapeString(textOf(n, w.src)))
		switch {
		case n.HardLineBreak():
			w.out.WriteString("<br>\n")
		case n.SoftLineBreak():
			w.out.WriteByte('\n')
		}
	case *ast.String:
		w.out.WriteString(html.EscapeString(string(n.Value)))
	case *ast.CodeSpan:
		w.wrap("code", n)
	case *ast.Emphasis:
		if n.Level == 2 {
			w.wrap("strong", n)
		} else {
			w.wrap("em", n)
		}
	case *extast.Strikethrough:
		w.wrap("del", n)
	case *ast.Link:
		w.link(unescape(n.Destination), unescape(n.Title), n)
	case *ast.AutoLink:
		dest := string(n.URL(w.src))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(dest, "mailto:") {
			dest = "mailto:" + dest
		}
		label := html.EscapeString(string(n.Label(w.src)))
		if !w.inLink {
			label = "<a" + hrefAttr(dest) + ">" + label + "</a>"
		}
		w.out.WriteString(label)
	case *ast.Image:
		w.image(n)
	case *mark:
		if _, ok := n.PreviousSibling().(*mark); ok {
			w.out.WriteString(`<sup class="note-mark">, </sup>`) // else 3 and 4 would read 34
		}
		w.out.WriteString(w.page.mark(n, w.inLink))
	default:
		w.children(n)
	}
}

func (w *inlineWriter) wrap(name string, n ast.Node) {
	w.out.WriteString("<" + name + ">")
	w.children(n)
	w.out.WriteString("</" + name + ">")
}

// link writes a link; what would be a link within it is written as its text.
func (w *inlineWriter) link(dest, title string, n ast.Node) {
	if w.inLink {
		w.children(n)
		return
	}
	w.inLink = true
	w.out.WriteString("<a" + hrefAttr(dest) + attr("title", title) + ">")
	w.children(n)
	w.out.WriteString("</a>")
	w.inLink = false
}

func (w *inlineWriter) image(n *ast.Image) {
	var alt strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		plainNode(&alt, c, w.src)
	}
	dest := unescape(n.Destination)
	if !safeURL(dest, "http", "https") {
		w.out.WriteString(html.EscapeString(alt.String()))
		return
	}
	w.out.WriteString(`<img src="` + html.EscapeString(dest) + `" alt="` + html.EscapeString(alt.String()) + `">`)
}

// rawTags are the elements that a text may hold as HTML because Markdown has no other way to say them. Attributes
// are dropped.
var rawTags = []string{"sup", "sub", "u", "mark", "kbd", "small", "ins", "cite", "q", "var", "samp", "dfn", "abbr", "bdi", "time"}

// raw writes one HTML tag of a text, if it is an allowed one in its right place, and gives the tags now open.
func (w *inlineWriter) raw(n *ast.RawHTML, open []string) []string {
	name, closing := rawTag(n, w.src)
	switch {
	case name == "br" || name == "wbr":
		w.out.WriteString("<" + name + ">")
	case !slices.Contains(rawTags, name):
	case !closing:
		w.out.WriteString("<" + name + ">")
		return append(open, name)
	case len(open) > 0 && open[len(open)-1] == name:
		w.out.WriteString("</" + name + ">")
		return open[:len(open)-1]
	}
	return open
}

// rawTag gives the lower-case name of a raw HTML node, "" for comments and the like.
func rawTag(n *ast.RawHTML, src []byte) (name string, closing bool) {
	s := strings.TrimPrefix(string(n.Segments.Value(src)), "<")
	s, closing = strings.CutPrefix(s, "/")
	end := strings.IndexFunc(s, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') })
	if end < 0 {
		end = len(s)
	}
	return strings.ToLower(s[:end]), closing
}

// hrefAttr is the href attribute of a link, or nothing for an address that a page must not lead to: an a element
// without href is a placeholder where a link could be (HTML, 4.5.1). Links to records keep their lectern: address
// until Fill puts the real one in its place.
func hrefAttr(dest string) string {
	if strings.HasPrefix(dest, recordScheme) {
		if _, ok := ParseRecordLink(dest); ok {
			return attr("href", dest)
		}
		return ""
	}
	if !safeURL(dest, "http", "https", "mailto", "tel") {
		return ""
	}
	return attr("href", dest)
}

// safeURL tells whether an address is relative or has one of the schemes. Browsers ignore control characters in an
// address, so that one with any of them is never safe.
func safeURL(s string, schemes ...string) bool {
	if s = strings.TrimSpace(s); s == "" || strings.ContainsFunc(s, unicode.IsControl) {
		return false
	}
	scheme, _, found := strings.Cut(s, ":")
	return !found || strings.ContainsAny(scheme, "/?#") || slices.Contains(schemes, strings.ToLower(scheme))
}

// attr writes an attribute, or nothing when its value is empty.
func attr(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + html.EscapeString(value) + `"`
}

func intAttr(name string, n int) string {
	return attr(name, strconv.Itoa(n))
}
