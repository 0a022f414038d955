package search

import (
	"slices"
	"strings"

	"github.com/blevesearch/go-porterstemmer"
)

// stopMark begins the terms of stop words. Words are letters and digits, so that no other term begins with it: "others"
// is stemmed to "other", which must not count as the stop word.
const stopMark = "="

// analysis says by which terms words are found in texts of one language. Each analysis has fields of its own, so that how
// rare a word is and how long texts are is counted among texts of the same language.
//
// Stop words are indexed under marked terms, so that "to be or not to be" can be found. They count neither in the length
// of a text nor, beside other words, in a query.
type analysis struct {
	name    string
	scored  string // field of the terms that searches score
	spelled string // Meilisearch's field of the words as they are spelled, for typos: scored itself where nothing is stemmed
	placed  string // the embedded engine's, which tells where they stand too, for phrases
	stem    func(word string) string
	isStop  func(word string) bool
}

// The names of the analyses that always are.
const (
	englishName = "en"
	plainName   = "und"
)

func englishAnalysis() analysis {
	return analysis{name: englishName, scored: "all_en", spelled: "words_en", placed: "words_en", stem: stemEnglish, isStop: isEnglishStopWord}
}

// plainAnalysis serves every language that has no analysis of its own.
func plainAnalysis() analysis {
	return analysis{
		name: plainName, scored: "all_und", spelled: "all_und", placed: "words_und",
		stem:   func(word string) string { return word },
		isStop: func(string) bool { return false },
	}
}

// analysisNamed gives an analysis by its name.
func analysisNamed(name string) analysis {
	if name == englishName {
		return englishAnalysis()
	}
	if l, ok := snowballLanguage(name); ok {
		words := "words_" + name
		return analysis{name: name, scored: "all_" + name, spelled: words, placed: words, stem: l.stemWord, isStop: l.isStop}
	}
	return plainAnalysis()
}

// analysisFor chooses by a BCP 47 tag. Text of unknown language is taken for English.
func analysisFor(language string) analysis {
	primary, _, _ := strings.Cut(strings.ReplaceAll(language, "_", "-"), "-")
	if primary == "" {
		return englishAnalysis()
	}
	return analysisNamed(strings.ToLower(primary))
}

// inField is the field of an analysis for the terms of one part of documents.
func (a analysis) inField(part string) string { return part + "_" + a.name }

// analyses are those of an index, the one with the most documents first: a query is asked in each, as its language is
// not known.
type analyses []analysis

// analysesOf gives the analyses that documents of an index have. An empty index has the English one.
func analysesOf(p progress) analyses {
	var names []string
	for name, v := range p.Volumes {
		if v.Documents > 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return analyses{englishAnalysis()}
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := p.Volumes[b].Documents - p.Volumes[a].Documents; d != 0 {
			return int(d)
		}
		return strings.Compare(a, b)
	})
	out := make(analyses, len(names))
	for i, name := range names {
		out[i] = analysisNamed(name)
	}
	return out
}

// isStop tells whether a word is a stop word in the language that most documents have.
func (as analyses) isStop(word string) bool { return as[0].isStop(word) }

// term is what a folded word is indexed under.
func (a analysis) term(word string) string {
	if a.isStop(word) {
		return stopMark + word
	}
	return a.stem(word)
}

// spelling is what a folded word is found under as it is spelled.
func (a analysis) spelling(word string) string {
	if a.isStop(word) {
		return stopMark + word
	}
	return word
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
