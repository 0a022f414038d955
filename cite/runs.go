package cite

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/lectern-cms/lectern/models"
)

// style is what sets a part of a reference apart from the rest.
type style uint8

const (
	italic style = iota
	linked
	quoted // the text between the quotation marks
	plain  // of a title that only its place tells
)

// span is a part of a line's text that has a style. It begins and ends with something other than a space.
type span struct {
	style    style
	from, to int    // bytes
	url      string // of a linked span, as written
}

// line is a reference without its markup: spaces are folded, and spans say what the markup said.
type line struct {
	text  string
	spans []span // in the order of their beginnings
	torn  bool   // markup was opened and not closed, or closed and not opened
	said  string // what the words before the reference say the work is: "Video"
	used  bool   // words before the reference say how it was used: "Adapted from"
}

// inlineParser reads references like render reads texts: a paragraph is the only block.
var inlineParser = parser.NewParser(
	parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(parser.NewEmphasisParser(), 500),
	),
)

// parseLine splits a reference into its text and spans.
func parseLine(written models.Text) line {
	src := []byte(strings.ToValidUTF8(string(written), string(utf8.RuneError)))
	b := lineBuilder{src: src}
	_ = ast.Walk(inlineParser.Parse(text.NewReader(src)), b.visit)
	l := line{text: strings.TrimRight(b.out.String(), " "), spans: b.spans}
	l.trimSpans()
	l.cutLead()
	l.addBareURLs()
	l.addQuotes()
	l.addSingleQuotes()
	l.mendItalics()
	slices.SortStableFunc(l.spans, func(a, b span) int { return a.from - b.from })
	return l
}

// lineBuilder collects the text of a syntax tree.
type lineBuilder struct {
	src   []byte
	out   strings.Builder
	open  []int // indexes of the spans being read
	spans []span
}

func (b *lineBuilder) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch n := n.(type) {
	case *ast.Emphasis:
		if n.Level == 1 {
			b.bound(span{style: italic}, entering)
		}
	case *ast.Link:
		b.bound(span{style: linked, url: strings.TrimSpace(string(n.Destination))}, entering)
	case *ast.AutoLink:
		b.bound(span{style: linked, url: string(n.URL(b.src))}, entering)
		if entering {
			b.write(string(n.Label(b.src)))
		}
	case *ast.Text:
		if entering {
			b.write(string(unescape(n, b.src)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.write(" ")
			}
		}
	case *ast.String:
		if entering {
			b.write(string(n.Value))
		}
	case *ast.Paragraph, *ast.RawHTML:
		b.write(" ")
	case *ast.Image:
		return ast.WalkSkipChildren, nil
	}
	return ast.WalkContinue, nil
}

// bound begins or ends a span.
func (b *lineBuilder) bound(s span, begin bool) {
	if begin {
		s.from = b.out.Len()
		b.open = append(b.open, len(b.spans))
		b.spans = append(b.spans, s)
		return
	}
	last := len(b.open) - 1
	b.spans[b.open[last]].to = b.out.Len()
	b.open = b.open[:last]
}

// write adds text, each run of spaces as one space.
func (b *lineBuilder) write(s string) {
	for _, c := range s {
		if !unicode.IsSpace(c) {
			b.out.WriteRune(c)
			continue
		}
		if t := b.out.String(); t != "" && !strings.HasSuffix(t, " ") {
			b.out.WriteByte(' ')
		}
	}
}

// unescape gives the characters that a text node stands for.
func unescape(n *ast.Text, src []byte) []byte {
	value := n.Segment.Value(src)
	if n.IsRaw() {
		return value
	}
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(value)))
}

// trimSpans takes the spaces at the ends off the spans and drops those with nothing in them.
func (l *line) trimSpans() {
	kept := l.spans[:0]
	for _, s := range l.spans {
		s.to = min(s.to, len(l.text))
		for s.from < s.to && l.text[s.from] == ' ' {
			s.from++
		}
		for s.from < s.to && l.text[s.to-1] == ' ' {
			s.to--
		}
		if s.from < s.to {
			kept = append(kept, s)
		}
	}
	l.spans = kept
}

var (
	// lead is what stands before a reference and is none of it: its number, or how it was used.
	lead = regexp.MustCompile(`^(?:\[\d{1,3}\] |(?i:(?:sources?|references?|citation): ?|(adapted (?:from|by)|(?:quoted|cited) (?:in|from)|excerpt(?:ed)? from|see(?: also)?|based on):? ))`)
	// leadKind says what the work is, before a link to it: "Video: [Title](url)".
	leadKind = regexp.MustCompile(`^((?i:ted talk|video|webinar|film|documentary|podcast|blog post|website|report|infographic|data ?set)): ["“]?$`)
)

// cutLead takes off what stands before a reference, or tells of what kind it is.
func (l *line) cutLead() {
	start := len(l.text)
	if len(l.spans) > 0 {
		start = l.spans[0].from
	}
	if m := lead.FindStringSubmatchIndex(l.text); m != nil && m[1] <= start {
		l.used = m[2] >= 0
		l.cut(m[1])
		return
	}
	if m := leadKind.FindStringSubmatch(l.text[:start]); m != nil && l.spans[0].style == linked {
		l.said = m[1]
		l.cut(len(m[1]) + len(": "))
	}
}

// cut takes the first bytes off the text.
func (l *line) cut(n int) {
	l.text = l.text[n:]
	for i := range l.spans {
		l.spans[i].from -= n
		l.spans[i].to -= n
	}
}

var bareURL = regexp.MustCompile(`https?://[^\s<>"“”]+|\bwww\.[\w-]+\.[^\s<>"“”]+`)

// addBareURLs makes linked spans of addresses that stand in the text as such.
func (l *line) addBareURLs() {
	for _, at := range bareURL.FindAllStringIndex(l.text, -1) {
		if l.covered(linked, at[0]) {
			continue
		}
		address := strings.TrimRight(l.text[at[0]:at[1]], ".,;:)]_*'’")
		to := at[0] + len(address)
		if strings.HasPrefix(address, "www.") {
			address = "http://" + address
		}
		l.spans = append(l.spans, span{style: linked, from: at[0], to: to, url: address})
	}
}

// addQuotes makes a quoted span of what stands between quotation marks, “so” or "so" or “so".
func (l *line) addQuotes() {
	from := -1
	for i, c := range l.text {
		switch {
		case c == '“', c == '"' && from < 0:
			if from < 0 {
				from = i + utf8.RuneLen(c)
			}
		case (c == '"' || c == '”') && from >= 0:
			if from < i {
				l.spans = append(l.spans, span{style: quoted, from: from, to: i})
			}
			from = -1
		}
	}
}

var tornMark = regexp.MustCompile(`(?:^|[\s(“"])([_*])\S|[^\s_*]([_*])(?:$|[\s.,;:)])`)

var singleQuotes = regexp.MustCompile(`(?:^|[\s(])(?:'([^'‘"“]{3,300}?)'|‘([^‘'"“]{3,300}?)’)(?:[,.;:)]|\s|$)`)

// addSingleQuotes makes a quoted span of the first text between single quotation marks, when there are no double ones
// and the text has no other style.
func (l *line) addSingleQuotes() {
	at := singleQuotes.FindStringSubmatchIndex(l.text)
	if at == nil || strings.ContainsAny(l.text, `"“”`) {
		return
	}
	from, to := max(at[2], at[4]), max(at[3], at[5])
	if !slices.ContainsFunc(l.spans, func(sp span) bool { return sp.from < to && sp.to > from }) {
		l.spans = append(l.spans, span{style: quoted, from: from, to: to})
	}
}

// mendItalics finds marks of emphasis that have no partner. One that opens is taken to reach to the end of its
// sentence.
func (l *line) mendItalics() {
	for _, at := range tornMark.FindAllStringSubmatchIndex(l.text, -1) {
		mark := max(at[2], at[4])
		if l.covered(linked, mark) {
			continue
		}
		l.torn = true
		if at[2] >= 0 {
			from := at[3]
			l.spans = append(l.spans, span{style: italic, from: from, to: from + sentenceEnd(l.text[from:])})
		}
	}
}

// covered tells whether a byte of the text is in a span of a style.
func (l *line) covered(s style, at int) bool {
	return slices.ContainsFunc(l.spans, func(sp span) bool { return sp.style == s && sp.from <= at && at < sp.to })
}

// urls lists the different addresses that the line links to, in order.
func (l *line) urls() []string {
	var out []string
	for _, s := range l.spans {
		if s.style == linked && s.url != "" && len(s.url) <= maxURL && !slices.Contains(out, s.url) {
			out = append(out, s.url)
		}
	}
	return out
}

// maxURL is the limit of models.CSL for a URL.
const maxURL = 8000
