package search

import (
	"cmp"
	"context"
	"slices"
)

// The policy on words that begin so.
const (
	minTypedLetters = 2    // while typing: one letter would be half a dictionary
	maxTypedWords   = 20   // while typing: the most frequent
	maxPrefixWords  = 1000 // of word*: the most frequent; no prefix of two letters has that many in a library of prose
)

// vocabulary is what an engine knows of the words of its index.
type vocabulary interface {
	// having counts, for each of some terms, the documents that have it.
	having(ctx context.Context, terms []askedTerm) ([]uint64, error)

	// beginning gives the most frequent words of an analysis, as spelled, that begin so. Counts may be a little high.
	beginning(ctx context.Context, a analysis, prefix string, limit int) ([]Completion, error)

	// like gives the words of an analysis that differ from one by a few slips, their documents not counted.
	like(ctx context.Context, a analysis, word string, slips int) ([]nearWord, error)

	// spelled counts the documents that have a word, as spelled. It is asked for words that the others gave.
	spelled(ctx context.Context, a analysis, word string) (uint64, error)
}

// understand makes the question of a query with the words of an index.
func understand(ctx context.Context, v vocabulary, q Query, as analyses) (*question, error) {
	asked := ask(q.Text, as)
	if q.Typing {
		if err := asked.finish(ctx, v); err != nil {
			return nil, err
		}
	}
	return asked, asked.mend(ctx, v)
}

// finish adds the words that the last one may be the beginning of.
func (q *question) finish(ctx context.Context, v vocabulary) error {
	i, ok := q.lastWord()
	if !ok {
		return nil
	}
	for _, a := range q.analyses {
		words, err := v.beginning(ctx, a, q.leaves[i].words[0], maxTypedWords)
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
func (q *question) mend(ctx context.Context, v vocabulary) error {
	known, err := q.known(ctx, v)
	if err != nil {
		return err
	}
	for i, l := range q.leaves {
		if !l.isWord() || l.negative || known.has(i) || q.analyses.isStop(l.words[0]) {
			continue
		}
		near, err := nearWords(ctx, v, q.analyses, l.words[0])
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
func (q *question) known(ctx context.Context, v vocabulary) (leafSet, error) {
	counts, err := v.having(ctx, q.terms)
	if err != nil {
		return 0, err
	}
	var known leafSet
	for i, t := range q.terms {
		if counts[i] > 0 {
			known |= t.leaves
		}
	}
	return known, nil
}

// complete gives the most frequent words that complete the last one of a text.
func complete(ctx context.Context, v vocabulary, text string, as analyses, limit int) ([]Completion, error) {
	q := ask(text, as)
	i, ok := q.lastWord()
	if !ok || limit <= 0 {
		return nil, nil
	}
	counts := make(map[string]int)
	for _, a := range q.analyses {
		words, err := v.beginning(ctx, a, q.leaves[i].words[0], limit*2) // some of them may be gone
		if err != nil {
			return nil, err
		}
		for _, w := range words {
			n, err := v.spelled(ctx, a, w.Word)
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

func compareCompletions(a, b Completion) int {
	return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Word, b.Word))
}
