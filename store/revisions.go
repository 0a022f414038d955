package store

import (
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// Revision is one save of a record: its whole JSON, with who, when and why.
type Revision struct {
	RecordID  models.ID
	Version   int64
	Kind      models.Kind
	Parent    *int64 // the version that it was made from
	Author    string
	Message   string
	At        time.Time
	Published bool // retention never removes it
	Imported  bool // nor this: the next import compares with it
	Body      string
}

// AddRevision writes a revision. A version has one revision, which is never written again.
func (t *Tx) AddRevision(r Revision) error {
	if err := t.db.Table("revisions").Create(&r).Error; err != nil {
		return fmt.Errorf("write a revision of %s %s: %w", r.Kind, r.RecordID, err)
	}
	return nil
}

// MarkPublished marks a version as one that readers have seen.
func (t *Tx) MarkPublished(id models.ID, version int64) error {
	err := t.db.Table("revisions").Where("record_id = ? AND version = ?", id, version).Update("published", true).Error
	if err != nil {
		return fmt.Errorf("mark a revision of %s: %w", id, err)
	}
	return nil
}

// Revisions lists a record's revisions, newest first.
func (t *Tx) Revisions(id models.ID) ([]Revision, error) {
	var rows []Revision
	if err := t.db.Table("revisions").Where("record_id = ?", id).Order("version DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("revisions of %s: %w", id, err)
	}
	return rows, nil
}

// ImportItem remembers which record an import made of a thing in a source, and its version then: the bookkeeping is
// kept apart from content, so that importing a page that has not changed changes no record.
type ImportItem struct {
	CourseID models.ID
	Key      string
	Kind     models.Kind
	RecordID models.ID
	Version  int64
}

// ImportItems lists what imports have made in a course.
func (t *Tx) ImportItems(course models.ID) ([]ImportItem, error) {
	var rows []ImportItem
	if err := t.db.Table("import_items").Where("course_id = ?", course).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list imported things: %w", err)
	}
	return rows, nil
}

// PutImportItem remembers one.
func (t *Tx) PutImportItem(item ImportItem) error {
	replace := clause.OnConflict{Columns: []clause.Column{{Name: "course_id"}, {Name: "kind"}, {Name: "key"}}, UpdateAll: true}
	if err := t.db.Table("import_items").Clauses(replace).Create(&item).Error; err != nil {
		return fmt.Errorf("remember %s %q: %w", item.Kind, item.Key, err)
	}
	return nil
}
