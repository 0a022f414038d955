package kramdown

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// commentAt is a comment in the source, not yet taken out.
type commentAt struct {
	start, end int
	text       string
	liquid     bool // Liquid's own, which is hidden in code too
	open       bool // never closed: it ends with the page
}

var (
	kramdownComment = regexp.MustCompile(`^\{::comment\}`)
	liquidComment   = regexp.MustCompile(`^\{%-?\s*comment\s*-?%\}`)
)

// ends are what ends a comment or a Liquid block.
var ends = map[string]*regexp.Regexp{
	"html":      regexp.MustCompile(`-->`),
	"kramdown":  regexp.MustCompile(`\{:/(?:comment)?\}`),
	"comment":   regexp.MustCompile(`\{%-?\s*endcomment\s*-?%\}`),
	"highlight": regexp.MustCompile(`\{%-?\s*endhighlight\s*-?%\}`),
	"raw":       regexp.MustCompile(`\{%-?\s*endraw\s*-?%\}`),
}

// place is where something begins and ends that was looked for from a position on.
type place struct {
	from, start, end int
	ok               bool
}

// ending finds the next end of a kind. What it found last is true of all positions up to there.
func (t *taker) ending(kind string, from int) place {
	if p, known := t.found[kind]; known && from >= p.from && from <= p.start {
		return p
	}
	p := place{from: from, start: len(t.src.text), end: len(t.src.text)}
	if at := ends[kind].FindStringIndex(t.src.text[from:]); at != nil {
		p = place{from, from + at[0], from + at[1], true}
	}
	t.found[kind] = p
	return p
}

// commentAt reads the comment that begins at a position: HTML's, kramdown's or Liquid's.
func (t *taker) commentAt(i int) (commentAt, bool) {
	rest := t.src.text[i:]
	var kind string
	var begin int
	switch {
	case strings.HasPrefix(rest, "<!--"):
		kind, begin = "html", len("<!--")
	case kramdownComment.MatchString(rest):
		kind, begin = "kramdown", len("{::comment}")
	case !t.inRaw.ok && liquidComment.MatchString(rest):
		kind, begin = "comment", len(liquidComment.FindString(rest))
	default:
		return commentAt{}, false
	}
	end := t.ending(kind, i+begin)
	return commentAt{i, end.end, t.src.text[i+begin : end.start], kind == "comment", !end.ok}, true
}

// comment puts a placeholder where a comment stands, and gives the position after it. Unless it is in code, a comment
// that begins its line leaves what follows it the beginning of one too.
func (t *taker) comment(c commentAt, ownLine bool) int {
	text := t.src.text
	line := t.src.lineAt(c.start)
	if c.open {
		t.doc.problem(line, "a comment is never closed: the rest of the page is in it")
	}
	with := string(commentOpen) + strconv.Itoa(len(t.doc.Comments)) + string(commentClose)
	indent := text[t.src.lineStart(c.start):c.start]
	kept := Comment{Text: strings.TrimSpace(c.text), Line: line}
	if !c.liquid {
		kept.source = text[c.start:c.end]
	}
	if strings.TrimSpace(indent) == "" {
		kept.source = strings.ReplaceAll(kept.source, "\n"+indent, "\n")
	}
	t.doc.Comments = append(t.doc.Comments, kept)
	rest, _, _ := strings.Cut(text[c.end:min(len(text), c.end+maxLiquid)], "\n")
	deep := (len(indent) >= 4 || strings.HasPrefix(indent, "\t")) && strings.TrimSpace(rest) == "" // like a line of code
	if ownLine && !deep && strings.TrimSpace(indent) == "" {
		with = "\n" + indent + with + "\n\n" + indent
	}
	t.edit(c.start, c.end, with)
	return c.end
}

// maxTicks is the longest run of backticks that can begin code: each length is looked for on its own.
const maxTicks = 20

// code skips a code span or a fenced block that begins here. Comments in it get placeholders all the same: whether it
// is code is known when Markdown has been read, which then puts them back; see markdown.restore.
func (t *taker) code(i int) int {
	text := t.src.text
	n := runLength(text[i:], text[i])
	if n > maxTicks {
		return i + n
	}
	if n >= 3 && strings.TrimSpace(text[t.src.lineStart(i):i]) == "" {
		if end := t.fenceEnd(i, n); end > 0 {
			t.commentsInCode(i+n, end)
			return end
		}
	}
	end := t.spanEnd(i, n)
	if end == 0 || t.inRaw.ok && end > t.inRaw.start || !t.commentsInCode(i+n, end) {
		return i + n
	}
	return end
}

// spanEnd is the position after the code span that begins with n backticks, or 0 when nothing closes it.
func (t *taker) spanEnd(i, n int) int {
	text := t.src.text
	if text[i] == '~' || i < t.noTick[n] {
		return 0
	}
	if i >= t.gap {
		t.gap = len(text)
		if j := strings.Index(text[i:], "\n\n"); j >= 0 {
			t.gap = i + j
		}
	}
	stop := t.gap
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
	return 0
}

// commentsInCode takes the comments between two positions out. It is false, and takes out none, when one reaches over
// the end with words of its own: then this is no code.
func (t *taker) commentsInCode(from, to int) bool {
	var found []commentAt
	for i := from; i < to; {
		j := strings.IndexAny(t.src.text[i:to], "<{")
		if j < 0 {
			break
		}
		i += j
		c, ok := t.commentAt(i)
		switch {
		case !ok:
			i++
		case c.end <= to:
			found, i = append(found, c), c.end
		case c.open || strings.TrimSpace(strings.Trim(t.src.text[i+len("<!--"):max(i+len("<!--"), to)], "`~")) == "":
			i++ // code that shows how a comment begins
		default:
			return false
		}
	}
	for _, c := range found {
		t.comment(c, false)
	}
	return true
}

// fenceEnd is the position after the line that closes a fence, or 0 when none does.
func (t *taker) fenceEnd(i, n int) int {
	text := t.src.text
	if none := t.noFence[text[i]]; none > 0 && n >= none {
		return 0
	}
	fence := text[i : i+n]
	for pos := i; ; {
		j := strings.IndexByte(text[pos:], '\n')
		if j < 0 {
			t.noFence[text[i]] = n
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

// restore puts the comments of a piece of code back into it. Liquid's are hidden in code as well, and includes have no
// place in it.
func (d *Document) restore(code string) string {
	code = IncludePlaceholder.ReplaceAllString(code, "")
	return Placeholder.ReplaceAllStringFunc(code, func(m string) string {
		i, err := strconv.Atoi(Placeholder.FindStringSubmatch(m)[1])
		if err != nil || i >= len(d.Comments) {
			return ""
		}
		return d.Comments[i].source
	})
}

// cleanAttributes takes placeholders out of attributes, which are no place for comments or includes.
func (d *Document) cleanAttributes(n *html.Node) {
	n.Attr = slices.Clone(n.Attr)
	for i, a := range n.Attr {
		a.Val = IncludePlaceholder.ReplaceAllString(a.Val, "")
		n.Attr[i].Val = a.Val
		if v := Placeholder.ReplaceAllString(a.Val, ""); v != a.Val {
			n.Attr[i].Val = v
			d.problem(Line(n), "a comment in the %s of a <%s> was taken out", a.Key, n.Data)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d.cleanAttributes(c)
	}
}
