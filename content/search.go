package content

import (
	"context"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/store"
)

// SearchHit is one found record, with the passage that answers the query best.
type SearchHit struct {
	models.Ref
	Score       float64      `json:"score"`
	PublishedAt time.Time    `json:"published_at"`
	TitleHTML   string       `json:"title_html"` // safe HTML: text and <mark>
	Course      *models.Ref  `json:"course"`
	Module      *models.Ref  `json:"module"`
	Breadcrumbs []models.Ref `json:"breadcrumbs"`
	BlockID     *string      `json:"block_id"` // of the passage, in sections
	Anchor      *string      `json:"anchor"`   // of the heading above it; null above the first
	Snippet     string       `json:"snippet"`  // safe HTML: text and <mark>
	Matched     []string     `json:"matched"`
	Missing     []string     `json:"missing"`
	InModule    *int         `json:"in_module"` // hits in the same module, when hits are grouped
}

// SearchAnswer is the answer to a query.
type SearchAnswer struct {
	Hits    []SearchHit
	Facets  map[search.Facet][]FacetValue
	Help    *SearchHelp    // when nothing was found
	Results search.Results // counts and words; its hits and facets are the bare ones
}

// Search asks an index and shows the hits from live content. A record that has left live content since the index saw
// it is left out.
func (s *Service) Search(ctx context.Context, index search.Index, q search.Query) (SearchAnswer, error) {
	results, err := index.Search(ctx, q)
	if err != nil {
		return SearchAnswer{}, err
	}
	answer := SearchAnswer{Results: results}
	if results.Total == 0 && len(results.Words) > 0 {
		if answer.Help, err = searchHelp(ctx, index, q, results.Meant); err != nil {
			return SearchAnswer{}, err
		}
	}
	err = s.view(ctx, func(tx *store.Tx) error {
		if answer.Hits, err = searchHits(tx, results.Hits, index.Highlighter(q)); err != nil {
			return err
		}
		answer.Facets, err = facetValues(tx, results.Facets)
		return err
	})
	return answer, err
}

func searchHits(tx *store.Tx, found []search.Hit, marker search.Highlighter) ([]SearchHit, error) {
	l, o, err := aroundHits(tx, found)
	if err != nil {
		return nil, err
	}
	hits := []SearchHit{}
	for _, hit := range found {
		if r := l.find(hit.Ref); r != nil {
			hits = append(hits, searchHit(r, hit, l, o, marker))
		}
	}
	return hits, nil
}

// aroundHits reads the hits whole, and what they stand in.
func aroundHits(tx *store.Tx, hits []search.Hit) (*lookup, outline, error) {
	l := newLookup(tx)
	l.bodies, l.facts = true, true
	byKind := map[models.Kind][]models.ID{}
	for _, h := range hits {
		byKind[h.Ref.Type] = append(byKind[h.Ref.Type], h.Ref.ID)
	}
	var moduleIDs []models.ID
	var sections []*models.Section
	for _, kind := range search.Kinds() {
		if len(byKind[kind]) == 0 {
			continue
		}
		rs, err := tx.Live.List(store.Query{Kind: kind, IDs: byKind[kind], Bodies: true})
		if err != nil {
			return nil, outline{}, err
		}
		for _, r := range rs {
			l.add(r)
			owner := courseOrModule(r)
			l.want(*owner)
			if kind == models.KindSection {
				l.want(fragmentsOf(r)...)
				moduleIDs = append(moduleIDs, owner.ID)
				sections = append(sections, r.(*models.Section))
			}
		}
	}
	if err := l.load(); err != nil {
		return nil, outline{}, err
	}
	for _, r := range l.found {
		if m, ok := r.(*models.Module); ok {
			l.want(*m.Owner())
		}
	}
	slices.Sort(moduleIDs)
	o, err := newOutline(tx, models.KindSection, slices.Compact(moduleIDs))
	if err != nil {
		return nil, outline{}, err
	}
	for _, s := range sections {
		l.want(o.above(s)...)
	}
	return l, o, l.load()
}

func fragmentsOf(r models.Record) []models.Ref {
	var out []models.Ref
	for _, at := range models.Refs(r) {
		if (*at).Type == models.KindFragment {
			out = append(out, **at)
		}
	}
	return out
}

func searchHit(r models.Record, hit search.Hit, l *lookup, o outline, marker search.Highlighter) SearchHit {
	d := document(r, l)
	h := SearchHit{
		Ref: decorate(r), Score: hit.Score, PublishedAt: r.Base().PublishedAt, Matched: hit.Matched, Missing: hit.Missing,
		TitleHTML: markUp(d.Title, 0, len(d.Title), marker.Find(d.Title, maxMarks)),
		Course:    l.byID(models.KindCourse, d.Course),
	}
	if r.Kind() != models.KindModule && d.Module != "" {
		h.Module = l.byID(models.KindModule, d.Module)
	}
	if hit.Group > 0 {
		h.InModule = &hit.Group
	}
	for _, ref := range []*models.Ref{h.Course, h.Module} {
		if ref != nil {
			h.Breadcrumbs = append(h.Breadcrumbs, *ref)
		}
	}
	var start int
	h.Snippet, start = snippet(d.Body, marker)
	if s, ok := r.(*models.Section); ok {
		h.Breadcrumbs = append(h.Breadcrumbs, l.refs(o.above(s))...)
		if text, spans := sectionText(s, l); start < len(text) { // and not in the summary, which is in no block
			h.BlockID, h.Anchor = placeOf(spans, start)
		}
	}
	return h
}
