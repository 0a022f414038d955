package kramdown

import (
	"html"
	"slices"
	"strconv"
	"strings"
)

// lineAttr carries the line of a tag from the source to the DOM.
const lineAttr = "data-line"

func lineAttribute(no int) string { return " " + lineAttr + `="` + strconv.Itoa(no) + `"` }

// segmenter divides a body into Markdown and blocks of raw HTML by kramdown's rules: Markdown is off inside a block
// element, unless the element says markdown="1". It writes all of it as HTML whose elements know their lines.
type segmenter struct {
	src source
	doc *Document
	md  *markdown
	out strings.Builder

	ends map[string]int // for the name of an element: where its last end tag stands
}

// line is one line of Markdown.
type line struct {
	text string
	no   int
}

// markdown reads text[i:end] as Markdown with blocks of HTML in it. Depth counts the HTML elements around it.
func (s *segmenter) markdown(i, end, depth int) error {
	var lines []line
	flush := func() error {
		html, err := s.md.render(lines)
		s.out.WriteString(html)
		lines = nil
		return err
	}
	fence := ""
	for i < end {
		stop := min(lineEnd(s.src.text, i), end)
		text := strings.TrimRight(s.src.text[i:stop], "\n")
		if fence = fenceAfter(fence, text); fence == "" {
			if at := blockTag(text, depth); at >= 0 && !s.neverEnds(i+at) {
				if err := flush(); err != nil {
					return err
				}
				next, err := s.rawHTML(i+at, end, depth)
				if err != nil {
					return err
				}
				i = next
				continue
			}
		}
		lines = append(lines, line{text, s.src.lineAt(i)})
		i = stop
	}
	return flush()
}

// fenceAfter tells which fence of code is open after a line, when one was open before it.
func fenceAfter(open, text string) string {
	trimmed := strings.TrimSpace(text)
	if open != "" {
		if strings.HasPrefix(trimmed, open) && strings.Trim(trimmed, open[:1]) == "" {
			return ""
		}
		return open
	}
	for _, c := range []byte("`~") {
		n := runLength(trimmed, c)
		if n >= 3 && !strings.ContainsRune(trimmed[n:], '`') {
			return trimmed[:n]
		}
	}
	return ""
}

// blockTag gives the offset of a tag that begins a block of HTML at the beginning of a line, or -1. Outside HTML a
// line that is indented like code does not.
func blockTag(text string, depth int) int {
	at := len(text) - len(strings.TrimLeft(text, " \t"))
	if at >= len(text) || text[at] != '<' || depth == 0 && (at > 3 || strings.Contains(text[:at], "\t")) {
		return -1
	}
	name := strings.TrimPrefix(text[at+1:], "/")
	n := 0
	for n < len(name) && isNameByte(name[n], n > 0) {
		n++
	}
	name = strings.ToLower(name[:n])
	if name == "" || isSpan(name) || isVoid(name) && name != "hr" || !isKnown(name) {
		return -1
	}
	return at
}

// rawHTML copies HTML from a tag on until every block element is closed, and gives the position after it.
func (s *segmenter) rawHTML(i, end, depth int) (int, error) {
	var open []string
	for i < end {
		j := strings.IndexByte(s.src.text[i:end], '<')
		if j < 0 {
			break
		}
		s.out.WriteString(s.src.text[i : i+j])
		i += j
		t, ok := scanTag(s.src.text[:end], i)
		if !ok || !isKnown(t.name) {
			s.out.WriteString("&lt;")
			i++
			continue
		}
		if s.neverEnds(i) {
			s.out.WriteString(html.EscapeString(s.src.text[i:t.end]))
			i = t.end
			continue
		}
		next, err := s.tag(t, i, end, depth+len(open))
		if err != nil {
			return 0, err
		}
		open = stackAfter(open, t, next > t.end)
		i = next
		if len(open) == 0 && !isSpan(t.name) {
			return i, nil
		}
	}
	if i < end {
		s.out.WriteString(s.src.text[i:end])
	}
	return end, nil
}

// neverEnds tells whether a position holds the start tag of an element that would swallow the rest of the page, which
// has no end tag for it. Then it is a tag that the text speaks of.
func (s *segmenter) neverEnds(at int) bool {
	t, ok := scanTag(s.src.text, at)
	if !ok || t.closing || t.empty || !isVerbatim(t.name) && t.name != "title" {
		return false
	}
	last, known := s.ends[t.name]
	if !known {
		last = strings.LastIndex(lowerASCII(s.src.text), "</"+t.name)
		s.ends[t.name] = last
	}
	return last < at
}

// lowerASCII writes capitals small, and leaves every character where it is.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// stackAfter is which block elements are open after a tag; whole says that its content was read with it.
func stackAfter(open []string, t tag, whole bool) []string {
	switch {
	case isSpan(t.name) || isVoid(t.name) || t.empty || whole:
		return open
	case !t.closing:
		for len(open) > 0 && slices.Contains(closedBy[t.name], open[len(open)-1]) {
			open = open[:len(open)-1]
		}
		return append(open, t.name)
	}
	for k := len(open) - 1; k >= 0; k-- {
		if open[k] == t.name {
			return open[:k]
		}
	}
	return open
}

// tag writes a tag, and what is inside where that is not plain HTML. It gives the position after what it wrote.
func (s *segmenter) tag(t tag, at, end, depth int) (int, error) {
	no := s.src.lineAt(at)
	if depth > maxNesting {
		return 0, &LimitError{Line: no, Message: "elements are nested more than " + strconv.Itoa(maxNesting) + " deep"}
	}
	if t.closing {
		s.out.WriteString("</" + t.name + lineAttribute(no) + ">")
		return t.end, nil
	}
	s.out.WriteString("<" + t.name + lineAttribute(no))
	if attrs := strings.TrimSpace(balanced(markdownAny.ReplaceAllString(t.attrs, ""))); attrs != "" {
		s.out.WriteString(" " + attrs)
	}
	if t.empty && !isVoid(t.name) {
		s.out.WriteString("></" + t.name + ">")
		return t.end, nil
	}
	s.out.WriteString(">")
	switch {
	case t.name == "pre" || isVerbatim(t.name):
		return s.verbatim(t, end), nil
	case t.markdownInside():
		return s.markdownElement(t, no, end, depth)
	}
	return t.end, nil
}

// verbatim copies what is inside an element of which nothing is Markdown, its end tag included.
func (s *segmenter) verbatim(t tag, end int) int {
	close, after := s.closingTag(t, end)
	inner := s.src.text[t.end:close]
	if t.name == "textarea" {
		inner = html.EscapeString(html.UnescapeString(inner))
	}
	s.out.WriteString(inner + "</" + t.name + ">")
	return after
}

// markdownElement reads what is inside an element as Markdown.
func (s *segmenter) markdownElement(t tag, no, end, depth int) (int, error) {
	close, after := s.closingTag(t, end)
	if close == after {
		s.doc.problem(no, "<%s> is never closed", t.name)
	}
	s.out.WriteString("\n")
	if err := s.markdown(t.end, close, depth+1); err != nil {
		return 0, err
	}
	s.out.WriteString("</" + t.name + ">")
	return after, nil
}

// closingTag finds the end tag that belongs to a start tag: where it begins and ends. Both are end when there is none.
func (s *segmenter) closingTag(open tag, end int) (int, int) {
	depth := 1
	for i := open.end; i < end; {
		j := strings.IndexByte(s.src.text[i:end], '<')
		if j < 0 {
			break
		}
		i += j
		t, ok := scanTag(s.src.text[:end], i)
		if !ok {
			i++
			continue
		}
		switch {
		case t.name != open.name || t.empty:
		case !t.closing:
			depth++
		case depth == 1:
			return i, t.end
		default:
			depth--
		}
		i = t.end
	}
	return end, end
}
