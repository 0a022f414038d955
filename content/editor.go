package content

import (
	"context"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Editor is what one person, or a program with a token, may do with drafts and with what readers see. Each method asks
// the person's grants first: it fails with Forbidden when they don't allow it, and with NotFound where the person may not
// even know of the record. All that a method changes is changed in one transaction, and stands in the audit log.
type Editor struct {
	s    *Service
	who  access.Subject
	from access.Origin
}

// As gives the use cases as one subject may do them. Its requests come from an origin, for the audit log.
func (s *Service) As(who access.Subject, from access.Origin) *Editor {
	return &Editor{s: s, who: who, from: from}
}

// by says who saves something.
func (e *Editor) by(message string) Save {
	return Save{Author: e.who.Name, AuthorID: e.who.ID, Message: message}
}

// work is what an editor does in one transaction.
type work struct {
	*Editor
	tx       *store.Tx
	modules  map[models.ID]*models.Module // that were looked at
	audit    []store.AuditEntry
	revision int64 // of content, when it has changed
}

// look runs fn in a transaction that only reads.
func (e *Editor) look(ctx context.Context, fn func(*work) error) error {
	return e.s.store.View(ctx, func(tx *store.Tx) error { return fn(e.work(tx)) })
}

// change runs fn in a transaction, writes down what it did, and tells listeners when readers see something new.
func (e *Editor) change(ctx context.Context, fn func(*work) error) error {
	var revision int64
	err := e.s.store.InTx(ctx, func(tx *store.Tx) error {
		w := e.work(tx)
		if err := fn(w); err != nil {
			return err
		}
		revision = w.revision
		return tx.AddAudit(w.audit...)
	})
	if err == nil && revision > 0 {
		e.s.announce(revision)
	}
	return err
}

func (e *Editor) work(tx *store.Tx) *work {
	return &work{Editor: e, tx: tx, modules: map[models.ID]*models.Module{}}
}

// did notes for the audit log what was done to a record.
func (w *work) did(action string, r models.Record, detail map[string]any) error {
	at, err := w.placeOf(r)
	if err != nil {
		return err
	}
	entry := store.NewAuditEntry(w.who, w.from, w.s.now(), string(r.Kind())+"."+action)
	entry.Kind, entry.RecordID, entry.CourseID = r.Kind(), r.Base().ID, at.Course
	entry.Version = new(r.Base().Version)
	if detail != nil {
		entry.Detail = detail
	}
	w.audit = append(w.audit, entry)
	return nil
}

// may fails unless the subject may do something to a record. What may not be read is not found.
func (w *work) may(a access.Action, r models.Record) error {
	at, err := w.placeOf(r)
	if err != nil {
		return err
	}
	d := w.who.Decide(a, r.Kind(), at)
	switch {
	case d.Allowed:
		return nil
	case a != access.Read && w.who.Decide(access.Read, r.Kind(), at).Allowed:
		return models.Forbidden(d.Reason)
	}
	return models.NotFound(r.Kind(), string(r.Base().ID))
}

// can is may as a question.
func (w *work) can(a access.Action, r models.Record) (bool, error) {
	at, err := w.placeOf(r)
	return err == nil && w.who.Decide(a, r.Kind(), at).Allowed, err
}

// placeOf says where a record stands, for decisions about it.
func (w *work) placeOf(r models.Record) (access.Place, error) {
	switch r := r.(type) {
	case *models.Course:
		return access.Place{Course: r.ID}, nil
	case *models.Module:
		return access.InModule(r, w.who.ID), nil
	case *models.Section:
		return w.inModuleOf(r.ModuleID)
	case *models.Worksheet:
		return w.inModuleOf(r.ModuleID)
	}
	return access.Place{Course: r.Owner().ID}, nil
}

func (w *work) inModuleOf(id models.ID) (access.Place, error) {
	m := w.modules[id]
	if m == nil {
		m = &models.Module{}
		if err := w.tx.Draft.Get(m, id); err != nil {
			return access.Place{}, err
		}
		w.modules[id] = m
	}
	return access.InModule(m, w.who.ID), nil
}

// draft reads a draft that the subject may do something to.
func (w *work) draft(a access.Action, ref models.Ref) (models.Record, error) {
	r, err := w.tx.Draft.Record(ref.Type, ref.ID)
	if err != nil {
		return nil, err
	}
	return r, w.may(a, r)
}

// standing is draft for records that are not in the trash, in the version that the caller has read.
func (w *work) standing(a access.Action, ref models.Ref, version int64) (models.Record, error) {
	r, err := w.draft(a, ref)
	switch {
	case err != nil:
		return nil, err
	case r.Base().TrashedAt != nil:
		return nil, models.Conflict("the "+string(ref.Type)+" is in the trash: take it out first", nil)
	}
	return r, w.fresh(r, version)
}
