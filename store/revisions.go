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
	AuthorID  models.ID // empty for a program, and for what was saved before there were users
	Message   string
	At        time.Time
	Began     *time.Time // when the first of the saves in it was made; nil: it is of one save
	Published bool       // retention never removes it
	Imported  bool       // nor this: the next import compares with it
	Body      string
}

// AddRevision writes a revision. A version has one revision, which is never written again.
func (t *Tx) AddRevision(r Revision) error {
	if err := t.gorm().Table("revisions").Create(&r).Error; err != nil {
		return fmt.Errorf("write a revision of %s %s: %w", r.Kind, r.RecordID, err)
	}
	return nil
}

// MarkPublished marks a version as one that readers have seen.
func (t *Tx) MarkPublished(id models.ID, version int64) error {
	err := t.gorm().Table("revisions").Where("record_id = ? AND version = ?", id, version).Update("published", true).Error
	if err != nil {
		return fmt.Errorf("mark a revision of %s: %w", id, err)
	}
	return nil
}

// RevisionOf reads the save of a record that made a version.
func (t *Tx) RevisionOf(id models.ID, version int64) (*Revision, error) {
	var rows []Revision
	if err := t.gorm().Table("revisions").Where("record_id = ? AND version = ?", id, version).Limit(1).Find(&rows).Error; err != nil {
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
	if err := t.gorm().Table("revisions").Where("record_id = ?", id).Order("version DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("revisions of %s: %w", id, err)
	}
	return rows, nil
}

// LastRevision reads the newest revision of a record without its body, nil when there is none.
func (t *Tx) LastRevision(id models.ID) (*Revision, error) {
	var rows []Revision
	err := t.gorm().Table("revisions").Omit("body").Where("record_id = ?", id).Order("version DESC").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, wrapped(fmt.Sprintf("newest revision of %s", id), err)
	}
	return &rows[0], nil
}

// RevisionsBefore lists revisions of a record without their bodies, newest first: those of versions below one, or all
// where before is 0.
func (t *Tx) RevisionsBefore(id models.ID, before int64, limit int) ([]Revision, error) {
	db := t.gorm().Table("revisions").Omit("body").Where("record_id = ?", id)
	if before > 0 {
		db = db.Where("version < ?", before)
	}
	var rows []Revision
	err := db.Order("version DESC").Limit(limit).Find(&rows).Error
	return rows, wrapped(fmt.Sprintf("revisions of %s", id), err)
}

// RemoveRevision takes away a revision.
func (t *Tx) RemoveRevision(id models.ID, version int64) error {
	err := t.gorm().Table("revisions").Where("record_id = ? AND version = ?", id, version).Delete(&Revision{}).Error
	return wrapped(fmt.Sprintf("remove revision %d of %s", version, id), err)
}

// prunable are revisions that nobody will look for: readers have not seen them, no import compares with them, nobody said
// what they are for, and newer ones have followed.
const prunable = `NOT published AND NOT imported AND message = '' AND
	NOT EXISTS (SELECT 1 FROM import_items i WHERE i.record_id = revisions.record_id AND i.version = revisions.version) AND
	version < (SELECT MAX(n.version) FROM revisions n WHERE n.record_id = revisions.record_id)`

// PruneRevisions removes revisions of before a time (nil: of any) of which at least keep newer ones are there, some at
// a time, and tells how many. What was published, imported or has a message, and the newest, are never removed.
func (t *Tx) PruneRevisions(before *time.Time, keep, limit int) (int64, error) {
	db := t.gorm().Table("revisions").Select("record_id", "version").Where(prunable)
	if before != nil {
		db = db.Where("at < ?", *before)
	}
	if keep > 0 {
		db = db.Where("(SELECT COUNT(*) FROM revisions n WHERE n.record_id = revisions.record_id AND n.version > revisions.version) >= ?", keep)
	}
	var rows []Revision
	if err := db.Limit(limit).Find(&rows).Error; err != nil {
		return 0, fmt.Errorf("look for old revisions: %w", err)
	}
	for _, r := range rows {
		if err := t.RemoveRevision(r.RecordID, r.Version); err != nil {
			return 0, err
		}
	}
	return int64(len(rows)), nil
}

// Purge removes a record that is not live from drafts, with its history and what imports remember of it.
func (t *Tx) Purge(kind models.Kind, id models.ID) error {
	if err := t.Draft.Remove(kind, id); err != nil {
		return err
	}
	for _, table := range []string{"revisions", "import_items", "import_addresses", "import_dead_links", "previews", "source_merges", "presence"} {
		if err := t.gorm().Exec("DELETE FROM "+table+" WHERE record_id = ?", id).Error; err != nil {
			return fmt.Errorf("purge %s %s from %s: %w", kind, id, table, err)
		}
	}
	return wrapped("purge settings of "+string(id), t.gorm().Exec("DELETE FROM course_settings WHERE course_id = ?", id).Error)
}
