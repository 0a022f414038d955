package content

import (
	"context"
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// Duplicate copies a draft with all that it owns, as new drafts with ids of their own. What is copied together refers to
// its copies; all else is referred to as before. The copy is called "… (copy)" and stands after the original.
func (e *Editor) Duplicate(ctx context.Context, ref models.Ref, message string) (d Draft, err error) {
	return e.edit(ctx, func(w *work) (models.Record, error) { return w.duplicate(ref, message) })
}

// maxCopies bounds what one request copies: more than any course that people wrote, and done within its time.
const maxCopies = 5000

func (w *work) duplicate(ref models.Ref, message string) (models.Record, error) {
	r, err := w.draft(access.Read, ref)
	if err != nil {
		return nil, err
	}
	if r.Base().TrashedAt != nil {
		return nil, models.Conflict("the "+string(ref.Type)+" is in the trash: take it out first", nil)
	}
	goes, err := w.owned(r)
	if err != nil {
		return nil, err
	}
	originals := notTrashed(goes)
	if len(originals) > maxCopies {
		return nil, models.Conflict(fmt.Sprintf("it has %d records, and at most %d are copied at once", len(originals), maxCopies), nil)
	}
	c := copier{work: w, ids: map[models.ID]models.ID{}}
	for _, o := range originals {
		c.ids[o.Base().ID] = models.NewID()
	}
	copies := make([]models.Record, len(originals))
	for i, o := range originals {
		if copies[i], err = c.copyOf(o); err != nil {
			return nil, err
		}
	}
	if err := c.rename(copies[0]); err != nil {
		return nil, err
	}
	if err := c.insert(copies, message); err != nil {
		return nil, err
	}
	top := copies[0]
	if owner := ownerOfPlace(top); owner != nil {
		after, err := models.Encode(r.Base().ID)
		if err != nil {
			return nil, err
		}
		if err := w.place(top, Position{After: after}); err != nil {
			return nil, err
		}
	}
	return top, w.did("duplicate", top, map[string]any{"from": string(ref.ID), "records": len(copies)})
}

// notTrashed leaves out what is in the trash, and what is below it.
func notTrashed(rs []models.Record) []models.Record {
	gone := map[models.ID]bool{}
	var out []models.Record
	for _, r := range rs { // owners come first, but for sections, whose parents may come later
		owner := r.Owner()
		if r.Base().TrashedAt != nil || owner != nil && gone[owner.ID] {
			gone[r.Base().ID] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for _, r := range rs {
			if owner := r.Owner(); owner != nil && gone[owner.ID] && !gone[r.Base().ID] {
				gone[r.Base().ID], grown = true, true
			}
		}
	}
	for _, r := range rs {
		if !gone[r.Base().ID] {
			out = append(out, r)
		}
	}
	return out
}

// copier copies records that belong together.
type copier struct {
	*work
	ids map[models.ID]models.ID // of the copies, by those of the originals
}

// id is the id of a record's copy, or its own when it is not copied.
func (c *copier) id(of models.ID) models.ID {
	if id, ok := c.ids[of]; ok {
		return id
	}
	return of
}

func (c *copier) copyOf(r models.Record) (models.Record, error) {
	private, err := c.can(access.ReadPrivate, r)
	if err != nil {
		return nil, err
	}
	next := models.Clone(r)
	if !private {
		next = public(next)
	}
	*next.Base() = models.Meta{ID: c.id(r.Base().ID), Extra: next.Base().Extra}
	switch next := next.(type) {
	case *models.Module:
		next.CourseID = c.id(next.CourseID)
	case *models.Section:
		next.CourseID, next.ModuleID = c.id(next.CourseID), c.id(next.ModuleID)
		if next.ParentID != nil {
			next.ParentID = new(c.id(*next.ParentID))
		}
		for i := range next.Citations {
			next.Citations[i].ID = models.NewID()
		}
		next.Origin = nil // the copy is no page of the source
	case *models.Worksheet:
		next.ModuleID = c.id(next.ModuleID)
	case *models.Source:
		next.CourseID = c.id(next.CourseID)
	case *models.Asset:
		next.CourseID = c.id(next.CourseID)
	case *models.Fragment:
		next.CourseID = c.id(next.CourseID)
	}
	for _, at := range models.Refs(next) {
		*at = models.NewRef((*at).Type, c.id((*at).ID))
	}
	for _, t := range texts(next) {
		for _, link := range render.RecordLinks(*t) {
			*t = models.Text(strings.ReplaceAll(string(*t), string(link.ID), string(c.id(link.ID))))
		}
	}
	return next, nil
}

// copied is what the title of a copy has in addition.
const copied = " (copy)"

// rename gives the copy at the top a name of its own.
func (c *copier) rename(r models.Record) error {
	switch r := r.(type) {
	case *models.Course:
		r.Title += copied
	case *models.Module:
		r.Title += copied
	case *models.Section:
		r.Title += copied
	case *models.Worksheet:
		if r.Title != "" {
			r.Title += copied
		}
	case *models.Fragment:
		if r.Title != "" {
			r.Title += copied
		}
	}
	return c.freeName(r)
}

// insert saves the copies, owners first.
func (c *copier) insert(copies []models.Record, message string) error {
	if err := c.mayInsert(copies[0]); err != nil {
		return err
	}
	if err := last(c.tx, copies[0]); err != nil {
		return err
	}
	for i, r := range copies {
		// Sections below a copied one stand in the module of the originals, whose slugs are taken.
		if i > 0 && r.Kind() == models.KindSection && copies[0].Kind() == models.KindSection {
			if err := c.freeName(r); err != nil {
				return err
			}
		}
		if err := c.s.insert(c.tx, r, c.by(message), false); err != nil {
			return err
		}
	}
	return nil
}

// mayInsert asks for the grant to create the copy at the top. What it owns is created with it.
func (c *copier) mayInsert(r models.Record) error {
	at := access.Place{}
	var err error
	switch r.Kind() {
	case models.KindCourse:
	case models.KindModule:
		at.Course = r.(*models.Module).CourseID
	default:
		at, err = c.placeOf(r)
	}
	if d := c.who.Decide(access.Create, r.Kind(), at); err == nil && !d.Allowed {
		return models.Forbidden(d.Reason)
	}
	return err
}
