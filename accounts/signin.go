package accounts

import (
	"context"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Credentials are what somebody signs in with.
type Credentials struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// SignedIn is a session that has just begun, or the one that a request has.
type SignedIn struct {
	Secret    string  `json:"-"` // for the cookie, of a new session only
	Session   Session `json:"session"`
	User      User    `json:"user"`
	CSRFToken string  `json:"csrf_token"`
}

// errRefused is the one answer to everybody who can't sign in, so that it doesn't tell which logins there are.
var errRefused = models.Unauthenticated("login and password do not fit together, or the user may not sign in")

// SignIn begins a session. Nobody needs to be known before; a session that the browser has already is another one, and
// goes on. It fails with Unauthenticated, and with TooMany after too many failures, whether the password is right then
// or not.
//
// It is a few steps, one after the other: who is it (identify), may they go on, begin (begin). A second factor is a step
// between the last two, for those who have one: it would give a one-time token instead of a session, which a second
// request brings with the code. Another way to find out who it is, an OpenID provider for instance, stands in the place
// of identify and begins the session in the same way; users who only come that way have no password.
func (s *Service) SignIn(ctx context.Context, c Credentials, from access.Origin, userAgent string) (*SignedIn, error) {
	try, err := s.throttle.begin(loginKey(c.Login), from.Address)
	if err != nil {
		return nil, err
	}
	user, ok, err := s.identify(ctx, c)
	if err != nil {
		return nil, err
	}
	if !ok || user.Disabled {
		return nil, s.refuse(ctx, user, from)
	}
	signedIn, err := s.begin(ctx, user, from, userAgent)
	if err == nil {
		try.forgive()
	}
	return signedIn, err
}

// identify finds the user with a login, nil when there is none, and tells whether the password is theirs. It does the
// same work for logins that nobody has.
func (s *Service) identify(ctx context.Context, c Credentials) (user *store.User, ok bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		user, err = tx.UserByLogin(loginKey(c.Login))
		return err
	})
	if err != nil {
		return nil, false, err
	}
	var hash *string
	if user != nil {
		hash = user.Password
	}
	ok, err = s.passwords.match(ctx, c.Password, hash)
	return user, ok, err
}

// refuse writes down that somebody could not sign in. The login is only in the log when it is one: people type
// passwords into the wrong field.
func (s *Service) refuse(ctx context.Context, user *store.User, from access.Origin) error {
	e := s.audit(access.Subject{}, from, "session.refused", kindUser, "")
	if user != nil {
		e.RecordID = user.ID
		e.Detail["login"] = user.Login
		e.Detail["disabled"] = user.Disabled
	}
	if err := s.store.InTx(ctx, func(tx *store.Tx) error { return tx.AddAudit(e) }); err != nil {
		return err
	}
	return errRefused
}

// begin begins a session, unless the user was changed since they were identified.
func (s *Service) begin(ctx context.Context, user *store.User, from access.Origin, userAgent string) (*SignedIn, error) {
	now := s.now()
	secret, hash := access.NewSecret(sessionPrefix)
	session := store.Session{
		Hash: hash, ID: models.NewID(), UserID: user.ID, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(s.SessionLifetime),
		Address: from.Address, UserAgent: shortened(userAgent),
	}
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		current, err := tx.UserByLogin(user.LoginKey)
		if err != nil {
			return err
		}
		if current == nil || current.ID != user.ID || current.Disabled || current.Password == nil || *current.Password != *user.Password {
			return errRefused
		}
		if err := tx.AddSession(&session); err != nil {
			return err
		}
		if err := tx.SignedIn(user.ID, now); err != nil {
			return err
		}
		return tx.AddAudit(s.audit(subjectOf(user), from, "session.create", kindSession, session.ID))
	})
	if err != nil {
		return nil, err
	}
	user.LastSignInAt = &now
	return &SignedIn{Secret: secret, Session: s.sessionView(session, session.ID), User: userView(user), CSRFToken: csrfOf(secret)}, nil
}

// maxUserAgent bounds what is kept of the name of a browser, which anybody may choose.
const maxUserAgent = 300

func shortened(userAgent string) string {
	if len(userAgent) <= maxUserAgent {
		return userAgent
	}
	cut := maxUserAgent
	for !utf8.RuneStart(userAgent[cut]) {
		cut--
	}
	return userAgent[:cut]
}
