package content

import (
	"context"
	"errors"
	"fmt"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Unpublish takes records and what they own out of live content, in one transaction. Shared records, worksheets
// among them, stay while a live record refers to them. Drafts are untouched.
func (s *Service) Unpublish(ctx context.Context, targets ...models.Ref) (removed []models.Ref, revision int64, err error) {
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockLive(); err != nil {
			return err
		}
		l := newLiver(tx, s.now())
		for _, target := range targets {
			if err := l.unpublish(target.Key()); err != nil {
				return err
			}
		}
		for _, c := range l.changes {
			removed = append(removed, models.Ref{Type: c.Kind, ID: c.ID})
		}
		if len(l.changes) == 0 {
			return nil
		}
		revision, err = tx.LogChanges(l.changes, l.now)
		return err
	})
	if err == nil && revision > 0 {
		s.announce(revision)
	}
	return removed, revision, err
}

func (l *liver) unpublish(target models.Ref) error {
	if _, done := l.logged[target.ID]; done {
		return nil // it left with what owns it
	}
	r, err := l.tx.Live.Record(target.Type, target.ID)
	if err != nil {
		return err
	}
	if uses, err := l.otherUses(target); err != nil {
		return err
	} else if len(uses) > 0 {
		return models.Conflict(fmt.Sprintf("the %s %q is used by %d live records", target.Type, r.Label(), len(uses)), nil)
	}
	owned, maybe, err := l.below(r)
	if err != nil {
		return err
	}
	for _, o := range append(owned, r) {
		maybe = append(maybe, referred(o)...)
		if err := l.takeDown(refOf(o)); err != nil {
			return err
		}
	}
	return l.takeUnused(maybe)
}

// otherUses lists the live records that show a shared record. Sections, modules and courses are linked to, not shown:
// a link to what is gone is served as text.
func (l *liver) otherUses(ref models.Ref) ([]models.Ref, error) {
	if !isShared(ref.Type) {
		return nil, nil
	}
	return l.tx.Live.Uses(ref.ID)
}

// below lists what a live record owns: sections and modules, which leave with it, and what is shared, which stays
// where another live record uses it.
func (l *liver) below(r models.Record) (owned []models.Record, shared []models.Ref, err error) {
	switch r := r.(type) {
	case *models.Course:
		modules, err := l.tx.Live.List(store.Query{Kind: models.KindModule, Course: r.ID})
		if err != nil {
			return nil, nil, err
		}
		for _, m := range modules {
			sections, ws, err := l.below(m)
			if err != nil {
				return nil, nil, err
			}
			owned = append(append(owned, sections...), m)
			shared = append(shared, ws...)
		}
		left, err := l.sharedOf(r.ID)
		if err != nil {
			return nil, nil, err
		}
		shared = append(shared, left...)
	case *models.Module:
		sections, err := l.tx.Live.List(store.Query{Kind: models.KindSection, Module: r.ID, Bodies: true})
		list, err2 := l.tx.Live.List(store.Query{Kind: models.KindWorksheet, Module: r.ID})
		if err := errors.Join(err, err2); err != nil {
			return nil, nil, err
		}
		owned, shared = sections, refsOf(list)
	case *models.Section:
		all, err := l.tx.Live.List(store.Query{Kind: models.KindSection, Module: r.ModuleID, Bodies: true})
		if err != nil {
			return nil, nil, err
		}
		owned = subtree(all, r.ID)
	}
	return owned, shared, nil
}

// sharedOf lists the live shared records of a course that no live module owns: worksheets among them that stayed when
// their module left.
func (l *liver) sharedOf(course models.ID) ([]models.Ref, error) {
	queries := []store.Query{
		{Kind: models.KindFragment, Course: course}, {Kind: models.KindAsset, Course: course}, {Kind: models.KindSource, Course: course},
	}
	modules, err := l.tx.Draft.List(store.Query{Kind: models.KindModule, Course: course, Trashed: true})
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		queries = append(queries, store.Query{Kind: models.KindWorksheet, Module: m.Base().ID})
	}
	var out []models.Ref
	for _, q := range queries {
		list, err := l.tx.Live.List(q)
		if err != nil {
			return nil, err
		}
		out = append(out, refsOf(list)...)
	}
	return out, nil
}

func refsOf(rs []models.Record) []models.Ref {
	refs := make([]models.Ref, len(rs))
	for i, r := range rs {
		refs[i] = refOf(r)
	}
	return refs
}

// takeUnused removes shared records that no live record refers to any more, by link neither, and then what only those
// referred to.
func (l *liver) takeUnused(refs []models.Ref) error {
	for len(refs) > 0 { // a record may come again: after the last one that showed it has left
		ref := refs[0]
		refs = refs[1:]
		if !isShared(ref.Type) {
			continue
		}
		r, err := l.tx.Live.Record(ref.Type, ref.ID)
		if models.KindOf(err) == models.KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		if kept, err := l.kept(r); err != nil {
			return err
		} else if kept {
			continue
		}
		refs = append(refs, referred(r)...)
		if err := l.takeDown(ref); err != nil {
			return err
		}
	}
	return nil
}

// kept tells whether a shared record stays: a live record refers to it, or it is a worksheet of a live module.
func (l *liver) kept(r models.Record) (bool, error) {
	if w, ok := r.(*models.Worksheet); ok {
		_, err := l.tx.Live.Record(models.KindModule, w.ModuleID)
		if models.KindOf(err) != models.KindNotFound {
			return err == nil, err
		}
	}
	uses, err := l.tx.Live.Uses(r.Base().ID)
	return len(uses) > 0, err
}
