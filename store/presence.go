package store

import (
	"time"

	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// Presence says that somebody has a record open.
type Presence struct {
	RecordID models.ID
	UserID   models.ID
	Client   string // one of the user's windows
	Name     string // of the user
	Since    time.Time
	SeenAt   time.Time
}

// PutPresence notes that somebody has a record open. Since stays as it is.
func (t *Tx) PutPresence(p *Presence) error {
	again := clause.OnConflict{
		Columns:   []clause.Column{{Name: "record_id"}, {Name: "user_id"}, {Name: "client"}},
		DoUpdates: clause.AssignmentColumns([]string{"name", "seen_at"}),
	}
	return wrapped("note who is there", t.gorm().Table("presence").Clauses(again).Create(p).Error)
}

// Presences lists who has a record open, those who came first first.
func (t *Tx) Presences(record models.ID, since time.Time) ([]Presence, error) {
	var rows []Presence
	err := t.gorm().Table("presence").Where("record_id = ? AND seen_at > ?", record, since).Order("since, user_id, client").Find(&rows).Error
	return rows, wrapped("list who is there", err)
}

// EndPresence notes that somebody has closed a record.
func (t *Tx) EndPresence(record, user models.ID, client string) error {
	err := t.gorm().Table("presence").Where("record_id = ? AND user_id = ? AND client = ?", record, user, client).Delete(&Presence{}).Error
	return wrapped("note who has left", err)
}

// ForgetPresences removes those who were not seen since a time.
func (t *Tx) ForgetPresences(before time.Time) error {
	return wrapped("forget who was there", t.gorm().Table("presence").Where("seen_at <= ?", before).Delete(&Presence{}).Error)
}
