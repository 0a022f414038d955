package content

import (
	"context"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/syntax"
	"github.com/lectern-cms/lectern/store"
)

// FacetValue is a value of a facet and how many hits one gets by choosing it.
type FacetValue struct {
	Value string `json:"value"`
	Label string `json:"label"` // what to show: the title of a course or module, otherwise the value
	Count int    `json:"count"`
}

// facetValues names what people can't read.
func facetValues(tx *store.Tx, counts map[search.Facet][]search.FacetCount) (map[search.Facet][]FacetValue, error) {
	l := newLookup(tx)
	kinds := map[search.Facet]models.Kind{search.FacetCourse: models.KindCourse, search.FacetModule: models.KindModule}
	for facet, kind := range kinds {
		for _, c := range counts[facet] {
			l.want(models.Ref{Type: kind, ID: models.ID(c.Value)})
		}
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	out := make(map[search.Facet][]FacetValue, len(counts))
	for facet, cs := range counts {
		out[facet] = []FacetValue{}
		for _, c := range cs {
			v := FacetValue{Value: c.Value, Label: c.Value, Count: c.Count}
			if r := l.find(models.Ref{Type: kinds[facet], ID: models.ID(c.Value)}); r != nil {
				v.Label = r.Label()
			}
			out[facet] = append(out[facet], v)
		}
	}
	return out, nil
}

// SearchHelp is what can be done about a search that finds nothing.
type SearchHelp struct {
	Suggestions []Suggestion    `json:"suggestions"` // other queries that find something
	Without     []WithoutFilter `json:"without"`     // what is found without one of the filters, where that is anything
}

// Suggestion is another query.
type Suggestion struct {
	Text  string `json:"text"`
	Total int    `json:"total"` // with the same filters
}

// WithoutFilter says how many records are found when a filter is left out.
type WithoutFilter struct {
	Filter search.Facet `json:"filter"`
	Total  int          `json:"total"`
}

func searchHelp(ctx context.Context, index search.Index, q search.Query, meant string) (*SearchHelp, error) {
	help := &SearchHelp{Suggestions: []Suggestion{}, Without: []WithoutFilter{}}
	for _, text := range otherTexts(q.Text, meant) {
		total, err := countHits(ctx, index, search.Query{Text: text, Filters: q.Filters})
		if err != nil {
			return nil, err
		}
		if total > 0 {
			help.Suggestions = append(help.Suggestions, Suggestion{Text: text, Total: total})
		}
	}
	for i, f := range q.Filters {
		total, err := countHits(ctx, index, search.Query{Text: q.Text, Match: q.Match, Filters: slices.Delete(slices.Clone(q.Filters), i, i+1)})
		if err != nil {
			return nil, err
		}
		if total > 0 {
			help.Without = append(help.Without, WithoutFilter{Filter: f.Facet, Total: total})
		}
	}
	return help, nil
}

// otherTexts are queries to try instead: the one that was meant, and the words without any syntax.
func otherTexts(text, meant string) []string {
	var out []string
	if meant != "" {
		out = append(out, meant)
	}
	var words []string
	q := syntax.Parse(text)
	q.Root.Words(func(n *syntax.Node) { words = append(words, n.Text) })
	if plain := strings.Join(words, " "); plain != text && plain != "" {
		out = append(out, plain)
	}
	return out
}

func countHits(ctx context.Context, index search.Index, q search.Query) (int, error) {
	results, err := index.Search(ctx, q)
	return results.Total, err
}

const (
	// suggestedWords is as many as people read while they type.
	suggestedWords = 8

	// suggestedRecords come below them.
	suggestedRecords = 5
)

// Suggestions is what a search box shows while someone types.
type Suggestions struct {
	Completions []Completed `json:"completions"` // the text with its last word completed
	Records     []SearchHit `json:"records"`     // what the text finds so far, its last word being a beginning
}

// Completed is the text with its last word completed.
type Completed struct {
	Text      string `json:"text"`
	Documents int    `json:"documents"` // that have the completed word
}

// Suggest gives what a search box shows for a text that is still being typed.
func (s *Service) Suggest(ctx context.Context, index search.Index, text string, filters []search.Filter) (Suggestions, error) {
	out := Suggestions{Completions: []Completed{}}
	words, err := index.Complete(ctx, text, suggestedWords)
	if err != nil {
		return out, err
	}
	for _, w := range words {
		out.Completions = append(out.Completions, Completed{Text: search.ReplaceLastWord(text, w.Word), Documents: w.Documents})
	}
	answer, err := s.Search(ctx, index, search.Query{Text: text, Typing: true, Filters: filters, Limit: suggestedRecords})
	out.Records = answer.Hits
	return out, err
}

// likeWords is how many words of a text stand for it: more add noise, and time.
const likeWords = 25

// Similar finds the sections that have most in common with a live section. It fails with models.KindNotFound when
// there is no such section.
func (s *Service) Similar(ctx context.Context, index search.Index, id models.ID, limit int) ([]SearchHit, error) {
	docs, err := s.Documents(ctx, []models.Ref{{Type: models.KindSection, ID: id}})
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 {
		return nil, models.NotFound(models.KindSection, string(id))
	}
	q := search.Query{Text: search.Salient(docs[0], likeWords), Filters: []search.Filter{search.Only(search.FacetType, string(models.KindSection))}, Limit: limit + 1}
	answer, err := s.Search(ctx, index, q)
	hits := slices.DeleteFunc(answer.Hits, func(h SearchHit) bool { return h.ID == id })
	return hits[:min(len(hits), limit)], err
}
