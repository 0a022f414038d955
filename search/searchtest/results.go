package searchtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// factsOfResults are about what an answer says.
func factsOfResults() map[string]func(*testing.T, search.Index) {
	return map[string]func(*testing.T, search.Index){
		"a text without words has no hits": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "title", "body"))
			wantEqual(t, "answer", ask(t, idx, search.Query{Text: " …!? "}), search.Results{Revision: 1})
		},
		"any word is enough, and both counts are told": func(t *testing.T, idx search.Index) {
			put(t, idx, section("both", "", "library maps"), section("one", "", "library"), section("other", "", "maps"), section("none", "", "weather"))
			got := ask(t, idx, search.Query{Text: "library maps"})
			if got.Any != 3 || got.All != 1 || len(got.Hits) != 3 {
				t.Errorf("any %d, all %d, hits %d, want 3, 1, 3", got.Any, got.All, len(got.Hits))
			}
		},
		"all words can be asked for": func(t *testing.T, idx search.Index) {
			put(t, idx, section("both", "", "library maps"), section("one", "", "library"))
			got := ask(t, idx, search.Query{Text: "library maps", Match: search.MatchAll})
			wantEqual(t, "hits", ids(got), []models.ID{"both"})
			if got.Any != 2 || got.All != 1 {
				t.Errorf("any %d, all %d, want 2, 1", got.Any, got.All)
			}
		},
		"nothing has a word that the index lacks": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "library"))
			got := ask(t, idx, search.Query{Text: "library zzz"})
			if got.Any != 1 || got.All != 0 {
				t.Errorf("any %d, all %d, want 1, 0", got.Any, got.All)
			}
			wantHits(t, idx, search.Query{Text: "library zzz", Match: search.MatchAll})
		},
		"a hit with all words comes first": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "library"), section("b", "", "maps"), section("both", "", "library maps"))
			if got := ids(ask(t, idx, search.Query{Text: "library maps"})); len(got) != 3 || got[0] != "both" {
				t.Errorf("hits %v, want both first", got)
			}
		},
		"a hit tells which words it has, as they were typed": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "a café in the library"))
			got := ask(t, idx, search.Query{Text: "CAFE Libraries weather the CAFE"})
			wantEqual(t, "words", got.Words, []string{"CAFE", "Libraries", "weather"})
			wantEqual(t, "matched", got.Hits[0].Matched, []string{"CAFE", "Libraries"})
			wantEqual(t, "missing", got.Hits[0].Missing, []string{"weather"})
		},
		"a corrected word is matched as it was typed": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "mentoring"))
			wantEqual(t, "matched", ask(t, idx, search.Query{Text: "mentorng"}).Hits[0].Matched, []string{"mentorng"})
		},
		"words over the limit are ignored": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "w0 w63 w64"))
			var words []string
			for i := range search.MaxQueryWords + 2 {
				words = append(words, fmt.Sprint("w", i))
			}
			got := ask(t, idx, search.Query{Text: strings.Join(words, " ")})
			wantEqual(t, "ignored", got.Ignored, words[search.MaxQueryWords:])
			wantEqual(t, "matched", got.Hits[0].Matched, []string{"w0", "w63"})
		},
		"filters narrow hits and counts alike": func(t *testing.T, idx search.Index) {
			source := section("source", "", "library maps")
			source.Ref.Type = models.KindSource
			elsewhere := section("elsewhere", "", "library maps")
			elsewhere.Course = "other"
			put(t, idx, source, elsewhere, section("a", "", "library maps"), section("b", "", "library"))
			for name, tt := range each(map[string]struct {
				query    search.Query
				hits     []models.ID
				any, all int
			}{
				"type":     {search.Query{Filters: only(search.FacetType, "source")}, []models.ID{"source"}, 1, 1},
				"types":    {search.Query{Filters: only(search.FacetType, "source", "section")}, []models.ID{"a", "b", "elsewhere", "source"}, 4, 3},
				"course":   {search.Query{Filters: only(search.FacetCourse, "course")}, []models.ID{"a", "b", "source"}, 3, 2},
				"both":     {search.Query{Filters: append(only(search.FacetCourse, "course"), only(search.FacetType, "section")...)}, []models.ID{"a", "b"}, 2, 1},
				"all":      {search.Query{Filters: only(search.FacetCourse, "course"), Match: search.MatchAll}, []models.ID{"a", "source"}, 3, 2},
				"no match": {search.Query{Filters: only(search.FacetCourse, "nowhere")}, nil, 0, 0},
			}) {
				tt.query.Text = "library maps"
				wantHits(t, idx, tt.query, tt.hits...)
				if got := ask(t, idx, tt.query); got.Any != tt.any || got.All != tt.all {
					t.Errorf("%s: any %d, all %d, want %d, %d", name, got.Any, got.All, tt.any, tt.all)
				}
			}
		},
		"filters don't change scores": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "library"), section("b", "", "weather"))
			all := ask(t, idx, search.Query{Text: "library"})
			filtered := ask(t, idx, search.Query{Text: "library", Filters: append(only(search.FacetCourse, "course"), only(search.FacetType, "section")...)})
			wantEqual(t, "hits", filtered.Hits, all.Hits)
		},
		"pages join without gap or repetition, equal scores too": func(t *testing.T, idx search.Index) {
			for i := range 30 { // one at a time and out of order, as a site grows
				put(t, idx, section(models.ID(fmt.Sprintf("%02d", i*7%30)), "", "library "+strings.Repeat("maps ", i%3)))
			}
			whole := ids(ask(t, idx, search.Query{Text: "library"}))
			var joined []models.ID
			for offset := 0; offset < 35; offset += 4 {
				joined = append(joined, ids(ask(t, idx, search.Query{Text: "library", Offset: offset, Limit: 4}))...)
			}
			wantEqual(t, "pages", joined, whole)
			if len(whole) != 30 {
				t.Errorf("%d hits, want 30", len(whole))
			}
		},
		"no limit means no hits, but counts": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "library"))
			got, err := idx.Search(t.Context(), search.Query{Text: "library"})
			if err != nil || got.Any != 1 || len(got.Hits) != 0 {
				t.Errorf("any %d, hits %v, error %v, want 1, none, none", got.Any, got.Hits, err)
			}
		},
		"pages that can't be are refused": func(t *testing.T, idx search.Index) {
			for _, q := range []search.Query{{Offset: -1}, {Offset: search.MaxOffset + 1}, {Limit: -1}, {Limit: search.MaxOffset + 1}, {Match: "some"},
				{Order: "size"}, {Facets: []search.Facet{"colour"}}, {Filters: only("colour", "red")}, {Filters: only(search.FacetType)},
				{Filters: []search.Filter{{Facet: search.FacetYear, Op: search.FilterFrom, Values: []string{"soon"}}}},
				{Filters: []search.Filter{{Facet: search.FacetType, Op: search.FilterTo, Values: []string{"2016"}}}},
			} {
				if _, err := idx.Search(t.Context(), q); models.KindOf(err) != models.KindMalformed {
					t.Errorf("Search(%+v) = %v, want an error of KindMalformed", q, err)
				}
			}
		},
	}
}

// factsOfHighlights are about the places of words in texts.
func factsOfHighlights() map[string]func(*testing.T, search.Index) {
	marks := func(idx search.Index, query, text string, limit int) []string {
		var all []string
		for _, s := range idx.Highlighter(search.Query{Text: query}).Find(text, limit) {
			all = append(all, text[s.Start:s.End])
		}
		return all
	}
	return map[string]func(*testing.T, search.Index){
		"words are marked in all their forms": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "connections cafe"))
			got := marks(idx, "connect the CAFÉ", "The Connections, connected: one cafe\u0301 (Cafés)", pageSize)
			wantEqual(t, "marks", got, []string{"Connections", "connected", "cafe\u0301", "Cafés"})
		},
		"no more are marked than asked for": func(t *testing.T, idx search.Index) {
			wantEqual(t, "marks", marks(idx, "map", "map maps mapping", 2), []string{"map", "maps"})
			wantEqual(t, "marks", marks(idx, "map", "map", 0), nil)
		},
		"what a typo was taken for is marked": func(t *testing.T, idx search.Index) {
			put(t, idx, section("a", "", "mentoring"))
			wantEqual(t, "marks", marks(idx, "mentorng", "about mentoring", pageSize), []string{"mentoring"})
		},
		"stop words are marked when they are all there is": func(t *testing.T, idx search.Index) {
			wantEqual(t, "marks", marks(idx, "to be", "To be or not", pageSize), []string{"To", "be"})
			wantEqual(t, "marks", marks(idx, "to be brave", "To be or not", pageSize), nil)
		},
	}
}
