package search

import (
	"strings"

	"github.com/lectern-cms/lectern/search/syntax"
)

// isPhrase tells whether a leaf is more than its words.
func isPhrase(l leaf) bool { return l.node.Op == syntax.OpPhrase }

// partBody is the part of a document's texts that no field of the query language names.
const partBody syntax.Field = "body"

// textParts are the parts of documents that phrases are looked for in.
func textParts() []syntax.Field {
	parts := []syntax.Field{partBody}
	for _, f := range syntax.Fields() {
		if f.Text {
			parts = append(parts, f.Field)
		}
	}
	return parts
}

// keptPrefix begins the names of the fields in which Meilisearch keeps the texts of parts, for phrases.
const keptPrefix = "kept_"

// keptText is how a text is kept there: its folded words with a space before, between and after them, lines apart.
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
