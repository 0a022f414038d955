package store

import (
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// SearchDay is a day in UTC: year, month and day in eight digits, such as 20260203.
type SearchDay int64

// SearchDayOf is the day of a moment.
func SearchDayOf(t time.Time) SearchDay {
	t = t.UTC()
	return SearchDay(t.Year()*10_000 + int(t.Month())*100 + t.Day())
}

// Add is the day so many days later.
func (d SearchDay) Add(days int) SearchDay { return SearchDayOf(d.begin().AddDate(0, 0, days)) }

// String writes the day as ISO 8601 does: 2026-02-03.
func (d SearchDay) String() string { return d.begin().Format(time.DateOnly) }

func (d SearchDay) begin() time.Time {
	return time.Date(int(d/10_000), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, time.UTC)
}

// SearchCount is how often something was asked.
type SearchCount struct {
	CourseID     models.ID // that the search was limited to; empty: the whole site
	Query        string    // empty: the words are not kept
	Asked        int64
	NothingFound int64 // of these, how many found nothing
	Total        int64 // how much was found last
}

// searchRow is a SearchCount of a day.
type searchRow struct {
	Day SearchDay
	SearchCount
}

// AddSearches adds counts to those of a day, of which no two are of the same query and course. A day keeps the words of at
// most so many queries, those of each course counted apart: what comes later and is new counts as searches without words.
func (t *Tx) AddSearches(day SearchDay, counts []SearchCount, most int) error {
	// Other instances wait here until this transaction is over, so that all see how much of the day is kept, and nobody
	// waits for a row that is held by somebody who waits for another one.
	if err := t.putSearches([]searchRow{{Day: day}}); err != nil {
		return err
	}
	kept, err := t.keptSearches(day, counts, most)
	if err != nil {
		return err
	}
	var rows []searchRow
	wordless := map[models.ID]*SearchCount{}
	for _, c := range counts {
		if c.Query != "" && kept(c) {
			rows = append(rows, searchRow{day, c})
			continue
		}
		w := wordless[c.CourseID]
		if w == nil {
			w = &SearchCount{CourseID: c.CourseID}
			wordless[c.CourseID] = w
		}
		w.Asked += c.Asked
		w.NothingFound += c.NothingFound
	}
	for _, w := range wordless {
		rows = append(rows, searchRow{day, *w})
	}
	return t.putSearches(rows)
}

// keptSearches tells of which queries a day keeps the words.
func (t *Tx) keptSearches(day SearchDay, counts []SearchCount, most int) (func(SearchCount) bool, error) {
	var n int64
	words := t.gorm().Table("searches").Where("day = ? AND query <> ''", day).Session(&gorm.Session{})
	if err := words.Count(&n).Error; err != nil {
		return nil, wrapped("count what a day keeps of searches", err)
	}
	room := most - int(n)
	if room >= len(counts) {
		return func(SearchCount) bool { return true }, nil
	}
	type key struct {
		CourseID models.ID
		Query    string
	}
	var there []key
	if err := words.Find(&there).Error; err != nil {
		return nil, wrapped("read what a day keeps of searches", err)
	}
	known := make(map[key]bool, len(there))
	for _, k := range there {
		known[k] = true
	}
	return func(c SearchCount) bool {
		if known[key{c.CourseID, c.Query}] {
			return true
		}
		room--
		return room >= 0
	}, nil
}

// putSearches adds rows to those that are there.
func (t *Tx) putSearches(rows []searchRow) error {
	if len(rows) == 0 {
		return nil
	}
	again := clause.OnConflict{
		Columns: []clause.Column{{Name: "day"}, {Name: "course_id"}, {Name: "query"}},
		DoUpdates: clause.Assignments(map[string]any{
			"asked":         gorm.Expr("searches.asked + excluded.asked"),
			"nothing_found": gorm.Expr("searches.nothing_found + excluded.nothing_found"),
			"total":         gorm.Expr("excluded.total"),
		}),
	}
	return wrapped("count searches", t.gorm().Table("searches").Clauses(again).CreateInBatches(rows, 100).Error)
}

// SearchPeriod says which counts are looked at.
type SearchPeriod struct {
	From, To SearchDay   // both are in it
	Courses  []models.ID // only searches limited to one of these; nil: all searches
}

func (p SearchPeriod) filter(db *gorm.DB) *gorm.DB {
	db = db.Where("day BETWEEN ? AND ?", p.From, p.To)
	if p.Courses != nil {
		db = db.Where("course_id IN ?", p.Courses)
	}
	return db
}

// SearchOrder is an order of queries.
type SearchOrder string

// The orders: by count, or by the words.
const (
	SearchesByAsked        SearchOrder = "asked"
	SearchesByNothingFound SearchOrder = "nothing_found"
	SearchesByQuery        SearchOrder = "query"
)

// SearchOrders lists the orders.
func SearchOrders() []SearchOrder {
	return []SearchOrder{SearchesByAsked, SearchesByNothingFound, SearchesByQuery}
}

// SearchPlace is a query's place in a list: its words, and its count where that is what the list is ordered by.
type SearchPlace struct {
	Count int64
	Query string
}

// SearchQuery says which queries to list.
type SearchQuery struct {
	SearchPeriod
	NothingFound bool        // only those that have found nothing at least once
	Order        SearchOrder // equal ones by their words
	Desc         bool
	After        *SearchPlace // only those after this place; nil: from the beginning
	Limit        int
}

// AskedQuery is how often a query was asked in a period.
type AskedQuery struct {
	Query        string
	Asked        int64
	NothingFound int64
	LastDay      SearchDay // on which it was asked
	Total        int64     // how much was found last; of several courses the most of that day
}

// Counts over a period. SUM of BIGINT is NUMERIC in PostgreSQL.
const (
	sumAsked        = "CAST(SUM(asked) AS BIGINT)"
	sumNothingFound = "CAST(SUM(nothing_found) AS BIGINT)"
)

// totalRoom makes one number of a day and a total, so that the largest is that of the last day. Both have room in 63 bits:
// totals are below 2^32, since no index numbers more documents.
const totalRoom = 1 << 32

// Searches lists queries with their counts over a period, without the searches whose words are not kept.
func (t *Tx) Searches(q SearchQuery) ([]AskedQuery, error) {
	type row struct {
		AskedQuery
		Newest int64
	}
	db := q.filter(t.gorm().Table("searches")).Where("query <> ''").Group("query").
		Select("query, "+sumAsked+" AS asked, "+sumNothingFound+" AS nothing_found, MAX(day * CAST(? AS BIGINT) + total) AS newest", totalRoom)
	if q.NothingFound {
		db = db.Having("SUM(nothing_found) > 0")
	}
	var rows []row
	if err := q.ordered(db).Limit(q.Limit).Find(&rows).Error; err != nil {
		return nil, wrapped("list searches", err)
	}
	out := make([]AskedQuery, len(rows))
	for i, r := range rows {
		out[i] = r.AskedQuery
		out[i].LastDay, out[i].Total = SearchDay(r.Newest/totalRoom), r.Newest%totalRoom
	}
	return out, nil
}

func (q SearchQuery) ordered(db *gorm.DB) *gorm.DB {
	count, beyond, direction := sumAsked, ">", ""
	if q.Desc {
		beyond, direction = "<", " DESC"
	}
	switch q.Order {
	case SearchesByQuery:
		if q.After != nil {
			db = db.Where("query "+beyond+" ?", q.After.Query)
		}
		return db.Order("query" + direction)
	case SearchesByNothingFound:
		count = sumNothingFound
	case SearchesByAsked:
	}
	if q.After != nil {
		db = db.Having(strings.NewReplacer("COUNT", count, "BEYOND", beyond).Replace("(COUNT BEYOND ? OR COUNT = ? AND query > ?)"),
			q.After.Count, q.After.Count, q.After.Query)
	}
	return db.Order(count + direction + ", query")
}

// SearchesOfDay are the searches of one day.
type SearchesOfDay struct {
	Day          SearchDay
	Asked        int64
	NothingFound int64
	WithoutWords int64 // searches whose words are not kept
}

// SearchDays counts the searches of a period by day, the earliest first, days without any left out.
func (t *Tx) SearchDays(p SearchPeriod) ([]SearchesOfDay, error) {
	var rows []SearchesOfDay
	err := p.filter(t.gorm().Table("searches")).Group("day").Having("SUM(asked) > 0").Order("day").
		Select("day, " + sumAsked + " AS asked, " + sumNothingFound + " AS nothing_found, " +
			"CAST(SUM(CASE WHEN query = '' THEN asked ELSE 0 END) AS BIGINT) AS without_words").Find(&rows).Error
	return rows, wrapped("count searches by day", err)
}

// ForgetSearches removes the counts of the earliest day, if that is not after the given one, and tells which it was: 0 when
// there is none. A day at a time, so that nobody waits long for the write lock.
func (t *Tx) ForgetSearches(until SearchDay) (SearchDay, error) {
	var earliest []SearchDay
	err := t.gorm().Table("searches").Where("day <= ?", until).Order("day").Limit(1).Pluck("day", &earliest).Error
	if err != nil || len(earliest) == 0 {
		return 0, wrapped("look for old counts of searches", err)
	}
	err = t.gorm().Table("searches").Where("day = ?", earliest[0]).Delete(&searchRow{}).Error
	return earliest[0], wrapped("remove counts of searches", err)
}
