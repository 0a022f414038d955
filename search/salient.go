package search

import (
	"cmp"
	"slices"
	"strings"
)

// titleSalience is how many times a word of the title counts when a text is to be told by a few words.
const titleSalience = 3

// Salient gives the words that a document has most, as a query for documents like it. Stop words are none of them; how
// rare the others are is for the index to judge.
func Salient(d Document, limit int) string {
	a := analysisFor(d.Language)
	counts := make(map[string]int)
	spelled := make(map[string]string) // a word for each stem
	count := func(text string, weight int) {
		for t := range tokens(text) {
			if a.isStop(t.word) || len(t.word) < minTypedLetters {
				continue
			}
			stem := a.term(t.word)
			counts[stem] += weight
			if have, ok := spelled[stem]; !ok || len(t.word) < len(have) {
				spelled[stem] = t.word
			}
		}
	}
	count(d.Title, titleSalience)
	count(d.Body, 1)
	words := make([]string, 0, len(counts))
	for stem := range counts {
		words = append(words, stem)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	words = words[:min(len(words), limit)]
	for i, stem := range words {
		words[i] = spelled[stem]
	}
	return strings.Join(words, " ")
}

// ReplaceLastWord puts a word in the place of the last one of a text.
func ReplaceLastWord(text, word string) string {
	last := token{start: len(text), end: len(text)}
	for t := range tokens(text) {
		last = t
	}
	return text[:last.start] + word + text[last.end:]
}
