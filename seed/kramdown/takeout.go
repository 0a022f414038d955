package kramdown

import (
	"regexp"
	"strings"
)

// The characters around the number of a comment in the text. Unicode reserves them for such uses inside a program
// (noncharacters); Parse takes any that the page itself holds for damage.
const (
	commentOpen  = '\uFDD0'
	commentClose = '\uFDD1'
)

// Placeholder finds comments in text: its first group is the index in Document.Comments.
var Placeholder = regexp.MustCompile(`\x{FDD0}(\d+)\x{FDD1}`)

// maxVariable and maxLiquid bound the search for the end of a Liquid variable or tag: what is longer is text.
const (
	maxVariable = 1000
	maxLiquid   = 10_000
)

// taker finds what is not content: comments and Liquid. Liquid in code is left alone.
type taker struct {
	doc      *Document
	src      source
	variable func(string) (string, bool)
	wanted   func(Include) bool
	post     func(string) (string, bool)
	edits    []edit
	noTick   map[int]int      // for a length of backtick run: no closing run before this position
	noFence  map[byte]int     // for a character: no line from here on closes a fence of so many of it
	found    map[string]place // what ends a comment or a Liquid block, where it was found last
	inRaw    place            // the endraw of the raw block around the position
	gap      int              // the end of the paragraph in which a code span was looked for last
}

// takeOut resolves Liquid, and puts placeholders where comments and includes stand.
func takeOut(doc *Document, src source, body Body) source {
	src.text = noPlaceholders.Replace(src.text)
	t := taker{
		doc: doc, src: src, variable: body.Variable, wanted: body.Include, post: body.Post,
		noTick: map[int]int{}, noFence: map[byte]int{}, found: map[string]place{},
	}
	for i := 0; i < len(src.text); {
		i = t.next(i)
	}
	return src.apply(t.edits)
}

// noPlaceholders takes the characters of placeholders in a page for damage. What it puts there is as long.
var noPlaceholders = strings.NewReplacer(
	string(commentOpen), "\uFFFD", string(commentClose), "\uFFFD", string(includeOpen), "\uFFFD", string(includeClose), "\uFFFD")

// reserved finds character references to the characters of placeholders.
var reserved = regexp.MustCompile(`&#(?:[xX]0*[fF][dD][dD][0-3]|0*6497[6-9]);?`)

// withoutReserved takes references to the characters of placeholders for damage.
func withoutReserved(text string) string { return reserved.ReplaceAllString(text, "\uFFFD") }

// next deals with what stands at a position and gives the position after it.
func (t *taker) next(i int) int {
	if end := t.inRaw; end.ok && i >= end.start {
		t.inRaw = place{}
		if i == end.start {
			t.edit(end.start, end.end, "")
			return end.end
		}
	}
	rest := t.src.text[i:]
	switch {
	case rest[0] == '\\':
		return i + 2
	case rest[0] == '`' || rest[0] == '~':
		return t.code(i)
	case t.inRaw.ok && (strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "{%")):
		return i + 1
	case strings.HasPrefix(rest, "{{"):
		return t.liquidVariable(i)
	}
	if c, ok := t.commentAt(i); ok {
		return t.comment(c, true)
	}
	if strings.HasPrefix(rest, "{%") {
		return t.liquidTag(i)
	}
	if j := strings.IndexAny(rest[1:], "\\`~<{"); j >= 0 {
		return i + 1 + j
	}
	return len(t.src.text)
}

func (t *taker) edit(start, end int, with string) {
	t.edits = append(t.edits, edit{start, end, with})
}

func (t *taker) liquidVariable(i int) int {
	window := t.src.text[i:min(len(t.src.text), i+maxVariable)]
	end := strings.Index(window, "}}")
	if end < 0 || strings.Contains(window[:end], "\n") {
		return i + 2
	}
	end += len("}}")
	expr := strings.Trim(window[2:end-2], "- \t")
	name, filters, _ := strings.Cut(expr, "|")
	value, ok := literal(strings.TrimSpace(name))
	if !ok {
		value, ok = t.variable(strings.TrimSpace(name))
	}
	line := t.src.lineAt(i)
	switch {
	case !ok:
		value = ""
		t.doc.problem(line, "the Liquid variable %q is not known and was taken out", expr)
	case strings.TrimSpace(filters) != "" && !addressFilters.MatchString("|"+filters):
		t.doc.problem(line, "the Liquid filter %q was not applied", strings.TrimSpace(filters))
	}
	t.edit(i, i+end, value)
	return i + end
}

// literal gives the text between the quotation marks of a Liquid string.
func literal(s string) (string, bool) {
	if len(s) < 2 || s[0] != s[len(s)-1] || s[0] != '"' && s[0] != '\'' {
		return "", false
	}
	return s[1 : len(s)-1], true
}

var liquidWord = regexp.MustCompile(`^\{%-?\s*(\w+)\s*(.*?)\s*-?%\}$`)

func (t *taker) liquidTag(i int) int {
	text := t.src.text
	j := strings.Index(text[i:min(len(text), i+maxLiquid)], "%}")
	if j < 0 {
		return i + 2
	}
	end := i + j + len("%}")
	tag := strings.Join(strings.Fields(text[i:end]), " ")
	word := liquidWord.FindStringSubmatch(tag)
	switch {
	case word != nil && word[1] == "highlight":
		return t.highlight(i, end, word[2])
	case word != nil && word[1] == "raw":
		return t.raw(i, end)
	case word != nil && t.linkTag(i, end, word[1], word[2]):
		return end
	}
	if next, ok := t.include(i, end); ok {
		return next
	}
	t.doc.problem(t.src.lineAt(i), "the Liquid tag %s was taken out", tag)
	t.edit(i, end, "")
	return end
}

// raw keeps the Liquid between raw and endraw as it is. Comments of other kinds are taken out of it.
func (t *taker) raw(i, end int) int {
	t.edit(i, end, "")
	t.inRaw = t.ending("raw", end)
	return end
}

func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

// lineEnd is the position after the line break that ends the line at i.
func lineEnd(text string, i int) int {
	if j := strings.IndexByte(text[i:], '\n'); j >= 0 {
		return i + j + 1
	}
	return len(text)
}
