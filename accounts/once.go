package accounts

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// keptFor is how long an answer is given again to who sends the same request under the same key.
const keptFor = 24 * time.Hour

// BeginOnce begins a request under a key of who sends it. It gives the answer of the same request before, nil when there
// was none. It fails with Invalid when the key was used for another request, and with Conflict when it is not known how
// the request ended, or its answer is not kept.
func (s *Service) BeginOnce(ctx context.Context, who access.Subject, key, request string) (answer *string, err error) {
	request = access.HashSecret(string(who.Token) + " " + request) // another token may see less
	var before *store.IdempotencyKey
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		now := s.now()
		if err := tx.ForgetKeys(now.Add(-keptFor)); err != nil {
			return err
		}
		before, err = tx.BeginKey(store.IdempotencyKey{UserID: who.ID, Key: key, Request: request, CreatedAt: now})
		return err
	})
	switch {
	case err != nil || before == nil:
		return nil, err
	case before.Request != request:
		return nil, &models.Error{Kind: models.KindInvalid, Message: "the Idempotency-Key was used for another request"}
	case before.Answer == nil:
		return nil, models.Conflict("a request with this Idempotency-Key has begun, and its answer is not kept: look whether it was done", nil)
	}
	return before.Answer, nil
}

// EndOnce keeps the answer to a request that BeginOnce has begun.
func (s *Service) EndOnce(ctx context.Context, who access.Subject, key, answer string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error { return tx.FinishKey(who.ID, key, answer) })
}

// ForgetOnce lets a key be used again, for a request that has failed.
func (s *Service) ForgetOnce(ctx context.Context, who access.Subject, key string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error { return tx.DropKey(who.ID, key) })
}
