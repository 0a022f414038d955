package store

import (
	"time"

	"github.com/lectern-cms/lectern/models"
)

// SourceMerge is a merge of sources into one, with all that it changed, so that it can be undone.
type SourceMerge struct {
	ID       models.ID `gorm:"primaryKey"`
	CourseID models.ID
	RecordID models.ID // the source that was kept
	AuthorID models.ID
	Author   string
	At       time.Time
	UndoneAt *time.Time
	Merged   []models.ID        `gorm:"serializer:record"` // the sources that went into the trash
	Places   []SourceMergePlace `gorm:"serializer:record"`
}

// SourceMergePlace is a place that pointed to a merged source, and points to the kept one since.
type SourceMergePlace struct {
	Record models.Ref `json:"record"`
	Place  string     `json:"place"` // of a record: "citation" and its id, or "block" and its id
	Source models.ID  `json:"source"`
}

// AddSourceMerge writes down a merge.
func (t *Tx) AddSourceMerge(m *SourceMerge) error {
	return wrapped("write down a merge", t.gorm().Table("source_merges").Create(m).Error)
}

// SourceMerge reads a merge, or fails with NotFound.
func (t *Tx) SourceMerge(id models.ID) (*SourceMerge, error) {
	var m SourceMerge
	return &m, translate(t.gorm().Table("source_merges").Where("id = ?", id).Take(&m).Error, "merge", string(id))
}

// SourceMerges lists the merges of a course, the newest first: those before one, or all.
func (t *Tx) SourceMerges(course, before models.ID, limit int) ([]SourceMerge, error) {
	db := t.gorm().Table("source_merges").Where("course_id = ?", course)
	if before != "" {
		db = db.Where("id < ?", before)
	}
	var rows []SourceMerge
	return rows, wrapped("list merges", db.Order("id DESC").Limit(limit).Find(&rows).Error)
}

// UndoneSourceMerge notes that a merge was undone.
func (t *Tx) UndoneSourceMerge(id models.ID, at time.Time) error {
	return wrapped("note a merge", t.gorm().Table("source_merges").Where("id = ?", id).Update("undone_at", at).Error)
}
