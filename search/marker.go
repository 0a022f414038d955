package search

import (
	"context"
	"slices"

	"github.com/lectern-cms/lectern/search/syntax"
)

// marker is the Highlighter of all engines: it finds in texts what a question looks for. It does not know the language
// of a text, and marks a word when any analysis does. It remembers the words it has met: texts repeat theirs, and to take
// one back to its stem costs more than all else.
type marker struct {
	question *question
	met      map[string]bool
	spelled  map[string]bool // words of phrases
	prefixes []string
}

func newMarker(q *question) marker {
	m := marker{question: q, met: make(map[string]bool), spelled: make(map[string]bool)}
	for _, l := range q.leaves {
		switch {
		case !l.isText() || l.negative:
		case isPhrase(l):
			for _, w := range l.words {
				m.spelled[w] = true
			}
		case l.node.Prefix:
			m.prefixes = append(m.prefixes, l.words[0])
		}
	}
	return m
}

// Highlighter implements Index. Of words that the index lacks, it marks those that Search takes for them.
func (e *Embedded) Highlighter(q Query) Highlighter {
	r, done, err := e.read()
	if err != nil {
		return newMarker(ask(q.Text, analysesOf(newProgress()))) // closed: words as typed can still be marked
	}
	defer done()
	p, err := readProgress(r)
	if err != nil {
		e.warn("find words to mark", err)
		return newMarker(ask(q.Text, analysesOf(newProgress())))
	}
	asked, err := understand(context.Background(), dictionary{r}, q, analysesOf(p))
	e.warn("find words to mark", err)
	return newMarker(asked)
}

// Find implements Highlighter.
func (m marker) Find(text string, limit int) []Span {
	var spans []Span
	for t := range tokens(text) {
		if len(spans) >= limit {
			return spans
		}
		found, met := m.met[t.word]
		if !met {
			found = m.finds(t.word)
			m.met[t.word] = found
		}
		if found {
			spans = append(spans, Span{Start: t.start, End: t.end})
		}
	}
	return spans
}

// finds tells whether a word of a text is one that the question asks for.
func (m marker) finds(word string) bool {
	if m.spelled[word] || slices.ContainsFunc(m.prefixes, func(p string) bool { return len(word) >= len(p) && word[:len(p)] == p }) {
		return true
	}
	for _, a := range m.question.analyses {
		term := a.term(word)
		if _, asked := m.question.places[termKey{field: a.scored, text: term}]; asked {
			return true
		}
		if m.inField(a, term) {
			return true
		}
	}
	return false
}

// inField tells whether a word is asked for in one part of documents.
func (m marker) inField(a analysis, term string) bool {
	return slices.ContainsFunc(m.question.leaves, func(l leaf) bool {
		return l.node.Op == syntax.OpWord && l.node.Field != "" && l.isText() && !l.node.Prefix && !l.negative && a.term(l.words[0]) == term
	})
}
