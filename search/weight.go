package search

import (
	"context"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search/syntax"
)

// titleBonus is what a score grows by when the title has all plain words of a question, and in proportion when it has
// some: a title says what a page is about.
const titleBonus = 0.3

// weighTitles lets scores grow. The documents of the question's terms are counted before.
func (t *tally) weighTitles(ctx context.Context, r index.IndexReader, q *question, p progress) error {
	total := 0.
	weights := make([]float64, len(q.terms))
	for i, term := range q.terms {
		weights[i] = term.weight * rarity(float64(term.documents), float64(p.Volumes[term.analysis.name].Documents))
		total += weights[i]
	}
	for i, term := range q.terms {
		found, err := openPostings(ctx, r, term.analysis.inField(string(syntax.FieldTitle)), term.text)
		if err != nil {
			return err
		}
		err = found.documents(func(doc uint64) {
			if t.titles[doc] == 0 {
				t.titled = append(t.titled, doc)
			}
			t.titles[doc] += weights[i] / total
		})
		if err != nil {
			return err
		}
	}
	for _, doc := range t.titled {
		t.scores[doc] *= 1 + titleBonus*t.titles[doc]
	}
	return nil
}

// kindWeight says what the score of a short text counts beside that of a page. BM25 takes the few words of a source, a
// worksheet or a picture's description for dense with meaning, and works cited and files are seldom what people look for
// first: pages show them.
func kindWeight(kind models.Kind) float64 {
	switch kind {
	case models.KindSource, models.KindAsset:
		return 0.6
	case models.KindWorksheet:
		return 0.8
	}
	return 1
}

func (t *tally) weighKinds(ctx context.Context, r index.IndexReader) error {
	for _, kind := range Kinds() {
		weight := kindWeight(kind)
		if weight == 1 {
			continue
		}
		found, err := openPostings(ctx, r, string(FacetType), string(kind))
		if err != nil {
			return err
		}
		if err := found.documents(func(doc uint64) { t.scores[doc] *= weight }); err != nil {
			return err
		}
	}
	return nil
}
