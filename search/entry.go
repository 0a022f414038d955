package search

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/models"
)

// Fields beside those of the analyses and the facets, which have their own names.
const (
	fieldExtent = "extent" // stored: what the document adds to the volume of its analysis
)

// sortField is the field of places in an order.
func sortField(o Order) string { return "sort_" + string(o) }

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
	e.doc.AddField(newPlacedField(c.analysis.placed, placesOf(c.analysis.spelling, d.Title, d.Body)))
	e.addParts(d, c.analysis)
	for _, f := range Facets() {
		if values := d.values(f); len(values) > 0 {
			e.doc.AddField(newFlatField(string(f), once(values)))
		}
	}
	for _, o := range Orders() {
		if key := d.sortKey(o); key != "" {
			e.doc.AddField(newSortField(sortField(o), key))
		}
	}
	e.doc.AddField(newStoredField(fieldExtent, e.extent.encode()))
	return e
}

// addParts adds what is found by naming a part of the document.
func (e entry) addParts(d Document, a analysis) {
	for _, part := range textParts() {
		places := placesOf(func(word string) string { return word }, d.text(part))
		if len(places) == 0 {
			continue
		}
		c := newCounter(a)
		c.count(d.text(part), 1)
		e.doc.AddField(newFlatField(a.inField(string(part)), c.terms))
		e.doc.AddField(newPlacedField(spelledIn(part), places))
	}
}

// once counts each of some terms as one.
func once(terms []string) map[string]int {
	counts := make(map[string]int, len(terms))
	for _, t := range terms {
		counts[t] = 1
	}
	return counts
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
