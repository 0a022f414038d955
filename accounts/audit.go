package accounts

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// AuditEntry is one thing that was done or refused.
type AuditEntry struct {
	ID        models.ID      `json:"id"`
	At        time.Time      `json:"at"`
	ActorID   *models.ID     `json:"actor_id"`
	Actor     string         `json:"actor"`
	TokenID   *models.ID     `json:"token_id"`
	Address   string         `json:"address"`
	RequestID string         `json:"request_id"`
	Action    string         `json:"action"`
	Kind      models.Kind    `json:"kind"`
	RecordID  *models.ID     `json:"record_id"`
	CourseID  *models.ID     `json:"course_id"`
	Version   *int64         `json:"version"`
	Detail    map[string]any `json:"detail"`
}

func auditView(e store.AuditEntry) AuditEntry {
	return AuditEntry{
		ID: e.ID, At: e.At, ActorID: optional(e.ActorID), Actor: e.Actor, TokenID: optional(e.TokenID), Address: e.Address,
		RequestID: e.RequestID, Action: e.Action, Kind: e.Kind, RecordID: optional(e.RecordID), CourseID: optional(e.CourseID),
		Version: e.Version, Detail: e.Detail,
	}
}

func optional(id models.ID) *models.ID {
	if id == "" {
		return nil
	}
	return &id
}

// Audit lists entries of the audit log, the newest first, for those who may read it.
func (s *Service) Audit(ctx context.Context, who access.Subject, q store.AuditQuery) ([]AuditEntry, error) {
	if err := allowed(who, access.ReadAudit); err != nil {
		return nil, err
	}
	out := []AuditEntry{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Audit(q)
		for _, row := range rows {
			out = append(out, auditView(row))
		}
		return err
	})
	return out, err
}

// tidyEvery is how often what is over is removed.
const tidyEvery = time.Hour

// KeepTidy removes what is over, at once and every hour, until the context ends.
func (s *Service) KeepTidy(ctx context.Context) {
	again := time.NewTicker(tidyEvery)
	defer again.Stop()
	for {
		if err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "what is over was not removed", "error", err)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

// Tidy removes sessions and one-time tokens that are over, remembered answers, and entries of the audit log that are
// older than is kept. That entries were removed is written down.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.now()
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetSessions(now, now.Add(-s.SessionIdle)); err != nil {
			return err
		}
		if err := tx.ForgetOneTimeTokens(now); err != nil {
			return err
		}
		if err := tx.ForgetKeys(now.Add(-keptFor)); err != nil {
			return err
		}
		return s.purgeAudit(tx, now)
	})
}

func (s *Service) purgeAudit(tx *store.Tx, now time.Time) error {
	if s.AuditDays == 0 {
		return nil
	}
	before := now.AddDate(0, 0, -s.AuditDays)
	n, err := tx.PurgeAudit(before)
	if err != nil || n == 0 {
		return err
	}
	e := s.audit(access.Subject{Name: "retention"}, access.Origin{}, "audit.purge", kindAudit, "")
	e.Detail["entries"], e.Detail["before"] = n, before
	return tx.AddAudit(e)
}
