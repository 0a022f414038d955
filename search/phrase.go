package search

import (
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

// hasPhrase looks for the phrase of a leaf in what is kept of a document, by part.
func (l leaf) hasPhrase(kept map[syntax.Field]string) bool {
	phrase := " " + strings.Join(l.words, " ") + " "
	if l.node.Field != "" {
		return strings.Contains(kept[l.node.Field], phrase)
	}
	return strings.Contains(kept[partBody], phrase) || strings.Contains(kept[syntax.FieldTitle], phrase)
}

// texts reads what is kept of documents.
type texts struct {
	segments []*scorch.SegmentSnapshot
}

func newTexts(r index.IndexReader) (texts, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return texts{}, fmt.Errorf("a reader of scorch is needed, this is %T", r)
	}
	return texts{segments: snapshot.Segments()}, nil
}

// of reads what is kept of a document.
func (t texts) of(doc uint64) (map[syntax.Field]string, error) {
	for _, s := range t.segments {
		if n := uint64(s.FullSize()); doc >= n {
			doc -= n
			continue
		}
		kept := make(map[syntax.Field]string)
		err := s.VisitDocument(doc, func(field string, _ byte, value []byte, _ []uint64) bool {
			if part, ok := strings.CutPrefix(field, keptPrefix); ok {
				kept[syntax.Field(part)] = string(value)
			}
			return true
		})
		return kept, err
	}
	return nil, fmt.Errorf("no document %d", doc)
}

// settle looks at the texts of a document for the phrases that it may have, and gives the leaves that it has.
func (t texts) settle(q *question, doc uint64, have, maybe leafSet) (leafSet, error) {
	kept, err := t.of(doc)
	if err != nil {
		return 0, err
	}
	for i, l := range q.leaves {
		if (have & maybe).has(i) && !l.hasPhrase(kept) {
			have &^= 1 << i
		}
	}
	return have, nil
}
