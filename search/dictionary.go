package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	index "github.com/blevesearch/bleve_index_api"
)

// dictionary is the vocabulary of the embedded engine: bleve's dictionaries. They also have words whose last document is
// gone.
type dictionary struct{ reader index.IndexReader }

var _ vocabulary = dictionary{}

// having implements vocabulary.
func (d dictionary) having(ctx context.Context, terms []askedTerm) ([]uint64, error) {
	counts := make([]uint64, len(terms))
	for i, t := range terms {
		var err error
		if counts[i], err = countDocuments(ctx, d.reader, t.analysis.scored, t.text); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// spelled implements vocabulary.
func (d dictionary) spelled(ctx context.Context, a analysis, word string) (uint64, error) {
	return countDocuments(ctx, d.reader, a.placed, word)
}

// beginning implements vocabulary.
func (d dictionary) beginning(ctx context.Context, a analysis, prefix string, limit int) ([]Completion, error) {
	return wordsWithPrefix(ctx, d.reader, a.placed, prefix, limit)
}

// like implements vocabulary. The first letter must be right: that bounds the work.
func (d dictionary) like(_ context.Context, a analysis, word string, slips int) (near []nearWord, err error) {
	fuzzy, ok := d.reader.(index.IndexReaderFuzzy)
	if !ok {
		return nil, errors.New("this version of bleve has no fuzzy dictionary")
	}
	_, first := utf8.DecodeRuneInString(word)
	dict, automaton, err := fuzzy.FieldDictFuzzyAutomaton(a.placed, word, slips, word[:first])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			return near, err
		}
		if _, n := automaton.MatchAndDistance(e.Term); n > 0 {
			near = append(near, nearWord{analysis: a, word: e.Term, slips: int(n)})
		}
	}
}

// wordsWithPrefix reads the most frequent words of a field that begin so. Counts may be a little high: they also have
// documents that are gone.
func wordsWithPrefix(ctx context.Context, r index.IndexReader, field, prefix string, limit int) (words []Completion, err error) {
	dict, err := r.FieldDictPrefix(field, []byte(prefix))
	if err != nil {
		return nil, fmt.Errorf("words that begin with %q: %w", prefix, err)
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			break
		}
		words = append(words, Completion{Word: e.Term, Documents: int(e.Count)})
	}
	slices.SortFunc(words, compareCompletions)
	return words[:min(len(words), limit)], ctx.Err()
}

// Complete implements Index.
func (e *Embedded) Complete(ctx context.Context, text string, limit int) ([]Completion, error) {
	r, done, err := e.read()
	if err != nil {
		return nil, fmt.Errorf("complete: %w", err)
	}
	defer done()
	p, err := readProgress(r)
	if err != nil {
		return nil, fmt.Errorf("complete: %w", err)
	}
	words, err := complete(ctx, dictionary{r}, text, analysesOf(p), limit)
	if err != nil {
		return nil, fmt.Errorf("complete %q: %w", text, err)
	}
	return words, nil
}
