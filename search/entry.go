package search

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/models"
)

// Fields beside those of the analyses.
const (
	fieldType   = "type"
	fieldCourse = "course"
	fieldExtent = "extent" // stored: what the document adds to the volume of its analysis
)

// titleWeight is how often a word of the title counts.
const titleWeight = 2

// entry is a document as bleve takes it.
type entry struct {
	doc    *document.Document
	extent extent
}

// extent is a document's part in the volume of its analysis.
type extent struct {
	analysis string
	length   int // in words, stop words left out
}

// keyOf is bleve's name for a document.
func keyOf(ref models.Ref) string {
	return string(ref.Type) + "/" + string(ref.ID)
}

// refOf undoes keyOf.
func refOf(key string) models.Ref {
	kind, id, _ := strings.Cut(key, "/")
	return models.Ref{Type: models.Kind(kind), ID: models.ID(id)}
}

// newEntry analyses a document. Title and body are one field: scored apart, short titles drown the rest.
func newEntry(d Document) entry {
	c := newCounter(analysisFor(d.Language))
	c.count(d.Title, titleWeight)
	c.count(d.Body, 1)

	e := entry{doc: document.NewDocument(keyOf(d.Ref)), extent: extent{analysis: c.analysis.name, length: c.length}}
	e.doc.AddField(newCountedField(c.analysis.scored, c.terms, c.length))
	if c.analysis.spelled != c.analysis.scored {
		e.doc.AddField(newFlatField(c.analysis.spelled, c.words))
	}
	e.doc.AddField(newFlatField(fieldType, map[string]int{string(d.Ref.Type): 1}))
	if d.Course != "" {
		e.doc.AddField(newFlatField(fieldCourse, map[string]int{string(d.Course): 1}))
	}
	e.doc.AddField(newStoredField(fieldExtent, e.extent.encode()))
	return e
}

// counter counts the words of a text.
type counter struct {
	analysis analysis
	terms    map[string]int
	words    map[string]int // without stop words
	length   int
}

func newCounter(a analysis) *counter {
	return &counter{analysis: a, terms: make(map[string]int), words: make(map[string]int)}
}

func (c *counter) count(text string, weight int) {
	for t := range tokens(text) {
		c.terms[c.analysis.term(t.word)] += weight
		if !c.analysis.isStop(t.word) {
			c.words[t.word] += weight
			c.length += weight
		}
	}
}

func (x extent) encode() string {
	return fmt.Sprintf("%s %d", x.analysis, x.length)
}

// storedExtent reads the extent of a document that the index holds; found is false when it holds none.
func storedExtent(r index.IndexReader, key string) (x extent, found bool, err error) {
	doc, err := r.Document(key)
	if err != nil || doc == nil {
		return extent{}, false, err
	}
	var text string
	doc.VisitFields(func(f index.Field) {
		if f.Name() == fieldExtent {
			text = string(f.Value())
		}
	})
	name, length, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(length)
	if err != nil {
		return extent{}, false, fmt.Errorf("extent of %s: %w", key, err)
	}
	return extent{analysis: name, length: n}, true, nil
}
