package search

import (
	"context"
	"errors"
	"math"

	index "github.com/blevesearch/bleve_index_api"
)

// The parameters of BM25, those that the literature found to suit most texts.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// tally adds up, by bleve's numbers of documents, what a search finds. Tallies are large and are used again: between
// searches all is zero.
type tally struct {
	scores  []float64
	leaves  []leafSet
	titles  []float64 // what part of the question titles have
	titled  []uint64  // the documents whose titles have any
	touched []uint64  // the documents with any leaf, and others that were asked for
	shown   []uint64  // room for those that are found
	kept    *unpackedLists
	norms   norms
	apart   []apart
}

// apart are documents that are counted for the words of a phrase, which do not stand together in them.
type apart struct {
	leaf int
	docs docSet
}

// prepare makes room for so many documents.
func (t *tally) prepare(documents uint64) {
	if uint64(len(t.scores)) < documents {
		t.scores = make([]float64, documents)
		t.leaves = make([]leafSet, documents)
		t.titles = make([]float64, documents)
	}
}

// clear undoes what a search has written.
func (t *tally) clear() {
	for _, doc := range t.touched {
		t.scores[doc], t.leaves[doc] = 0, 0
	}
	for _, doc := range t.titled {
		t.titles[doc] = 0
	}
	t.touched, t.titled, t.apart = t.touched[:0], t.titled[:0], nil
}

// mark notes that a document has leaves.
func (t *tally) mark(doc uint64, leaves leafSet) {
	if t.leaves[doc] == 0 {
		t.touched = append(t.touched, doc)
	}
	t.leaves[doc] |= leaves
}

// count adds up what all leaves of a question find. It fails when the context is done.
func (t *tally) count(ctx context.Context, r index.IndexReader, q *question, p progress, documents uint64) error {
	for i := range q.terms {
		term := &q.terms[i]
		if err := t.addTerm(ctx, r, term, p.Volumes[term.analysis.name], nil); err != nil {
			return err
		}
	}
	for i, l := range q.leaves {
		if l.isWord() && !l.negative {
			continue // its terms are counted
		}
		add := t.addLeaf
		if isPhrase(l) {
			add = t.addPhrase
		}
		if err := add(finder{ctx: ctx, reader: r, question: q, set: newDocSet(documents)}, p, i); err != nil {
			return err
		}
	}
	if q.root != nil && q.root.holds(0, false) {
		if err := t.addAll(r); err != nil {
			return err
		}
	}
	for _, a := range t.apart { // only now: each document is touched once
		for doc := range a.docs.all() {
			t.leaves[doc] &^= 1 << a.leaf
		}
	}
	if err := t.weighTitles(ctx, r, q, p); err != nil {
		return err
	}
	return t.weighKinds(ctx, r)
}

// addLeaf marks the documents of a leaf that is neither a plain word nor a phrase. What is looked for in texts counts for
// being rare.
func (t *tally) addLeaf(f finder, p progress, i int) error {
	l := f.question.leaves[i]
	if err := f.find(l); err != nil {
		return err
	}
	weight := 0.
	if l.isText() && !l.negative {
		weight = rarity(float64(f.set.size()), float64(p.documents()))
	}
	for doc := range f.set.all() {
		t.mark(doc, 1<<i)
		t.scores[doc] += weight
	}
	return nil
}

// addPhrase marks the documents of a phrase. Its words count as words do, and so they do in documents that have them in
// other places.
func (t *tally) addPhrase(f finder, p progress, i int) error {
	l := f.question.leaves[i]
	together, counted, err := f.phrase(l)
	if err != nil {
		return err
	}
	if l.negative || f.question.root.needs(i) {
		counted = together // no others are found, or none are scored
	}
	for doc := range counted.all() {
		t.mark(doc, 1<<i)
	}
	if l.negative {
		return nil
	}
	for _, word := range l.words {
		for _, a := range f.question.analyses {
			if a.isStop(word) {
				continue
			}
			term := askedTerm{analysis: a, text: a.term(word), weight: 1, leaves: 1 << i}
			if err := t.addTerm(f.ctx, f.reader, &term, p.Volumes[a.name], counted); err != nil {
				return err
			}
		}
	}
	counted.remove(together)
	t.apart = append(t.apart, apart{leaf: i, docs: counted})
	return nil
}

// addAll adds the documents that have nothing of what is asked: some questions ask for them.
func (t *tally) addAll(r index.IndexReader) (err error) {
	ids, err := r.DocIDReaderAll()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ids.Close()) }()
	for {
		id, err := ids.Next()
		if err != nil || id == nil {
			return err
		}
		if doc := id.Value(); t.leaves[doc] == 0 {
			t.touched = append(t.touched, doc)
		}
	}
}

// addTerm adds the BM25 scores of a term, of the documents within a set, and notes how many documents have it.
func (t *tally) addTerm(ctx context.Context, r index.IndexReader, term *askedTerm, v volume, within docSet) error {
	found, err := openPostings(ctx, r, term.analysis.scored, term.text)
	if err != nil {
		return err
	}
	term.documents = found.count()
	weight := term.weight * rarity(float64(term.documents), float64(v.Documents)) * (bm25K1 + 1)
	t.norms.prepare(v.averageLength())
	add := func(d posting) {
		t.mark(d.doc, term.leaves)
		t.scores[d.doc] += weight * d.freq / (d.freq + t.norms.of(d.length))
	}
	if within != nil {
		return found.eachWithin(ctx, within, add)
	}
	return found.each(ctx, t.kept, add)
}

// norms are what BM25 sets against how often a text has a word, by the length of the text.
type norms struct {
	average float64
	known   []float64 // of lengths below maxKnownNorms
}

// maxKnownNorms bounds the lengths whose norms are reckoned once: most texts are shorter.
const maxKnownNorms = 1024

func (n *norms) prepare(average float64) {
	if n.average == average {
		return
	}
	n.average, n.known = average, n.known[:0]
	for length := range uint64(maxKnownNorms) {
		n.known = append(n.known, n.reckon(length))
	}
}

func (n *norms) of(length uint64) float64 {
	if length < uint64(len(n.known)) {
		return n.known[length]
	}
	return n.reckon(length)
}

func (n *norms) reckon(length uint64) float64 {
	return bm25K1 * (1 - bm25B + bm25B*float64(length)/n.average)
}

// rarity is BM25's inverse document frequency.
func rarity(having, all float64) float64 {
	return math.Log(1 + (all-having+.5)/(having+.5))
}
