// Package coverage proves of an imported page that nothing of its source was dropped silently. It shares nothing with
// the readers: it looks at the characters of the source, wherever they stand, and at what the records hold.
package coverage

import (
	"maps"
	"slices"
	"strings"
)

// Page is a page and what became of it.
type Page struct {
	Source string   // the whole file, front matter included
	Held   []string // every string that the records made of the page hold: texts, URLs, titles, values, notes, code

	// Warned has the messages of the importer's warnings by line, from 1: what one of them quotes is not silent.
	Warned map[int][]string
}

// Piece is a part of one line of a source.
type Piece struct {
	Line int    // from 1
	Text string // exactly as in the source, from the first of its words to the last

	// Presentation says that it is about looks or behaviour, which records don't keep on purpose: a style, the width
	// of an image, a script.
	Presentation bool
}

// Uncovered gives the pieces of a page's source that neither a record nor a warning accounts for, in order.
//
// Each run of letters and digits is a word, in tags, attributes, comments, Liquid and addresses as well. A word is
// accounted for when it names markup that the readers understand, or when the records hold it as often as the source
// does. Entities are decoded and characters composed (NFC) on both sides; letter case counts. Where a word is missing
// that stands at several places, the place whose neighbours are missing too is taken for the one that was dropped.
//
// What it can't see: a word that moved, and a word that was dropped at one place and added at another.
func Uncovered(page Page) []Piece {
	h := newHoldings(page.Held)
	words := sourceWords(page.Source, h)
	b := newBlame(page.Source, words, h)
	b.assign()
	told := map[int]bool{} // lines whose warnings account for something
	left := slices.DeleteFunc(pieces(page.Source, words, b.missing), func(p Piece) bool {
		quoted := isQuoted(p, page.Warned[p.Line])
		told[p.Line] = told[p.Line] || quoted
		return quoted
	})
	lines := strings.Split(page.Source, "\n")
	return slices.DeleteFunc(left, func(p Piece) bool { return toldElsewhere(p, page.Warned, told, lines) })
}

// toldElsewhere tells whether a warning on another line accounts for a piece: of a word that stands on both, the place
// that was blamed may be the wrong one. Each line's warnings account for one such piece.
func toldElsewhere(p Piece, warned map[int][]string, told map[int]bool, lines []string) bool {
	for _, line := range slices.Sorted(maps.Keys(warned)) {
		if told[line] || p.Presentation || line < 1 || line > len(lines) || !strings.Contains(lines[line-1], p.Text) {
			continue
		}
		if isQuoted(p, warned[line]) {
			told[line] = true
			return true
		}
	}
	return false
}

// pieces joins missing words that follow each other on a line. Names of markup between them don't part them.
func pieces(source string, words []word, missing []bool) []Piece {
	var out []Piece
	start, last := -1, -1
	flush := func() {
		if start >= 0 {
			w := words[start]
			out = append(out, Piece{w.line, source[w.start:words[last].end], w.kind == looks})
		}
		start = -1
	}
	for i, w := range words {
		switch {
		case w.kind == name:
			continue
		case !missing[i]:
			flush()
			continue
		case start >= 0 && (words[start].line != w.line || (words[start].kind == looks) != (w.kind == looks)):
			flush()
		}
		if start < 0 {
			start = i
		}
		last = i
	}
	flush()
	return out
}

// isQuoted tells whether a message has the words of a piece, one after the other.
func isQuoted(p Piece, messages []string) bool {
	want := "\x00" + strings.Join(plainWords(p.Text), "\x00") + "\x00"
	return slices.ContainsFunc(messages, func(message string) bool {
		return strings.Contains("\x00"+strings.Join(plainWords(message), "\x00")+"\x00", want)
	})
}
