package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// The policy on words that begin so.
const (
	minTypedLetters = 2    // while typing: one letter would be half a dictionary
	maxTypedWords   = 20   // while typing: the most frequent
	maxPrefixWords  = 1000 // of word*: the most frequent; no prefix of two letters has that many in a library of prose
)

// understand makes the question of a query with the words of an index.
func understand(ctx context.Context, r index.IndexReader, q Query, p progress) (*question, error) {
	asked := ask(q.Text, analysesOf(p))
	if q.Typing {
		if err := asked.finish(ctx, r); err != nil {
			return nil, err
		}
	}
	return asked, asked.mend(ctx, r)
}

// finish adds the words that the last one may be the beginning of.
func (q *question) finish(ctx context.Context, r index.IndexReader) error {
	i, ok := q.lastWord()
	if !ok {
		return nil
	}
	for _, a := range q.analyses {
		words, err := wordsWithPrefix(ctx, r, a.spelled, q.leaves[i].words[0], maxTypedWords)
		if err != nil {
			return err
		}
		for _, w := range words {
			if w.Word != q.leaves[i].words[0] {
				q.add(a, w.Word, typoWeight, i)
			}
		}
	}
	return nil
}

// mend adds words of the index for those that it lacks.
func (q *question) mend(ctx context.Context, r index.IndexReader) error {
	known, err := q.known(ctx, r)
	if err != nil {
		return err
	}
	for i, l := range q.leaves {
		if !l.isWord() || l.negative || known.has(i) || q.analyses.isStop(l.words[0]) {
			continue
		}
		near, err := nearWords(ctx, r, q.analyses, l.words[0])
		if err != nil {
			return err
		}
		for _, n := range near {
			q.add(n.analysis, n.word, typoWeight*float64(l.count), i)
		}
		if len(near) > 0 {
			q.leaves[i].meant = near[0].word
		}
	}
	return nil
}

// known tells which words the index has, by any of their terms.
func (q *question) known(ctx context.Context, r index.IndexReader) (leafSet, error) {
	var known leafSet
	for _, t := range q.terms {
		n, err := countDocuments(ctx, r, t.analysis.scored, t.text)
		if err != nil {
			return 0, err
		}
		if n > 0 {
			known |= t.leaves
		}
	}
	return known, nil
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

func compareCompletions(a, b Completion) int {
	return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Word, b.Word))
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
	q := ask(text, analysesOf(p))
	i, ok := q.lastWord()
	if !ok || limit <= 0 {
		return nil, nil
	}
	words, err := completions(ctx, r, q.analyses, q.leaves[i].words[0], limit)
	if err != nil {
		return nil, fmt.Errorf("complete %q: %w", text, err)
	}
	return words, nil
}

// completions adds up what the analyses have.
func completions(ctx context.Context, r index.IndexReader, as analyses, prefix string, limit int) ([]Completion, error) {
	counts := make(map[string]int)
	for _, a := range as {
		words, err := wordsWithPrefix(ctx, r, a.spelled, prefix, limit*2) // some of them may be gone
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			n, err := countDocuments(ctx, r, a.spelled, w.Word)
			if err != nil {
				return nil, err
			}
			counts[w.Word] += int(n)
		}
	}
	var all []Completion
	for word, n := range counts {
		if n > 0 {
			all = append(all, Completion{Word: word, Documents: n})
		}
	}
	slices.SortFunc(all, compareCompletions)
	return all[:min(len(all), limit)], nil
}
