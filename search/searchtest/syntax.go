package searchtest

import (
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// shelf is a few documents that the query language can tell apart.
func shelf() []search.Document {
	talk := section("talk", "Talking about maps", "Old maps of the town.\nThe library lends maps.")
	talk.ModuleName, talk.Cited = "Drawing the neighbourhood\nneighbourhood", "Rivera, Ana: Streets on paper, 2011"
	talk.Values = map[search.Facet][]string{search.FacetSubject: {"local history"}, search.FacetKeyword: {"cartography"}, search.FacetLicense: {"CC-BY-4.0"}}
	boats := inLanguage(section("boats", "Boats", "The map of the old harbour. Maps, old and new, for libraries."), "en-GB")
	boats.Values = map[search.Facet][]string{search.FacetSubject: {"history", "travel"}}
	paper := section("paper", "Streets on paper", "Mapping the old streets")
	paper.Ref.Type, paper.Module, paper.Author = models.KindSource, "", "Ana Rivera\nJo Map"
	paper.Values = map[search.Facet][]string{search.FacetYear: {search.Year(2011)}}
	tides := section("tides", "Tides", "What sailors knew of weather")
	tides.Ref.Type, tides.Module, tides.Author = models.KindSource, "", "Jo Rivera"
	tides.Values = map[search.Facet][]string{search.FacetYear: {search.Year(1998)}}
	return []search.Document{talk, boats, paper, tides}
}

// factsOfSyntax are about what can be written into a query.
func factsOfSyntax() map[string]func(*testing.T, search.Index) {
	finds := func(queries map[string][]models.ID) func(*testing.T, search.Index) {
		return func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			for text, want := range each(queries) {
				wantFound(t, idx, text, want...)
			}
		}
	}
	return map[string]func(*testing.T, search.Index){
		"phrases are exact, in their order, and end with the line": finds(map[string][]models.ID{
			`"old maps"`: {"talk"}, `"maps old"`: {"boats"}, `"old map"`: nil, `"town the library"`: nil, `"MAPS of the town"`: {"talk"},
			`"the old"`: {"boats", "paper"}, `"of the"`: {"boats", "talk"}, `"library"`: {"talk"}, `"libraries"`: {"boats"},
			`"about maps"`: {"talk"}, `"old library"`: nil, `"maps about old"`: nil,
		}),
		"a phrase beside words must be there": finds(map[string][]models.ID{
			`weather "old maps"`: nil, `library "old maps"`: {"talk"}, `"old maps" OR weather`: {"talk", "tides"}, `maps -"old maps"`: {"boats", "paper"},
			`"old maps" "the town"`: {"talk"}, `"old maps" OR "maps old"`: {"boats", "talk"},
		}),
		"AND, OR and NOT": finds(map[string][]models.ID{
			"old AND library": {"boats", "talk"}, "town OR weather": {"talk", "tides"}, "maps NOT library": {"paper"}, "maps -harbour": {"paper", "talk"},
			"(town OR harbour) AND old": {"boats", "talk"}, "town OR weather AND old": {"talk"}, "streets weather AND old": {"paper"},
			"NOT maps": {"tides"}, "-maps": {"tides"}, "-(maps OR weather)": nil, "weather OR NOT maps": {"tides"}, "the AND weather": {"tides"},
		}),
		"fields": finds(map[string][]models.ID{
			"title:maps": {"talk"}, "title:talk": {"talk"}, "title:(boats OR tides)": {"boats", "tides"}, `title:"about maps"`: {"talk"}, `title:"maps about"`: nil,
			"author:rivera": {"paper", "tides"}, `author:"ana rivera"`: {"paper"}, `author:"rivera jo"`: nil, "author:maps": {"paper"}, "-author:ana maps": {"boats", "talk"},
			"subject:history": {"boats", "talk"}, "subject:cartography": {"talk"}, `subject:"local history"`: {"talk"}, "module:drawing": {"talk"}, "module:neighbourhoods": {"talk"},
			"cited:rivera": {"talk"}, "cited:2011": {"talk"}, "license:cc-by": {"talk"}, "type:source": {"paper", "tides"}, "maps type:section": {"boats", "talk"},
			"lang:en": {"boats", "paper", "talk", "tides"}, "lang:en-gb": {"boats"}, "lang:de": nil, "maps lang:en-GB": {"boats"}, "title:zeppelin maps": nil,
		}),
		"years": finds(map[string][]models.ID{
			"year:2011": {"paper"}, "year:1998..2011": {"paper", "tides"}, "year:1999..": {"paper"}, "year:..1999": {"tides"}, "streets year:..1999": nil, "year:2000..2010": nil,
		}),
		"prefixes": finds(map[string][]models.ID{
			"librar*": {"boats", "talk"}, "mappin*": {"paper"}, "ma*": {"boats", "paper", "talk"}, "zz*": nil, "title:ta*": {"talk"}, "title:talki*": {"talk"},
			"old -librar*": {"paper"}, "LIBRAR*": {"boats", "talk"},
		}),
		"match=all asks for all words, and leaves operators alone": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			for text, want := range each(map[string][]models.ID{
				"old library": {"boats", "talk"}, "old town library": {"talk"}, "town OR weather": {"talk", "tides"}, "old maps -harbour": {"paper", "talk"},
			}) {
				wantHits(t, idx, search.Query{Text: text, Match: search.MatchAll}, want...)
			}
		},
		"phrases, prefixes and fields are words that a hit has or lacks": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			got := ask(t, idx, search.Query{Text: `weather OR "old maps" OR librar* OR title:boats`})
			wantEqual(t, "words", got.Words, []string{"weather", `"old maps"`, "librar*", "title:boats"})
			for _, h := range got.Hits {
				if h.Ref.ID == "talk" {
					wantEqual(t, "matched", h.Matched, []string{`"old maps"`, "librar*"})
					wantEqual(t, "missing", h.Missing, []string{"weather", "title:boats"})
				}
			}
			if got.Total != 3 || len(got.Hits) != 3 {
				t.Errorf("total %d, hits %v", got.Total, ids(got))
			}
		},
		"what is excluded or a value is no word of the answer": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			got := ask(t, idx, search.Query{Text: "maps -harbour type:section year:2000.. -zeppelin"})
			wantEqual(t, "words", got.Words, []string{"maps"})
		},
		"while typing, the last word may be a beginning": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			wantHits(t, idx, search.Query{Text: "libr", Typing: true}, "boats", "talk")
			wantHits(t, idx, search.Query{Text: "libr "}, []models.ID{}...)
			wantHits(t, idx, search.Query{Text: "libr weather", Typing: true}, "tides")
		},
		"words are completed, the most frequent first": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			for text, want := range each(map[string][]string{
				"ma": {"maps", "map", "mapping"}, "the MA": {"maps", "map", "mapping"}, "m": nil, "ma ": nil, "": nil, "zz": nil, "old (ma": {"maps", "map", "mapping"},
			}) {
				got, err := idx.Complete(t.Context(), text, 3)
				if err != nil {
					t.Fatal(err)
				}
				var words []string
				for _, c := range got {
					words = append(words, c.Word)
				}
				wantEqual(t, "completions of "+text, words, want)
			}
			one, err := idx.Complete(t.Context(), "ma", 1)
			if err != nil || len(one) != 1 || one[0].Documents != 2 {
				t.Errorf("%v, %v, want maps of 2 documents", one, err)
			}
		},
		"what was meant": func(t *testing.T, idx search.Index) {
			put(t, idx, shelf()...)
			for text, want := range each(map[string]string{
				"Harbur maps": "harbour maps", "old weathr (harbour)": "old weather (harbour)", "harbour": "", "zeppelin": "", `"harbur"`: "", "": "",
			}) {
				if got := ask(t, idx, search.Query{Text: text}).Meant; got != want {
					t.Errorf("%s: meant %q, want %q", text, got, want)
				}
			}
		},
	}
}
