package store

import (
	"time"

	"github.com/lectern-cms/lectern/models"
)

// Preview shows a draft to whoever has its secret, which is stored as a hash only.
type Preview struct {
	ID        models.ID `gorm:"primaryKey"`
	Hash      string
	Kind      models.Kind
	RecordID  models.ID
	Note      string
	AuthorID  models.ID // the user who made it
	Author    string
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
	ExpiresAt time.Time
	RevokedAt *time.Time
}

// AddPreview adds a preview.
func (t *Tx) AddPreview(p *Preview) error {
	return wrapped("add a preview", t.gorm().Table("previews").Create(p).Error)
}

// PreviewOf finds a preview by its hash, those that are over too: nil when there is none.
func (t *Tx) PreviewOf(hash string) (*Preview, error) {
	var rows []Preview
	err := t.gorm().Table("previews").Where("hash = ?", hash).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, wrapped("look for a preview", err)
	}
	return &rows[0], nil
}

// Preview reads a preview, or fails with NotFound.
func (t *Tx) Preview(id models.ID) (*Preview, error) {
	var p Preview
	return &p, translate(t.gorm().Table("previews").Where("id = ?", id).Take(&p).Error, "preview", string(id))
}

// Previews lists the previews that are good at a time, the newest first.
func (t *Tx) Previews(at time.Time) ([]Preview, error) {
	var rows []Preview
	err := t.gorm().Table("previews").Where("expires_at > ? AND revoked_at IS NULL", at).Order("id DESC").Find(&rows).Error
	return rows, wrapped("list previews", err)
}

// RevokePreview ends a preview.
func (t *Tx) RevokePreview(id models.ID, at time.Time) error {
	return wrapped("revoke a preview", t.gorm().Table("previews").Where("id = ?", id).Update("revoked_at", at).Error)
}

// ForgetPreviews removes the previews that expired before a time.
func (t *Tx) ForgetPreviews(before time.Time) error {
	return wrapped("forget previews", t.gorm().Table("previews").Where("expires_at < ?", before).Delete(&Preview{}).Error)
}
