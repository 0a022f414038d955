package store

import (
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
)

// Token lets a program act for a user. Its secret is stored as a hash only.
type Token struct {
	ID     models.ID `gorm:"primaryKey"`
	Hash   string
	UserID models.ID
	Name   string

	Scopes  []access.Scope `gorm:"serializer:record"`
	Courses []models.ID    `gorm:"serializer:record"` // that it is good for; empty: all

	CreatedAt  time.Time  `gorm:"autoCreateTime:false"`
	ExpiresAt  *time.Time // nil: never
	LastUsedAt *time.Time // to the minute or so
}

// AddToken adds a token.
func (t *Tx) AddToken(token *Token) error {
	return wrapped("add a token", t.gorm().Table("tokens").Create(token).Error)
}

// TokenOf finds a token by its hash, with its user, in one statement: nil when there is none.
func (t *Tx) TokenOf(hash string) (*Token, *User, error) {
	var rows []struct {
		Token Token `gorm:"embedded"`
		User  User  `gorm:"embedded;embeddedPrefix:u_"`
	}
	err := t.gorm().Table("tokens t").Select("t.*, "+userColumns).Joins("JOIN users u ON u.id = t.user_id").
		Where("t.hash = ?", hash).Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, nil, wrapped("look for a token", err)
	}
	return &rows[0].Token, &rows[0].User, nil
}

// Token reads a token, or fails with NotFound.
func (t *Tx) Token(id models.ID) (*Token, error) {
	var token Token
	return &token, translate(t.gorm().Table("tokens").Where("id = ?", id).Take(&token).Error, "token", string(id))
}

// TokenQuery says which tokens to list, by id.
type TokenQuery struct {
	User  models.ID // only those of a user
	After models.ID
	Limit int
}

// Tokens lists tokens.
func (t *Tx) Tokens(q TokenQuery) ([]Token, error) {
	db := t.gorm().Table("tokens").Where("id > ?", q.After)
	if q.User != "" {
		db = db.Where("user_id = ?", q.User)
	}
	var rows []Token
	return rows, wrapped("list tokens", db.Order("id").Limit(q.Limit).Find(&rows).Error)
}

// CountTokens tells how many tokens a user has.
func (t *Tx) CountTokens(user models.ID) (n int64, err error) {
	err = t.gorm().Table("tokens").Where("user_id = ?", user).Count(&n).Error
	return n, wrapped("count tokens", err)
}

// UsedToken notes when a token was last used.
func (t *Tx) UsedToken(id models.ID, at time.Time) error {
	return wrapped("note a token", t.gorm().Table("tokens").Where("id = ?", id).Update("last_used_at", at).Error)
}

// DeleteToken revokes a token.
func (t *Tx) DeleteToken(id models.ID) error {
	return wrapped("revoke a token", t.gorm().Table("tokens").Where("id = ?", id).Delete(&Token{}).Error)
}
