package search

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/search/syntax"
)

// isPhrase tells whether a leaf is more than its words.
func isPhrase(l leaf) bool { return l.node.Op == syntax.OpPhrase }

// partBody is the part of a document's texts that no field of the query language names.
const partBody syntax.Field = "body"

// textParts are the parts of documents whose texts are kept for phrases.
func textParts() []syntax.Field {
	parts := []syntax.Field{partBody}
	for _, f := range syntax.Fields() {
		if f.Text {
			parts = append(parts, f.Field)
		}
	}
	return parts
}

// keptText is how a text is kept: its folded words with a space before, between and after them, lines apart.
func keptText(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		n := b.Len()
		for t := range tokens(line) {
			b.WriteString(" " + t.word)
		}
		if b.Len() > n {
			b.WriteString(" \n")
		}
	}
	return b.String()
}

// foldLine is the folded words of a text with a space between them.
func foldLine(text string) string {
	var words []string
	for t := range tokens(text) {
		words = append(words, t.word)
	}
	return strings.Join(words, " ")
}

// phrase is what a leaf looks for in texts as they are kept.
func (l leaf) phrase() string { return " " + strings.Join(l.words, " ") + " " }

// looksIn tells whether a leaf's phrase may stand in a part of a document.
func (l leaf) looksIn(part syntax.Field) bool {
	if l.node.Field != "" {
		return part == l.node.Field
	}
	return part == partBody || part == syntax.FieldTitle
}

// hasPhrase looks for the phrase of a leaf in what is kept of a document, by part.
func (l leaf) hasPhrase(kept map[syntax.Field]string) bool {
	for part, text := range kept {
		if l.looksIn(part) && strings.Contains(text, l.phrase()) {
			return true
		}
	}
	return false
}

// texts looks for the phrases of a question in what is kept of documents.
type texts struct {
	segments []*scorch.SegmentSnapshot
	leaves   []leaf
	phrases  [][]byte // of the leaves
}

func newTexts(r index.IndexReader, q *question) (texts, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return texts{}, fmt.Errorf("a reader of scorch is needed, this is %T", r)
	}
	t := texts{segments: snapshot.Segments(), leaves: q.leaves, phrases: make([][]byte, len(q.leaves))}
	for i, l := range q.leaves {
		t.phrases[i] = []byte(l.phrase())
	}
	return t, nil
}

// visit shows what is kept of a document, part by part, until it has been enough. The bytes are only lent.
func (t texts) visit(doc uint64, show func(part syntax.Field, text []byte) (goOn bool)) error {
	for _, s := range t.segments {
		if n := uint64(s.FullSize()); doc >= n {
			doc -= n
			continue
		}
		return s.VisitDocument(doc, func(field string, _ byte, value []byte, _ []uint64) bool {
			part, ok := strings.CutPrefix(field, keptPrefix)
			return !ok || show(syntax.Field(part), value)
		})
	}
	return fmt.Errorf("no document %d", doc)
}

// settle looks at the texts of a document for the phrases that it may have, and gives the leaves that it has.
func (t texts) settle(doc uint64, have, maybe leafSet) (leafSet, error) {
	var found leafSet
	doubt := have & maybe
	err := t.visit(doc, func(part syntax.Field, text []byte) bool {
		for i, l := range t.leaves {
			if (doubt &^ found).has(i) && l.looksIn(part) && bytes.Contains(text, t.phrases[i]) {
				found |= 1 << i
			}
		}
		return found != doubt
	})
	return have &^ (doubt &^ found), err
}
