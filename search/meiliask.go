package search

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/meilisearch/meilisearch-go"
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

// hitsIn reads the hits of several answers, each document once.
func hitsIn(answers []meilisearch.SearchResponse) ([]meiliHit, error) {
	var hits []meiliHit
	seen := make(map[string]bool)
	for _, a := range answers {
		for _, hit := range a.Hits {
			h, err := foundIn(hit)
			if err != nil {
				return nil, err
			}
			if !seen[h.key] {
				seen[h.key] = true
				hits = append(hits, h)
			}
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
