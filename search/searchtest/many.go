package searchtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// More documents than an engine ranks or looks at one by one. Beyond these the order of hits may differ between engines.
const (
	manyHits    = 300
	manyPhrases = 1010
)

// factsOfMany are about queries that find much.
func factsOfMany() map[string]func(*testing.T, search.Index) {
	return map[string]func(*testing.T, search.Index){
		"of many hits the best come first, scores fall, and each is on one page": func(t *testing.T, idx search.Index) {
			docs := []search.Document{section("best", "Library maps", "library maps, library maps"), section("second", "", "library maps library maps")}
			for i := range manyHits - len(docs) {
				docs = append(docs, section(models.ID(fmt.Sprintf("%03d", i)), "", "library "+strings.Repeat("and other words of a long text ", 1+i%40)))
			}
			put(t, idx, docs...)
			for _, group := range []bool{false, true} {
				if group {
					for i := range docs {
						docs[i].Module = "" // groups of their own
					}
					put(t, idx, docs...)
				}
				seen := make(map[models.ID]bool)
				last := 0.
				for offset := 0; offset < manyHits+pageSize; offset += pageSize {
					got := ask(t, idx, search.Query{Text: "maps of the library", Offset: offset, Limit: pageSize, Group: group})
					if got.Total != manyHits || got.All != 2 {
						t.Fatalf("total %d, all %d, want %d, 2", got.Total, got.All, manyHits)
					}
					for i, h := range got.Hits {
						place := offset + i
						if seen[h.Ref.ID] || place > 0 && h.Score > last || h.Score <= 0 {
							t.Fatalf("hit %d, %s of score %g after %g, seen before: %t", place, h.Ref.ID, h.Score, last, seen[h.Ref.ID])
						}
						if place < 2 && h.Ref.ID != docs[place].Ref.ID {
							t.Errorf("hit %d is %s, want %s", place, h.Ref.ID, docs[place].Ref.ID)
						}
						seen[h.Ref.ID], last = true, h.Score
					}
				}
				if len(seen) != manyHits {
					t.Errorf("%d hits on all pages, want %d", len(seen), manyHits)
				}
			}
		},
		"a phrase of words that nearly all texts have is found": func(t *testing.T, idx search.Index) {
			var docs []search.Document
			for i := range manyPhrases {
				docs = append(docs, section(models.ID(fmt.Sprintf("%04d", i)), "", "maps that are old"))
			}
			docs = append(docs, section("x1", "", "of old maps"), section("x2", "Old Maps", ""), section("x3", "", "old\nmaps"))
			put(t, idx, docs...)
			wantFound(t, idx, `"old maps"`, "x1", "x2")
		},
	}
}
