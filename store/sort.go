package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/models"
)

// sortColumn is a column that lists may be ordered by.
type sortColumn struct {
	name string
	time bool
	key  func(*models.Meta) string
}

var (
	byID        = sortColumn{name: "id", key: func(m *models.Meta) string { return string(m.ID) }}
	byTitle     = sortColumn{name: "sort_key", key: func(m *models.Meta) string { return m.SortKey }}
	byCreated   = sortColumn{name: "created_at", time: true, key: timeKey(func(m *models.Meta) time.Time { return m.CreatedAt })}
	byUpdated   = sortColumn{name: "updated_at", time: true, key: timeKey(func(m *models.Meta) time.Time { return m.UpdatedAt })}
	byPublished = sortColumn{name: "published_at", time: true, key: timeKey(func(m *models.Meta) time.Time { return m.PublishedAt })}
)

// sorts are the orders that lists come in. Names of columns come from here, never from a request; all columns are NOT
// NULL, and the last is the id, so that a cursor means one place.
var sorts = map[string][]sortColumn{
	"id":           {byID},
	"title":        {byTitle, byID},
	"created_at":   {byCreated, byID},
	"updated_at":   {byUpdated, byID},
	"published_at": {byPublished, byID},
}

// Sorts names the orders of lists of live records of a kind. Titles are ordered without letter case, accents and
// punctuation.
func Sorts(kind models.Kind) []string {
	if kind == models.KindCitation {
		return []string{"id", "created_at", "updated_at", "published_at"}
	}
	return []string{"id", "title", "created_at", "updated_at", "published_at"}
}

// DraftSorts names the orders of lists of drafts.
func DraftSorts() []string { return []string{"id", "title", "created_at", "updated_at"} }

func timeKey(get func(*models.Meta) time.Time) func(*models.Meta) string {
	return func(m *models.Meta) string { return get(m).UTC().Format(time.RFC3339Nano) }
}

func sortName(name string) string {
	if name == "" {
		return "id"
	}
	return name
}

// Keys gives the values of the sort columns of a record: the cursor to go on after it.
func Keys(sort string, m *models.Meta) []string {
	var keys []string
	for _, c := range sorts[sortName(sort)] {
		keys = append(keys, c.key(m))
	}
	return keys
}

func (s *Side) ordered(db *gorm.DB, q Query) (*gorm.DB, error) {
	if q.Sort == "" && q.Module != "" && q.After == nil && q.Before == nil {
		return limited(db.Order("position, id"), q), nil
	}
	columns, ok := sorts[sortName(q.Sort)]
	if !ok || q.Kind == models.KindCitation && !slices.Contains(Sorts(q.Kind), sortName(q.Sort)) {
		return nil, fmt.Errorf("no order %q", q.Sort)
	}
	names, order := make([]string, len(columns)), make([]string, len(columns))
	backwards := q.Desc != (q.Before != nil) // what is before a place is read from there, and turned round
	for i, c := range columns {
		names[i], order[i] = c.name, c.name
		if backwards {
			order[i] += " DESC"
		}
	}
	db = db.Order(strings.Join(order, ", "))
	for place, keys := range map[string][]string{"after": q.After, "before": q.Before} {
		if keys == nil {
			continue
		}
		values, err := cursorValues(columns, place, keys)
		if err != nil {
			return nil, err
		}
		op := " > "
		if (place == "before") != q.Desc {
			op = " < "
		}
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")
		db = db.Where("("+strings.Join(names, ", ")+")"+op+"("+marks+")", values...)
	}
	return limited(db, q), nil
}

func limited(db *gorm.DB, q Query) *gorm.DB {
	if q.Limit > 0 {
		db = db.Limit(q.Limit)
	}
	if q.Offset > 0 {
		db = db.Offset(q.Offset)
	}
	return db
}

func cursorValues(columns []sortColumn, place string, keys []string) ([]any, error) {
	if len(keys) != len(columns) {
		return nil, models.BadParameter(place, "is no cursor of this list")
	}
	values := make([]any, len(keys))
	for i, c := range columns {
		values[i] = keys[i]
		if c.time {
			t, err := time.Parse(time.RFC3339Nano, keys[i])
			if err != nil {
				return nil, models.BadParameter(place, "is no cursor of this list")
			}
			values[i] = t
		}
	}
	return values, nil
}
