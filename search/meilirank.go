package search

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"
)

// The size of what is ranked.
const (
	maxWindow      = 200 // all that a query finds is ranked up to here
	candidateLists = 6   // of more, the best of so many lists are
	candidates     = 40  // of each list
)

// ranked is a document with its place among the hits.
type ranked struct {
	meiliHit
	have  leafSet
	score float64
	size  int // of its group

	mayBeTitled bool // it has a term as often as one that stands in its title
}

// window ranks documents by BM25, as Embedded does, best first: all that the query finds when these are few. Of more,
// Meilisearch chooses the candidates: for each of the rarest words a list of the documents that have it and of the others
// the most, in titles and often.
//
// The window is the same for all pages of a query. What is behind it comes by reference.
func (i *inquiry) window(ctx context.Context) ([]*ranked, error) {
	terms, err := i.byRarity(ctx)
	if err != nil {
		return nil, err
	}
	var lists []*meilisearch.SearchRequest
	if i.total > maxWindow {
		for n := range min(len(terms), candidateLists) {
			list := listing(i.shown, candidates, scoredFields()...)
			list.Query, list.AttributesToSearchOn = startingWith(terms, n), []string{fieldStems}
			lists = append(lists, list)
		}
	}
	if len(lists) == 0 {
		list := listing(i.shown, maxWindow, scoredFields()...)
		list.Sort = []string{fieldID + ":asc", string(FacetType) + ":asc"}
		lists = append(lists, list)
	}
	best, err := i.lists(ctx, lists)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(best, func(a, b *ranked) int { return cmp.Or(cmp.Compare(b.score, a.score), compareRefs(a.ref(), b.ref())) })
	if i.query.Group {
		seen := make(map[string]bool)
		best = slices.DeleteFunc(best, func(c *ranked) bool {
			again := seen[c.group]
			seen[c.group] = true
			return again
		})
	}
	return best, nil
}

// startingWith is a query for terms, the n-th first: Meilisearch drops words from the end until enough is found. The space
// keeps the last one from being read as a beginning.
func startingWith(terms []string, n int) string {
	words := slices.Concat(terms[n:n+1], terms[:n], terms[n+1:])
	return strings.Join(words, " ") + " "
}

// byRarity gives the distinct terms of the question, those that fewest documents have first.
func (i *inquiry) byRarity(ctx context.Context) ([]string, error) {
	terms := i.scoredTerms()
	counts, err := i.having(ctx, terms)
	if err != nil {
		return nil, err
	}
	fewest := make(map[string]uint64)
	var words []string
	for n, t := range terms {
		word := strings.TrimPrefix(t.text, stopMark)
		if counts[n] == 0 {
			continue
		}
		if _, seen := fewest[word]; !seen {
			words = append(words, word)
		}
		fewest[word] += counts[n]
	}
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(fewest[a], fewest[b]) })
	return words, nil
}

// scoredTerms are the terms of plain words, and those of phrases.
func (i *inquiry) scoredTerms() []askedTerm {
	terms := slices.Clone(i.terms)
	for n, l := range i.leaves {
		if !isPhrase(l) || l.negative {
			continue
		}
		for _, word := range l.words {
			for _, a := range i.analyses {
				if !a.isStop(word) {
					terms = append(terms, askedTerm{analysis: a, text: a.term(word), weight: 1, leaves: 1 << n})
				}
			}
		}
	}
	return terms
}

// rest gives documents behind the window.
func (i *inquiry) rest(ctx context.Context, window []*ranked, offset, limit int) ([]*ranked, error) {
	var keys, groups []string
	for _, c := range window {
		keys, groups = append(keys, c.key), append(groups, c.group)
	}
	list := listing(allOf([]string{i.shown, not(within(fieldKey, keys))}), limit, scoredFields()...)
	if i.query.Group {
		list = listing(allOf([]string{i.shown, not(within(fieldGroup, groups))}), limit, scoredFields()...)
		list.Distinct = fieldGroup
	}
	list.Offset, list.Sort = int64(offset), []string{fieldID + ":asc", string(FacetType) + ":asc"}
	rest, err := i.lists(ctx, []*meilisearch.SearchRequest{list})
	for _, c := range rest {
		c.score = window[len(window)-1].score / 2 // below the window, and equal: they are not compared
	}
	return rest, err
}

// lists asks for documents, each once, and scores them.
func (i *inquiry) lists(ctx context.Context, queries []*meilisearch.SearchRequest) ([]*ranked, error) {
	answers, err := i.engine.ask(ctx, queries)
	if err != nil {
		return nil, err
	}
	hits, err := hitsIn(answers)
	if err != nil {
		return nil, err
	}
	all := make([]*ranked, len(hits))
	for n, h := range hits {
		all[n] = &ranked{meiliHit: h}
	}
	return all, i.score(ctx, all)
}

// score finds which leaves documents have, and what these count.
func (i *inquiry) score(ctx context.Context, docs []*ranked) error {
	if err := i.markLeaves(ctx, docs); err != nil {
		return err
	}
	terms := i.scoredTerms()
	counts, err := i.having(ctx, terms)
	if err != nil {
		return err
	}
	for _, d := range docs {
		for n, t := range terms {
			d.addTerm(t, counts[n], i.progress.Volumes[t.analysis.name], i.leaves)
		}
	}
	i.weighTitles(docs, terms[:len(i.terms)], counts)
	asked := i.asked()
	for _, d := range docs {
		d.score *= kindWeight(d.kind)
		if asked != 0 && d.have&asked == asked {
			d.score *= allWordsBonus
		}
	}
	return nil
}

// addTerm adds the BM25 score of a term.
func (d *ranked) addTerm(t askedTerm, documents uint64, v volume, leaves []leaf) {
	if t.analysis.name != d.analysis {
		return
	}
	for n := range leaves {
		if t.leaves.has(n) && isPhrase(leaves[n]) && !d.have.has(n) {
			return
		}
	}
	freq := float64(frequencyIn(d.stems, t.text))
	if freq == 0 {
		return
	}
	d.have |= t.leaves
	d.mayBeTitled = d.mayBeTitled || freq >= titleWeight
	weight := t.weight * rarity(float64(documents), float64(v.Documents)) * (bm25K1 + 1)
	d.score += weight * freq / (freq + bm25K1*(1-bm25B+bm25B*float64(max(d.length, 1))/v.averageLength()))
}

// markLeaves finds which documents have the leaves other than plain words, and adds what the rarity of these counts.
func (i *inquiry) markLeaves(ctx context.Context, docs []*ranked) error {
	keys := make([]string, len(docs))
	for n, d := range docs {
		keys[n] = d.key
	}
	var queries []*meilisearch.SearchRequest
	var asked []int
	for n, l := range i.leaves {
		if l.isWord() || l.negative || !l.isText() || len(docs) == 0 {
			continue
		}
		asked = append(asked, n)
		leaf := i.leaf(n)
		queries = append(queries, counting(allOf([]string{leaf, isDocument})), listing(allOf([]string{leaf, within(fieldKey, keys)}), len(keys), fieldKey))
	}
	answers, err := i.engine.ask(ctx, queries)
	if err != nil {
		return err
	}
	for at, n := range asked {
		weight := rarity(float64(answers[2*at].total), float64(i.progress.documents()))
		if isPhrase(i.leaves[n]) {
			weight = 0 // its words count
		}
		have := make(map[string]bool)
		hits, err := hitsIn(answers[2*at+1 : 2*at+2])
		if err != nil {
			return err
		}
		for _, h := range hits {
			have[h.key] = true
		}
		for _, d := range docs {
			if have[d.key] {
				d.have |= 1 << n
				d.score += weight
			}
		}
	}
	return nil
}

// weighTitles gives the bonus for what titles say.
func (i *inquiry) weighTitles(docs []*ranked, terms []askedTerm, counts []uint64) {
	total := 0.
	weights := make([]float64, len(terms))
	for n, t := range terms {
		weights[n] = t.weight * rarity(float64(counts[n]), float64(i.progress.Volumes[t.analysis.name].Documents))
		total += weights[n]
	}
	for _, d := range docs {
		if !d.mayBeTitled { // to take the words of titles apart is nearly half of the work of scoring
			continue
		}
		a := analysisNamed(d.analysis)
		inTitle := make(map[string]bool)
		for t := range tokens(d.title) {
			inTitle[a.term(t.word)] = true
		}
		share := 0.
		for n, t := range terms {
			if t.analysis.name == a.name && inTitle[t.text] {
				share += weights[n] / total
			}
		}
		d.score *= 1 + titleBonus*share
	}
}
