package coverage

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// maxValue is how long the value of an attribute can be, in bytes.
const maxValue = 8_000

var tagName = regexp.MustCompile(`^</?([A-Za-z][A-Za-z0-9-]{0,40})(?:[\s/>]|$)`)

// tag marks the names in a tag, and the values of its attributes by what they are for. It gives the position after
// the tag, or after the "<" of what is none.
func (s *scanner) tag(i int) int {
	m := tagName.FindStringSubmatchIndex(s.source[i:min(len(s.source), i+60)])
	if m == nil {
		return i + 1
	}
	element := strings.ToLower(s.source[i+m[2] : i+m[3]])
	attributes, end := s.attributes(i + m[3])
	if end < 0 {
		return i + 1
	}
	s.set(i+m[2], i+m[3], kindOfName(element))
	for _, a := range attributes {
		key := strings.ToLower(s.source[a.start:a.end])
		s.set(a.start, a.end, kindOfName(key))
		s.set(a.end, a.valueEnd, kindOfValue(element, key, strings.Trim(s.source[a.end:a.valueEnd], "= \t\r\n\"'")))
		s.liquidIn(a.end, a.valueEnd)
	}
	if (element == "script" || element == "style") && s.source[i+1] != '/' {
		return s.hidden(element, end)
	}
	return end
}

// span is where an attribute stands: its name, and the value with the signs around it.
type span struct {
	start, end, valueEnd int
}

// attributes finds the attributes of a tag and the position after the tag, -1 when this is no tag.
func (s *scanner) attributes(i int) ([]span, int) {
	var out []span
	for i < len(s.source) {
		switch c := s.source[i]; {
		case c == '>':
			return out, i + 1
		case c == '<':
			return nil, -1
		case c == '/' || c == '"' || c == '\'' || c == '=' || isSpace(c):
			i++
		default:
			a := s.attribute(i)
			out = append(out, a)
			i = a.valueEnd
		}
	}
	return nil, -1
}

func (s *scanner) attribute(i int) span {
	a := span{start: i, end: i}
	for a.end < len(s.source) && !isSpace(s.source[a.end]) && !strings.ContainsRune("=/>\"'<", rune(s.source[a.end])) {
		a.end++
	}
	at := a.end
	for at < len(s.source) && isSpace(s.source[at]) {
		at++
	}
	if at == len(s.source) || s.source[at] != '=' {
		a.valueEnd = a.end
		return a
	}
	for at++; at < len(s.source) && isSpace(s.source[at]); at++ {
	}
	a.valueEnd = s.valueEnd(at)
	return a
}

func (s *scanner) valueEnd(at int) int {
	if at == len(s.source) {
		return at
	}
	if quote := s.source[at]; quote == '"' || quote == '\'' {
		if j := strings.IndexByte(s.source[at+1:min(len(s.source), at+maxValue)], quote); j >= 0 {
			return at + j + 2
		}
	}
	for at < len(s.source) && !isSpace(s.source[at]) && s.source[at] != '>' {
		at++
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// liquidIn marks the variables, and the tags that name a page, in the value of an attribute.
func (s *scanner) liquidIn(start, end int) {
	for at := start; ; {
		j := strings.IndexByte(s.source[at:end], '{')
		if j < 0 {
			return
		}
		at += j
		for _, re := range []*regexp.Regexp{liquidVariable, liquidAddress, liquidLink} {
			if m := re.FindStringSubmatchIndex(s.source[at:end]); m != nil {
				s.set(at+m[2], at+m[3], name)
			}
		}
		at++
	}
}

// hidden marks the content of an element that shows none.
func (s *scanner) hidden(element string, i int) int {
	if s.endless(element) {
		return i
	}
	for at := i; ; {
		j := strings.Index(s.source[at:], "</")
		if j < 0 {
			s.ends[element] = false // then the text speaks of it
			return i
		}
		at += j
		if n := at + 2 + len(element); n <= len(s.source) && strings.EqualFold(s.source[at+2:n], element) {
			s.set(i, at, looks)
			return at
		}
		at += 2
	}
}

// kindOfName tells names of HTML from words that stand in a tag by mistake.
func kindOfName(n string) kind {
	known := atom.Lookup([]byte(n)) != 0 || strings.HasPrefix(n, "data-") || strings.HasPrefix(n, "aria-") || strings.HasPrefix(n, "on") ||
		strings.HasSuffix(n, "allowfullscreen") || n == "markdown" || slices.Contains(looksAttributes, n)
	if known {
		return name
	}
	return attribute
}

// looksAttributes are about looks and behaviour.
var looksAttributes = []string{
	"style", "class", "width", "height", "align", "valign", "border", "bgcolor", "background", "color", "face", "size",
	"cellpadding", "cellspacing", "frameborder", "marginwidth", "marginheight", "hspace", "vspace", "nowrap", "noshade", "clear",
	"target", "rel", "allow", "allowfullscreen", "scrolling", "loading", "referrerpolicy", "type", "for", "tabindex", "role",
	"scope", "sizes", "dir",
}

// wrappers are the elements whose ids are there for looks and disclosures, and not to be led to.
var wrappers = []string{"div", "span", "input", "label", "iframe", "section"}

func kindOfValue(element, key, value string) kind {
	switch {
	case key == "markdown", value == "1" && slices.Contains([]string{"colspan", "rowspan", "start"}, key):
		return name
	case slices.Contains(looksAttributes, key), strings.HasPrefix(key, "on"), strings.HasSuffix(key, "allowfullscreen"):
		return looks
	case (key == "id" || key == "name") && slices.Contains(wrappers, element):
		return looks
	case key == "id" || key == "name" || key == "href" && strings.HasPrefix(value, "#"):
		return anchor
	}
	return attribute
}
