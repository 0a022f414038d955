package content

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

// Create saves a new record as a draft, from the JSON of its editable members, the ids of what it is to belong to, and
// two members of its own: "id" for a client that mints ids itself (a UUID, best of version 7), and "position" (see
// Position), without which it comes last among its siblings. A slug or key that it does not name is made of its title, with
// a number behind it where a sibling has it already, or what readers see of one. It fails with Conflict when the id is
// taken, or a slug that it names.
func (e *Editor) Create(ctx context.Context, kind models.Kind, doc []byte, message string) (d Draft, err error) {
	err = e.change(ctx, func(w *work) error {
		r, err := w.create(kind, doc, message)
		if err == nil {
			d, err = w.view(r)
		}
		return err
	})
	return d, err
}

func (w *work) create(kind models.Kind, doc []byte, message string) (models.Record, error) {
	doc, id, at, err := apart(doc)
	if err != nil {
		return nil, err
	}
	r, err := patch.New(kind, doc)
	if err != nil {
		return nil, err
	}
	if id != "" {
		if err := w.free(kind, id); err != nil {
			return nil, err
		}
		r.Base().ID = id
	}
	if s, ok := r.(*models.Section); ok {
		if s.CourseID, err = w.courseOfModule(s.ModuleID); err != nil {
			return nil, err
		}
	}
	if err := w.mayCreate(r, doc); err != nil {
		return nil, err
	}
	if err := standsUnderOwners(w.tx, r, true); err != nil {
		return nil, err
	}
	if err := w.nameNew(r, doc); err != nil {
		return nil, err
	}
	if err := w.extraFits(r); err != nil {
		return nil, err
	}
	if err := last(w.tx, r); err != nil {
		return nil, err
	}
	if err := w.s.insert(w.tx, r, w.by(message), false); err != nil {
		return nil, err
	}
	if at != nil {
		if err := w.place(r, *at); err != nil {
			return nil, err
		}
	}
	return r, w.did("create", r, nil)
}

// apart takes from the JSON of a new record what is not the record's.
func apart(doc []byte) (rest []byte, id models.ID, at *Position, err error) {
	var fields Members
	if err := models.Decode(doc, &fields); err != nil {
		return nil, "", nil, err
	}
	if raw, ok := fields["id"]; ok {
		if err := models.Decode(raw, &id); err != nil || !id.Valid() {
			return nil, "", nil, models.Invalid("the record breaks rules", []models.FieldError{{Pointer: "/id", Detail: "must be a UUID"}})
		}
	}
	if raw, ok := fields["position"]; ok {
		at = &Position{}
		if err := models.Decode(raw, at); err != nil {
			return nil, "", nil, models.Under("/position", err)
		}
		if err := at.check("/position"); err != nil {
			return nil, "", nil, err
		}
	}
	delete(fields, "id")
	delete(fields, "position")
	rest, err = models.Encode(fields)
	return rest, id, at, err
}

// free fails with Conflict when an id is taken, by a record of any kind.
func (w *work) free(kind models.Kind, id models.ID) error {
	for _, k := range models.StoredKinds() {
		_, err := w.tx.Draft.Record(k, id)
		switch {
		case err == nil:
			return models.Conflict(fmt.Sprintf("there is a record with the id %s already", id), nil)
		case models.KindOf(err) != models.KindNotFound:
			return err
		}
	}
	if last, err := w.tx.LastRevision(id); err != nil || last == nil {
		return err
	}
	return models.Conflict(fmt.Sprintf("the id %s of the %s has been used before", id, kind), nil)
}

// courseOfModule is the course of a module that a request names. What is not there is said by standsUnderOwners.
func (w *work) courseOfModule(id models.ID) (models.ID, error) {
	at, err := w.inModuleOf(id)
	if models.KindOf(err) == models.KindNotFound {
		return "", models.Invalid("the section can't stand there", []models.FieldError{{Pointer: "/module_id", Detail: fmt.Sprintf("there is no module %q", id)}})
	}
	return at.Course, err
}

// mayCreate asks for the grants that a new record takes. What it is to stand in must be known to the subject.
func (w *work) mayCreate(r models.Record, doc []byte) error {
	at, err := w.placeOf(r)
	switch {
	case models.KindOf(err) == models.KindNotFound:
		return nil // standsUnderOwners says what is not there
	case err != nil:
		return err
	}
	if r.Kind() == models.KindCourse {
		at = access.Place{} // it is not there yet: a grant for one course does not make others
	}
	if d := w.who.Decide(access.Create, r.Kind(), at); !d.Allowed {
		return models.Forbidden(d.Reason)
	}
	return w.mayTouchPrivate(r, doc)
}

// mayTouchPrivate refuses changes of what the subject may not see. The owners of a module are for those who may publish
// it to choose.
func (w *work) mayTouchPrivate(r models.Record, doc []byte) error {
	touched := patch.TouchesPrivate(r.Kind(), doc)
	if len(touched) == 0 {
		return nil
	}
	at, err := w.placeOf(r)
	if err != nil {
		return err
	}
	action := access.ReadPrivate
	if slices.Contains(touched, "/owners") {
		action = access.Publish
	}
	d := w.who.Decide(action, r.Kind(), at)
	if d.Allowed {
		return nil
	}
	refused := &models.Error{Kind: models.KindForbidden, Message: d.Reason}
	for _, pointer := range touched {
		refused.Fields = append(refused.Fields, models.FieldError{Pointer: pointer, Detail: "is private"})
	}
	return refused
}

// Patch changes a draft by a JSON merge patch (RFC 7396) of its editable members. It fails with Stale when the draft is
// not in the version that the caller has read, and with Invalid when the result breaks rules. A patch that changes
// nothing saves nothing.
func (e *Editor) Patch(ctx context.Context, ref models.Ref, read int64, doc []byte, message string) (d Draft, err error) {
	return e.edit(ctx, func(w *work) (models.Record, error) { return w.patch(ref, read, doc, message) })
}

func (w *work) patch(ref models.Ref, read int64, doc []byte, message string) (models.Record, error) {
	r, err := w.standing(access.Update, ref, read)
	if err != nil {
		return nil, err
	}
	if err := w.mayTouchPrivate(r, doc); err != nil {
		return nil, err
	}
	next := models.Clone(r)
	if err := patch.Merge(next, doc); err != nil {
		return nil, err
	}
	return w.saved(next, r, message)
}

// EditBlocks does operations on the blocks of a draft, one after the other: on "blocks" of sections and fragments,
// "instructions" and "prompts" of worksheets. It fails as Patch does.
func (e *Editor) EditBlocks(ctx context.Context, ref models.Ref, read int64, list string, ops []patch.Op, message string) (d Draft, err error) {
	return e.edit(ctx, func(w *work) (models.Record, error) { return w.editBlocks(ref, read, list, ops, message) })
}

func (w *work) editBlocks(ref models.Ref, read int64, list string, ops []patch.Op, message string) (models.Record, error) {
	r, err := w.standing(access.Update, ref, read)
	if err != nil {
		return nil, err
	}
	next := models.Clone(r)
	if err := patch.Blocks(next, list, ops); err != nil {
		return nil, err
	}
	return w.saved(next, r, message)
}

// SetBlocks puts other blocks in the place of all that a draft has in a list. It fails as Patch does.
func (e *Editor) SetBlocks(ctx context.Context, ref models.Ref, read int64, list string, blocks jsontext.Value, message string) (d Draft, err error) {
	return e.edit(ctx, func(w *work) (models.Record, error) {
		doc, err := models.Encode(Members{list: blocks})
		if err != nil {
			return nil, models.Malformed("the JSON could not be read", err)
		}
		r, err := w.patch(ref, read, doc, message)
		return r, models.Inside("/"+list, err)
	})
}

// edit runs a change of one record and gives what became of it.
func (e *Editor) edit(ctx context.Context, fn func(*work) (models.Record, error)) (d Draft, err error) {
	err = e.change(ctx, func(w *work) error {
		r, err := fn(w)
		if err == nil {
			d, err = w.view(r)
		}
		return err
	})
	return d, err
}

// saved saves what a patch made of a draft, which has been validated, and writes down that it did, unless nothing has
// changed.
func (w *work) saved(next, was models.Record, message string) (models.Record, error) {
	fields := patch.Fields(was, next)
	if len(fields) == 0 {
		return was, nil
	}
	if err := w.extraChangedFits(next, was); err != nil {
		return nil, err
	}
	delete(w.modules, next.Base().ID) // its owners may have changed
	if err := w.s.updateValid(w.tx, next, was.Base().Version, w.by(message), false); err != nil {
		return nil, err
	}
	return next, w.did("update", next, map[string]any{"fields": fields})
}

// save validates next and saves it as the version after was.
func (w *work) save(next, was models.Record, message string) error {
	delete(w.modules, next.Base().ID) // its owners may have changed
	return w.s.update(w.tx, next, was.Base().Version, w.by(message), false)
}
