package search

import (
	"bytes"
	"strings"
	"sync"

	bleve "github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

// snowball is a language with a Snowball stemmer and a stop list. Words come folded, without accents, to both.
type snowball struct {
	stem  func(*snowballstem.Env) bool
	stops func() map[string]bool
}

// snowballLanguages are the languages beside English that have an analysis, by their BCP 47 codes.
var snowballLanguages = map[string]snowball{
	"de": {german.Stem, stopList(de.GermanStopWords)},
	"es": {spanish.Stem, stopList(es.SpanishStopWords)},
	"fr": {french.Stem, stopList(fr.FrenchStopWords)},
	"it": {italian.Stem, stopList(it.ItalianStopWords)},
	"nl": {dutch.Stem, stopList(nl.DutchStopWords)},
	"pt": {portuguese.Stem, stopList(pt.PortugueseStopWords)},
}

func snowballLanguage(name string) (snowball, bool) {
	l, ok := snowballLanguages[name]
	return l, ok
}

// stopList reads a list when it is first needed.
func stopList(data []byte) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		words := bleve.NewTokenMap()
		if err := words.LoadBytes(bytes.Clone(data)); err != nil {
			panic("search: a stop list of the program itself can't be read: " + err.Error())
		}
		folded := make(map[string]bool, len(words))
		for w := range words {
			folded[fold(w)] = true
		}
		return folded
	})
}

func (l snowball) isStop(word string) bool { return l.stops()[word] }

// stemWord leaves words with digits as they are, and those that the stemmer would leave nothing of.
func (l snowball) stemWord(word string) string {
	if strings.ContainsAny(word, "0123456789") {
		return word
	}
	env := snowballstem.NewEnv(word)
	l.stem(env)
	if env.Current() == "" {
		return word
	}
	return env.Current()
}
