package search

import (
	"context"
	"math/bits"

	index "github.com/blevesearch/bleve_index_api"
)

// typoWeight is what a word counts that is only like the one asked for. Misspelt words are rare, and rare words weigh
// most.
const typoWeight = 0.6

// wordSet is a set of a query's words, a bit for each in the order of asking.
type wordSet uint64

// A wordSet must have room for every word of a query.
const _ = uint(64 - MaxQueryWords)

// allWords is the set of the first n words.
func allWords(n int) wordSet {
	return wordSet(1)<<n - 1 // n = 64 shifts everything out, and 0-1 has all bits
}

func (s wordSet) has(i int) bool { return s>>i&1 == 1 }
func (s wordSet) size() int      { return bits.OnesCount64(uint64(s)) }

// question is a query's text, understood.
type question struct {
	words   []askedWord
	ignored []string // as typed
	terms   []askedTerm
	places  map[termKey]int // of terms
}

// askedWord is a distinct word of a query.
type askedWord struct {
	word  string // folded
	typed string // as typed first
	count int
}

// askedTerm is a term to look up, and the words that it stands for. Two words may share a stem.
type askedTerm struct {
	analysis analysis
	text     string
	weight   float64 // how often it is asked, less for what only resembles a word
	words    wordSet
}

type termKey struct{ field, text string }

// ask understands a text. Stop words count only when there are no other words.
func ask(text string) *question {
	words := distinctWords(text)
	hasContent := false
	for _, w := range words {
		hasContent = hasContent || !isEnglishStopWord(w.word)
	}
	q := &question{places: make(map[termKey]int)}
	for _, w := range words {
		if hasContent && isEnglishStopWord(w.word) || len(q.words) == MaxQueryWords {
			q.ignored = append(q.ignored, w.typed)
			continue
		}
		q.words = append(q.words, w)
	}
	for i, w := range q.words {
		for _, a := range analyses() {
			q.add(a, w.word, float64(w.count), i)
		}
	}
	return q
}

func distinctWords(text string) []askedWord {
	var words []askedWord
	places := make(map[string]int)
	for t := range tokens(text) {
		i, seen := places[t.word]
		if !seen {
			i = len(words)
			places[t.word] = i
			words = append(words, askedWord{word: t.word, typed: text[t.start:t.end]})
		}
		words[i].count++
	}
	return words
}

// add looks for the i-th word under the term of a spelling.
func (q *question) add(a analysis, spelling string, weight float64, i int) {
	key := termKey{field: a.scored, text: a.term(spelling)}
	place, there := q.places[key]
	if !there {
		place = len(q.terms)
		q.places[key] = place
		q.terms = append(q.terms, askedTerm{analysis: a, text: key.text})
	}
	q.terms[place].weight += weight
	q.terms[place].words |= 1 << i
}

// mend adds words of the index for those that it lacks.
func (q *question) mend(ctx context.Context, r index.IndexReader) error {
	known, err := q.known(ctx, r)
	if err != nil {
		return err
	}
	for i, w := range q.words {
		if known.has(i) || isEnglishStopWord(w.word) {
			continue
		}
		near, err := nearWords(ctx, r, w.word)
		if err != nil {
			return err
		}
		for _, n := range near {
			q.add(n.analysis, n.word, typoWeight*float64(w.count), i)
		}
	}
	return nil
}

// known tells which words the index has, by any of their terms.
func (q *question) known(ctx context.Context, r index.IndexReader) (wordSet, error) {
	var known wordSet
	for _, t := range q.terms {
		n, err := countDocuments(ctx, r, t.analysis.scored, t.text)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			known |= t.words
		}
	}
	return known, nil
}

// all is the set of all words.
func (q *question) all() wordSet {
	return allWords(len(q.words))
}

// typed gives the words of a set as they were typed, in the order of asking.
func (q *question) typed(s wordSet) []string {
	if s == 0 {
		return nil
	}
	typed := make([]string, 0, s.size())
	for i, w := range q.words {
		if s.has(i) {
			typed = append(typed, w.typed)
		}
	}
	return typed
}
