package kramdown

import (
	"regexp"
	"strconv"
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

// taker finds what is not content: comments and Liquid. Code is left alone.
type taker struct {
	doc      *Document
	src      source
	variable func(string) (string, bool)
	edits    []edit
	noTick   map[int]int // for a length of backtick run: no closing run before this position
}

// takeOut resolves Liquid, and puts placeholders where comments stand.
func takeOut(doc *Document, src source, variable func(string) (string, bool)) source {
	t := taker{doc: doc, src: src, variable: variable, noTick: map[int]int{}}
	for i := 0; i < len(src.text); {
		i = t.next(i)
	}
	return src.apply(t.edits)
}

// next deals with what stands at a position and gives the position after it.
func (t *taker) next(i int) int {
	rest := t.src.text[i:]
	switch {
	case rest[0] == '\\':
		return i + 2
	case rest[0] == '`' || rest[0] == '~':
		return t.code(i)
	case strings.HasPrefix(rest, "<!--"):
		return t.comment(i)
	case strings.HasPrefix(rest, "{{"):
		return t.liquidVariable(i)
	case strings.HasPrefix(rest, "{%"):
		return t.liquidTag(i)
	case strings.HasPrefix(rest, string(commentOpen)), strings.HasPrefix(rest, string(commentClose)):
		t.edit(i, i+len(string(commentOpen)), "\uFFFD")
		return i + len(string(commentOpen))
	}
	if j := strings.IndexAny(rest[1:], "\\`~<{\uFDD0\uFDD1"); j >= 0 {
		return i + 1 + j
	}
	return len(t.src.text)
}

func (t *taker) edit(start, end int, with string) {
	t.edits = append(t.edits, edit{start, end, with})
}

// code skips a code span or a fenced block that begins here.
func (t *taker) code(i int) int {
	text := t.src.text
	n := runLength(text[i:], text[i])
	if n >= 3 && strings.TrimSpace(text[lineStart(text, i):i]) == "" {
		if end := fenceEnd(text, i, n); end > 0 {
			return end
		}
	}
	if text[i] == '~' || i < t.noTick[n] {
		return i + n
	}
	stop := len(text)
	if j := strings.Index(text[i:], "\n\n"); j >= 0 {
		stop = i + j
	}
	for j := i + n; j < stop; {
		k := strings.IndexByte(text[j:stop], '`')
		if k < 0 {
			break
		}
		m := runLength(text[j+k:stop], '`')
		if m == n {
			return j + k + m
		}
		j += k + m
	}
	t.noTick[n] = stop
	return i + n
}

// fenceEnd is the position after the line that closes a fence, or 0 when none does.
func fenceEnd(text string, i, n int) int {
	fence := text[i : i+n]
	for pos := i; ; {
		j := strings.IndexByte(text[pos:], '\n')
		if j < 0 {
			return 0
		}
		pos += j + 1
		line, _, _ := strings.Cut(text[pos:], "\n")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, fence) && strings.Trim(line, fence[:1]) == "" {
			return lineEnd(text, pos)
		}
	}
}

func (t *taker) comment(i int) int {
	text := t.src.text
	inner, end := text[i+len("<!--"):], len(text)
	if j := strings.Index(inner, "-->"); j >= 0 {
		inner, end = inner[:j], i+len("<!--")+j+len("-->")
	} else {
		t.doc.problem(t.src.lineAt(i), "a comment is never closed: the rest of the page is in it")
	}
	with := string(commentOpen) + strconv.Itoa(len(t.doc.Comments)) + string(commentClose)
	t.doc.Comments = append(t.doc.Comments, Comment{Text: strings.TrimSpace(inner), Line: t.src.lineAt(i)})
	indent := text[lineStart(text, i):i]
	if strings.TrimSpace(indent) == "" { // it begins its line: what follows it begins one too
		with = "\n" + indent + with + "\n\n" + indent
	}
	t.edit(i, end, with)
	return end
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
	value, ok := t.variable(strings.TrimSpace(name))
	line := t.src.lineAt(i)
	switch {
	case !ok:
		value = ""
		t.doc.problem(line, "the Liquid variable %q is not known and was taken out", expr)
	case strings.TrimSpace(filters) != "":
		t.doc.problem(line, "the Liquid filter %q was not applied", strings.TrimSpace(filters))
	}
	t.edit(i, i+end, value)
	return i + end
}

var (
	liquidWord   = regexp.MustCompile(`^\{%-?\s*(\w+)\s*(.*?)\s*-?%\}$`)
	endHighlight = regexp.MustCompile(`\{%-?\s*endhighlight\s*-?%\}`)
	endRaw       = regexp.MustCompile(`\{%-?\s*endraw\s*-?%\}`)
)

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
	}
	t.doc.problem(t.src.lineAt(i), "the Liquid tag %s was taken out", tag)
	t.edit(i, end, "")
	return end
}

// highlight turns a block of program text into a fenced one.
func (t *taker) highlight(i, end int, language string) int {
	text := t.src.text
	stop := endHighlight.FindStringIndex(text[end:])
	if stop == nil {
		t.doc.problem(t.src.lineAt(i), "a highlight tag has no endhighlight")
		t.edit(i, end, "")
		return end
	}
	fence := strings.Repeat("`", max(3, longestRun(text[end:end+stop[0]], '`')+1))
	language, _, _ = strings.Cut(language, " ")
	t.edit(i, end, "\n\n"+fence+language+"\n")
	t.edit(end+stop[0], end+stop[1], "\n"+fence+"\n\n")
	return end + stop[1]
}

// raw keeps what stands between raw and endraw as it is.
func (t *taker) raw(i, end int) int {
	t.edit(i, end, "")
	stop := endRaw.FindStringIndex(t.src.text[end:])
	if stop == nil {
		return end
	}
	t.edit(end+stop[0], end+stop[1], "")
	return end + stop[1]
}

func longestRun(s string, c byte) int {
	longest := 0
	for i := 0; i < len(s); {
		n := runLength(s[i:], c)
		longest = max(longest, n)
		i += n + 1
	}
	return longest
}

func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

func lineStart(text string, i int) int {
	return strings.LastIndexByte(text[:i], '\n') + 1
}

// lineEnd is the position after the line break that ends the line at i.
func lineEnd(text string, i int) int {
	if j := strings.IndexByte(text[i:], '\n'); j >= 0 {
		return i + j + 1
	}
	return len(text)
}
