package search

import (
	"context"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/models"
)

// Search implements Index.
func (e *Embedded) Search(ctx context.Context, q Query) (Results, error) {
	if err := q.check(); err != nil {
		return Results{}, err
	}
	r, done, err := e.read()
	if err != nil {
		return Results{}, fmt.Errorf("search: %w", err)
	}
	defer done()
	results, err := e.answer(ctx, r, q)
	if err != nil {
		return Results{}, fmt.Errorf("search: %w", err)
	}
	return results, nil
}

func (e *Embedded) answer(ctx context.Context, r index.IndexReader, q Query) (Results, error) {
	p, err := readProgress(r)
	if err != nil {
		return Results{}, err
	}
	asked := ask(q.Text)
	if err := asked.mend(ctx, r); err != nil {
		return Results{}, err
	}
	documents, err := documentSpace(r)
	if err != nil {
		return Results{}, err
	}
	allow, err := allowed(ctx, r, q, documents)
	if err != nil {
		return Results{}, err
	}

	t := e.tallies.Get().(*tally)
	defer func() { t.clear(); e.tallies.Put(t) }()
	t.prepare(documents)
	if err := t.score(ctx, r, asked, p); err != nil {
		return Results{}, err
	}
	ranked := newRanking(t, asked, q.Match, allow)
	hits, err := ranked.page(r, q.Offset, q.Limit)
	if err != nil {
		return Results{}, err
	}
	return Results{
		Hits: hits, Any: ranked.any, All: ranked.all,
		Words: asked.typed(asked.all()), Ignored: asked.ignored, Revision: p.Revision,
	}, nil
}

// check refuses what no page of results can be.
func (q Query) check() error {
	switch {
	case q.Offset < 0 || q.Offset > MaxOffset:
		return models.BadParameter("offset", fmt.Sprintf("must be from 0 to %d", MaxOffset))
	case q.Limit < 0 || q.Limit > MaxOffset:
		return models.BadParameter("limit", fmt.Sprintf("must be from 0 to %d", MaxOffset))
	case q.Match != "" && q.Match != MatchAny && q.Match != MatchAll:
		return models.BadParameter("match", fmt.Sprintf("must be %s or %s", MatchAny, MatchAll))
	}
	return nil
}
