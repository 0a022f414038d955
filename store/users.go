package store

import (
	"fmt"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// User is somebody who may sign in.
type User struct {
	ID       models.ID `gorm:"primaryKey"`
	Login    string    // as it was given
	LoginKey string    // folded, unique
	Name     string    // as it stands in history
	Password *string   // its hash; nil: has none, and can't sign in with one

	Grants   []access.Grant `gorm:"serializer:record"`
	Disabled bool
	Version  int64

	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
	LastSignInAt *time.Time
}

// kindUser names users in errors.
const kindUser models.Kind = "user"

// LockUsers holds off other transactions that change users until this one ends, so that what is looked at in all of
// them is still so when it is acted on. SQLite has one writer at a time anyway.
func (t *Tx) LockUsers() error {
	if !t.locks {
		return nil
	}
	return wrapped("lock the users", t.gorm().Exec("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE").Error)
}

// AddUser adds a user as version 1. It fails with Conflict when the login is taken.
func (t *Tx) AddUser(u *User) error {
	u.Version = 1
	return translate(t.gorm().Table("users").Create(u).Error, kindUser, u.Login)
}

// User reads a user, or fails with NotFound.
func (t *Tx) User(id models.ID) (*User, error) {
	var u User
	return &u, translate(t.gorm().Table("users").Where("id = ?", id).Take(&u).Error, kindUser, string(id))
}

// UserByLogin finds the user with a folded login: nil when there is none.
func (t *Tx) UserByLogin(key string) (*User, error) {
	var rows []User
	if err := t.gorm().Table("users").Where("login_key = ?", key).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, wrapped("look for a user", err)
	}
	return &rows[0], nil
}

// Users lists users by id, after the given one or from the beginning when it is empty.
func (t *Tx) Users(after models.ID, limit int) ([]User, error) {
	var rows []User
	err := t.gorm().Table("users").Where("id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	return rows, wrapped("list users", err)
}

// UpdateUser saves login, name, grants and whether the user is disabled, when the stored version is the one that was
// read. It fails with Stale when it is another, and with Conflict when the login is taken.
func (t *Tx) UpdateUser(u *User, version int64) error {
	u.Version = version + 1
	res := t.gorm().Table("users").Where("id = ? AND version = ?", u.ID, version).
		Select("login", "login_key", "name", "grants", "disabled", "version", "updated_at").Updates(u)
	if res.Error != nil {
		return translate(res.Error, kindUser, u.Login)
	}
	if res.RowsAffected == 0 {
		return models.Stale("the user was changed by someone else")
	}
	return nil
}

// DeleteUser takes a user away, with sessions and tokens.
func (t *Tx) DeleteUser(id models.ID) error {
	return wrapped("delete a user", t.gorm().Table("users").Where("id = ?", id).Delete(&User{}).Error)
}

// SetPassword gives a user another password, by its hash.
func (t *Tx) SetPassword(id models.ID, hash string) error {
	return wrapped("set a password", t.gorm().Table("users").Where("id = ?", id).Update("password", hash).Error)
}

// SignedIn notes when a user has signed in.
func (t *Tx) SignedIn(id models.ID, at time.Time) error {
	return wrapped("note a sign-in", t.gorm().Table("users").Where("id = ?", id).Update("last_sign_in_at", at).Error)
}

// EnabledUsers lists all users who are not disabled.
func (t *Tx) EnabledUsers() ([]User, error) {
	var rows []User
	err := t.gorm().Table("users").Where("NOT disabled").Order("id").Find(&rows).Error
	return rows, wrapped("list users", err)
}

// HasUsers tells whether there is any user.
func (t *Tx) HasUsers() (bool, error) {
	var n int64
	if err := t.gorm().Table("users").Limit(1).Count(&n).Error; err != nil {
		return false, fmt.Errorf("look for users: %w", err)
	}
	return n > 0, nil
}
