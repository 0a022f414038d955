package accounts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// maxTokens is how many tokens one user may have: enough for one per program, few enough to look through.
const maxTokens = 100

// Token is a token as owners and its user see it, without its secret.
type Token struct {
	ID         models.ID      `json:"id"`
	User       models.ID      `json:"user"`
	Name       string         `json:"name"`
	Scopes     []access.Scope `json:"scopes"`
	Courses    []models.ID    `json:"courses"` // that it is limited to; empty: none
	CreatedAt  time.Time      `json:"created_at"`
	ExpiresAt  *time.Time     `json:"expires_at"`
	LastUsedAt *time.Time     `json:"last_used_at"` // to the minute or so
}

func tokenView(t *store.Token) Token {
	return Token{
		ID: t.ID, User: t.UserID, Name: t.Name, Scopes: t.Scopes, Courses: t.Courses, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt,
		LastUsedAt: t.LastUsedAt,
	}
}

// NewToken is what a token is made of.
type NewToken struct {
	Name      string         `json:"name"`
	Scopes    []access.Scope `json:"scopes"`
	Courses   []models.ID    `json:"courses"`
	ExpiresAt *time.Time     `json:"expires_at"`
}

// CreatedToken is a new token with its secret, which is shown this once.
type CreatedToken struct {
	Token
	Secret string `json:"secret"`
}

// CreateToken makes a token that acts for a user, oneself or, for those who manage users, anybody. It fails with Invalid,
// and with Conflict when the user has maxTokens.
func (s *Service) CreateToken(ctx context.Context, who access.Subject, from access.Origin, user models.ID, t NewToken) (*CreatedToken, error) {
	if err := ownOr(who, user); err != nil {
		return nil, err
	}
	secret, hash := access.NewSecret(tokenPrefix)
	row := store.Token{
		ID: models.NewID(), Hash: hash, UserID: user, Name: t.Name, Scopes: t.Scopes, Courses: t.Courses, CreatedAt: s.now(), ExpiresAt: t.ExpiresAt,
	}
	if row.ExpiresAt != nil {
		expires := models.Timestamp(*row.ExpiresAt)
		row.ExpiresAt = &expires
	}
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.User(user); err != nil {
			return err
		}
		if err := s.checkToken(tx, t); err != nil {
			return err
		}
		n, err := tx.CountTokens(user)
		if err != nil {
			return err
		}
		if n >= maxTokens {
			return models.Conflict(fmt.Sprintf("the user has %d tokens: revoke one that is not used any more", n), nil)
		}
		if err := tx.AddToken(&row); err != nil {
			return err
		}
		e := s.audit(who, from, "token.create", kindToken, row.ID)
		e.Detail["user"], e.Detail["name"], e.Detail["scopes"], e.Detail["courses"], e.Detail["expires_at"] = user, row.Name, row.Scopes, row.Courses, row.ExpiresAt
		return tx.AddAudit(e)
	})
	return &CreatedToken{Token: tokenView(&row), Secret: secret}, err
}

// checkToken lists the rules that a new token breaks.
func (s *Service) checkToken(tx *store.Tx, t NewToken) error {
	var fields []models.FieldError
	wrong := func(pointer, detail string) {
		fields = append(fields, models.FieldError{Pointer: pointer, Detail: detail})
	}
	if detail := checkName(t.Name); detail != "" {
		wrong("/name", detail)
	}
	if len(t.Scopes) == 0 {
		wrong("/scopes", "must have at least one entry: "+list(access.Scopes()))
	}
	for i, sc := range t.Scopes {
		switch {
		case !sc.Valid():
			wrong(fmt.Sprintf("/scopes/%d", i), "must be one of "+list(access.Scopes()))
		case slices.Contains(t.Scopes[:i], sc):
			wrong(fmt.Sprintf("/scopes/%d", i), "is there twice")
		}
	}
	if t.ExpiresAt != nil && !t.ExpiresAt.After(s.now()) {
		wrong("/expires_at", "must be in the future")
	}
	if len(t.Courses) > 0 && slices.Contains(t.Scopes, access.ContentRead) {
		wrong("/courses", fmt.Sprintf("a token with the scope %s can't be limited: what is published is read as a whole", access.ContentRead))
	}
	if len(t.Courses) > maxLimits {
		wrong("/courses", fmt.Sprintf("must have at most %d entries", maxLimits))
		t.Courses = nil
	}
	for i, id := range t.Courses {
		more, err := checkCourse(tx, fmt.Sprintf("/courses/%d", i), id)
		if err != nil {
			return err
		}
		fields = append(fields, more...)
	}
	return models.Invalid("the token breaks rules", fields)
}

// ownOr fails with Forbidden unless a user is oneself, or one may manage users.
func ownOr(who access.Subject, user models.ID) error {
	if who.ID != "" && who.ID == user {
		return nil
	}
	return allowed(who, access.ManageUsers)
}

// Tokens lists the tokens of a user, or of all when it is empty, by id after the given one. Those of others are for
// those who manage users.
func (s *Service) Tokens(ctx context.Context, who access.Subject, user, after models.ID, limit int) ([]Token, error) {
	if err := ownOr(who, user); err != nil {
		return nil, err
	}
	out := []Token{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Tokens(store.TokenQuery{User: user, After: after, Limit: limit})
		for i := range rows {
			out = append(out, tokenView(&rows[i]))
		}
		return err
	})
	return out, err
}

// RevokeToken takes a token away: one's own, or anybody's for those who manage users. A token of others is not found.
func (s *Service) RevokeToken(ctx context.Context, who access.Subject, from access.Origin, id models.ID) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.Token(id)
		if err != nil {
			return err
		}
		if ownOr(who, t.UserID) != nil {
			return models.NotFound(kindToken, string(id))
		}
		if err := tx.DeleteToken(id); err != nil {
			return err
		}
		e := s.audit(who, from, "token.delete", kindToken, id)
		e.Detail["user"], e.Detail["name"] = t.UserID, t.Name
		return tx.AddAudit(e)
	})
}
