package coverage

import (
	"regexp"
	"slices"
	"strings"
)

// scanner tells of each byte of a source what it is for. It is as lenient as the readers: what is no markup is text.
type scanner struct {
	source string
	kinds  []kind
	ends   map[string]bool // false: nothing ends it from some place on, so that nobody looks again
}

// kindsOf gives the kind of each byte of a source.
func kindsOf(source string) []kind {
	s := scanner{source: source, kinds: make([]kind, len(source)), ends: map[string]bool{}}
	for i := s.frontMatter(); i < len(source); {
		i = s.next(i)
	}
	return s.kinds
}

func (s *scanner) set(start, end int, k kind) {
	for i := start; i < end; i++ {
		s.kinds[i] = k
	}
}

var (
	frontMatter = regexp.MustCompile(`\A\x{FEFF}?---[ \t]*\r?\n(?s:.*?\n)??---[ \t]*(?:\r?\n|\z)`)
	matterKey   = regexp.MustCompile(`(?m)^([A-Za-z_][A-Za-z0-9_-]*)[ \t]*:(?:\s|$)`)
)

// matterFields are the keys of front matter that records have fields for. Others they must hold by name.
var matterFields = []string{"title", "subtitle", "module_name", "module_full_name", "section"}

// frontMatter marks the keys that records have fields for, and gives where the body begins.
func (s *scanner) frontMatter() int {
	at := frontMatter.FindStringIndex(s.source)
	if at == nil {
		return 0
	}
	for _, m := range matterKey.FindAllStringSubmatchIndex(s.source[:at[1]], -1) {
		if slices.Contains(matterFields, s.source[m[2]:m[3]]) {
			s.set(m[2], m[3], name)
		}
	}
	return at[1]
}

// next deals with what stands at a position of the body, and gives the position after it.
func (s *scanner) next(i int) int {
	rest := s.source[i:]
	if i == 0 || s.source[i-1] == '\n' {
		if end := s.fence(i); end > i {
			return end
		}
		s.listNumber(i)
	}
	switch rest[0] {
	case '\n':
		return i + 1
	case '\\':
		return min(i+2, len(s.source))
	case '{':
		return s.braces(i)
	case '<':
		if strings.HasPrefix(rest, "<!--") {
			return i + through(rest, "-->")
		}
		return s.tag(i)
	case ']':
		s.linkToPlace(i)
	}
	if j := strings.IndexAny(rest[1:], "\\{<]\n"); j >= 0 {
		return i + 1 + j
	}
	return len(s.source)
}

// through is how far it is to the end of the first mark, or to the end of the text when there is none.
func through(text, mark string) int {
	if j := strings.Index(text, mark); j >= 0 {
		return j + len(mark)
	}
	return len(text)
}

var fenceLine = regexp.MustCompile("^[ \t>]*(`{3,}|~{3,})[^`\n]*(?:\n|$)")

// fence skips a block of code between fences, of which everything is text: it gives the position after it, or i.
func (s *scanner) fence(i int) int {
	m := fenceLine.FindStringSubmatch(s.source[i:])
	if m == nil || s.endless(m[1]) {
		return i
	}
	for at := i + len(m[0]); at < len(s.source); {
		line, _, _ := strings.Cut(s.source[at:], "\n")
		at = min(at+len(line)+1, len(s.source))
		line = strings.Trim(line, " \t>\r")
		if strings.HasPrefix(line, m[1]) && strings.Trim(line, m[1][:1]) == "" {
			return at
		}
	}
	s.ends[m[1]] = false
	return i
}

// endless tells whether nothing ended a mark when its end was looked for before.
func (s *scanner) endless(mark string) bool {
	ends, known := s.ends[mark]
	return known && !ends
}

var listNumber = regexp.MustCompile(`^[ \t>]*(?:[-*+][ \t]+)?(\d{1,9})[.)][ \t]`)

// listNumber marks the number of a list item: records count the items instead.
func (s *scanner) listNumber(i int) {
	if m := listNumber.FindStringSubmatchIndex(s.source[i:min(len(s.source), i+100)]); m != nil {
		s.set(i+m[2], i+m[3], name)
	}
}

var placeTarget = regexp.MustCompile(`^\]\(#([^()\s]{1,100})\)`)

// linkToPlace marks the target of a Markdown link to a place in the page.
func (s *scanner) linkToPlace(i int) {
	if m := placeTarget.FindStringSubmatchIndex(s.source[i:min(len(s.source), i+110)]); m != nil {
		s.set(i+m[2], i+m[3], anchor)
	}
}

// maxLiquid is how long Liquid and attribute lists can be, in bytes. What is longer is text.
const maxLiquid = 10_000

var (
	liquidVariable = regexp.MustCompile(`^\{\{-?[ \t]*((?:page|site)(?:\.[A-Za-z0-9_-]+)+)[^{}\n]*\}\}`)
	liquidAddress  = regexp.MustCompile(`^\{\{-?[ \t]*(?:"[^"{}\n]*"|'[^'{}\n]*')[ \t]*(` + addressFilters + `)-?\}\}`)
	liquidWord     = regexp.MustCompile(`^\{%-?\s*(\w+)`)
	liquidLink     = regexp.MustCompile(`^\{%-?[ \t]*(link|post_url)[ \t]`)
	liquidCode     = regexp.MustCompile(`^\{%-?\s*end(?:highlight|raw)\s*-?%\}`)
	kramdownHidden = regexp.MustCompile(`^\{:[:/](?:comment)?\}`)
)

// addressFilters are the filters that put the address of the site before a path.
const addressFilters = `(?:\|[ \t]*(?:relative_url|absolute_url|prepend:[ \t]*site\.(?:base)?url)[ \t]*)+`

// liquidNames are the Liquid tags that the readers understand.
var liquidNames = []string{"highlight", "endhighlight", "raw", "endraw", "comment", "endcomment", "link", "post_url"}

// braces deals with Liquid and with the attribute lists of kramdown.
func (s *scanner) braces(i int) int {
	window := s.source[i:min(len(s.source), i+maxLiquid)]
	switch {
	case strings.HasPrefix(window, "{%"):
		return s.liquidTag(i, window)
	case strings.HasPrefix(window, "{{"):
		if m := liquidVariable.FindStringSubmatchIndex(window); m != nil {
			s.set(i+m[2], i+m[3], name)
			return i + m[1]
		}
		if m := liquidAddress.FindStringSubmatchIndex(window); m != nil {
			s.set(i+m[2], i+m[3], name)
			return i + m[1]
		}
	case strings.HasPrefix(window, "{:"):
		if m := kramdownHidden.FindStringIndex(window); m != nil {
			s.set(i, i+m[1], name)
			return i + m[1]
		}
		if end := strings.IndexByte(window, '}'); end >= 0 && !strings.Contains(window[:end], "\n") {
			s.set(i, i+end, looks)
			return i + end + 1
		}
	}
	return i + 1
}

// liquidTag marks the name of a tag that the readers understand. The words of others are text, which a warning quotes.
func (s *scanner) liquidTag(i int, window string) int {
	m := liquidWord.FindStringSubmatchIndex(window)
	end := strings.Index(window, "%}")
	if m == nil || end < 0 {
		return i + 1
	}
	end += i + len("%}")
	word := window[m[2]:m[3]]
	if slices.Contains(liquidNames, word) {
		s.set(i+m[2], i+m[3], name)
	}
	if word == "highlight" {
		return s.highlight(end)
	}
	return end
}

// highlight skips the code up to endhighlight, of which everything is text.
func (s *scanner) highlight(i int) int {
	if s.endless("highlight") {
		return i
	}
	for at := i; ; {
		j := strings.Index(s.source[at:], "{%")
		if j < 0 {
			s.ends["highlight"] = false
			return i
		}
		at += j
		if liquidCode.MatchString(s.source[at:]) {
			return at
		}
		at += len("{%")
	}
}
