package store

import (
	"errors"
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
	list, model := newList(q.Kind)
	columns, err := s.read(q.Kind, model, q.Bodies)
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
	out := records(list)
	if q.Before != nil {
		slices.Reverse(out)
	}
	return out, nil
}

// IDs reads the ids of a query's records in one statement, in the order of ids.
func (s *Side) IDs(q Query) (ids []models.ID, err error) {
	if err := s.filtered(q).Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("list ids of %s: %w", q.Kind.Plural(), err)
	}
	return ids, nil
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
	db := s.db.Model(modelOf(q.Kind))
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
		db = db.Where("id IN ?", q.IDs)
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

// Outline reads what menus show of the live sections of modules, in reading order, in one statement: no texts. Nearly every
// read needs the outline of a module, all rows of it: they are scanned by hand, which takes a third of the time that GORM does.
func (s *Side) Outline(modules []models.ID) (out []*models.Section, err error) {
	if len(modules) == 0 {
		return nil, nil
	}
	rows, err := s.db.Table("live_sections s").
		Select("s.id, s.course_id, s.module_id, s.parent_id, s.position, s.slug, s.title, s.menu_label, s.number, s.in_menu, s.published_at, COALESCE(c.slug || '/' || m.slug, '')").
		Joins("LEFT JOIN live_modules m ON m.id = s.module_id LEFT JOIN live_courses c ON c.id = m.course_id").
		Where("s.module_id IN ?", modules).Order("s.module_id, s.position, s.id").Rows()
	if err != nil {
		return nil, fmt.Errorf("outline of modules: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		r := &models.Section{}
		if err := rows.Scan(&r.ID, &r.CourseID, &r.ModuleID, &r.ParentID, &r.Position, &r.Slug, &r.Title, &r.MenuLabel, &r.Number, &r.InMenu,
			&r.PublishedAt, &r.Above); err != nil {
			return nil, fmt.Errorf("outline of modules: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Children reads the live modules of courses, or the worksheets of modules, in order, in one statement: no texts.
func (s *Side) Children(kind models.Kind, owners []models.ID) ([]models.Record, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	list, model := newList(kind)
	columns, err := s.read(kind, model, false)
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
