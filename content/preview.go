package content

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Limits of previews.
const (
	DefaultPreviewLife = 7 * 24 * time.Hour
	MinPreviewLife     = time.Minute         // less would be over before the link has been sent
	MaxPreviewLife     = 90 * 24 * time.Hour // a review of a large course takes weeks; a link that is good for ever is forgotten
	MaxPreviewNote     = 500                 // characters

	// maxPreviews is how many previews are good at once: far more than anybody looks through, and a list that is read whole.
	maxPreviews = 1000

	// previewMemory is how long a preview that has expired answers that it is gone and not that it never was.
	previewMemory = 30 * 24 * time.Hour

	// previewTime bounds one read in a preview. Saves wait for it on SQLite, which has one writer at a time.
	previewTime = 5 * time.Second
)

// Preview is a link that shows a draft, with all that would be published with it, to whoever has the link.
type Preview struct {
	ID        models.ID  `json:"id"`
	Record    models.Ref `json:"record"` // decorated
	Note      string     `json:"note"`   // what it is for
	Author    string     `json:"author"` // who made it
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
}

// NewPreview is a preview with its secret, which is told once.
type NewPreview struct {
	Preview
	Token string `json:"token"`
}

// PreviewRequest says how a preview is to be.
type PreviewRequest struct {
	ExpiresIn *int64     `json:"expires_in,omitzero"` // seconds from now
	ExpiresAt *time.Time `json:"expires_at,omitzero"` // or when; without both after DefaultPreviewLife
	Note      string     `json:"note"`
}

// expiry is when the preview ends.
func (r PreviewRequest) expiry(now time.Time) (time.Time, error) {
	at, field := now.Add(DefaultPreviewLife), "/expires_in"
	var wrong []models.FieldError
	switch {
	case r.ExpiresIn != nil && r.ExpiresAt != nil:
		return at, models.Invalid("the preview can't be made", []models.FieldError{{Pointer: "/expires_at", Detail: "can't be given with expires_in"}})
	case r.ExpiresIn != nil && (*r.ExpiresIn < 0 || *r.ExpiresIn > int64(MaxPreviewLife/time.Second)):
		at = now
	case r.ExpiresIn != nil:
		at = now.Add(time.Duration(*r.ExpiresIn) * time.Second)
	case r.ExpiresAt != nil:
		at, field = models.Timestamp(*r.ExpiresAt), "/expires_at"
	}
	if life := at.Sub(now); life < MinPreviewLife || life > MaxPreviewLife {
		wrong = append(wrong, models.FieldError{Pointer: field, Detail: fmt.Sprintf("must be from a minute to %d days from now", MaxPreviewLife/(24*time.Hour))})
	}
	wrong = append(wrong, wrongText("/note", r.Note, 0, MaxPreviewNote)...)
	return at, models.Invalid("the preview can't be made", wrong)
}

// wrongText lists what is wrong with a text that is no record's: it must have from least to most characters, and not
// U+0000, which PostgreSQL can't keep.
func wrongText(pointer, text string, least, most int) []models.FieldError {
	switch n := utf8.RuneCountInString(text); {
	case n > most:
		return []models.FieldError{{Pointer: pointer, Detail: fmt.Sprintf("must have at most %d characters", most)}}
	case n < least:
		return []models.FieldError{{Pointer: pointer, Detail: fmt.Sprintf("must have at least %d characters", least)}}
	case strings.ContainsRune(text, 0):
		return []models.FieldError{{Pointer: pointer, Detail: "holds the character U+0000"}}
	}
	return nil
}

// CreatePreview makes a preview of a draft for a subject that may change it, and may read all that it shows.
func (e *Editor) CreatePreview(ctx context.Context, ref models.Ref, req PreviewRequest) (out *NewPreview, err error) {
	err = e.change(ctx, func(w *work) error {
		out, err = w.createPreview(ref, req)
		return err
	})
	return out, err
}

func (w *work) createPreview(ref models.Ref, req PreviewRequest) (*NewPreview, error) {
	r, err := w.draft(access.Update, ref)
	if err != nil {
		return nil, err
	}
	if r.Base().TrashedAt != nil {
		return nil, models.Conflict("the "+string(ref.Type)+" is in the trash: take it out first", nil)
	}
	now := w.s.now()
	expires, err := req.expiry(now)
	if err != nil {
		return nil, err
	}
	if err := w.mayShow(ref); err != nil {
		return nil, err
	}
	if err := w.tx.ForgetPreviews(now.Add(-previewMemory)); err != nil {
		return nil, err
	}
	if standing, err := w.tx.Previews(now); err != nil {
		return nil, err
	} else if len(standing) >= maxPreviews {
		return nil, models.Conflict(fmt.Sprintf("there are %d previews already: revoke some first", maxPreviews), nil)
	}
	secret, hash := access.NewSecret(access.PreviewPrefix)
	p := &store.Preview{
		ID: models.NewID(), Hash: hash, Kind: ref.Type, RecordID: ref.ID, Note: req.Note, AuthorID: w.who.ID, Author: w.who.Name,
		CreatedAt: now, ExpiresAt: expires,
	}
	if err := w.tx.AddPreview(p); err != nil {
		return nil, err
	}
	return &NewPreview{previewOf(p, r), secret}, w.did("preview", r, map[string]any{"preview": p.ID, "expires_at": expires})
}

// mayShow refuses a preview of what the subject may not read itself.
func (w *work) mayShow(ref models.Ref) error {
	c, err := newClosure(w.tx, PublishRequest{Targets: []models.Ref{ref}})
	if err != nil {
		return err
	}
	for _, r := range c.drafts {
		if ok, err := w.can(access.Read, r); err != nil || !ok {
			return errors.Join(err, models.Forbidden("the preview would show drafts that you may not read"))
		}
	}
	return nil
}

func previewOf(p *store.Preview, r models.Record) Preview {
	return Preview{ID: p.ID, Record: adminRef(r), Note: p.Note, Author: p.Author, CreatedAt: p.CreatedAt, ExpiresAt: p.ExpiresAt}
}

// Previews lists the previews that are good now, of drafts that the subject may read, the newest first.
func (e *Editor) Previews(ctx context.Context) (out []Preview, err error) {
	out = []Preview{}
	err = e.look(ctx, func(w *work) error {
		rows, err := w.tx.Previews(w.s.now())
		if err != nil {
			return err
		}
		for i := range rows {
			r, err := w.draft(access.Read, models.Ref{Type: rows[i].Kind, ID: rows[i].RecordID})
			switch {
			case models.KindOf(err) == models.KindNotFound:
				continue
			case err != nil:
				return err
			}
			out = append(out, previewOf(&rows[i], r))
		}
		return nil
	})
	return out, err
}

// RevokePreview ends a preview, for a subject that may change what it shows. One that is over stays so.
func (e *Editor) RevokePreview(ctx context.Context, id models.ID) error {
	return e.change(ctx, func(w *work) error {
		p, err := w.tx.Preview(id)
		if err != nil {
			return err
		}
		r, err := w.draft(access.Update, models.Ref{Type: p.Kind, ID: p.RecordID})
		switch {
		case models.KindOf(err) == models.KindNotFound:
			return models.NotFound("preview", string(id))
		case err != nil || p.RevokedAt != nil:
			return err
		}
		if err := w.tx.RevokePreview(id, w.s.now()); err != nil {
			return err
		}
		return w.did("preview_revoked", r, map[string]any{"preview": id})
	})
}

// previewKey is where a context has the record of a preview that its reads are in.
type previewKey struct{}

// InPreview gives a context in which the service's reads for readers see what they would see if the draft of a preview
// were published now. It fails with NotFound unless the secret is a preview's, and with Gone when that is over.
func (s *Service) InPreview(ctx context.Context, secret string) (context.Context, error) {
	hash, ok := access.HashOfSecret(access.PreviewPrefix, secret)
	if !ok {
		return nil, noPreview
	}
	var p *store.Preview
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.PreviewOf(hash)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case p == nil:
		return nil, noPreview
	case p.RevokedAt != nil || !s.now().Before(p.ExpiresAt):
		return nil, &models.Error{Kind: models.KindGone, Message: "the preview is over"}
	}
	return context.WithValue(ctx, previewKey{}, models.Ref{Type: p.Kind, ID: p.RecordID}), nil
}

var noPreview = &models.Error{Kind: models.KindNotFound, Message: "there is no such preview"}

// preview runs a read of what would be live if a draft were published now.
func (s *Service) preview(ctx context.Context, ref models.Ref, read func(*store.Tx) error) error {
	bounded, cancel := context.WithTimeout(ctx, previewTime)
	defer cancel()
	err := s.store.Try(bounded, func(tx *store.Tx) error {
		if err := s.pretend(tx, ref); err != nil {
			return err
		}
		return read(tx)
	})
	if err != nil && ctx.Err() == nil && bounded.Err() != nil {
		return models.Unavailable("a preview in time", err)
	}
	return err
}

// pretend publishes a draft for the rest of a transaction that is never committed. What would block a publish does not
// block a preview, which is there to find it.
func (s *Service) pretend(tx *store.Tx, ref models.Ref) error {
	if err := tx.LockLive(); err != nil {
		return err
	}
	c, err := newClosure(tx, PublishRequest{Targets: []models.Ref{ref}})
	if err != nil || len(c.plan.Put)+len(c.plan.Remove) == 0 {
		return err
	}
	_, err = s.goLive(tx, c)
	return err
}
