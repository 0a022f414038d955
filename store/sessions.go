package store

import (
	"time"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/models"
)

// Session is a user who has signed in. Its secret, which the browser keeps, is stored as a hash only.
type Session struct {
	Hash      string `gorm:"primaryKey"`
	ID        models.ID
	UserID    models.ID
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
	SeenAt    time.Time // to the minute or so
	ExpiresAt time.Time // whatever is done with it
	Address   string    // that it was last seen from
	UserAgent string
}

// AddSession adds a session.
func (t *Tx) AddSession(s *Session) error {
	return wrapped("add a session", t.gorm().Table("sessions").Create(s).Error)
}

// userColumns are those of a user who is read with something else, under names that the other has not.
const userColumns = "u.id AS u_id, u.login AS u_login, u.login_key AS u_login_key, u.name AS u_name, u.password AS u_password, " +
	"u.grants AS u_grants, u.disabled AS u_disabled, u.version AS u_version, u.created_at AS u_created_at, " +
	"u.updated_at AS u_updated_at, u.last_sign_in_at AS u_last_sign_in_at"

// SessionOf finds a session by its hash, with its user, in one statement: nil when there is none.
func (t *Tx) SessionOf(hash string) (*Session, *User, error) {
	var rows []struct {
		Session Session `gorm:"embedded"`
		User    User    `gorm:"embedded;embeddedPrefix:u_"`
	}
	err := t.gorm().Table("sessions s").Select("s.*, "+userColumns).Joins("JOIN users u ON u.id = s.user_id").
		Where("s.hash = ?", hash).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, nil, wrapped("look for a session", err)
	}
	return &rows[0].Session, &rows[0].User, nil
}

// Sessions lists the sessions of a user, the newest first.
func (t *Tx) Sessions(user models.ID) ([]Session, error) {
	var rows []Session
	err := t.gorm().Table("sessions").Where("user_id = ?", user).Order("id DESC").Find(&rows).Error
	return rows, wrapped("list sessions", err)
}

// SeenSession notes when and where a session was last used.
func (t *Tx) SeenSession(hash string, at time.Time, address string) error {
	seen := map[string]any{"seen_at": at, "address": address}
	return wrapped("note a session", t.gorm().Table("sessions").Where("hash = ?", hash).Updates(seen).Error)
}

// EndSession ends a session of a user and tells whether there was one.
func (t *Tx) EndSession(user, id models.ID) (bool, error) {
	n, err := t.endSessions(t.gorm().Where("user_id = ? AND id = ?", user, id))
	return n > 0, err
}

// EndSessions ends all sessions of a user but the one with an id, which may be empty, and tells how many there were.
func (t *Tx) EndSessions(user, but models.ID) (int64, error) {
	return t.endSessions(t.gorm().Where("user_id = ? AND id <> ?", user, but))
}

// ForgetSessions removes those that have expired, or were not used since a time.
func (t *Tx) ForgetSessions(now, unused time.Time) error {
	_, err := t.endSessions(t.gorm().Where("expires_at <= ? OR seen_at <= ?", now, unused))
	return err
}

func (t *Tx) endSessions(which *gorm.DB) (int64, error) {
	res := which.Table("sessions").Delete(&Session{})
	return res.RowsAffected, wrapped("end sessions", res.Error)
}
