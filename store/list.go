package store

import (
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/models"
)

// Query says which records of a kind to list.
type Query struct {
	Kind    models.Kind
	Course  models.ID   // only those of the course
	Module  models.ID   // only those of the module
	IDs     []models.ID // only these, when not nil
	Trashed bool        // of drafts: those in the trash too
	Sort    string      // a name in sorts; "" is "id"
	Limit   int         // 0: all
	After   []string    // values of the sort columns of the record before the first wanted, as Keys gives them
	Bodies  bool        // large columns too
}

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
	"id":         {byID},
	"title":      {byTitle, byID},
	"created_at": {byCreated, byID},
	"updated_at": {byUpdated, byID},
	"published":  {byPublished, byID},
}

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

// List reads records in one statement.
func (s *Side) List(q Query) ([]models.Record, error) {
	list, model := newList(q.Kind)
	columns, err := s.columns(model, q.Bodies)
	if err != nil {
		return nil, err
	}
	db, err := s.ordered(s.filtered(q), q)
	if err != nil {
		return nil, err
	}
	if err := db.Select(columns).Find(list.Interface()).Error; err != nil {
		return nil, fmt.Errorf("list %s: %w", q.Kind.Plural(), err)
	}
	return records(list), nil
}

// Count tells how many records a query has in all, whatever its limit and cursor.
func (s *Side) Count(q Query) (int64, error) {
	var n int64
	if err := s.filtered(q).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count %s: %w", q.Kind.Plural(), err)
	}
	return n, nil
}

// NextPosition is the place after all records of a query, those in the trash too: it may come back.
func (s *Side) NextPosition(q Query) (position int, err error) {
	q.Trashed = true
	if err := s.filtered(q).Select("COALESCE(MAX(position) + 1, 0)").Scan(&position).Error; err != nil {
		return 0, fmt.Errorf("last place of %s: %w", q.Kind.Plural(), err)
	}
	return position, nil
}

func (s *Side) filtered(q Query) *gorm.DB {
	db := s.db.Model(models.NewRecord(q.Kind))
	if !s.live && !q.Trashed {
		db = db.Where("trashed_at IS NULL")
	}
	if q.Course != "" {
		db = db.Where("course_id = ?", q.Course)
	}
	if q.Module != "" {
		db = db.Where("module_id = ?", q.Module)
	}
	if q.IDs != nil {
		db = db.Where("id IN ?", q.IDs)
	}
	return db
}

func (s *Side) ordered(db *gorm.DB, q Query) (*gorm.DB, error) {
	if q.Sort == "" && q.Module != "" && q.After == nil {
		return limited(db.Order("position, id"), q.Limit), nil
	}
	columns, ok := sorts[sortName(q.Sort)]
	if !ok {
		return nil, fmt.Errorf("no order %q", q.Sort)
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	db = db.Order(strings.Join(names, ", "))
	if q.After != nil {
		values, err := cursorValues(columns, q.After)
		if err != nil {
			return nil, err
		}
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")
		db = db.Where("("+strings.Join(names, ", ")+") > ("+marks+")", values...)
	}
	return limited(db, q.Limit), nil
}

func limited(db *gorm.DB, limit int) *gorm.DB {
	if limit > 0 {
		return db.Limit(limit)
	}
	return db
}

func cursorValues(columns []sortColumn, after []string) ([]any, error) {
	if len(after) != len(columns) {
		return nil, models.BadParameter("after", "is no cursor of this list")
	}
	values := make([]any, len(after))
	for i, c := range columns {
		values[i] = after[i]
		if c.time {
			t, err := time.Parse(time.RFC3339Nano, after[i])
			if err != nil {
				return nil, models.BadParameter("after", "is no cursor of this list")
			}
			values[i] = t
		}
	}
	return values, nil
}

// Outline reads what menus show of the live sections of modules, in reading order, in one statement: no texts.
func (s *Side) Outline(modules []models.ID) ([]*models.Section, error) {
	if len(modules) == 0 {
		return nil, nil
	}
	var out []*models.Section
	err := s.db.Select("id", "course_id", "module_id", "parent_id", "position", "slug", "title", "menu_label", "number", "in_menu").
		Where("module_id IN ?", modules).Order("module_id, position, id").Find(&out).Error
	if err != nil {
		return nil, fmt.Errorf("outline of modules: %w", err)
	}
	return out, nil
}

// Children reads the live modules of courses, or the worksheets of modules, in order, in one statement: no texts.
func (s *Side) Children(kind models.Kind, owners []models.ID) ([]models.Record, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	list, model := newList(kind)
	columns, err := s.columns(model, false)
	if err != nil {
		return nil, err
	}
	owner := ownerColumn(kind)
	db := s.db.Select(columns).Where(owner+" IN ?", owners).Order(owner + ", position, id")
	if err := db.Find(list.Interface()).Error; err != nil {
		return nil, fmt.Errorf("%s of their owners: %w", kind.Plural(), err)
	}
	return records(list), nil
}
