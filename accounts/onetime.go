package accounts

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// resetTime is how long the token to set a password is good: time to hand it over, and not much more.
const resetTime = 24 * time.Hour

// OneTime is a token that is good once, shown once.
type OneTime struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expires_at"`
}

var errOneTime = models.Forbidden("the token is not good: it was used, has expired or never was")

// newPassword makes the hash of a new password, unless it breaks rules.
func (s *Service) newPassword(ctx context.Context, password, login string) (string, error) {
	if wrong := checkPassword(password, login); wrong != "" {
		return "", models.Invalid("the password breaks rules", []models.FieldError{{Pointer: "/password", Detail: wrong}})
	}
	return s.passwords.hash(ctx, password)
}

// BeginSetup gives a token that lets whoever has it make the first user, in the place of the one given before. It is
// empty when there is a user.
func (s *Service) BeginSetup(ctx context.Context) (string, error) {
	secret, hash := access.NewSecret(setupPrefix)
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		there, err := tx.HasUsers()
		if err != nil || there {
			secret = ""
			return err
		}
		return tx.SetOneTimeToken(&store.OneTimeToken{Hash: hash, Purpose: store.PurposeSetup})
	})
	return secret, err
}

// Setup is what the first user is made of.
type Setup struct {
	Token    string `json:"token"`
	Login    string `json:"login"`
	Name     string `json:"name"`
	Password string `json:"password"`
}

// SetUp makes the first user, an owner. It fails with Forbidden when the token is not good, with Conflict when there is
// a user, and with Invalid.
func (s *Service) SetUp(ctx context.Context, setup Setup, from access.Origin) (*User, error) {
	token, err := s.oneTime(ctx, store.PurposeSetup, setupPrefix, setup.Token)
	if err != nil {
		return nil, err
	}
	hash, err := s.newPassword(ctx, setup.Password, setup.Login)
	if err != nil {
		return nil, err
	}
	var out User
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockUsers(); err != nil {
			return err
		}
		there, err := tx.HasUsers()
		if err != nil {
			return err
		}
		if there {
			return models.Conflict("Lectern is set up already", nil)
		}
		if err := take(tx, token); err != nil {
			return err
		}
		owner := UserEdit{Login: setup.Login, Name: setup.Name, Grants: []access.Grant{{Role: access.Owner}}}
		u, err := s.addUser(tx, access.Subject{}, from, owner, &hash)
		if err == nil {
			out = userView(u)
		}
		return err
	})
	return &out, err
}

// oneTime finds a one-time token that is good.
func (s *Service) oneTime(ctx context.Context, purpose store.Purpose, prefix, secret string) (token *store.OneTimeToken, err error) {
	hash, ok := access.HashOfSecret(prefix, secret)
	if !ok {
		return nil, errOneTime
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		token, err = tx.OneTimeToken(purpose, hash, s.now())
		return err
	})
	if err == nil && token == nil {
		err = errOneTime
	}
	return token, err
}

// take uses a one-time token up.
func take(tx *store.Tx, token *store.OneTimeToken) error {
	taken, err := tx.TakeOneTimeToken(token)
	if err == nil && !taken {
		err = errOneTime
	}
	return err
}

// Reset gives a token with which a user can set a password, in the place of the one given before. The old password and
// the sessions stay until it is used.
func (s *Service) Reset(ctx context.Context, who access.Subject, from access.Origin, id models.ID) (*OneTime, error) {
	if err := allowed(who, access.ManageUsers); err != nil {
		return nil, err
	}
	secret, hash := access.NewSecret(resetPrefix)
	expires := s.now().Add(resetTime)
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.User(id); err != nil {
			return err
		}
		token := &store.OneTimeToken{Hash: hash, Purpose: store.PurposeReset, UserID: &id, ExpiresAt: &expires}
		if err := tx.SetOneTimeToken(token); err != nil {
			return err
		}
		return tx.AddAudit(s.audit(who, from, "user.reset", kindUser, id))
	})
	return &OneTime{Token: secret, ExpiresAt: expires}, err
}

// NewPassword is what a user with a token from Reset sends.
type NewPassword struct {
	Token    string `json:"token"`
	Password string `json:"password"`
}

// SetPassword sets the password of the user whom Reset gave a token, and ends all their sessions. It fails with
// Forbidden when the token is not good or the user is disabled, and with Invalid.
func (s *Service) SetPassword(ctx context.Context, set NewPassword, from access.Origin) error {
	token, err := s.oneTime(ctx, store.PurposeReset, resetPrefix, set.Token)
	if err != nil {
		return err
	}
	user, err := s.user(ctx, *token.UserID)
	if err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, set.Password, user.Login)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		u, err := tx.User(user.ID)
		if err != nil {
			return err
		}
		if u.Disabled {
			return errOneTime
		}
		if err := take(tx, token); err != nil {
			return err
		}
		return s.replacePassword(tx, subjectOf(u), from, hash, "")
	})
}

// replacePassword sets a user's password and ends their sessions but one.
func (s *Service) replacePassword(tx *store.Tx, who access.Subject, from access.Origin, hash string, but models.ID) error {
	if err := tx.SetPassword(who.ID, hash); err != nil {
		return err
	}
	ended, err := tx.EndSessions(who.ID, but)
	if err != nil {
		return err
	}
	if err := tx.DropOneTimeTokens(store.PurposeReset, &who.ID); err != nil {
		return err
	}
	e := s.audit(who, from, "user.password", kindUser, who.ID)
	e.Detail["sessions_ended"] = ended
	return tx.AddAudit(e)
}

// PasswordChange is what somebody who is signed in sends for another password.
type PasswordChange struct {
	Current  string `json:"current"`
	Password string `json:"password"`
}

// ChangePassword sets another password for the caller, and ends all their other sessions. It fails with Invalid when the
// current one is not right or the new one breaks rules, and with TooMany after too many failures.
func (s *Service) ChangePassword(ctx context.Context, who *Caller, from access.Origin, change PasswordChange) error {
	var user *store.User
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		user, err = tx.User(who.ID)
		return err
	})
	if err != nil {
		return err
	}
	try, err := s.throttle.begin(user.LoginKey, from.Address)
	if err != nil {
		return err
	}
	ok, err := s.passwords.match(ctx, change.Current, user.Password)
	if err != nil {
		return err
	}
	if !ok {
		return models.Invalid("the password was not changed", []models.FieldError{{Pointer: "/current", Detail: "is not the current password"}})
	}
	try.forgive()
	hash, err := s.newPassword(ctx, change.Password, user.Login)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error { return s.replacePassword(tx, who.Subject, from, hash, who.Session) })
}
