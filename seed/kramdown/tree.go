package kramdown

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blockTags are the elements, other than spans, that a page may hold. Names that are no element's are text.
var blockTags = strings.Fields(`address article aside audio blockquote body canvas caption center col colgroup dd details
	dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html
	legend li link main math menu meta nav noscript object ol optgroup p param picture pre script section slot source
	style summary svg table tbody td template textarea tfoot th thead title tr track ul video`)

func isKnown(name string) bool {
	return isSpan(name) || isVoid(name) || slices.Contains(blockTags, name) || svgTags(name)
}

// svgTags are what drawings are made of.
func svgTags(name string) bool {
	return slices.Contains([]string{"g", "path", "rect", "circle", "ellipse", "line", "polygon", "polyline", "text", "tspan", "defs", "use"}, name)
}

// closedBy tells which elements, left open, end when another begins.
var closedBy = map[string][]string{
	"p":      {"p"},
	"li":     {"li"},
	"dt":     {"dt", "dd"},
	"dd":     {"dt", "dd"},
	"tr":     {"tr", "tbody", "tfoot"},
	"td":     {"td", "th", "tr", "tbody", "tfoot"},
	"th":     {"td", "th", "tr", "tbody", "tfoot"},
	"thead":  {"tbody", "tfoot"},
	"tbody":  {"tbody", "tfoot"},
	"option": {"option"},
}

// tableParts may only be closed from inside their own table.
var tableParts = []string{"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"}

// builder makes a DOM of HTML as it stands. Unlike a browser it moves nothing and drops nothing but stray end tags,
// which become problems.
type builder struct {
	doc   *Document
	root  *html.Node
	stack []*html.Node

	endLines map[string]int // the lines of the last end tags of each name that the page itself holds
}

// tagLine finds the line of a tag: of end tags the tokenizer skips the attributes.
var tagLine = regexp.MustCompile(` ` + lineAttr + `="(\d{1,9})"`)

// withoutLine gives a tag as it is written in the page.
func withoutLine(tag string) string {
	if at := tagLine.FindStringIndex(tag); at != nil {
		return tag[:at[0]] + tag[at[1]:]
	}
	return tag
}

func build(doc *Document, source string, firstLine int) (*html.Node, error) {
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body,
		Attr: []html.Attribute{{Key: lineAttr, Val: strconv.Itoa(firstLine)}}}
	b := builder{doc: doc, root: root, stack: []*html.Node{root}, endLines: map[string]int{}}
	z := html.NewTokenizer(strings.NewReader(source))
	lower, pos := lowerASCII(source), 0
	for {
		kind := z.Next()
		raw := string(z.Raw())
		pos += len(raw)
		switch kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("read HTML: %w", err)
			}
			b.pop(1)
			return root, nil
		case html.TextToken:
			b.top().AppendChild(&html.Node{Type: html.TextNode, Data: z.Token().Data})
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			swallows := slices.Contains(rawTextTags, t.Data) && !endsIn(lower[pos:], t.Data)
			if swallows || t.Type == html.SelfClosingTagToken {
				z.NextIsNotRawText()
			}
			if swallows && t.Type == html.StartTagToken && t.Data != "iframe" {
				b.top().AppendChild(&html.Node{Type: html.TextNode, Data: withoutLine(raw)}) // a tag that the text speaks of
				continue
			}
			if swallows {
				t.Type = html.SelfClosingTagToken
			}
			if err := b.start(t); err != nil {
				return nil, err
			}
		case html.EndTagToken:
			name := z.Token().Data
			if m := tagLine.FindStringSubmatch(raw); m != nil {
				b.endLines[name], _ = strconv.Atoi(m[1]) // the expression has seen that these are digits
			}
			b.end(name)
		}
	}
}

// rawTextTags are the elements in which the tokenizer reads no tags but their own end.
var rawTextTags = strings.Fields(`iframe noembed noframes noscript plaintext script style textarea title xmp`)

// endsIn tells whether an element ends in the text after its start tag, before another of its kind begins.
func endsIn(after, name string) bool {
	if next := strings.Index(after, "<"+name); next >= 0 {
		after = after[:next]
	}
	return strings.Contains(after, "</"+name)
}

func (b *builder) top() *html.Node { return b.stack[len(b.stack)-1] }

func (b *builder) start(t html.Token) error {
	for len(b.stack) > 1 && slices.Contains(closedBy[b.top().Data], t.Data) {
		b.pop(len(b.stack) - 1)
	}
	n := &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
	b.top().AppendChild(n)
	if isVoid(t.Data) || t.Type == html.SelfClosingTagToken {
		return nil
	}
	b.stack = append(b.stack, n)
	if len(b.stack) > 2*maxNesting {
		return &LimitError{Line: Line(n), Message: fmt.Sprintf("elements are nested more than %d deep", 2*maxNesting)}
	}
	return nil
}

// end closes the nearest open element of a name. The end tag of a span reaches no further than the block around it,
// the end tag of a block no further than its table cell.
func (b *builder) end(name string) {
	for i := len(b.stack) - 1; i > 0; i-- {
		open := b.stack[i].Data
		switch {
		case open == name:
			b.pop(i + 1)
			b.stack = b.stack[:i]
			return
		case isSpan(name) && !isSpan(open),
			slices.Contains(tableParts, open) && !slices.Contains(tableParts, name):
			b.stray(name)
			return
		}
	}
	b.stray(name)
}

// stray leaves an end tag out. One that Markdown made is stray because the last of its name in the page closed its
// element.
func (b *builder) stray(name string) {
	if isVoid(name) || name == "p" {
		return
	}
	line, known := b.endLines[name]
	if !known {
		line = Line(b.top())
	}
	b.doc.problem(line, "a stray </%s> was left out", name)
}

// Unclosed is the attribute of an element that the page never closes.
const Unclosed = "data-unclosed"

// pop closes the elements of the stack from a place on, and tells of those that should have had an end tag.
func (b *builder) pop(from int) {
	for _, n := range b.stack[from:] {
		if n.Data == "p" {
			continue // nobody closes all of these
		}
		n.Attr = append(n.Attr, html.Attribute{Key: Unclosed})
		b.doc.problem(Line(n), "<%s> is never closed", n.Data)
	}
	b.stack = b.stack[:from]
}

// Line is the line of the page on which an element stands.
func Line(n *html.Node) int {
	for ; n != nil; n = n.Parent {
		if no, err := strconv.Atoi(Attr(n, lineAttr)); err == nil {
			return no
		}
	}
	return 0
}

// Attr is an attribute of an element, "" where it has none of that name.
func Attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// NoteLabel is the label of the Markdown note whose definition begins at an element.
func NoteLabel(n *html.Node) (string, bool) {
	label := Attr(n, noteAttr)
	return label, label != ""
}

// ContinuesNote tells whether a further paragraph of the definition of a Markdown note begins at an element.
func ContinuesNote(n *html.Node) bool { return Attr(n, noteMoreAttr) != "" }

// ListMarker is what begins each item of a Markdown list: "-" for instance.
func ListMarker(n *html.Node) string { return Attr(n, markerAttr) }

// NoteAnchor makes the element at which the definition of a note with a label begins.
func NoteAnchor(label string) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{{Key: noteAttr, Val: label}}}
}
