package kramdown

import (
	"sort"
	"strings"
)

// source is text that remembers on which line of the page each of its lines stood, whatever is cut out of it.
type source struct {
	text   string
	starts []int // byte offset of each line of text
	lines  []int // line of the page for each line of text
}

func newSource(text string, firstLine int) source {
	lines := []int{firstLine}
	for i := range strings.Count(text, "\n") {
		lines = append(lines, firstLine+i+1)
	}
	return source{text: text, lines: lines, starts: lineStarts(text)}
}

func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// lineAt is the line of the page on which the byte at a position stood.
func (s source) lineAt(pos int) int {
	return s.lines[sort.SearchInts(s.starts, pos+1)-1]
}

// lineStart is where the line of a position begins.
func (s source) lineStart(pos int) int {
	return s.starts[sort.SearchInts(s.starts, pos+1)-1]
}

// edit puts other text in the place of a piece of a source.
type edit struct {
	start, end int
	with       string
}

// apply makes the edits, which are in order and do not overlap.
func (s source) apply(edits []edit) source {
	if len(edits) == 0 {
		return s
	}
	var b strings.Builder
	lines := []int{s.lines[0]}
	at, pos := 0, 0
	keep := func(to int) {
		chunk := s.text[pos:to]
		b.WriteString(chunk)
		for range strings.Count(chunk, "\n") {
			at++
			lines = append(lines, s.lines[at])
		}
		pos = to
	}
	for _, e := range edits {
		keep(e.start)
		b.WriteString(e.with)
		end := at + strings.Count(s.text[e.start:e.end], "\n")
		for range strings.Count(e.with, "\n") {
			lines = append(lines, s.lines[end])
		}
		at, pos = end, e.end
	}
	keep(len(s.text))
	text := b.String()
	return source{text: text, lines: lines, starts: lineStarts(text)}
}
