package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"
)

// maxPhraseDocuments is how many documents are looked at for a phrase. Where more have all its words, Meilisearch's own
// search for phrases chooses them.
const maxPhraseDocuments = 1000

// meiliAttempts is how often a search is begun when the index changes in the midst of it. After that it answers with what
// it has.
const meiliAttempts = 3

// Search implements Index.
func (m *Meilisearch) Search(ctx context.Context, q Query) (Results, error) {
	if err := q.check(); err != nil {
		return Results{}, err
	}
	done, err := m.use(ctx)
	if err != nil {
		return Results{}, fmt.Errorf("search: %w", err)
	}
	defer done()
	for attempt := 1; ; attempt++ {
		results, current, err := m.answer(ctx, q)
		if err != nil {
			return Results{}, fmt.Errorf("search: %w", err)
		}
		if current || attempt == meiliAttempts {
			return results, nil
		}
		m.forget()
	}
}

// inquiry is one query at work.
type inquiry struct {
	*meiliSnapshot
	translation
	query Query
	shown string // the expression for all that the query finds
	total int    // how many it finds
}

// answer tells whether the words that it knows are those of the index's current revision.
func (m *Meilisearch) answer(ctx context.Context, q Query) (r Results, current bool, err error) {
	s, err := m.snapshot(ctx)
	if errors.Is(err, errNoIndex) {
		return nothing(q), true, nil
	}
	if err != nil {
		return r, false, err
	}
	asked, err := understand(ctx, s, q, analysesOf(s.progress))
	if err != nil {
		return r, false, err
	}
	i := &inquiry{meiliSnapshot: s, translation: translation{question: asked}, query: q}
	if i.phrases, err = s.findPhrases(ctx, asked); err != nil {
		return r, false, err
	}
	r = Results{Words: asked.typed(asked.asked()), Ignored: asked.ignored, Meant: asked.meant()}
	if err := i.count(ctx, &r); err != nil {
		return r, false, err
	}
	current = r.Revision == s.progress.Revision
	if i.total == 0 || q.Limit == 0 && !q.Group {
		return r, current, nil
	}
	return r, current, i.fill(ctx, &r)
}

// nothing is the answer of an index that is still to be built.
func nothing(q Query) Results {
	asked := ask(q.Text, analysesOf(newProgress()))
	r := Results{Words: asked.typed(asked.asked()), Ignored: asked.ignored}
	if len(q.Facets) > 0 {
		r.Facets = make(map[Facet][]FacetCount)
		for _, f := range q.Facets {
			r.Facets[f] = []FacetCount{}
		}
	}
	return r
}

// count asks for revision, totals and facets in one request.
func (i *inquiry) count(ctx context.Context, r *Results) error {
	queries := []*meilisearch.SearchRequest{askState()}
	if i.root != nil {
		pass := passed(i.query.Filters)
		expressions := []string{allOf([]string{i.filter(i.root, false), pass}), allOf([]string{i.filter(i.root, true), pass})}
		i.shown = expressions[0]
		if i.query.Match == MatchAll {
			i.shown = expressions[1]
		}
		queries = append(queries, counting(expressions[0]), counting(expressions[1]))
		if len(i.query.Facets) > 0 {
			facets := counting(i.shown)
			for _, f := range i.query.Facets {
				facets.Facets = append(facets.Facets, string(f))
			}
			queries = append(queries, facets)
		}
	}
	answers, err := i.engine.ask(ctx, queries)
	if err != nil {
		return err
	}
	state, err := stateIn(answers[0])
	if err != nil {
		return err
	}
	r.Revision = state.Revision
	if len(i.query.Facets) > 0 {
		if r.Facets, err = facetsIn(answers[len(answers)-1], i.query.Facets, i.root != nil); err != nil {
			return err
		}
	}
	if i.root == nil {
		return nil
	}
	r.Any, r.All = answers[1].total, answers[2].total
	r.Total = r.Any
	if i.query.Match == MatchAll {
		r.Total = r.All
	}
	i.total = r.Total
	return nil
}

// facetsIn reads the facets of an answer that has them.
func facetsIn(answer meiliAnswer, facets []Facet, has bool) (map[Facet][]FacetCount, error) {
	counts := make(map[Facet][]FacetCount, len(facets))
	var found map[string]map[string]int
	if has {
		var err error
		if found, err = distributionIn(answer); err != nil {
			return nil, err
		}
	}
	for _, f := range facets {
		counts[f] = []FacetCount{}
		for value, n := range found[string(f)] {
			if n > 0 {
				counts[f] = append(counts[f], FacetCount{Value: decodeValue(value), Count: n})
			}
		}
		slices.SortFunc(counts[f], compareFacetCounts)
		counts[f] = counts[f][:min(len(counts[f]), MaxFacetValues)]
	}
	return counts, nil
}

// findPhrases looks up the documents that have each phrase of several words. Filters find those with the words, and their
// texts tell whether these stand side by side.
func (s *meiliSnapshot) findPhrases(ctx context.Context, q *question) (map[int][]string, error) {
	phrases := make(map[int][]string)
	for i, l := range q.leaves {
		if !isPhrase(l) || len(l.words) < 2 {
			continue
		}
		expression := translation{question: q}.spellings(l)
		name := expression + "\n" + string(l.node.Field) + "\n" + strings.Join(l.words, " ")
		s.mu.Lock()
		keys, ok := s.phrased[name]
		s.mu.Unlock()
		if !ok {
			var err error
			if keys, err = s.engine.findPhrase(ctx, l, expression); err != nil {
				return nil, err
			}
			s.mu.Lock()
			s.phrased[name] = keys
			s.mu.Unlock()
		}
		phrases[i] = keys
	}
	return phrases, nil
}

// findPhrase gives the keys of the documents that have a phrase, in order.
func (m *Meilisearch) findPhrase(ctx context.Context, l leaf, expression string) ([]string, error) {
	kept := []string{keptPrefix + string(partBody), keptPrefix + fieldTitle}
	if l.node.Field != "" {
		kept = []string{keptPrefix + string(l.node.Field)}
	}
	counts, err := m.ask(ctx, []*meilisearch.SearchRequest{counting(expression)})
	if err != nil {
		return nil, err
	}
	list := listing(expression, maxPhraseDocuments, append(kept, fieldKey)...)
	list.Sort = []string{fieldID + ":asc"}
	if counts[0].total > maxPhraseDocuments && l.node.Field == "" {
		list.Query, list.AttributesToSearchOn, list.Sort = `"`+strings.Join(l.words, " ")+`"`, []string{fieldTitle, fieldBody}, nil
	}
	answers, err := m.ask(ctx, []*meilisearch.SearchRequest{list})
	if err != nil {
		return nil, err
	}
	keys := []string{}
	for _, hit := range answers[0].hits {
		texts, err := keptIn(hit)
		if err != nil {
			return nil, err
		}
		h, err := foundIn(hit)
		if err != nil {
			return nil, err
		}
		if l.hasPhrase(texts) {
			keys = append(keys, h.key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// fill adds the hits of the page that the query asks for.
func (i *inquiry) fill(ctx context.Context, r *Results) error {
	if i.query.Group {
		groups := counting(i.shown)
		groups.Distinct = fieldGroup
		answers, err := i.engine.ask(ctx, []*meilisearch.SearchRequest{groups})
		if err != nil {
			return err
		}
		r.Groups = answers[0].total
	}
	if i.query.Limit == 0 {
		return nil
	}
	page, err := i.page(ctx)
	if err != nil {
		return err
	}
	asked := i.asked()
	for _, c := range page {
		r.Hits = append(r.Hits, Hit{
			Ref: c.ref(), Score: c.score, Matched: i.typed(c.have & asked), Missing: i.typed(asked &^ c.have), Group: c.size,
		})
	}
	return nil
}

// page gives the ranked documents of the page that the query asks for.
func (i *inquiry) page(ctx context.Context) ([]*ranked, error) {
	if name, _ := i.query.Order.split(); name != OrderRelevance {
		return i.pageByName(ctx)
	}
	best, err := i.window(ctx)
	if err != nil {
		return nil, err
	}
	from, to := min(i.query.Offset, len(best)), min(i.query.Offset+i.query.Limit, len(best))
	page := best[from:to]
	if missing := i.query.Limit - len(page); missing > 0 && i.total > len(best) {
		rest, err := i.rest(ctx, best, max(i.query.Offset-len(best), 0), missing)
		if err != nil {
			return nil, err
		}
		page = append(slices.Clip(page), rest...)
	}
	return page, i.sizeGroups(ctx, page)
}

// pageByName has Meilisearch sort.
func (i *inquiry) pageByName(ctx context.Context) ([]*ranked, error) {
	name, desc := i.query.Order.split()
	direction := ":asc"
	if desc {
		direction = ":desc"
	}
	list := listing(i.shown, i.query.Limit, scoredFields()...)
	list.Offset = int64(i.query.Offset)
	list.Sort = []string{sortField(name) + direction, fieldID + ":asc", string(FacetType) + ":asc"}
	if i.query.Group {
		list.Distinct = fieldGroup
	}
	page, err := i.lists(ctx, []*meilisearch.SearchRequest{list})
	if err != nil {
		return nil, err
	}
	return page, i.sizeGroups(ctx, page)
}

// sizeGroups counts the hits of the groups that a page shows.
func (i *inquiry) sizeGroups(ctx context.Context, page []*ranked) error {
	if !i.query.Group {
		return nil
	}
	var queries []*meilisearch.SearchRequest
	for _, c := range page {
		queries = append(queries, counting(allOf([]string{i.shown, equals(fieldGroup, c.group)})))
	}
	answers, err := i.engine.ask(ctx, queries)
	if err != nil {
		return err
	}
	if len(answers) != len(page) {
		return errors.New("groups can't be counted")
	}
	for n, c := range page {
		c.size = answers[n].total
	}
	return nil
}
