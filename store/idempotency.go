package store

import (
	"time"

	"gorm.io/gorm/clause"

	"github.com/lectern-cms/lectern/models"
)

// IdempotencyKey is a request that was begun under a key of its sender, and its answer.
type IdempotencyKey struct {
	UserID    models.ID `gorm:"primaryKey"`
	Key       string    `gorm:"primaryKey"`
	Request   string    // a hash of it
	Answer    *string   // nil: it is under way, was cut off, or its answer is not kept
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// BeginKey takes a key of a user. When it was taken before, it gives what is known of that.
func (t *Tx) BeginKey(k IdempotencyKey) (before *IdempotencyKey, err error) {
	res := t.gorm().Table("idempotency_keys").Clauses(clause.OnConflict{DoNothing: true}).Create(&k)
	if res.Error != nil || res.RowsAffected > 0 {
		return nil, wrapped("take an idempotency key", res.Error)
	}
	var found IdempotencyKey
	err = t.gorm().Table("idempotency_keys").Where("user_id = ? AND key = ?", k.UserID, k.Key).Take(&found).Error
	return &found, wrapped("read an idempotency key", err)
}

// FinishKey keeps the answer to the request under a key.
func (t *Tx) FinishKey(user models.ID, key, answer string) error {
	db := t.gorm().Table("idempotency_keys").Where("user_id = ? AND key = ?", user, key)
	return wrapped("keep an answer", db.Update("answer", answer).Error)
}

// DropKey gives a key back.
func (t *Tx) DropKey(user models.ID, key string) error {
	db := t.gorm().Table("idempotency_keys").Where("user_id = ? AND key = ?", user, key)
	return wrapped("drop an idempotency key", db.Delete(&IdempotencyKey{}).Error)
}

// ForgetKeys gives keys back that were taken before a time.
func (t *Tx) ForgetKeys(before time.Time) error {
	db := t.gorm().Table("idempotency_keys").Where("created_at <= ?", before)
	return wrapped("drop idempotency keys", db.Delete(&IdempotencyKey{}).Error)
}
