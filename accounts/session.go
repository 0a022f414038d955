package accounts

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Session is a session as its user sees it.
type Session struct {
	ID        models.ID `json:"id"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"` // unless it is used before
	Address   string    `json:"address"`
	UserAgent string    `json:"user_agent"`
	Current   bool      `json:"current"` // the one of the request
}

func (s *Service) sessionView(session store.Session, current models.ID) Session {
	expires := session.SeenAt.Add(s.SessionIdle)
	if session.ExpiresAt.Before(expires) {
		expires = session.ExpiresAt
	}
	return Session{
		ID: session.ID, CreatedAt: session.CreatedAt, SeenAt: session.SeenAt, ExpiresAt: expires, Address: session.Address,
		UserAgent: session.UserAgent, Current: session.ID == current,
	}
}

// Sessions lists the caller's sessions that are not over, the newest first.
func (s *Service) Sessions(ctx context.Context, who *Caller) ([]Session, error) {
	out := []Session{}
	now := s.now()
	err := s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Sessions(who.ID)
		for _, row := range rows {
			if v := s.sessionView(row, who.Session); now.Before(v.ExpiresAt) {
				out = append(out, v)
			}
		}
		return err
	})
	return out, err
}

// CurrentSession reads the session of the caller.
func (s *Service) CurrentSession(ctx context.Context, who *Caller) (*SignedIn, error) {
	sessions, err := s.Sessions(ctx, who)
	if err != nil {
		return nil, err
	}
	user, err := s.Me(ctx, who.Subject)
	if err != nil {
		return nil, err
	}
	for _, v := range sessions {
		if v.Current {
			return &SignedIn{Session: v, User: *user, CSRFToken: who.CSRF}, nil
		}
	}
	return nil, errSession
}

// EndSession ends one of the caller's sessions. It fails with NotFound when it is none of theirs.
func (s *Service) EndSession(ctx context.Context, who *Caller, from access.Origin, id models.ID) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		ended, err := tx.EndSession(who.ID, id)
		if err != nil {
			return err
		}
		if !ended {
			return models.NotFound(kindSession, string(id))
		}
		return tx.AddAudit(s.audit(who.Subject, from, "session.delete", kindSession, id))
	})
}

// EndSessions ends all sessions of the caller, the one of the request as well.
func (s *Service) EndSessions(ctx context.Context, who *Caller, from access.Origin) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		n, err := tx.EndSessions(who.ID, "")
		if err != nil {
			return err
		}
		e := s.audit(who.Subject, from, "session.delete_all", kindUser, who.ID)
		e.Detail["sessions"] = n
		return tx.AddAudit(e)
	})
}
