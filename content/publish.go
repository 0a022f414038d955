package content

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// Publish makes the closure of the targets live in one transaction and gives what it did, with the new content
// revision. It fails with Stale when the closure is not the one of the request's token any more, and with Invalid
// when something blocks it; the plan says what. A closure in which nothing has changed does nothing and keeps the
// revision.
func (s *Service) Publish(ctx context.Context, req PublishRequest) (plan *Plan, revision int64, err error) {
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		plan, revision, err = s.publish(tx, req)
		return err
	})
	if err == nil && revision > 0 {
		s.announce(revision)
	}
	return plan, revision, err
}

func (s *Service) publish(tx *store.Tx, req PublishRequest) (*Plan, int64, error) {
	c, err := newClosure(tx, req)
	if err != nil {
		return nil, 0, err
	}
	if req.Token != "" && req.Token != c.plan.Token {
		return c.plan, 0, models.Stale("what would be published has changed since the dry run")
	}
	if err := blocked(c.plan); err != nil {
		return c.plan, 0, err
	}
	if len(c.plan.Put)+len(c.plan.Remove) == 0 {
		return c.plan, 0, nil
	}
	l := newLiver(tx, s.now())
	for _, item := range c.plan.Remove {
		if err := l.takeDown(item.Ref.Key()); err != nil {
			return nil, 0, err
		}
	}
	for _, ref := range c.order {
		if err := l.put(c.drafts[ref]); err != nil {
			return nil, 0, err
		}
	}
	revision, err := tx.LogChanges(l.changes, l.now)
	return c.plan, revision, err
}

// blocked turns a plan's blockers into an error.
func blocked(p *Plan) error {
	var fields []models.FieldError
	for _, b := range p.Blockers {
		fields = append(fields, models.FieldError{Detail: fmt.Sprintf("%s %q %s", b.Ref.Type, *b.Ref.Title, b.Detail)})
	}
	return models.Invalid("it can't be published", fields)
}

// liver moves records into and out of live content within one transaction.
type liver struct {
	tx        *store.Tx
	now       time.Time
	changes   []models.Change
	logged    map[models.Ref]int             // places in changes
	numbering map[models.ID]models.Numbering // by course
}

func newLiver(tx *store.Tx, now time.Time) *liver {
	return &liver{tx: tx, now: now, logged: map[models.Ref]int{}, numbering: map[models.ID]models.Numbering{}}
}

// log notes what happened to a record. Of several things in one transaction the last one counts.
func (l *liver) log(ref models.Ref, op models.Op) {
	at, ok := l.logged[ref]
	if !ok {
		at = len(l.changes)
		l.logged[ref] = at
		l.changes = append(l.changes, models.Change{Kind: ref.Type, ID: ref.ID})
	}
	l.changes[at].Op = op
}

// put makes a draft live.
func (l *liver) put(draft models.Record) error {
	before, err := l.before(draft)
	if err != nil {
		return err
	}
	if before != nil {
		if err := l.redirect(before, draft); err != nil {
			return err
		}
	}
	version := draft.Base().Version
	if err := l.write(public(draft)); err != nil {
		return err
	}
	if err := l.tx.Draft.SetLiveVersion(draft.Kind(), draft.Base().ID, &version); err != nil {
		return err
	}
	if err := l.tx.MarkPublished(draft.Base().ID, version); err != nil {
		return err
	}
	course, ok := draft.(*models.Course)
	if !ok {
		return nil
	}
	l.numbering[course.ID] = course.Numbering
	if before != nil && before.(*models.Course).Numbering != course.Numbering {
		return l.renumber(course)
	}
	return nil
}

// before is the live record that a draft takes the place of, nil for one that isn't live.
func (l *liver) before(draft models.Record) (models.Record, error) {
	r, err := l.tx.Live.Record(draft.Kind(), draft.Base().ID)
	switch models.KindOf(err) {
	case models.KindNotFound:
		return nil, nil
	default:
		return r, err
	}
}

// write saves a live record with its rendered form, its references and a line in the change log.
func (l *liver) write(r models.Record) error {
	r.Base().PublishedAt = l.now
	if err := l.render(r); err != nil {
		return err
	}
	if err := l.tx.Live.Put(r); err != nil {
		return err
	}
	if err := l.tx.Live.SetUses(r.Kind(), r.Base().ID, referred(r)); err != nil {
		return err
	}
	l.log(refOf(r), models.OpPublish)
	return nil
}

// render makes the HTML once, at publish, so that reading renders nothing, and gives headings the anchors they have in
// it.
func (l *liver) render(r models.Record) error {
	switch r := r.(type) {
	case *models.Section:
		numbering, err := l.courseNumbering(r.CourseID)
		if err != nil {
			return err
		}
		render.SetAnchors(r.Blocks)
		r.HTML = render.Section(r, numbering)
	case *models.Worksheet:
		r.HTML = render.Worksheet(r)
	case *models.Fragment:
		render.SetAnchors(r.Blocks)
		r.HTML = render.Fragment(r)
	}
	return nil
}

func (l *liver) courseNumbering(id models.ID) (models.Numbering, error) {
	if n, ok := l.numbering[id]; ok {
		return n, nil
	}
	var course models.Course
	if err := l.tx.Live.Get(&course, id); err != nil {
		return "", err
	}
	l.numbering[id] = course.Numbering
	return course.Numbering, nil
}

// renumber renders the live sections of a course again: the numbers that readers see are the course's choice.
func (l *liver) renumber(course *models.Course) error {
	sections, err := l.tx.Live.List(store.Query{Kind: models.KindSection, Course: course.ID, Bodies: true})
	if err != nil {
		return err
	}
	for _, r := range sections {
		if err := l.write(r); err != nil {
			return err
		}
	}
	return nil
}

// redirect remembers the old path of a live record that goes live under another one.
func (l *liver) redirect(before, after models.Record) error {
	if before.Name() == "" || before.Name() == after.Name() && slugOwner(before) == slugOwner(after) {
		return nil
	}
	return l.tx.AddRedirects([]models.Redirect{{
		Path: redirectPath(before.Kind(), slugOwner(before), before.Name()), To: refOf(after), CreatedAt: l.now,
	}})
}

// redirectPath is an old path in terms of the owner's id, so that it holds whatever the owner's slug was or becomes.
func redirectPath(kind models.Kind, owner models.ID, slug string) string {
	return "/" + string(owner) + "/" + kind.Plural() + "/" + slug
}

// takeDown removes a record from live content.
func (l *liver) takeDown(ref models.Ref) error {
	if err := l.tx.Live.Remove(ref.Type, ref.ID); err != nil {
		return err
	}
	err := l.tx.Draft.SetLiveVersion(ref.Type, ref.ID, nil)
	if err != nil && models.KindOf(err) != models.KindNotFound {
		return err
	}
	l.log(ref, models.OpUnpublish)
	return nil
}

// public is a draft without its private parts. The columns for them don't exist in live tables; the private keys of
// extra, the comments in texts, and all that raw HTML must not do, are taken out here.
func public(draft models.Record) models.Record {
	draft.Base().Extra = draft.Base().Extra.Public()
	for _, t := range texts(draft) {
		*t = render.WithoutComments(*t)
	}
	switch r := draft.(type) {
	case *models.Module:
		r.Owners = nil
	case *models.Worksheet:
		r.AnswerKey = nil
		sanitise(r.Instructions)
	case *models.Section:
		r.EditorNotes = nil
		sanitise(r.Blocks)
	case *models.Fragment:
		sanitise(r.Blocks)
	}
	return draft
}

func sanitise(bs models.Blocks) {
	bs.Walk(func(b models.Block, _ int) bool {
		if raw, ok := b.(*models.RawHTML); ok {
			raw.HTML = render.Sanitise(raw.HTML)
		}
		return true
	})
}

// Unpublish takes records and what they own out of live content, in one transaction. Shared records, worksheets
// among them, stay while a live record refers to them. Drafts are untouched.
func (s *Service) Unpublish(ctx context.Context, targets ...models.Ref) (removed []models.Ref, revision int64, err error) {
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
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
	if _, done := l.logged[target]; done {
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
		for _, at := range models.Refs(o) {
			maybe = append(maybe, (*at).Key())
		}
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

// takeUnused removes shared records that no live record refers to any more, and then what only those referred to.
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
		for _, at := range models.Refs(r) {
			refs = append(refs, (*at).Key())
		}
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
