package content

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// PresenceLife is how long somebody counts as present after their client has said so: three times as long as clients wait
// between two times, so that one that is lost does no harm.
const PresenceLife = 45 * time.Second

// MaxPresenceClient bounds the name that a client gives itself, in characters.
const MaxPresenceClient = 64

// Presence says that somebody has a record open. It informs, and keeps nobody from anything. It is in the database, so
// that several instances agree.
type Presence struct {
	UserID models.ID `json:"user_id"`
	Name   string    `json:"name"`
	Client string    `json:"client"`
	Since  time.Time `json:"since"`
	SeenAt time.Time `json:"seen_at"`
}

// Present notes that a client of the subject has a record open, and lists who has.
func (e *Editor) Present(ctx context.Context, ref models.Ref, client string) (out []Presence, err error) {
	if err := models.Invalid("it is not clear who is present", wrongText("/client", client, 1, MaxPresenceClient)); err != nil {
		return nil, err
	}
	err = e.change(ctx, func(w *work) error {
		if _, err := w.draft(access.Read, ref); err != nil {
			return err
		}
		now := w.s.now()
		if err := w.tx.ForgetPresences(now.Add(-PresenceLife)); err != nil {
			return err
		}
		p := &store.Presence{RecordID: ref.ID, UserID: w.who.ID, Client: client, Name: w.who.Name, Since: now, SeenAt: now}
		if err := w.tx.PutPresence(p); err != nil {
			return err
		}
		out, err = w.present(ref, now)
		return err
	})
	return out, err
}

// Presences lists who has a record open.
func (e *Editor) Presences(ctx context.Context, ref models.Ref) (out []Presence, err error) {
	err = e.look(ctx, func(w *work) error {
		if _, err := w.draft(access.Read, ref); err != nil {
			return err
		}
		out, err = w.present(ref, w.s.now())
		return err
	})
	return out, err
}

// Absent notes that a client of the subject has closed a record.
func (e *Editor) Absent(ctx context.Context, ref models.Ref, client string) error {
	if err := models.Invalid("it is not clear who is absent", wrongText("/client", client, 1, MaxPresenceClient)); err != nil {
		return err
	}
	return e.change(ctx, func(w *work) error {
		if _, err := w.draft(access.Read, ref); err != nil {
			return err
		}
		return w.tx.EndPresence(ref.ID, w.who.ID, client)
	})
}

func (w *work) present(ref models.Ref, now time.Time) ([]Presence, error) {
	rows, err := w.tx.Presences(ref.ID, now.Add(-PresenceLife))
	out := make([]Presence, len(rows))
	for i, p := range rows {
		out[i] = Presence{UserID: p.UserID, Name: p.Name, Client: p.Client, Since: p.Since, SeenAt: p.SeenAt}
	}
	return out, err
}
