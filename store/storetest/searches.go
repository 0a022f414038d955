package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// manyQueries is more than the days of these facts have.
const manyQueries = 1000

func addSearches(t *testing.T, s *store.Store, day store.SearchDay, most int, counts ...store.SearchCount) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error { return tx.AddSearches(day, counts, most) })
}

func searchesOf(t *testing.T, s *store.Store, q store.SearchQuery) (out []store.AskedQuery) {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = manyQueries
	}
	read(t, s, func(tx *store.Tx) (err error) {
		out, err = tx.Searches(q)
		return err
	})
	return out
}

func searchDaysOf(t *testing.T, s *store.Store, p store.SearchPeriod) (out []store.SearchesOfDay) {
	t.Helper()
	read(t, s, func(tx *store.Tx) (err error) {
		out, err = tx.SearchDays(p)
		return err
	})
	return out
}

func wantAlike(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func searches(t *testing.T, s *store.Store) {
	bread, cheese := models.NewID(), models.NewID()
	day := store.SearchDayOf(time.Date(2026, 2, 3, 23, 30, 0, 0, time.FixedZone("west", -3600)))
	if day != 20260204 || day.String() != "2026-02-04" {
		t.Errorf("the day is %d, %s", day, day)
	}
	addSearches(t, s, day, manyQueries, store.SearchCount{Query: "rye", Asked: 2, Total: 7}, store.SearchCount{CourseID: bread, Query: "rye", Asked: 1, NothingFound: 1})
	addSearches(t, s, day, manyQueries, store.SearchCount{Query: "rye", Asked: 3, NothingFound: 1, Total: 4}, store.SearchCount{CourseID: cheese, Asked: 5, NothingFound: 2})
	addSearches(t, s, day+1, manyQueries, store.SearchCount{CourseID: bread, Query: "rye", Asked: 1, Total: 2})

	all := store.SearchPeriod{From: day, To: day + 1}
	wantAlike(t, searchesOf(t, s, store.SearchQuery{SearchPeriod: all}), []store.AskedQuery{{Query: "rye", Asked: 7, NothingFound: 2, LastDay: day + 1, Total: 2}})
	first := store.SearchPeriod{From: day, To: day}
	wantAlike(t, searchesOf(t, s, store.SearchQuery{SearchPeriod: first}), []store.AskedQuery{{Query: "rye", Asked: 6, NothingFound: 2, LastDay: day, Total: 4}})
	wantAlike(t, searchDaysOf(t, s, all), []store.SearchesOfDay{
		{Day: day, Asked: 11, NothingFound: 4, WithoutWords: 5}, {Day: day + 1, Asked: 1},
	})

	inBread, nowhere := all, all
	inBread.Courses, nowhere.Courses = []models.ID{bread}, []models.ID{}
	wantAlike(t, searchDaysOf(t, s, inBread), []store.SearchesOfDay{{Day: day, Asked: 1, NothingFound: 1}, {Day: day + 1, Asked: 1}})
	wantAlike(t, searchesOf(t, s, store.SearchQuery{SearchPeriod: nowhere}), []store.AskedQuery{})
	wantAlike(t, searchDaysOf(t, s, nowhere), []store.SearchesOfDay{})

	forget := func(until, want store.SearchDay) {
		t.Helper()
		write(t, s, func(tx *store.Tx) error {
			gone, err := tx.ForgetSearches(until)
			if gone != want {
				t.Errorf("until %s the counts of %s go, want %s", until, gone, want)
			}
			return err
		})
	}
	forget(day-1, 0)
	forget(day+1, day)
	wantAlike(t, searchDaysOf(t, s, all), []store.SearchesOfDay{{Day: day + 1, Asked: 1}})
	forget(day+1, day+1)
	forget(day+1, 0)
}

func searchLists(t *testing.T, s *store.Store) {
	const day = store.SearchDay(20260203)
	var counts []store.SearchCount
	for i := range 7 {
		counts = append(counts, store.SearchCount{Query: fmt.Sprintf("query %d", i), Asked: int64(1 + i%3), NothingFound: int64(i % 2), Total: 1})
	}
	addSearches(t, s, day, manyQueries, append(counts, store.SearchCount{Asked: 9, NothingFound: 9})...)
	for name, tt := range map[string]struct {
		order        store.SearchOrder
		desc, failed bool
		want         []int
	}{
		"most asked first":       {store.SearchesByAsked, true, false, []int{2, 5, 1, 4, 0, 3, 6}},
		"least asked first":      {store.SearchesByAsked, false, false, []int{0, 3, 6, 1, 4, 2, 5}},
		"by words":               {store.SearchesByQuery, false, false, []int{0, 1, 2, 3, 4, 5, 6}},
		"by words, backwards":    {store.SearchesByQuery, true, false, []int{6, 5, 4, 3, 2, 1, 0}},
		"most in vain first":     {store.SearchesByNothingFound, true, false, []int{1, 3, 5, 0, 2, 4, 6}},
		"only in vain":           {store.SearchesByNothingFound, true, true, []int{1, 3, 5}},
		"in vain, by what asked": {store.SearchesByAsked, true, true, []int{5, 1, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			q := store.SearchQuery{SearchPeriod: store.SearchPeriod{From: day, To: day}, NothingFound: tt.failed, Order: tt.order, Desc: tt.desc, Limit: 2}
			var got []int
			for {
				part := searchesOf(t, s, q)
				for _, a := range part {
					var i int
					if _, err := fmt.Sscanf(a.Query, "query %d", &i); err != nil {
						t.Fatal(err)
					}
					got = append(got, i)
				}
				if len(part) < q.Limit {
					break
				}
				last := part[len(part)-1]
				q.After = &store.SearchPlace{Query: last.Query, Count: last.Asked}
				if tt.order == store.SearchesByNothingFound {
					q.After.Count = last.NothingFound
				}
			}
			wantAlike(t, got, tt.want)
		})
	}
}

// What is over the bound is counted without its words; what a day has already goes on.
func searchBound(t *testing.T, s *store.Store) {
	const day, most = store.SearchDay(20260203), 3
	bread := models.NewID()
	add := func(queries ...string) {
		t.Helper()
		var counts []store.SearchCount
		for _, q := range queries {
			counts = append(counts, store.SearchCount{CourseID: bread, Query: q, Asked: 1, NothingFound: 1})
		}
		addSearches(t, s, day, most, counts...)
	}
	add("a", "b")
	add("c", "d", "a")
	add("e", "b", "a")
	period := store.SearchPeriod{From: day, To: day}
	wantAlike(t, searchesOf(t, s, store.SearchQuery{SearchPeriod: period, Order: store.SearchesByQuery}), []store.AskedQuery{
		{Query: "a", Asked: 3, NothingFound: 3, LastDay: day}, {Query: "b", Asked: 2, NothingFound: 2, LastDay: day}, {Query: "c", Asked: 1, NothingFound: 1, LastDay: day},
	})
	wantAlike(t, searchDaysOf(t, s, period), []store.SearchesOfDay{{Day: day, Asked: 8, NothingFound: 8, WithoutWords: 2}})
	addSearches(t, s, day+1, most, store.SearchCount{Query: "d", Asked: 1})
	wantAlike(t, len(searchesOf(t, s, store.SearchQuery{SearchPeriod: store.SearchPeriod{From: day + 1, To: day + 1}})), 1)
}
