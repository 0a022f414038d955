package search

import "context"

// marker is the Highlighter of the embedded engine. It does not know the language of a text, and marks a word when any
// analysis does.
type marker struct{ question *question }

// Highlighter implements Index. Of words that the index lacks, it marks those that Search takes for them.
func (e *Embedded) Highlighter(q Query) Highlighter {
	asked := ask(q.Text)
	r, done, err := e.read()
	if err != nil {
		return marker{asked} // closed: words as typed can still be marked
	}
	defer done()
	e.warn("find words to mark", asked.mend(context.Background(), r))
	return marker{asked}
}

// Find implements Highlighter.
func (m marker) Find(text string, limit int) []Span {
	var spans []Span
	for t := range tokens(text) {
		if len(spans) >= limit {
			return spans
		}
		if m.question.finds(t.word) {
			spans = append(spans, Span{Start: t.start, End: t.end})
		}
	}
	return spans
}

// finds tells whether a word of a text is one that the question asks for.
func (q *question) finds(word string) bool {
	for _, a := range analyses() {
		if _, asked := q.places[termKey{field: a.scored, text: a.term(word)}]; asked {
			return true
		}
	}
	return false
}
