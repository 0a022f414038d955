package content

import (
	"context"
	"fmt"
	"slices"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// TrashRequest says how a record goes into the trash.
type TrashRequest struct {
	Version int64 // that the caller has read
	Detach  bool  // take it out of the records that use it
}

// Trash puts a draft into the trash, from where Untrash brings it back; what it owns is in the trash with it. Readers see
// it until its owner is published or it is unpublished. It fails with Conflict, naming the uses, while records elsewhere
// show or refer to it, unless it is to be detached: those records are saved without it then.
func (e *Editor) Trash(ctx context.Context, ref models.Ref, req TrashRequest) (d Draft, err error) {
	return e.edit(ctx, func(w *work) (models.Record, error) { return w.trash(ref, req) })
}

func (w *work) trash(ref models.Ref, req TrashRequest) (models.Record, error) {
	r, err := w.standing(access.Delete, ref, req.Version)
	if err != nil {
		return nil, err
	}
	uses, err := w.usesElsewhere(r)
	if err != nil {
		return nil, err
	}
	if len(uses) > 0 && !req.Detach {
		return nil, &models.Error{
			Kind: models.KindConflict, Uses: decorated(uses),
			Message: fmt.Sprintf("the %s %q is used by %d others: detach it, or change them first", ref.Type, r.Label(), len(uses)),
		}
	}
	for _, user := range uses {
		if err := w.detach(user, r); err != nil {
			return nil, err
		}
	}
	now := w.s.now()
	if err := w.tx.Draft.Trash(ref.Type, ref.ID, now); err != nil {
		return nil, err
	}
	r.Base().TrashedAt = &now
	return r, w.did("trash", r, nil)
}

// usesElsewhere lists the drafts that show a record or refer to it and don't go into the trash with it, and are not
// there already. Links in texts are no uses: one that leads nowhere is served as text.
func (w *work) usesElsewhere(r models.Record) ([]models.Record, error) {
	goes, err := w.owned(r)
	if err != nil {
		return nil, err
	}
	done := map[models.Ref]bool{}
	for _, g := range goes {
		done[refOf(g)] = true
	}
	refs, err := w.tx.Draft.Uses(ids(goes)...)
	if err != nil {
		return nil, err
	}
	var out []models.Record
	for _, ref := range refs {
		if done[ref] {
			continue
		}
		done[ref] = true
		user, err := w.tx.Draft.Record(ref.Type, ref.ID)
		if err != nil {
			return nil, err
		}
		if user.Base().TrashedAt == nil && showsAny(user, goes) {
			out = append(out, user)
		}
	}
	return out, nil
}

// showsAny tells whether a record shows or refers to one of some others, not only links to it.
func showsAny(user models.Record, others []models.Record) bool {
	return slices.ContainsFunc(models.Refs(user), func(at **models.Ref) bool {
		return slices.ContainsFunc(others, func(o models.Record) bool { return refOf(o) == (*at).Key() })
	})
}

// owned lists a draft and all that it owns, parents first. What is in the trash is among them.
func (w *work) owned(r models.Record) ([]models.Record, error) {
	out := []models.Record{r}
	add := func(q store.Query, keep func([]models.Record) []models.Record) error {
		q.Trashed, q.Bodies = true, true
		rs, err := w.tx.Draft.List(q)
		if keep != nil {
			rs = keep(rs)
		}
		out = append(out, rs...)
		return err
	}
	id := r.Base().ID
	switch r := r.(type) {
	case *models.Section:
		below := func(all []models.Record) []models.Record { return subtree(all, id) }
		err := add(store.Query{Kind: models.KindSection, Module: r.ModuleID}, below)
		return out, err
	case *models.Module:
		err := add(store.Query{Kind: models.KindWorksheet, Module: id}, nil)
		if err == nil {
			err = add(store.Query{Kind: models.KindSection, Module: id}, nil)
		}
		return out, err
	case *models.Course:
		for _, kind := range []models.Kind{models.KindModule, models.KindSource, models.KindAsset, models.KindFragment, models.KindSection} {
			if err := add(store.Query{Kind: kind, Course: id}, nil); err != nil {
				return nil, err
			}
		}
		for _, m := range slices.Clone(out) {
			if m.Kind() != models.KindModule {
				continue
			}
			if err := add(store.Query{Kind: models.KindWorksheet, Module: m.Base().ID}, nil); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// detach saves a record without what shows another one, or anything that the other one owns.
func (w *work) detach(user, from models.Record) error {
	if err := w.may(access.Update, user); err != nil {
		return err
	}
	goes, err := w.owned(from)
	if err != nil {
		return err
	}
	next := models.Clone(user)
	gone := func(ref *models.Ref) bool {
		return ref != nil && slices.ContainsFunc(goes, func(o models.Record) bool { return refOf(o) == ref.Key() })
	}
	if bs := blockList(next); bs != nil {
		*bs = withoutUses(*bs, gone)
	}
	for _, at := range models.Refs(next) {
		if gone(*at) {
			*at = nil
		}
	}
	if err := w.save(next, user, fmt.Sprintf("without the %s %q, which went into the trash", from.Kind(), from.Label())); err != nil {
		return err
	}
	return w.did("update", next, map[string]any{"detached": string(from.Base().ID)})
}

// blockList is the list of blocks that a record shows, nil for kinds without one.
func blockList(r models.Record) *models.Blocks {
	switch r := r.(type) {
	case *models.Section:
		return &r.Blocks
	case *models.Worksheet:
		return &r.Instructions
	case *models.Fragment:
		return &r.Blocks
	}
	return nil
}

// withoutUses takes out the blocks that are nothing but the place of a worksheet or fragment that is gone.
func withoutUses(bs models.Blocks, gone func(*models.Ref) bool) models.Blocks {
	bs = slices.DeleteFunc(bs, func(b models.Block) bool {
		switch b := b.(type) {
		case *models.WorksheetUse:
			return gone(b.Worksheet)
		case *models.FragmentUse:
			return gone(b.Fragment)
		}
		return false
	})
	for _, b := range bs {
		for _, inner := range models.Children(b) {
			*inner = withoutUses(*inner, gone)
		}
	}
	return bs
}

// Untrash takes a draft out of the trash, to where it was; when another record stands there by now, its siblings are
// numbered anew and the owner takes its next version, as by Move. It fails with Conflict when its owner is in the trash, or
// its slug has been given to another record since.
func (e *Editor) Untrash(ctx context.Context, ref models.Ref, version int64) (d Draft, err error) {
	return e.edit(ctx, func(w *work) (models.Record, error) { return w.untrash(ref, version) })
}

func (w *work) untrash(ref models.Ref, version int64) (models.Record, error) {
	r, err := w.draft(access.Delete, ref)
	if err != nil {
		return nil, err
	}
	if err := w.fresh(r, version); err != nil {
		return nil, err
	}
	if r.Base().TrashedAt == nil {
		return nil, models.Conflict("the "+string(ref.Type)+" is not in the trash", nil)
	}
	if owner := r.Owner(); owner != nil {
		above, err := w.tx.Draft.Record(owner.Type, owner.ID)
		if err != nil {
			return nil, err
		}
		if above.Base().TrashedAt != nil {
			return nil, models.Conflict(fmt.Sprintf("the %s %q that it belongs to is in the trash: take that out first", owner.Type, above.Label()), nil)
		}
	}
	if err := w.tx.Draft.Untrash(ref.Type, ref.ID); err != nil {
		return nil, err
	}
	r.Base().TrashedAt = nil
	if err := w.ownPlace(r); err != nil { // others were moved meanwhile
		return nil, err
	}
	return r, w.did("untrash", r, nil)
}

// Purge removes a draft in the trash for ever, with what it owns and with all their history. It fails with Conflict when
// it is not in the trash, or when readers still see any of it, or when records elsewhere use it.
func (e *Editor) Purge(ctx context.Context, ref models.Ref, version int64) error {
	return e.change(ctx, func(w *work) error { return w.purge(ref, version) })
}

func (w *work) purge(ref models.Ref, version int64) error {
	r, err := w.draft(access.Purge, ref)
	if err != nil {
		return err
	}
	if err := w.fresh(r, version); err != nil {
		return err
	}
	if r.Base().TrashedAt == nil {
		return models.Conflict("only what is in the trash can be purged", nil)
	}
	goes, err := w.owned(r)
	if err != nil {
		return err
	}
	for _, g := range goes {
		if g.Base().LiveVersion != nil {
			return models.Conflict(fmt.Sprintf("readers see the %s %q: unpublish it first", g.Kind(), g.Label()), nil)
		}
	}
	uses, err := w.usesElsewhere(r)
	if err != nil {
		return err
	}
	if len(uses) > 0 {
		return &models.Error{Kind: models.KindConflict, Message: "it is used by others: change them first", Uses: decorated(uses)}
	}
	for _, g := range slices.Backward(goes) {
		if err := w.did("purge", g, nil); err != nil {
			return err
		}
	}
	for _, g := range slices.Backward(goes) {
		if err := w.tx.Purge(g.Kind(), g.Base().ID); err != nil {
			return err
		}
	}
	return nil
}

// Use is a place where a record is used.
type Use struct {
	Ref  models.Ref `json:"record"`
	Live bool       `json:"live"` // readers see the use
	Link bool       `json:"link"` // it is only linked to, and not shown
}

// Uses lists the records that use one, drafts and live ones.
func (e *Editor) Uses(ctx context.Context, ref models.Ref) (out []Use, err error) {
	out = []Use{}
	err = e.look(ctx, func(w *work) error {
		r, err := w.draft(access.Read, ref)
		if err != nil {
			return err
		}
		live, err := w.tx.Live.Uses(ref.ID)
		if err != nil {
			return err
		}
		drafts, err := w.tx.Draft.Uses(ref.ID)
		if err != nil {
			return err
		}
		seen := map[models.Ref]bool{}
		for _, by := range append(drafts, live...) {
			if seen[by] {
				continue
			}
			seen[by] = true
			user, err := w.draft(access.Read, by)
			if models.KindOf(err) == models.KindNotFound {
				continue // the subject may not know of it
			}
			if err != nil {
				return err
			}
			out = append(out, Use{Ref: adminRef(user), Live: slices.Contains(live, by), Link: !showsAny(user, []models.Record{r})})
		}
		return nil
	})
	return out, err
}

func decorated(rs []models.Record) []models.Ref {
	out := make([]models.Ref, len(rs))
	for i, r := range rs {
		out[i] = adminRef(r)
	}
	return out
}
