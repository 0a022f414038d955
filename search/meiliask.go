package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/meilisearch/meilisearch-go"
	"github.com/tidwall/gjson"
)

// ask puts several questions to the index as one request; their answers come in the same order.
func (m *Meilisearch) ask(ctx context.Context, queries []*meilisearch.SearchRequest) ([]meilisearch.SearchResponse, error) {
	if len(queries) == 0 {
		return nil, nil
	}
	for _, q := range queries {
		q.IndexUID = m.uid
	}
	answer, err := m.client.MultiSearchWithContext(ctx, &meilisearch.MultiSearchRequest{Queries: queries})
	if err != nil {
		return nil, unbuilt(explain(ctx, err))
	}
	if len(answer.Results) != len(queries) {
		return nil, fmt.Errorf("Meilisearch gives %d answers to %d questions", len(answer.Results), len(queries))
	}
	return answer.Results, nil
}

// askState asks for the state of the index.
func askState() *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{Filter: equals(fieldKey, stateKey), Limit: 1, AttributesToRetrieve: []string{"revision"}}
}

// counting asks how many documents fulfil an expression.
func counting(expression string) *meilisearch.SearchRequest {
	none := int64(0)
	return &meilisearch.SearchRequest{Filter: expression, HitsPerPage: &none}
}

// listing asks for the documents that fulfil an expression, up to a limit above 0: the client has no word for none.
func listing(expression string, limit int, fields ...string) *meilisearch.SearchRequest {
	return &meilisearch.SearchRequest{Filter: expression, Limit: int64(limit), AttributesToRetrieve: fields}
}

// readAnswer reads what Meilisearch says. Answers to searches are large, nearly all of it texts, and are read in one pass; the
// client's own reader takes three, which is a third of the time of a search.
func readAnswer(data []byte, to any) error {
	answer, ok := to.(*meilisearch.MultiSearchResponse)
	if !ok {
		return json.Unmarshal(data, to)
	}
	results := gjson.GetBytes(data, "results")
	if !results.IsArray() {
		return errors.New("the answer has no results")
	}
	results.ForEach(func(_, result gjson.Result) bool {
		answer.Results = append(answer.Results, meilisearch.SearchResponse{})
		into := &answer.Results[len(answer.Results)-1]
		result.ForEach(func(name, value gjson.Result) bool {
			switch name.Str {
			case "hits":
				value.ForEach(func(_, hit gjson.Result) bool {
					into.Hits = append(into.Hits, membersOf(hit))
					return true
				})
			case "totalHits":
				into.TotalHits = value.Int()
			case "facetDistribution":
				into.FacetDistribution = json.RawMessage(value.Raw)
			}
			return true
		})
		return true
	})
	return nil
}

func membersOf(hit gjson.Result) meilisearch.Hit {
	members := make(meilisearch.Hit)
	hit.ForEach(func(name, value gjson.Result) bool {
		members[name.Str] = json.RawMessage(value.Raw)
		return true
	})
	return members
}

// hitsIn reads the hits of several answers, each document once.
func hitsIn(answers []meilisearch.SearchResponse) ([]meiliHit, error) {
	var hits []meiliHit
	seen := make(map[string]bool) // keys as they came: most lists have much in common
	for _, a := range answers {
		for _, hit := range a.Hits {
			key := string(hit[fieldKey])
			if seen[key] {
				continue
			}
			seen[key] = true
			h, err := foundIn(hit)
			if err != nil {
				return nil, err
			}
			hits = append(hits, h)
		}
	}
	return hits, nil
}

// distributionIn reads the counts of facets.
func distributionIn(answer meilisearch.SearchResponse) (map[string]map[string]int, error) {
	facets := make(map[string]map[string]int)
	if len(answer.FacetDistribution) == 0 {
		return facets, nil
	}
	if err := json.Unmarshal(answer.FacetDistribution, &facets); err != nil {
		return nil, fmt.Errorf("read the facets of an answer: %w", err)
	}
	return facets, nil
}
