package accounts

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Caller is who makes a request.
type Caller struct {
	access.Subject
	Session models.ID // with which they are signed in; empty for a token
	CSRF    string    // what unsafe requests of the session must bring
}

// touchEvery is how often the last use of a session or token is written down: a write for each read would be many.
const touchEvery = time.Minute

// touchTime bounds the wait for that write, which nobody needs.
const touchTime = 250 * time.Millisecond

var (
	errSession = models.Unauthenticated("the session has ended or never was: sign in")
	errToken   = models.Unauthenticated("the token is not good: it was revoked, has expired or never was")
)

// BySession finds out who has a session, by its secret. It fails with Unauthenticated when the session is over or the
// user is disabled.
func (s *Service) BySession(ctx context.Context, secret string, from access.Origin) (*Caller, error) {
	hash, ok := access.HashOfSecret(sessionPrefix, secret)
	if !ok {
		return nil, errSession
	}
	var session *store.Session
	var user *store.User
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		session, user, err = tx.SessionOf(hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := s.now()
	if session == nil || user.Disabled || !now.Before(session.ExpiresAt) || !now.Before(session.SeenAt.Add(s.SessionIdle)) {
		return nil, errSession
	}
	if now.Sub(session.SeenAt) >= touchEvery {
		s.touch(ctx, func(tx *store.Tx) error { return tx.SeenSession(hash, now, from.Address) })
	}
	return &Caller{Subject: subjectOf(user), Session: session.ID, CSRF: csrfOf(secret)}, nil
}

// ByToken finds out who has a token. It fails with Unauthenticated when the token was revoked or has expired, or the
// user is disabled.
func (s *Service) ByToken(ctx context.Context, secret string) (*Caller, error) {
	hash, ok := access.HashOfSecret(tokenPrefix, secret)
	if !ok {
		return nil, errToken
	}
	var token *store.Token
	var user *store.User
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		token, user, err = tx.TokenOf(hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := s.now()
	if token == nil || user.Disabled || token.ExpiresAt != nil && !now.Before(*token.ExpiresAt) {
		return nil, errToken
	}
	if token.LastUsedAt == nil || now.Sub(*token.LastUsedAt) >= touchEvery {
		s.touch(ctx, func(tx *store.Tx) error { return tx.UsedToken(token.ID, now) })
	}
	who := subjectOf(user).Within(token.Courses)
	who.Token = token.ID
	who.Scopes = append([]access.Scope{}, token.Scopes...) // never nil, which would be all
	return &Caller{Subject: who}, nil
}

// touch writes down a last use. That it fails, because an import holds the database for instance, is no reason to
// refuse a request.
func (s *Service) touch(ctx context.Context, write func(*store.Tx) error) {
	ctx, cancel := context.WithTimeout(ctx, touchTime)
	defer cancel()
	if err := s.store.InTx(ctx, write); err != nil {
		s.log.WarnContext(ctx, "a last use was not written down", "error", err)
	}
}

func subjectOf(u *store.User) access.Subject {
	return access.Subject{ID: u.ID, Name: u.Name, Grants: u.Grants}
}
