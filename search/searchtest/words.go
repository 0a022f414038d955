package searchtest

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// factsOfWords are about which texts a word finds.
func factsOfWords() map[string]func(*testing.T, search.Index) {
	return map[string]func(*testing.T, search.Index){
		"a word finds title and body": func(t *testing.T, idx search.Index) {
			put(t, idx, section("title", "Mentoring", "of youth"), section("body", "Youth", "and mentoring"), section("none", "Maps", "of towns"))
			wantFound(t, idx, "mentoring", "body", "title")
		},
		"endings of English words don't matter": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "connected learning"), section("b", "", "connections for learners"))
			for _, text := range []string{"connect", "connecting", "Connections"} {
				wantFound(t, idx, text, "a", "b")
			}
		},
		"accents and case don't matter": func(t *testing.T, idx search.Index) {
			put(t, idx, section("composed", "", "a café"), section("decomposed", "", "a cafe\u0301"), section("plain", "", "THE CAFE"))
			for _, text := range []string{"café", "CAFE\u0301", "cafe"} {
				wantFound(t, idx, text, "composed", "decomposed", "plain")
			}
		},
		"letters that are spelled in two ways are one": func(t *testing.T, idx search.Index) {
			put(t, idx, inLanguage(section("de", "", "Die Straße"), "de"))
			wantFound(t, idx, "strasse", "de")
		},
		"every script has words": func(t *testing.T, idx search.Index) {
			put(t, idx, inLanguage(section("ru", "", "Публичная библиотека"), "ru"), inLanguage(section("el", "", "ΒΙΒΛΙΟΘΗΚΕΣ"), "el"),
				inLanguage(section("hi", "", "पुस्तकालय का नाम"), "hi"))
			wantFound(t, idx, "БИБЛИОТЕКА", "ru")
			wantFound(t, idx, "βιβλιοθηκες", "el")
			wantFound(t, idx, "पुस्तकालय", "hi")
		},
		"one query finds texts of all languages": func(t *testing.T, idx search.Index) {
			put(t, idx, inLanguage(section("en", "", "two museums"), "en-GB"), inLanguage(section("none", "", "museums of art"), ""),
				inLanguage(section("pl", "", "museums"), "pl"), inLanguage(section("cs", "", "Museum"), "cs-CZ"))
			wantFound(t, idx, "museums", "en", "none", "pl")
			wantFound(t, idx, "museum", "cs", "en", "none")
		},
		"endings don't matter in the languages that have an analysis": func(t *testing.T, idx search.Index) {
			put(t, idx, inLanguage(section("de", "", "Die Büchereien der Städte"), "de-AT"), inLanguage(section("es", "", "las bibliotecas públicas"), "es"),
				inLanguage(section("fr", "", "les bibliothèques municipales"), "fr-CA"), inLanguage(section("it", "", "le biblioteche"), "it"),
				inLanguage(section("nl", "", "de bibliotheken"), "nl"), inLanguage(section("pt", "", "as bibliotecas digitais"), "pt-BR"))
			for text, want := range each(map[string][]models.ID{
				"Bücherei": {"de"}, "pública": {"es"}, "bibliothèque municipale": {"fr"}, "biblioteca": {"es", "it", "pt"}, "bibliotheek": {"nl"},
			}) {
				wantFound(t, idx, text, want...)
			}
		},
		"stop words are those of the language that most documents have": func(t *testing.T, idx search.Index) {
			put(t, idx, inLanguage(section("a", "", "das Wetter der Stadt"), "de"), inLanguage(section("b", "", "die Karte"), "de"), section("c", "", "to die"))
			got := ask(t, idx, search.Query{Text: "die Karte"})
			wantEqual(t, "hits", ids(got), []models.ID{"b"})
			wantEqual(t, "ignored", got.Ignored, []string{"die"})
		},
		"stop words beside other words are ignored": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "the history of the book"), section("b", "", "what is the matter with the weather"))
			got := ask(t, idx, search.Query{Text: "What is the history"})
			wantEqual(t, "hits", ids(got), []models.ID{"a"})
			wantEqual(t, "words", got.Words, []string{"history"})
			wantEqual(t, "ignored", got.Ignored, []string{"What", "is", "the"})
		},
		"stop words alone are looked for": func(t *testing.T, idx search.Index) {
			put(t, idx, section("hamlet", "", "To be or not to be"), section("other", "", "Weather maps"))
			got := ask(t, idx, search.Query{Text: "to be or not"})
			wantEqual(t, "hits", ids(got), []models.ID{"hamlet"})
			wantEqual(t, "words", got.Words, []string{"to", "be", "or", "not"})
			wantEqual(t, "ignored", got.Ignored, nil)
		},
		"a word with the stem of a stop word is none": func(t *testing.T, idx search.Index) {
			put(t, idx, section("stop", "", "the other book"), section("word", "", "helping others"))
			wantFound(t, idx, "others", "word")
		},
		"a typo finds the word that was meant": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "mentoring programs"), section("b", "", "weather"))
			for _, text := range []string{"mentorng", "metnoring", "mentooring", "mentpring"} {
				wantFound(t, idx, text, "a")
			}
		},
		"long words may have two typos": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "a bibliography"))
			wantFound(t, idx, "bibliogrpahi", "a")
		},
		"short words, first letters and numbers are not corrected": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "maps of 20190 towns, and bibliographies"))
			for _, text := range []string{"mops", "20180", "pibliographies"} {
				wantFound(t, idx, text)
			}
		},
		"a word that exists is not taken for a typo": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "reading"), section("b", "", "leading"), section("c", "", "readiny"))
			wantFound(t, idx, "readiny", "c")
		},
		"words of deleted documents are no corrections, and hide none": func(t *testing.T, idx search.Index) {
			put(t, idx, section("gone", "", "mentorings"), section("a", "", "mentorixgs"))
			apply(t, idx, search.Batch{Delete: []models.Ref{{Type: models.KindSection, ID: "gone"}}, Revision: 2})
			wantFound(t, idx, "mentorinqs", "a")
		},
		"every string is a legal query": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "title", "body"))
			for _, text := range []string{
				"", " ", "\x00", "\xff\xfe", "\"", "(((", "AND OR NOT", "title:", "*", "?", "~2", "a\\", "-", "[1 TO 2]", "=the", "💥", "\u037a",
				"\u0301", strings.Repeat("x", 5000), strings.Repeat("word ", 5000), strings.Repeat("é", 300),
			} {
				ask(t, idx, search.Query{Text: text})
			}
		},
		"every string is a legal document": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "\x00\xff", strings.Repeat("x", 100_000)), section("b", "", ""), section("c", "the", "of the"))
			wantRefs(t, idx, "a", "b", "c")
			wantFound(t, idx, strings.Repeat("x", 500), "a")
		},
	}
}
