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
	if token == nil || user.Disabled || !isGood(token, now) {
		return nil, errToken
	}
	if token.LastUsedAt == nil || now.Sub(*token.LastUsedAt) >= touchEvery {
		s.touch(ctx, func(tx *store.Tx) error { return tx.UsedToken(token.ID, now) })
	}
	return &Caller{Subject: subjectWith(user, token)}, nil
}

// Standing is what somebody may do by now who has asked for something earlier, with a token or, when it is empty, with a
// session. It fails with Forbidden when the user is disabled or gone, or the token is not good any more.
func (s *Service) Standing(tx *store.Tx, user, token models.ID) (access.Subject, error) {
	u, err := tx.User(user)
	switch {
	case models.KindOf(err) == models.KindNotFound:
		return access.Subject{}, models.Forbidden("who asked for it is no user any more")
	case err != nil:
		return access.Subject{}, err
	case u.Disabled:
		return access.Subject{}, models.Forbidden(u.Name + ", who asked for it, is disabled")
	case token == "":
		return subjectOf(u), nil
	}
	t, err := tx.Token(token)
	switch {
	case models.KindOf(err) == models.KindNotFound:
		return access.Subject{}, models.Forbidden("the token with which it was asked for has been revoked")
	case err != nil:
		return access.Subject{}, err
	case !isGood(t, s.now()):
		return access.Subject{}, models.Forbidden("the token with which it was asked for has expired")
	}
	return subjectWith(u, t), nil
}

// isGood tells whether a token has not expired.
func isGood(t *store.Token, now time.Time) bool {
	return t.ExpiresAt == nil || now.Before(*t.ExpiresAt)
}

// subjectWith is a user with a token.
func subjectWith(u *store.User, t *store.Token) access.Subject {
	who := subjectOf(u).Within(t.Courses)
	who.Token = t.ID
	who.Scopes = append([]access.Scope{}, t.Scopes...) // never nil, which would be all
	return who
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
