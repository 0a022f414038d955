// Package content holds the use cases of Lectern: what may be done with records, by which rules, each in one
// transaction. Editing touches drafts; the content API reads only what Publish made live.
package content

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// Service is the use cases over one store. It is safe for concurrent use.
type Service struct {
	store *store.Store
	log   *slog.Logger
	now   func() time.Time

	// Coalesce is how long saves by one person go on in one revision, so that an editor that saves as one types does not
	// flood history. What was published or imported, or has a message, is a revision of its own. Zero: each save is one.
	Coalesce time.Duration

	// Queue and Standing are what schedules need; without them nothing can be scheduled.
	Queue    Queue
	Standing Standing

	mu        sync.Mutex
	listeners []func(revision int64)
}

// New makes the service. now is the clock, time.Now outside tests.
func New(s *store.Store, log *slog.Logger, now func() time.Time) *Service {
	return &Service{store: s, log: log, now: func() time.Time { return models.Timestamp(now()) }}
}

// OnPublish calls fn with the new content revision after each commit that changed live content through this service.
// fn must not block. Changes by other processes are not announced: followers poll the change log as well.
func (s *Service) OnPublish(fn func(revision int64)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, fn)
}

func (s *Service) announce(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, fn := range s.listeners {
		fn(revision)
	}
}

// Save says who changes something, and why.
type Save struct {
	Author   string
	AuthorID models.ID // of a user; empty for a program
	Message  string
}

// Create saves a new record as a draft. It is validated as a whole; an empty ID is minted. A section, module or
// worksheet comes last among its siblings. It fails with Conflict when the slug is taken, and with NotFound when
// there is no owner.
func (s *Service) Create(ctx context.Context, r models.Record, by Save) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := standsUnderOwners(tx, r, true); err != nil {
			return err
		}
		if err := last(tx, r); err != nil {
			return err
		}
		r.Base().Version = 0
		return s.insert(tx, r, by, false)
	})
}

// last gives a new record the position after its siblings.
func last(tx *store.Tx, r models.Record) error {
	var position *int
	var err error
	q := store.Query{Kind: r.Kind()}
	switch r := r.(type) {
	case *models.Module:
		position, q.Course = &r.Position, r.CourseID
	case *models.Section:
		position, q.Module = &r.Position, r.ModuleID
	case *models.Worksheet:
		position, q.Module = &r.Position, r.ModuleID
	default:
		return nil
	}
	*position, err = tx.Draft.NextPosition(q)
	return err
}

// insert validates and saves a new draft with its first revision.
func (s *Service) insert(tx *store.Tx, r models.Record, by Save, imported bool) error {
	m := r.Base()
	if m.ID == "" {
		m.ID = models.NewID()
	}
	m.CreatedAt = s.now()
	m.UpdatedAt = m.CreatedAt
	return s.add(tx, r, by, imported)
}

// add is insert for a record that has its id and times.
func (s *Service) add(tx *store.Tx, r models.Record, by Save, imported bool) error {
	if err := models.Validate(r); err != nil {
		return err
	}
	if err := tx.Draft.Insert(r); err != nil {
		return err
	}
	return s.keep(tx, r, by, imported)
}

// Update changes a draft: edit is given the record as it is and may change its content, not its id or kind. It fails
// with Stale when the record's version is not the one that the caller read, and with Invalid when the result breaks
// rules; nothing is changed then.
func (s *Service) Update(ctx context.Context, ref models.Ref, version int64, edit func(models.Record) error, by Save) (models.Record, error) {
	var r models.Record
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		var err error
		if r, err = tx.Draft.Record(ref.Type, ref.ID); err != nil {
			return err
		}
		if err := edit(r); err != nil {
			return err
		}
		r.Base().ID = ref.ID
		if err := standsUnderOwners(tx, r, false); err != nil {
			return err
		}
		return s.update(tx, r, version, by, false)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// update validates and saves a changed draft as the version after the one that was read.
func (s *Service) update(tx *store.Tx, r models.Record, read int64, by Save, imported bool) error {
	if err := models.Validate(r); err != nil {
		return err
	}
	return s.updateValid(tx, r, read, by, imported)
}

// updateValid is update for a draft that has been validated: it takes long for a large one.
func (s *Service) updateValid(tx *store.Tx, r models.Record, read int64, by Save, imported bool) error {
	r.Base().UpdatedAt = s.now()
	if err := tx.Draft.Update(r, read); err != nil {
		return err
	}
	return s.keep(tx, r, by, imported)
}

// keep writes what every save leaves behind: a revision, and the references for the index of uses.
func (s *Service) keep(tx *store.Tx, r models.Record, by Save, imported bool) error {
	body, err := models.Encode(r)
	if err != nil {
		return err
	}
	m := r.Base()
	rev := store.Revision{
		RecordID: m.ID, Version: m.Version, Kind: r.Kind(), Author: by.Author, AuthorID: by.AuthorID, Message: by.Message,
		At: m.UpdatedAt, Imported: imported, Body: string(body),
	}
	if m.Version > 1 {
		rev.Parent = new(int64)
		*rev.Parent = m.Version - 1
	}
	if err := s.takeIn(tx, &rev); err != nil {
		return err
	}
	if err := tx.AddRevision(rev); err != nil {
		return err
	}
	return tx.Draft.SetUses(r.Kind(), m.ID, referred(r))
}

// referred lists all records that a record refers to, by reference or by link in a text.
func referred(r models.Record) []models.Ref {
	var out []models.Ref
	for _, at := range models.Refs(r) {
		out = append(out, (*at).Key())
	}
	for _, t := range texts(r) {
		out = append(out, render.RecordLinks(*t)...)
	}
	return out
}

// texts gives all inline texts of a record.
func texts(r models.Record) []*models.Text {
	var out []*models.Text
	models.EachText(r, func(_ string, t *models.Text) { out = append(out, t) })
	return out
}

// publicTexts gives the inline texts of a record that readers see: not those of an answer key.
func publicTexts(r models.Record) []*models.Text {
	w, ok := r.(*models.Worksheet)
	if !ok {
		return texts(r)
	}
	shown := *w
	shown.AnswerKey = nil
	return texts(&shown)
}

// Trash moves a draft to the trash. What is live stays live until its parent is published or it is unpublished.
func (s *Service) Trash(ctx context.Context, ref models.Ref, version int64) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		r, err := tx.Draft.Record(ref.Type, ref.ID)
		if err != nil {
			return err
		}
		if r.Base().Version != version {
			return models.Stale("the " + string(ref.Type) + " was changed by someone else")
		}
		return tx.Draft.Trash(ref.Type, ref.ID, s.now())
	})
}

// Draft reads a record as editors have it, private fields included.
func (s *Service) Draft(ctx context.Context, ref models.Ref) (models.Record, error) {
	var r models.Record
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, err = tx.Draft.Record(ref.Type, ref.ID)
		return err
	})
	return r, err
}

// Revisions lists the saves of a record, newest first.
func (s *Service) Revisions(ctx context.Context, id models.ID) (revisions []store.Revision, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		revisions, err = tx.Revisions(id)
		return err
	})
	return revisions, err
}

// CountDrafts tells how many records of a kind there are, the trash left out.
func (s *Service) CountDrafts(ctx context.Context, kind models.Kind) (n int64, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		n, err = tx.Draft.Count(store.Query{Kind: kind})
		return err
	})
	return n, err
}
