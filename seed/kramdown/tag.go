package kramdown

import (
	"regexp"
	"slices"
	"strings"
)

// tag is one HTML tag in a text.
type tag struct {
	name    string // lower case
	closing bool
	empty   bool   // it ends with a slash
	attrs   string // as written, without the slash
	end     int    // position after it
}

// spanTags never begin a block of HTML in kramdown: a line that starts with one is a paragraph.
var spanTags = strings.Fields(`a abbr acronym b big bdi bdo br button cite code data del dfn em font i iframe img input ins kbd
	label map mark meter object option output picture progress q rb rbc rp rt rtc ruby s samp select small span strike
	strong sub sup time tt u var wbr`)

// voidTags have no content and no end tag.
var voidTags = strings.Fields(`area base br col embed hr img input link meta param source track wbr`)

// verbatimTags hold text that is neither Markdown nor HTML.
var verbatimTags = []string{"script", "style", "textarea"}

func isSpan(name string) bool     { return slices.Contains(spanTags, name) }
func isVoid(name string) bool     { return slices.Contains(voidTags, name) }
func isVerbatim(name string) bool { return slices.Contains(verbatimTags, name) }

// scanTag reads the tag that begins at a position, which holds "<".
func scanTag(s string, at int) (tag, bool) {
	i := at + 1
	t := tag{}
	if i < len(s) && s[i] == '/' {
		t.closing = true
		i++
	}
	start := i
	for i < len(s) && isNameByte(s[i], i > start) {
		i++
	}
	if i == start {
		return t, false
	}
	t.name = strings.ToLower(s[start:i])
	if i < len(s) && !strings.ContainsRune(" \t\n/>", rune(s[i])) {
		return t, false
	}
	attrs := i
	for i < len(s) {
		switch s[i] {
		case '>':
			t.attrs, t.empty = strings.CutSuffix(strings.TrimSpace(s[attrs:i]), "/")
			t.end = i + 1
			return t, true
		case '<':
			return t, false
		case '"', '\'':
			if j := strings.IndexByte(s[i+1:], s[i]); j >= 0 {
				i += j + 1
			}
		}
		i++
	}
	return t, false
}

func isNameByte(c byte, more bool) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || more && (c >= '0' && c <= '9' || c == '-')
}

var (
	markdownOn  = regexp.MustCompile(`(?i)\bmarkdown\s*=\s*["']?(1|block|span)\b["']?`)
	markdownAny = regexp.MustCompile(`(?i)\bmarkdown\s*=\s*("[^"]*"|'[^']*'|\S+)`)
)

func (t tag) markdownInside() bool { return !t.closing && markdownOn.MatchString(t.attrs) }

// balanced gives attributes in which every quotation mark has a partner. One that has none would take the rest of the
// page for its value, and is written as a character reference.
func balanced(attrs string) string {
	var b strings.Builder
	for i := 0; i < len(attrs); i++ {
		if attrs[i] != '"' && attrs[i] != '\'' {
			b.WriteByte(attrs[i])
			continue
		}
		j := strings.IndexByte(attrs[i+1:], attrs[i])
		switch {
		case j >= 0:
			b.WriteString(attrs[i : i+j+2])
			i += j + 1
		case attrs[i] == '"':
			b.WriteString("&quot;")
		default:
			b.WriteString("&#39;")
		}
	}
	return b.String()
}
