package content

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Position says where a record is to stand. Its JSON is an object with at most one of "after" and "before", each the id of
// a sibling; "after": null is the first place, "before": null or neither the last one. For sections "parent_id" is the
// section above, null for none; without it the section stays under the one that it has. "module_id" moves sections and
// worksheets to another module of the course; a section that goes there without a parent_id stands at the top.
type Position struct {
	After  jsontext.Value `json:"after,omitzero"`
	Before jsontext.Value `json:"before,omitzero"`
	Parent jsontext.Value `json:"parent_id,omitzero"`
	Module models.ID      `json:"module_id,omitzero"`
}

// check looks at the shape of a position.
func (p Position) check(at string) error {
	var fields []models.FieldError
	for name, raw := range map[string]jsontext.Value{"after": p.After, "before": p.Before, "parent_id": p.Parent} {
		if raw == nil || raw.Kind() == 'n' {
			continue
		}
		if _, ok := idOf(raw); !ok {
			fields = append(fields, models.FieldError{Pointer: at + "/" + name, Detail: "must be an id or null"})
		}
	}
	if p.After != nil && p.Before != nil {
		fields = append(fields, models.FieldError{Pointer: at, Detail: "has after and before, and one of them is enough"})
	}
	if p.Module != "" && !p.Module.Valid() {
		fields = append(fields, models.FieldError{Pointer: at + "/module_id", Detail: "must be an id"})
	}
	return models.Invalid("the position is not right", fields)
}

func idOf(raw jsontext.Value) (models.ID, bool) {
	var id models.ID
	if raw == nil || models.Decode(raw, &id) != nil {
		return "", false
	}
	return id, id.Valid()
}

// Move puts a module, section or worksheet at another place; sections below it go with it. Places are kept by the owner
// (see Draft.Owner), the course of a module, the module of a section or worksheet: read is the version of the owner
// that the caller has read, which takes the next one. All siblings are numbered anew, so that a gap or two records at
// one place heal with the first move.
func (e *Editor) Move(ctx context.Context, ref models.Ref, read int64, to Position) (d Draft, err error) {
	return e.edit(ctx, func(w *work) (models.Record, error) { return w.move(ref, read, to) })
}

func (w *work) move(ref models.Ref, read int64, to Position) (models.Record, error) {
	if err := to.check(""); err != nil {
		return nil, err
	}
	r, err := w.draft(access.Arrange, ref)
	if err != nil {
		return nil, err
	}
	owner, err := w.keeper(r)
	if err != nil {
		return nil, err
	}
	if r.Base().TrashedAt != nil {
		return nil, models.Conflict("the "+string(ref.Type)+" is in the trash: take it out first", nil)
	}
	if err := w.fresh(owner, read); err != nil {
		return nil, err
	}
	if err := w.toModule(r, to); err != nil {
		return nil, err
	}
	if err := w.place(r, to); err != nil {
		return nil, err
	}
	return r, w.did("move", r, nil)
}

// keeper reads the record that keeps the place of one.
func (w *work) keeper(r models.Record) (models.Record, error) {
	owner := ownerOfPlace(r)
	if owner == nil {
		return nil, models.Malformed(fmt.Sprintf("%s have no order", r.Kind().Plural()), nil)
	}
	return w.tx.Draft.Record(owner[0].Type, owner[0].ID)
}

// toModule takes a section with those below it, or a worksheet, to another module of its course.
func (w *work) toModule(r models.Record, to Position) error {
	from := models.ModuleOf(r)
	if to.Module == "" || to.Module == from {
		return nil
	}
	if r.Kind() != models.KindSection && r.Kind() != models.KindWorksheet {
		return models.Invalid("the position is not right", []models.FieldError{{Pointer: "/module_id", Detail: "is for sections and worksheets only"}})
	}
	target := &models.Module{}
	err := w.tx.Draft.Get(target, to.Module)
	was, err2 := w.inModuleOf(from)
	if models.KindOf(err) == models.KindNotFound || err == nil && (target.TrashedAt != nil || target.CourseID != was.Course) {
		return models.Invalid("the position is not right", []models.FieldError{{Pointer: "/module_id", Detail: "there is no such module in the course"}})
	}
	if err != nil || err2 != nil {
		return firstOf(err, err2)
	}
	goes := []models.Record{r}
	if r.Kind() == models.KindSection {
		all, err := w.tx.Draft.List(store.Query{Kind: models.KindSection, Module: from, Trashed: true, Bodies: true})
		if err != nil {
			return err
		}
		goes = append(goes, subtree(all, r.Base().ID)...)
	}
	for _, g := range goes {
		if err := w.rehome(g, to.Module, g == r); err != nil {
			return err
		}
	}
	return w.touch(models.KindModule, from)
}

// rehome saves a record as one of another module, where it comes last for now.
func (w *work) rehome(r models.Record, module models.ID, top bool) error {
	next := models.Clone(r)
	switch next := next.(type) {
	case *models.Section:
		next.ModuleID = module
		if top {
			next.ParentID = nil
		}
	case *models.Worksheet:
		next.ModuleID = module
	}
	if err := w.may(access.Arrange, next); err != nil {
		return err
	}
	if err := w.save(next, r, "moved to another module"); err != nil {
		return err
	}
	if err := last(w.tx, next); err != nil {
		return err
	}
	if err := w.tx.Draft.Place(next, parentOf(next), positionOf(next)); err != nil {
		return err
	}
	switch r := r.(type) {
	case *models.Section:
		*r = *next.(*models.Section)
	case *models.Worksheet:
		*r = *next.(*models.Worksheet)
	}
	return nil
}

// place puts a record at its place among its siblings and numbers them all. The owner takes its next version.
func (w *work) place(r models.Record, to Position) error {
	parent, err := w.parent(r, to)
	if err != nil {
		return err
	}
	all, err := w.siblings(r)
	if err != nil {
		return err
	}
	byID := indexed(all)
	sequence := slices.DeleteFunc(ids(all), func(id models.ID) bool { return id == r.Base().ID })
	at, err := spot(sequence, byID, parent, to)
	if err != nil {
		return err
	}
	if s, ok := byID[r.Base().ID].(*models.Section); ok {
		s.ParentID = parent
	}
	return w.number(r, slices.Insert(sequence, at, r.Base().ID), byID)
}

func indexed(rs []models.Record) map[models.ID]models.Record {
	out := make(map[models.ID]models.Record, len(rs))
	for _, r := range rs {
		out[r.Base().ID] = r
	}
	return out
}

// number gives a record and its siblings, in their sequence, the places from 0 on.
func (w *work) number(r models.Record, sequence []models.ID, byID map[models.ID]models.Record) error {
	if r.Kind() == models.KindSection {
		sequence = models.ReadingOrder(sequence, parentsOf(byID))
	}
	for position, id := range sequence {
		if err := w.tx.Draft.Place(byID[id], parentOf(byID[id]), position); err != nil {
			return err
		}
		if id == r.Base().ID {
			setPlace(r, parentOf(byID[id]), position)
		}
	}
	owner := ownerOfPlace(r)[0]
	return w.touch(owner.Type, owner.ID)
}

// ownPlace numbers a record and its siblings anew when another one stands at its place.
func (w *work) ownPlace(r models.Record) error {
	if ownerOfPlace(r) == nil {
		return nil
	}
	all, err := w.siblings(r)
	if err != nil {
		return err
	}
	other := func(s models.Record) bool { return s.Base().ID != r.Base().ID && positionOf(s) == positionOf(r) }
	if !slices.ContainsFunc(all, other) {
		return nil
	}
	return w.number(r, ids(all), indexed(all))
}

// parent is the section under which a section is to stand.
func (w *work) parent(r models.Record, to Position) (*models.ID, error) {
	s, ok := r.(*models.Section)
	switch {
	case !ok && to.Parent != nil:
		return nil, models.Invalid("the position is not right", []models.FieldError{{Pointer: "/parent_id", Detail: "is for sections only"}})
	case !ok:
		return nil, nil
	case to.Parent == nil:
		return s.ParentID, nil
	}
	moved := *s
	moved.ParentID = nil
	if id, ok := idOf(to.Parent); ok {
		moved.ParentID = &id
	}
	return moved.ParentID, standsUnderOwners(w.tx, &moved, true)
}

// siblings lists, in order, all that is numbered together with a record.
func (w *work) siblings(r models.Record) ([]models.Record, error) {
	q := store.Query{Kind: r.Kind()}
	if m, ok := r.(*models.Module); ok {
		q.Course = m.CourseID
	} else {
		q.Module = models.ModuleOf(r)
	}
	all, err := w.tx.Draft.List(q)
	slices.SortStableFunc(all, func(a, b models.Record) int { return positionOf(a) - positionOf(b) })
	return all, err
}

// spot finds the index in the sequence of all records at which one is to be put in.
func spot(sequence []models.ID, byID map[models.ID]models.Record, parent *models.ID, to Position) (int, error) {
	beside := func(id models.ID) bool {
		r := byID[id]
		p := parentOf(r)
		return r != nil && (p == nil) == (parent == nil) && (p == nil || *p == *parent)
	}
	for name, raw := range map[string]jsontext.Value{"after": to.After, "before": to.Before} {
		id, ok := idOf(raw)
		if !ok {
			continue
		}
		at := slices.Index(sequence, id)
		if at < 0 || !beside(id) {
			return 0, models.Invalid("the position is not right", []models.FieldError{{Pointer: "/" + name, Detail: "is not the id of a sibling there"}})
		}
		if name == "after" {
			at++
		}
		return at, nil
	}
	if to.After != nil { // null: the first place
		return 0, nil
	}
	return len(sequence), nil
}

// touch takes the next version for a record whose children have new places.
func (w *work) touch(kind models.Kind, id models.ID) error {
	if err := w.tx.Draft.Touch(kind, id); err != nil {
		return err
	}
	r, err := w.tx.Draft.Record(kind, id)
	if err != nil {
		return err
	}
	delete(w.modules, id)
	return w.s.keep(w.tx, r, w.by(""), false)
}

func setPlace(r models.Record, parent *models.ID, position int) {
	switch r := r.(type) {
	case *models.Module:
		r.Position = position
	case *models.Section:
		r.ParentID, r.Position = parent, position
	case *models.Worksheet:
		r.Position = position
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
