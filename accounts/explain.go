package accounts

import (
	"context"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Question asks whether somebody may do something.
type Question struct {
	Action access.Action
	Kind   models.Kind // of records, when the action is one on records; with a record it may be left out
	Record models.ID   // empty: records of the kind anywhere
	User   models.ID   // empty: who asks
}

// Explanation is the answer to a question.
type Explanation struct {
	User    models.ID     `json:"user"`
	Action  access.Action `json:"action"`
	Kind    *models.Kind  `json:"kind"`
	Record  *models.ID    `json:"record"`
	Allowed bool          `json:"allowed"`
	Grant   *access.Grant `json:"grant"` // that allows it
	Reason  string        `json:"reason"`
}

// Explain says whether somebody may do something, and why. Of others it tells those who manage users. It fails with
// NotFound when there is no such record or user.
func (s *Service) Explain(ctx context.Context, who access.Subject, q Question) (*Explanation, error) {
	other := q.User != "" && q.User != who.ID
	if other {
		if err := allowed(who, access.ManageUsers); err != nil {
			return nil, err
		}
	}
	var at access.Place
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if other {
			u, err := tx.User(q.User)
			if err != nil {
				return err
			}
			who = subjectOf(u)
			if u.Disabled {
				who.Grants = nil
			}
		}
		if q.Record == "" {
			return nil
		}
		r, err := find(tx, q.Kind, q.Record)
		if err != nil {
			return err
		}
		q.Kind = r.Kind()
		at, err = tx.Place(r, who.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	d := who.Decide(q.Action, q.Kind, at)
	out := &Explanation{User: who.ID, Action: q.Action, Record: optional(q.Record), Allowed: d.Allowed, Grant: d.Grant, Reason: d.Reason}
	if q.Kind != "" {
		out.Kind = &q.Kind
	}
	return out, nil
}

// find finds a draft by id, of a kind or of any.
func find(tx *store.Tx, kind models.Kind, id models.ID) (models.Record, error) {
	if kind != "" {
		return tx.Draft.Record(kind, id)
	}
	for _, kind := range models.StoredKinds() {
		r, err := tx.Draft.Record(kind, id)
		if models.KindOf(err) != models.KindNotFound {
			return r, err
		}
	}
	return nil, models.NotFound("record", string(id))
}
