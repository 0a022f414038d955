package store

import (
	"time"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// AuditEntry is one thing that was done, or refused. It is written in the transaction of what it tells, and never
// changed.
type AuditEntry struct {
	ID        models.ID `gorm:"primaryKey"`
	At        time.Time
	ActorID   models.ID // the user; empty for nobody known, and for the command line
	Actor     string    // as it stands in history
	TokenID   models.ID // with which it was done; empty for a session
	Address   string    // from where
	RequestID string

	Action   string      // such as "section.update", "session.refused"
	Kind     models.Kind // of the record, or "user", "session", "token", "audit"
	RecordID models.ID
	CourseID models.ID      // that the record belongs to
	Version  *int64         // that was made
	Detail   map[string]any `gorm:"serializer:record"` // what else tells: no secrets and no content
}

// NewAuditEntry begins an entry with who did something, from where, and when. The rest is for the caller to fill in.
func NewAuditEntry(who access.Subject, from access.Origin, at time.Time, action string) AuditEntry {
	return AuditEntry{
		ID: models.NewID(), At: at, ActorID: who.ID, Actor: who.Name, TokenID: who.Token,
		Address: from.Address, RequestID: from.RequestID, Action: action, Detail: map[string]any{},
	}
}

// AddAudit writes entries into the audit log.
func (t *Tx) AddAudit(entries ...AuditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	return wrapped("write the audit log", t.gorm().Table("audit_log").CreateInBatches(entries, 100).Error)
}

// AuditQuery says which entries to list, the newest first.
type AuditQuery struct {
	Actor  models.ID
	Action string // the beginning of the action
	Kind   models.Kind
	Record models.ID
	Course models.ID
	Since  time.Time // at or after
	Until  time.Time // before
	Before models.ID // only entries that are older than this one
	Limit  int
}

// Audit lists entries of the audit log.
func (t *Tx) Audit(q AuditQuery) ([]AuditEntry, error) {
	var rows []AuditEntry
	err := q.filter(t.gorm().Table("audit_log")).Order("id DESC").Limit(q.Limit).Find(&rows).Error
	return rows, wrapped("read the audit log", err)
}

func (q AuditQuery) filter(db *gorm.DB) *gorm.DB {
	for _, f := range []struct{ column, value string }{
		{"actor_id", string(q.Actor)}, {"kind", string(q.Kind)}, {"record_id", string(q.Record)}, {"course_id", string(q.Course)},
	} {
		if f.value != "" {
			db = db.Where(f.column+" = ?", f.value)
		}
	}
	if q.Action != "" {
		db = db.Where("action >= ? AND action < ?", q.Action, q.Action+afterAll)
	}
	if !q.Since.IsZero() {
		db = db.Where("at >= ?", q.Since)
	}
	if !q.Until.IsZero() {
		db = db.Where("at < ?", q.Until)
	}
	if q.Before != "" {
		db = db.Where("id < ?", q.Before)
	}
	return db
}

// PurgeAudit removes the entries from before a time, and tells how many there were. Nothing else removes any.
func (t *Tx) PurgeAudit(before time.Time) (int64, error) {
	res := t.gorm().Table("audit_log").Where("at < ?", before).Delete(&AuditEntry{})
	return res.RowsAffected, wrapped("purge the audit log", res.Error)
}
