package store

import (
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// courseRecords selects the ids of a course and of all that belongs to it, with the course's id for each "?".
const courseRecords = `SELECT id FROM draft_courses WHERE id = ?
	UNION ALL SELECT id FROM draft_modules WHERE course_id = ?
	UNION ALL SELECT id FROM draft_sources WHERE course_id = ?
	UNION ALL SELECT id FROM draft_assets WHERE course_id = ?
	UNION ALL SELECT id FROM draft_fragments WHERE course_id = ?
	UNION ALL SELECT w.id FROM draft_worksheets w JOIN draft_modules m ON m.id = w.module_id WHERE m.course_id = ?
	UNION ALL SELECT id FROM draft_sections WHERE course_id = ?`

// inCourse filters rows by a column with the id of a record of the course.
func inCourse(db *gorm.DB, column string, course models.ID) *gorm.DB {
	args := make([]any, strings.Count(courseRecords, "?"))
	for i := range args {
		args[i] = course
	}
	return db.Where(column+" IN ("+courseRecords+")", args...)
}

// each visits the rows of a query as they come from the database, so that memory does not grow with them. visit must
// not use the transaction.
func each[R any](t *Tx, what string, query *gorm.DB, visit func(R) error) error {
	rows, err := query.Rows()
	if err != nil {
		return fmt.Errorf("list %s: %w", what, err)
	}
	defer rows.Close()
	for rows.Next() {
		var row R
		if err := t.gorm().ScanRows(rows, &row); err != nil {
			return fmt.Errorf("list %s: %w", what, err)
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	return wrapped("list "+what, rows.Err())
}

// EachRevision visits the revisions of a course's records by record and version. visit must not use the transaction.
func (t *Tx) EachRevision(course models.ID, visit func(Revision) error) error {
	return each(t, "revisions", inCourse(t.gorm().Table("revisions"), "record_id", course).Order("record_id, version"), visit)
}

// EachRedirect visits the redirects to a course's records by path. visit must not use the transaction.
func (t *Tx) EachRedirect(course models.ID, visit func(models.Redirect) error) error {
	type row struct {
		Path      string
		ToKind    models.Kind
		ToID      models.ID
		CreatedAt time.Time
	}
	return each(t, "redirects", inCourse(t.gorm().Table("redirects"), "to_id", course).Order("path"), func(r row) error {
		return visit(models.Redirect{Path: r.Path, To: *models.NewRef(r.ToKind, r.ToID), CreatedAt: r.CreatedAt})
	})
}

// EachImportAddress visits what imports know of the addresses of a course's records, by site and path. visit must not
// use the transaction.
func (t *Tx) EachImportAddress(course models.ID, visit func(ImportAddress) error) error {
	return each(t, "imported addresses", t.gorm().Table("import_addresses").Where("course_id = ?", course).Order("site, path"), visit)
}

// EachDeadLink visits the dead links of a course's records, by record and address. visit must not use the transaction.
func (t *Tx) EachDeadLink(course models.ID, visit func(DeadLink) error) error {
	return each(t, "dead links", t.gorm().Table("import_dead_links").Where("course_id = ?", course).Order("record_id, written"), visit)
}

// ImportItemsAfter lists some of what imports have made in a course, with what the source said when that is kept beside
// the revisions: by kind and key, after those given, or from the beginning when both are empty.
func (t *Tx) ImportItemsAfter(course models.ID, kind models.Kind, key string, limit int) ([]ImportItem, error) {
	var rows []ImportItem
	db := t.gorm().Table("import_items").Where("course_id = ?", course)
	if kind != "" || key != "" {
		db = db.Where("(kind, key) > (?, ?)", kind, key)
	}
	err := db.Order("kind, key").Limit(limit).Find(&rows).Error
	return rows, wrapped("list imported things", err)
}

// KeepRevision writes a revision unless the version has one.
func (t *Tx) KeepRevision(r Revision) error {
	err := t.gorm().Table("revisions").Clauses(clause.OnConflict{DoNothing: true}).Create(&r).Error
	return wrapped(fmt.Sprintf("write a revision of %s %s", r.Kind, r.RecordID), err)
}

// KeepRedirect remembers an old path, unless it leads somewhere already.
func (t *Tx) KeepRedirect(r models.Redirect) error {
	row := map[string]any{"path": r.Path, "to_kind": r.To.Type, "to_id": r.To.ID, "created_at": r.CreatedAt}
	return wrapped("write a redirect", t.gorm().Table("redirects").Clauses(clause.OnConflict{DoNothing: true}).Create(row).Error)
}

// KeepImportAddress remembers an address, unless it leads somewhere already.
func (t *Tx) KeepImportAddress(a ImportAddress) error {
	return wrapped("remember an imported address",
		t.gorm().Table("import_addresses").Clauses(clause.OnConflict{DoNothing: true}).Create(&a).Error)
}

// AddDeadLink remembers one more dead link of a record.
func (t *Tx) AddDeadLink(l DeadLink) error {
	return wrapped("remember a dead link",
		t.gorm().Table("import_dead_links").Clauses(clause.OnConflict{DoNothing: true}).Create(&l).Error)
}

// GoneAt tells when a record left live content; nil: it is live, or never was.
func (t *Tx) GoneAt(id models.ID) (*time.Time, error) {
	var rows []tombstone
	if err := t.gorm().Table("tombstones").Where("id = ?", id).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, wrapped("look for a tombstone", err)
	}
	return &rows[0].At, nil
}

// SetGone notes that a record left live content at a time, in another installation for instance. The content revision
// stays.
func (t *Tx) SetGone(kind models.Kind, id models.ID, at time.Time) error {
	revision, err := t.Revision()
	if err != nil {
		return err
	}
	row := tombstone{ID: id, Kind: kind, Revision: revision, At: at}
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, UpdateAll: true}
	return wrapped("write a tombstone", t.gorm().Table("tombstones").Clauses(replace).Create(&row).Error)
}
