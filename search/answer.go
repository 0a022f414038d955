package search

import (
	"context"
	"fmt"
	"slices"

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
	asked, err := understand(ctx, dictionary{r}, q, analysesOf(p))
	if err != nil {
		return Results{}, err
	}
	documents, err := documentSpace(r)
	if err != nil {
		return Results{}, err
	}
	allow, err := allowed(ctx, r, q.Filters, documents)
	if err != nil {
		return Results{}, err
	}

	t := e.tallies.Get().(*tally)
	defer func() { t.clear(); e.tallies.Put(t) }()
	t.prepare(documents)
	t.kept = &e.kept
	if err := t.count(ctx, r, asked, p, documents); err != nil {
		return Results{}, err
	}
	ranked, err := newRanking(ctx, r, t, asked, q.Match, allow)
	if err != nil {
		return Results{}, err
	}
	ranked.columns = &e.columns
	results := Results{
		Total: len(ranked.shown), Any: ranked.any, All: ranked.all,
		Words: asked.typed(asked.asked()), Ignored: asked.ignored, Meant: asked.meant(), Revision: p.Revision,
	}
	return results, ranked.fill(ctx, &results, q, documents)
}

// fill adds what the query wants to know of the documents that it finds.
func (k *ranking) fill(ctx context.Context, results *Results, q Query, documents uint64) (err error) {
	if len(q.Facets) > 0 {
		if results.Facets, err = countFacets(ctx, k.reader, q.Facets, k.set(documents)); err != nil {
			return err
		}
	}
	if q.Group {
		if err := k.group(ctx, q.Order, documents); err != nil {
			return err
		}
		results.Groups = len(k.shown)
	}
	results.Hits, err = k.page(ctx, q.Order, q.Offset, q.Limit)
	return err
}

// check refuses what no page of results can be.
func (q Query) check() error {
	for _, f := range q.Filters {
		if wrong := f.Check(); wrong != "" {
			return models.BadParameter(fmt.Sprintf("filter[%s]", f.Facet), wrong)
		}
	}
	order, _ := q.Order.split()
	switch {
	case q.Offset < 0 || q.Offset > MaxOffset:
		return models.BadParameter("offset", fmt.Sprintf("must be from 0 to %d", MaxOffset))
	case q.Limit < 0 || q.Limit > MaxOffset:
		return models.BadParameter("limit", fmt.Sprintf("must be from 0 to %d", MaxOffset))
	case q.Match != "" && q.Match != MatchAny && q.Match != MatchAll:
		return models.BadParameter("match", fmt.Sprintf("must be %s or %s", MatchAny, MatchAll))
	case order != OrderRelevance && !slices.Contains(Orders(), order):
		return models.BadParameter("sort", fmt.Sprintf("%q is no order", q.Order))
	case slices.ContainsFunc(q.Facets, func(f Facet) bool { return !slices.Contains(Facets(), f) }):
		return models.BadParameter("facets", "names something that is no facet")
	}
	return nil
}
