package store

import (
	"fmt"
	"time"

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

// RevisionOf reads the save of a record that made a version.
func (t *Tx) RevisionOf(id models.ID, version int64) (*Revision, error) {
	var rows []Revision
	if err := t.db.Table("revisions").Where("record_id = ? AND version = ?", id, version).Limit(1).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("revision %d of %s: %w", version, id, err)
	}
	if len(rows) == 0 {
		return nil, models.NotFound("revision", fmt.Sprintf("%s/%d", id, version))
	}
	return &rows[0], nil
}

// Revisions lists a record's revisions, newest first.
func (t *Tx) Revisions(id models.ID) ([]Revision, error) {
	var rows []Revision
	if err := t.db.Table("revisions").Where("record_id = ?", id).Order("version DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("revisions of %s: %w", id, err)
	}
	return rows, nil
}
