package store

import (
	"time"

	"github.com/lectern-cms/lectern/models"
)

// Purpose is what a one-time token is for.
type Purpose string

// The purposes.
const (
	PurposeSetup Purpose = "setup" // to make the first user
	PurposeReset Purpose = "reset" // to give a user a new password
)

// OneTimeToken is good once. Its secret is stored as a hash only.
type OneTimeToken struct {
	Hash      string `gorm:"primaryKey"`
	Purpose   Purpose
	UserID    *models.ID
	ExpiresAt *time.Time // nil: never
}

// SetOneTimeToken adds a token in the place of those for the same purpose and user.
func (t *Tx) SetOneTimeToken(token *OneTimeToken) error {
	if err := t.DropOneTimeTokens(token.Purpose, token.UserID); err != nil {
		return err
	}
	return wrapped("add a one-time token", t.gorm().Table("one_time_tokens").Create(token).Error)
}

// OneTimeToken finds a token that has not expired: nil when there is none.
func (t *Tx) OneTimeToken(purpose Purpose, hash string, now time.Time) (*OneTimeToken, error) {
	var rows []OneTimeToken
	err := t.gorm().Table("one_time_tokens").Where("purpose = ? AND hash = ? AND (expires_at IS NULL OR expires_at > ?)", purpose, hash, now).
		Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, wrapped("look for a one-time token", err)
	}
	return &rows[0], nil
}

// TakeOneTimeToken takes a token away, and tells whether it was there: of two who take it at once one gets it.
func (t *Tx) TakeOneTimeToken(token *OneTimeToken) (bool, error) {
	res := t.gorm().Table("one_time_tokens").Where("hash = ?", token.Hash).Delete(&OneTimeToken{})
	return res.RowsAffected > 0, wrapped("take a one-time token", res.Error)
}

// DropOneTimeTokens takes away the tokens for a purpose and a user, who may be nobody.
func (t *Tx) DropOneTimeTokens(purpose Purpose, user *models.ID) error {
	db := t.gorm().Table("one_time_tokens").Where("purpose = ?", purpose)
	if user != nil {
		db = db.Where("user_id = ?", *user)
	}
	return wrapped("drop one-time tokens", db.Delete(&OneTimeToken{}).Error)
}

// ForgetOneTimeTokens removes those that have expired.
func (t *Tx) ForgetOneTimeTokens(now time.Time) error {
	return wrapped("drop one-time tokens", t.gorm().Table("one_time_tokens").Where("expires_at <= ?", now).Delete(&OneTimeToken{}).Error)
}
