package content

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/search"
)

// placeOf finds the block that an offset lies in, and the heading above it.
func placeOf(spans []render.Span, offset int) (block, anchor *string) {
	for i := range slices.Backward(spans) {
		if spans[i].Start > offset {
			continue
		}
		if spans[i].Anchor != "" {
			anchor = &spans[i].Anchor
		}
		return &spans[i].BlockID, anchor
	}
	return nil, nil
}

const (
	// snippetBytes is about three lines on a page.
	snippetBytes = 280

	// maxMarks bounds the places looked at in one text: the best passage of a long page is nearly always among them.
	maxMarks = 400
)

// snippet picks the passage with the most different matching words, and gives it as safe HTML together with the
// offset of its first match. A text without a match gives its beginning.
func snippet(text string, marker search.Highlighter) (string, int) {
	marks := marker.Find(text, maxMarks)
	if len(marks) == 0 {
		return markUp(text, 0, wordEnd(text, snippetBytes), nil), 0
	}
	best, bestScore := 0, -1
	for i := range marks {
		if score := wordsWithin(text, marks[i:], marks[i].Start+snippetBytes); score > bestScore {
			best, bestScore = i, score
		}
	}
	first := marks[best].Start
	from := wordStart(text, max(0, first-snippetBytes/4))
	to := wordEnd(text, from+snippetBytes)
	return markUp(text, from, max(to, marks[best].End), marks), first
}

// wordsWithin counts the different words among the marks that end before a place.
func wordsWithin(text string, marks []search.Span, end int) int {
	seen := map[string]bool{}
	for _, m := range marks {
		if m.End > end {
			break
		}
		seen[strings.ToLower(text[m.Start:m.End])] = true
	}
	return len(seen)
}

// wordStart moves a place forward to the beginning of a word, unless it is at the beginning of the text or a line.
func wordStart(text string, at int) int {
	if at == 0 {
		return 0
	}
	if i := strings.LastIndexByte(text[:at], '\n'); i >= 0 && at-i < snippetBytes/4 {
		return i + 1
	}
	if i := strings.IndexFunc(text[at:], unicode.IsSpace); i >= 0 && i < snippetBytes/4 {
		_, size := utf8.DecodeRuneInString(text[at+i:])
		return at + i + size
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// wordEnd moves a place back to the end of a word.
func wordEnd(text string, at int) int {
	if at >= len(text) {
		return len(text)
	}
	if i := strings.LastIndexFunc(text[:at], unicode.IsSpace); i > at-snippetBytes/4 {
		return i
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// markUp writes a part of a text as HTML with the marks that lie in it.
func markUp(text string, from, to int, marks []search.Span) string {
	var b strings.Builder
	if from > 0 {
		b.WriteString("… ")
	}
	at := from
	for _, m := range marks {
		if m.Start < at || m.End > to {
			continue
		}
		b.WriteString(html.EscapeString(text[at:m.Start]))
		b.WriteString("<mark>" + html.EscapeString(text[m.Start:m.End]) + "</mark>")
		at = m.End
	}
	b.WriteString(html.EscapeString(strings.TrimRightFunc(text[at:to], unicode.IsSpace)))
	if to < len(text) {
		b.WriteString(" …")
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}
