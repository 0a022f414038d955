package content

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Moment is a state of live content: that of its newest publish.
type Moment struct {
	Revision int64
	At       time.Time // zero when nothing was ever published
	Mixed    bool      // several reads went into the answer, of different states

	noted bool
}

type momentKey struct{}

// NoteMoment gives a context under which each read of live content notes which state of it the answer is of. The last
// read counts.
func NoteMoment(ctx context.Context, in *Moment) context.Context {
	return context.WithValue(ctx, momentKey{}, in)
}

func (m *Moment) note(tx *store.Tx) error {
	revision, at, err := tx.Newest()
	if err != nil {
		return err
	}
	m.Mixed = m.Mixed || m.noted && revision != m.Revision
	m.Revision, m.At, m.noted = revision, at, true
	return nil
}

// view runs a read of what readers see: live content, or in a preview what would be live. The moment is noted in the same
// snapshot, so that it is that of the answer; previews have none.
func (s *Service) view(ctx context.Context, read func(*store.Tx) error) error {
	if ref, ok := ctx.Value(previewKey{}).(models.Ref); ok {
		return s.preview(ctx, ref, read)
	}
	return s.store.View(ctx, func(tx *store.Tx) (err error) {
		if m, ok := ctx.Value(momentKey{}).(*Moment); ok {
			if err := m.note(tx); err != nil {
				return err
			}
		}
		return read(tx)
	})
}
