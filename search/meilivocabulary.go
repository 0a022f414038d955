package search

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/meilisearch/meilisearch-go"
)

// maxRemembered bounds what a snapshot remembers; beyond it all is asked anew.
const maxRemembered = 50_000

// meiliSnapshot is what is known of an index at one revision, as the vocabulary of queries.
type meiliSnapshot struct {
	engine   *Meilisearch
	progress progress

	mu      sync.Mutex
	counts  map[termKey]uint64       // documents by field and term
	words   map[termKey][]Completion // by field and beginning
	near    map[termKey][]string     // by field and word
	phrased map[string][]string      // keys of documents by expression and phrase
}

var _ vocabulary = (*meiliSnapshot)(nil)

// meiliCache holds the newest snapshot.
type meiliCache struct {
	mu   sync.Mutex
	last *meiliSnapshot
}

// snapshot gives the one that is remembered, or a new one.
func (m *Meilisearch) snapshot(ctx context.Context) (*meiliSnapshot, error) {
	m.words.mu.Lock()
	last := m.words.last
	m.words.mu.Unlock()
	if last != nil && last.size() < maxRemembered {
		return last, nil
	}
	return m.newSnapshot(ctx)
}

// fresh gives the snapshot of the revision that the index has now.
func (m *Meilisearch) fresh(ctx context.Context) (*meiliSnapshot, error) {
	s, err := m.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	state, err := m.state(ctx, m.uid)
	if err != nil {
		return nil, unbuilt(err)
	}
	if state.Revision == s.progress.Revision {
		return s, nil
	}
	return m.newSnapshot(ctx)
}

// newSnapshot asks for revision and volumes.
func (m *Meilisearch) newSnapshot(ctx context.Context) (*meiliSnapshot, error) {
	volumes := counting(isDocument)
	volumes.Facets = []string{fieldVolume}
	answers, err := m.ask(ctx, []*meilisearch.SearchRequest{askState(), volumes})
	if err != nil {
		return nil, err
	}
	s := &meiliSnapshot{
		engine: m, progress: newProgress(), counts: make(map[termKey]uint64), words: make(map[termKey][]Completion),
		near: make(map[termKey][]string), phrased: make(map[string][]string),
	}
	state, err := stateIn(answers[0])
	if err != nil {
		return nil, err
	}
	s.progress.Revision = state.Revision
	if s.progress.Volumes, err = volumesIn(answers[1]); err != nil {
		return nil, err
	}
	m.words.mu.Lock()
	m.words.last = s
	m.words.mu.Unlock()
	return s, nil
}

// forget drops what is remembered.
func (m *Meilisearch) forget() {
	m.words.mu.Lock()
	m.words.last = nil
	m.words.mu.Unlock()
}

func (s *meiliSnapshot) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.counts) + len(s.words) + len(s.near) + len(s.phrased)
}

// volumesIn adds up documents and words of the analyses.
func volumesIn(answer meiliAnswer) (map[string]volume, error) {
	facets, err := distributionIn(answer)
	if err != nil {
		return nil, err
	}
	volumes := make(map[string]volume)
	for value, n := range facets[fieldVolume] {
		name, length, _ := strings.Cut(value, " ")
		words, err := strconv.Atoi(length)
		if err != nil {
			return nil, fmt.Errorf("read the volume %q: %w", value, err)
		}
		v := volumes[name]
		volumes[name] = volume{Documents: v.Documents + int64(n), Words: v.Words + int64(n*words)}
	}
	return volumes, nil
}

// having implements vocabulary.
func (s *meiliSnapshot) having(ctx context.Context, terms []askedTerm) ([]uint64, error) {
	keys := make([]termKey, len(terms))
	for i, t := range terms {
		keys[i] = termKey{field: t.analysis.scored, text: t.text}
	}
	return s.documents(ctx, keys)
}

// documents counts the documents that have each of some terms.
func (s *meiliSnapshot) documents(ctx context.Context, keys []termKey) ([]uint64, error) {
	var unknown []termKey
	var queries []*meilisearch.SearchRequest
	s.mu.Lock()
	for _, k := range keys {
		if _, ok := s.counts[k]; !ok {
			unknown = append(unknown, k)
			queries = append(queries, counting(equals(k.field, k.text)))
		}
	}
	s.mu.Unlock()
	answers, err := s.engine.ask(ctx, queries)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range unknown {
		s.counts[k] = uint64(answers[i].total)
	}
	counts := make([]uint64, len(keys))
	for i, k := range keys {
		counts[i] = s.counts[k]
	}
	return counts, nil
}

// spelled implements vocabulary.
func (s *meiliSnapshot) spelled(ctx context.Context, a analysis, word string) (uint64, error) {
	counts, err := s.documents(ctx, []termKey{{field: a.spelled, text: word}})
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// beginning implements vocabulary.
func (s *meiliSnapshot) beginning(ctx context.Context, a analysis, prefix string, limit int) ([]Completion, error) {
	key := termKey{field: a.spelled, text: prefix}
	s.mu.Lock()
	words, ok := s.words[key]
	s.mu.Unlock()
	if !ok {
		all, err := s.engine.facetSearch(ctx, key)
		if err != nil {
			return nil, err
		}
		for _, w := range all {
			if strings.HasPrefix(w.Word, prefix) && !strings.HasPrefix(w.Word, stopMark) {
				words = append(words, w)
			}
		}
		s.remember(key.field, all)
		s.mu.Lock()
		s.words[key] = words
		s.mu.Unlock()
	}
	return words[:min(len(words), limit)], nil
}

// like implements vocabulary. Facet search forgives as many slips, and more.
func (s *meiliSnapshot) like(ctx context.Context, a analysis, word string, slips int) ([]nearWord, error) {
	key := termKey{field: a.spelled, text: word}
	s.mu.Lock()
	words, ok := s.near[key]
	s.mu.Unlock()
	if !ok {
		all, err := s.engine.facetSearch(ctx, key)
		if err != nil {
			return nil, err
		}
		for _, w := range all {
			words = append(words, w.Word)
		}
		s.remember(key.field, all)
		s.mu.Lock()
		s.near[key] = words
		s.mu.Unlock()
	}
	first, _ := utf8.DecodeRuneInString(word)
	var near []nearWord
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); r != first {
			continue
		}
		if n := distance(word, w); n > 0 && n <= slips {
			near = append(near, nearWord{analysis: a, word: w, slips: n})
		}
	}
	return near, nil
}

func (s *meiliSnapshot) remember(field string, words []Completion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range words {
		s.counts[termKey{field: field, text: w.Word}] = uint64(w.Documents)
	}
}

// facetSearch gives the values of a field that are like a word or begin so, most documents first.
func (m *Meilisearch) facetSearch(ctx context.Context, key termKey) ([]Completion, error) {
	raw, err := m.index().FacetSearchWithContext(ctx, &meilisearch.FacetSearchRequest{FacetName: key.field, FacetQuery: key.text})
	if err != nil {
		return nil, unbuilt(explain(ctx, err))
	}
	var found struct {
		FacetHits []struct {
			Value string
			Count int
		}
	}
	if err := json.Unmarshal(*raw, &found); err != nil {
		return nil, fmt.Errorf("read words like %q: %w", key.text, err)
	}
	words := make([]Completion, len(found.FacetHits))
	for i, h := range found.FacetHits {
		words[i] = Completion{Word: h.Value, Documents: h.Count}
	}
	slices.SortFunc(words, compareCompletions)
	return words, nil
}

// distance counts the slips between two words: letters wrong, missing or too many, and neighbours swapped. No letter is
// counted in two slips.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	var before, last []int
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before, last, row = last, row, make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			wrong := last[j]
			if x[i] != y[j] {
				wrong++
			}
			row[j+1] = min(wrong, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(y)]
}
