package search

import (
	"strings"

	"github.com/blevesearch/go-porterstemmer"
)

// stopMark begins the terms of stop words. Words are letters and digits, so that no other term begins with it: "others"
// is stemmed to "other", which must not count as the stop word.
const stopMark = "="

// analysis says by which terms words are found in texts of one kind. Each analysis has fields of its own, so that how
// rare a word is and how long texts are is counted among texts of the same kind.
//
// Stop words are indexed under marked terms, so that "to be or not to be" can be found. They count neither in the length
// of a text nor, beside other words, in a query.
type analysis struct {
	name    string
	scored  string // field of the terms that searches score
	spelled string // field of the words as they are spelled, for typos: scored itself where nothing is stemmed
	stem    func(word string) string
	isStop  func(word string) bool
}

func englishAnalysis() analysis {
	return analysis{name: "en", scored: "all_en", spelled: "words_en", stem: stemEnglish, isStop: isEnglishStopWord}
}

// plainAnalysis serves every language that has no analysis of its own.
func plainAnalysis() analysis {
	return analysis{
		name: "und", scored: "all_und", spelled: "all_und",
		stem:   func(word string) string { return word },
		isStop: func(string) bool { return false },
	}
}

// analyses are all there are: a query is asked in each, as its language is not known.
func analyses() []analysis {
	return []analysis{englishAnalysis(), plainAnalysis()}
}

// analysisFor chooses by a BCP 47 tag. Text of unknown language is taken for English.
func analysisFor(language string) analysis {
	primary, _, _ := strings.Cut(strings.ReplaceAll(language, "_", "-"), "-")
	if primary == "" || strings.EqualFold(primary, "en") {
		return englishAnalysis()
	}
	return plainAnalysis()
}

// term is what a folded word is indexed under.
func (a analysis) term(word string) string {
	if a.isStop(word) {
		return stopMark + word
	}
	return a.stem(word)
}

// stemEnglish is Porter's stemmer. Words with digits or foreign letters have no English endings and stay.
func stemEnglish(word string) string {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return word
		}
	}
	return string(porterstemmer.StemWithoutLowerCasing([]rune(word)))
}
