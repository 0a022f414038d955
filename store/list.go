package store

import (
	"database/sql"
	"fmt"
	"slices"

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
	Filters []Filter    // only those that pass all
	Within  *Reach      // of drafts: only those that it reaches
	Sort    string      // a name that Sorts gives; "" is "id"
	Desc    bool        // from the last to the first
	Limit   int         // 0: all
	Offset  int         // how many to pass over
	After   []string    // values of the sort columns of the record before the first wanted, as Keys gives them
	Before  []string    // the same of the record after the last wanted: the last ones before it are listed
	Bodies  bool        // large columns too
}

// List reads records in one statement.
func (s *Side) List(q Query) ([]models.Record, error) {
	l, err := s.layout(q.Kind, q.Bodies, s.leftOut(q.Kind)...)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(q, l)
	out, err := scan[models.Record](l, rows, err)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", q.Kind.Plural(), err)
	}
	if q.Before != nil {
		slices.Reverse(out)
	}
	return out, nil
}

// rows runs the statement of a list.
func (s *Side) rows(q Query, l *layout) (*sql.Rows, error) {
	if s.live && q.onlyIDs() {
		return s.byKey(l.from+" WHERE id IN ? ORDER BY id", padded(q.IDs))
	}
	db, err := s.ordered(s.filtered(q), q)
	if err != nil {
		return nil, err
	}
	return db.Select(l.columns).Rows()
}

// onlyIDs tells whether nothing but their ids says which records of a kind to list, and how.
func (q Query) onlyIDs() bool {
	all := q.Course == "" && q.Module == "" && len(q.Filters) == 0 && q.Within == nil
	return len(q.IDs) > 0 && all && q.Sort == "" && !q.Desc && q.Limit == 0 && q.Offset == 0 && q.After == nil && q.Before == nil
}

// EachID gives the ids of a query's records in one statement, in the order of ids, and keeps none of them.
func (s *Side) EachID(q Query, add func(models.ID) error) error {
	rows, err := s.filtered(q).Order("id").Select("id").Rows()
	var id models.ID
	if err := eachRow(rows, err, func() error { return add(id) }, &id); err != nil {
		return fmt.Errorf("list ids of %s: %w", q.Kind.Plural(), err)
	}
	return nil
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
	db := s.gorm().Table(s.tableOf(q.Kind)) // and no model, in whose schema GORM would look every column up
	if !s.live && !q.Trashed && !slices.ContainsFunc(q.Filters, Filter.asksForTrash) {
		db = db.Where("trashed_at IS NULL")
	}
	if q.Course != "" {
		db = db.Where("course_id = ?", q.Course)
	}
	if q.Module != "" {
		db = db.Where("module_id = ?", q.Module)
	}
	if q.IDs != nil {
		db = db.Where("id IN ?", padded(q.IDs))
	}
	for _, f := range q.Filters {
		db = f.apply(db, q.Kind, s.name())
	}
	if q.Within != nil {
		db = q.Within.apply(db, q.Kind)
	}
	return db
}

func modelOf(kind models.Kind) any {
	if kind == models.KindCitation {
		return &Citation{}
	}
	return models.NewRecord(kind)
}

// Children reads the live modules of courses, or the worksheets of modules, in order, in one statement: no texts, nor the columns
// that are named.
func (s *Side) Children(kind models.Kind, owners []models.ID, without ...string) ([]models.Record, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	owner := ownerColumn(kind)
	l, err := s.layout(kind, false, without...)
	if err != nil {
		return nil, err
	}
	rows, err := s.byKey(l.from+" WHERE "+owner+" IN ? ORDER BY "+owner+", position, id", padded(owners))
	out, err := scan[models.Record](l, rows, err)
	if err != nil {
		return nil, fmt.Errorf("%s of their owners: %w", kind.Plural(), err)
	}
	return out, nil
}
