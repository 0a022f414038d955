package search

import (
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// Titles of documents whose terms are too few to stand in them are not looked at, which changes no score.
func TestTitlesAreWeighedWhereTermsMayStand(t *testing.T) {
	p := newProgress()
	p.Volumes = map[string]volume{englishName: {Documents: 100, Words: 5000}, "de": {Documents: 50, Words: 2000}}
	i := &inquiry{
		meiliSnapshot: &meiliSnapshot{progress: p}, translation: translation{question: ask("old maps karten", analysesOf(p))},
	}
	for _, tt := range []struct {
		language, title, body string
		looked, bonus         bool
	}{
		{"en", "The map", "of a town", true, true},
		{"en", "Old maps, old towns", "and their makers", true, true},
		{"en", "Towns", "a map of a map", true, false},
		{"en", "Towns", "a map of old", false, false},
		{"en", "Towns", "of the sea", false, false},
		{"de", "Karte", "der Stadt", true, true},
		{"de", "Stadt", "und Karte", false, false},
		{"en", "Karten", "for a game", true, true},
	} {
		d := Document{Ref: models.Ref{Type: models.KindSection, ID: "a"}, Language: tt.language, Title: tt.title, Body: tt.body}
		score := func(look bool) *ranked {
			doc := meiliDocument(d)
			r := &ranked{meiliHit: meiliHit{
				analysis: doc[fieldAnalysis].(string), length: doc[fieldLength].(int), stems: []byte(doc[fieldStems].(string)), title: d.Title,
			}}
			counts := make([]uint64, len(i.terms))
			for n, term := range i.terms {
				counts[n] = uint64(n + 1)
				r.addTerm(term, counts[n], p.Volumes[term.analysis.name], i.leaves)
			}
			before := r.score
			if r.mayBeTitled != tt.looked {
				t.Errorf("%s, %s: looked at is %t, want %t", tt.title, tt.body, r.mayBeTitled, tt.looked)
			}
			r.mayBeTitled = r.mayBeTitled || look
			i.weighTitles([]*ranked{r}, i.terms, counts)
			if got := r.score > before; got != tt.bonus {
				t.Errorf("%s, %s: a bonus is %t, want %t", tt.title, tt.body, got, tt.bonus)
			}
			return r
		}
		if got, want := score(false).score, score(true).score; got != want {
			t.Errorf("%s, %s: score %g, want %g", tt.title, tt.body, got, want)
		}
	}
}
