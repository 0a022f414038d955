package content

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content/diff"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// takeIn lets a save take in the one before it, when both are by one person within the time that Coalesce says. Neither
// has a message then, nor was the older one published or imported: nobody will look for it. What comes with a message,
// the restore of a version for one, takes nothing in: what was there before it may be what one wants back.
func (s *Service) takeIn(tx *store.Tx, rev *store.Revision) error {
	if s.Coalesce == 0 || rev.Parent == nil || rev.AuthorID == "" || rev.Imported || rev.Message != "" {
		return nil
	}
	last, err := tx.LastRevision(rev.RecordID)
	if err != nil || last == nil || last.Version != *rev.Parent {
		return err
	}
	began := last.At
	if last.Began != nil {
		began = *last.Began
	}
	fixed := last.Published || last.Imported || last.Message != "" || last.AuthorID != rev.AuthorID
	if fixed || last.Parent == nil || rev.At.Sub(began) >= s.Coalesce {
		return nil
	}
	rev.Parent, rev.Began = last.Parent, &began
	return tx.RemoveRevision(rev.RecordID, last.Version)
}

// HistoryEntry is one save of a record, as history lists it.
type HistoryEntry struct {
	Version   int64      `json:"version"`
	Parent    *int64     `json:"parent"` // the version that it was made from; null for the first
	Author    string     `json:"author"`
	AuthorID  *models.ID `json:"author_id"` // null for a program, and for what is older than its user
	Message   string     `json:"message"`
	At        time.Time  `json:"at"`
	Began     *time.Time `json:"began"`     // when the first of the saves in it was made; null: it is of one save
	Published bool       `json:"published"` // readers have seen it
	Imported  bool       `json:"imported"`
}

func entryOf(r store.Revision) HistoryEntry {
	out := HistoryEntry{
		Version: r.Version, Parent: r.Parent, Author: r.Author, Message: r.Message, At: r.At, Began: r.Began,
		Published: r.Published, Imported: r.Imported,
	}
	if r.AuthorID != "" {
		out.AuthorID = &r.AuthorID
	}
	return out
}

// Revisions lists saves of a record, newest first: those of versions below one, or all where before is 0. next is the
// version to go on before, 0 at the end.
func (e *Editor) Revisions(ctx context.Context, ref models.Ref, before int64, limit int) (out []HistoryEntry, next int64, err error) {
	err = e.look(ctx, func(w *work) error {
		if _, err := w.draft(access.Read, ref); err != nil {
			return err
		}
		rows, err := w.tx.RevisionsBefore(ref.ID, before, limit+1)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			next = rows[limit-1].Version
		}
		out = make([]HistoryEntry, len(rows))
		for i, r := range rows {
			out[i] = entryOf(r)
		}
		return nil
	})
	return out, next, err
}

// OldDraft is a record as one of its saves left it.
type OldDraft struct {
	Revision HistoryEntry `json:"revision"`
	Record   Members      `json:"record"`
}

// Revision reads a record as it was in a version.
func (e *Editor) Revision(ctx context.Context, ref models.Ref, version int64) (out OldDraft, err error) {
	err = e.look(ctx, func(w *work) error {
		r, err := w.draft(access.Read, ref)
		if err != nil {
			return err
		}
		old, rev, err := w.version(r, version)
		if err != nil {
			return err
		}
		out.Revision = entryOf(*rev)
		out.Record, err = fieldsOf(old, true)
		return err
	})
	return out, err
}

// version reads a record as it was in a version, without what the subject may not see.
func (w *work) version(r models.Record, version int64) (models.Record, *store.Revision, error) {
	rev, err := w.tx.RevisionOf(r.Base().ID, version)
	if err != nil {
		return nil, nil, err
	}
	old, err := w.decode(rev)
	if err != nil {
		return nil, nil, err
	}
	old, err = w.shown(r, old)
	return old, rev, err
}

func (w *work) decode(rev *store.Revision) (models.Record, error) {
	old := models.NewRecord(rev.Kind)
	if err := models.Decode([]byte(rev.Body), old); err != nil {
		return nil, fmt.Errorf("revision %d of %s %s: %w", rev.Version, rev.Kind, rev.RecordID, err)
	}
	old.Base().Version = rev.Version
	return old, nil
}

// shown cuts private parts from a version of a record unless the subject may see those of the record.
func (w *work) shown(r, version models.Record) (models.Record, error) {
	ok, err := w.can(access.ReadPrivate, r)
	if err != nil || ok {
		return version, err
	}
	return patch.WithoutPrivate(version), nil
}

// Restore saves what a record was in an earlier version as its newest one. Where it stands stays. It fails with Stale
// when the record is not in the version that the caller has read, and with Invalid when the old one breaks rules of
// today.
func (e *Editor) Restore(ctx context.Context, ref models.Ref, read, version int64) (d Draft, err error) {
	err = e.change(ctx, func(w *work) error {
		r, err := w.standing(access.Update, ref, read)
		if err != nil {
			return err
		}
		rev, err := w.tx.RevisionOf(ref.ID, version)
		if err != nil {
			return err
		}
		old, err := w.decode(rev)
		if err != nil {
			return err
		}
		if err := w.mayBringBack(r, old); err != nil {
			return err
		}
		keepPlace(old, r)
		if err := w.save(old, r, fmt.Sprintf("version %d again", version)); err != nil {
			return err
		}
		if err := w.did("restore", old, map[string]any{"from": version}); err != nil {
			return err
		}
		d, err = w.view(old)
		return err
	})
	return d, err
}

// mayBringBack asks for the grants that the change takes, as if it were made by hand.
func (w *work) mayBringBack(r, old models.Record) error {
	changed := patch.Fields(r, old)
	if slices.Contains(changed, "owners") {
		return w.may(access.Publish, r)
	}
	a, err := models.Encode(patch.WithoutPrivate(r))
	if err != nil {
		return err
	}
	b, err := models.Encode(r)
	if err != nil || string(a) == string(b) {
		return err
	}
	return w.may(access.ReadPrivate, r)
}

// keepPlace gives a version what is not its to say: when the record was made, and where it stands now.
func keepPlace(old, r models.Record) {
	meta := *r.Base()
	meta.Extra = old.Base().Extra
	*old.Base() = meta
	switch r := r.(type) {
	case *models.Module:
		o := old.(*models.Module)
		o.CourseID, o.Position = r.CourseID, r.Position
	case *models.Section:
		o := old.(*models.Section)
		o.CourseID, o.ModuleID, o.ParentID, o.Position = r.CourseID, r.ModuleID, r.ParentID, r.Position
	case *models.Worksheet:
		o := old.(*models.Worksheet)
		o.ModuleID, o.Position = r.ModuleID, r.Position
	case *models.Asset:
		o := old.(*models.Asset)
		o.CourseID = r.CourseID
	}
}

// Diff tells what differs between two versions of a record; to 0 is the draft as it is now.
func (e *Editor) Diff(ctx context.Context, ref models.Ref, from, to int64) (out diff.Diff, err error) {
	err = e.look(ctx, func(w *work) error {
		r, err := w.draft(access.Read, ref)
		if err != nil {
			return err
		}
		before, _, err := w.version(r, from)
		if err != nil {
			return err
		}
		after, err := w.shown(r, r)
		if to > 0 && err == nil {
			after, _, err = w.version(r, to)
		}
		if err == nil {
			out, err = diff.Between(before, after)
		}
		return err
	})
	return out, err
}
