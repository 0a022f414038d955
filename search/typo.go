package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

// The policy on typos, as measured: shorter words have too many neighbours, and so has everything with more slips.
const (
	oneSlipLetters  = 5
	twoSlipsLetters = 9
	maxNearWords    = 3 // the most frequent
)

// nearWord is a word of the index that differs from an asked one by a few slips: a letter wrong, missing or too many, or
// two letters swapped.
type nearWord struct {
	analysis  analysis
	word      string
	slips     int
	documents uint64
}

// nearWords finds the most frequent words with the fewest slips. The first letter must be right: that is where people
// seldom slip, and it bounds the work.
func nearWords(ctx context.Context, v vocabulary, as analyses, word string) ([]nearWord, error) {
	limit := allowedSlips(word)
	if limit == 0 {
		return nil, nil
	}
	var all []nearWord
	for _, a := range as {
		near, err := v.like(ctx, a, word, limit)
		if err != nil {
			return nil, fmt.Errorf("words like %q: %w", word, err)
		}
		all = append(all, near...)
	}
	for slips := 1; slips <= limit; slips++ {
		near, err := inUse(ctx, v, all, slips)
		if err != nil {
			return nil, fmt.Errorf("words like %q: %w", word, err)
		}
		if len(near) > 0 {
			slices.SortStableFunc(near, byFrequency)
			return near[:min(len(near), maxNearWords)], nil
		}
	}
	return nil, nil
}

func byFrequency(a, b nearWord) int {
	return cmp.Or(cmp.Compare(b.documents, a.documents), cmp.Compare(a.word, b.word))
}

// allowedSlips is 0 for words that may not be corrected. Digits are never slips: 2018 is not 2019.
func allowedSlips(word string) int {
	for _, r := range word {
		if unicode.IsNumber(r) {
			return 0
		}
	}
	switch n := utf8.RuneCountInString(word); {
	case n >= twoSlipsLetters:
		return 2
	case n >= oneSlipLetters:
		return 1
	}
	return 0
}

// inUse keeps the words with so many slips that documents have, and counts these.
func inUse(ctx context.Context, v vocabulary, all []nearWord, slips int) ([]nearWord, error) {
	var used []nearWord
	for _, n := range all {
		if n.slips != slips {
			continue
		}
		var err error
		if n.documents, err = v.spelled(ctx, n.analysis, n.word); err != nil {
			return nil, err
		}
		if n.documents > 0 {
			used = append(used, n)
		}
	}
	return used, nil
}
