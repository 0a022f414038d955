package content

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

const (
	// MaxSearchesOfDay is of how many different queries a day keeps the words, so that a robot can't fill the disk: the others are
	// counted without them. 400 days of as many queries are some 50 MB.
	MaxSearchesOfDay = 2000

	// tallyEvery is how often counts are written. Those of as much time are lost when a server is killed.
	tallyEvery = 5 * time.Second

	// tallyTimeout bounds one write, the last one before the server stops included: imports may hold the database for longer.
	tallyTimeout = 5 * time.Second
)

// SearchTally counts searches in memory and writes the counts into the database now and then, where they are added to those
// of other instances. It is safe for concurrent use, and takes nobody's time who searches.
type SearchTally struct {
	s *Service

	mu     sync.Mutex
	counts map[tallied]tally // at most MaxSearchesOfDay
}

// tallied is what is counted apart.
type tallied struct {
	day    store.SearchDay
	course models.ID
	query  string
}

type tally struct {
	asked, nothing int64
	total          int
}

// NewSearchTally makes a tally with nothing in it.
func (s *Service) NewSearchTally() *SearchTally {
	return &SearchTally{s: s, counts: map[tallied]tally{}}
}

// Count counts a search.
func (t *SearchTally) Count(a Asked) {
	one := tally{asked: 1, total: a.Total}
	if a.Total == 0 {
		one.nothing = 1
	}
	k := tallied{store.SearchDayOf(t.s.now()), a.Course, a.Query}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add(k, one)
}

// add adds to what is counted. What is new where there is no room counts without words, and for the whole site.
func (t *SearchTally) add(k tallied, n tally) {
	before, known := t.counts[k]
	if !known && len(t.counts) >= MaxSearchesOfDay {
		k = tallied{day: k.day}
		before = t.counts[k]
	}
	t.counts[k] = tally{before.asked + n.asked, before.nothing + n.nothing, n.total}
}

// Run writes counts every few seconds until the context ends, and then what is left.
func (t *SearchTally) Run(ctx context.Context) {
	again := time.NewTicker(tallyEvery)
	defer again.Stop()
	failing := false
	for {
		select {
		case <-again.C:
		case <-ctx.Done():
			if err := t.Write(context.WithoutCancel(ctx)); err != nil {
				t.s.log.WarnContext(ctx, "the last counts of searches are lost", "error", err)
			}
			return
		}
		err := t.Write(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			t.s.log.WarnContext(ctx, "searches are counted, and can't be written down yet", "error", err)
		}
		failing = err != nil
	}
}

// Write adds what was counted since the last time to the database. When that fails, it is kept for the next time.
func (t *SearchTally) Write(ctx context.Context) error {
	counts := t.take()
	if len(counts) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, tallyTimeout)
	defer cancel()
	err := t.s.store.InTx(ctx, func(tx *store.Tx) error { return writeSearches(tx, counts) })
	if err != nil {
		t.giveBack(counts)
	}
	return err
}

func (t *SearchTally) take() map[tallied]tally {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := t.counts
	t.counts = map[tallied]tally{}
	return counts
}

// giveBack takes counts in again; where something was counted since, its total stays.
func (t *SearchTally) giveBack(counts map[tallied]tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	newer := t.counts
	t.counts = counts
	for k, n := range newer {
		t.add(k, n)
	}
}

// writeSearches adds counts to those of their days. Searches of a course that is not there are some of the whole site: what
// stands in a filter is for clients to choose.
func writeSearches(tx *store.Tx, counts map[tallied]tally) error {
	there, err := liveCourses(tx, counts)
	if err != nil {
		return err
	}
	days := map[store.SearchDay]map[tallied]*store.SearchCount{}
	for k, n := range counts {
		if !there[k.course] {
			k.course = ""
		}
		day := days[k.day]
		if day == nil {
			day = map[tallied]*store.SearchCount{}
			days[k.day] = day
		}
		c := day[k]
		if c == nil {
			c = &store.SearchCount{CourseID: k.course, Query: k.query}
			day[k] = c
		}
		c.Asked += n.asked
		c.NothingFound += n.nothing
		c.Total = int64(n.total)
	}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		var rows []store.SearchCount
		for _, c := range days[day] {
			rows = append(rows, *c)
		}
		slices.SortFunc(rows, mostAskedFirst)
		if err := tx.AddSearches(day, rows, MaxSearchesOfDay); err != nil {
			return err
		}
	}
	return nil
}

// mostAskedFirst lets those keep their words that are asked most, where there is no room for all.
func mostAskedFirst(a, b store.SearchCount) int {
	return cmp.Or(cmp.Compare(b.Asked, a.Asked), strings.Compare(a.Query, b.Query), cmp.Compare(a.CourseID, b.CourseID))
}

// liveCourses tells which of the courses of some counts are published.
func liveCourses(tx *store.Tx, counts map[tallied]tally) (map[models.ID]bool, error) {
	asked, there := map[models.ID]bool{}, map[models.ID]bool{}
	for k := range counts {
		if k.course != "" {
			asked[k.course] = true
		}
	}
	if len(asked) == 0 {
		return there, nil
	}
	found, err := tx.Live.List(store.Query{Kind: models.KindCourse, IDs: slices.Collect(maps.Keys(asked))})
	for _, c := range found {
		there[c.Base().ID] = true
	}
	return there, err
}
