package content

import (
	"context"
	"fmt"
	"time"

	"github.com/lectern-cms/lectern/content/patch"
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
		plan, revision, err = s.publish(tx, req, nil)
		return err
	})
	if err == nil && revision > 0 {
		s.announce(revision)
	}
	return plan, revision, err
}

// publish makes a closure live. allow, if not nil, is asked before anything is done.
func (s *Service) publish(tx *store.Tx, req PublishRequest, allow func(*closure) error) (*Plan, int64, error) {
	if err := tx.LockLive(); err != nil {
		return nil, 0, err
	}
	c, err := newClosure(tx, req)
	if err != nil {
		return nil, 0, err
	}
	if allow != nil {
		if err := allow(c); err != nil {
			return nil, 0, err
		}
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
	revision, err := s.goLive(tx, c)
	return c.plan, revision, err
}

// goLive does what a closure's plan says, and gives the revision that content has then.
func (s *Service) goLive(tx *store.Tx, c *closure) (int64, error) {
	l := newLiver(tx, s.now())
	if err := l.apply(c); err != nil {
		return 0, err
	}
	return tx.LogChanges(l.changes, l.now)
}

// apply does what a closure's plan says.
func (l *liver) apply(c *closure) error {
	for _, item := range c.plan.Remove {
		if err := l.takeDown(item.Ref.Key()); err != nil {
			return err
		}
	}
	for _, ref := range c.order {
		// A citation may move from one section to another, whichever goes live first.
		if ref.Type == models.KindSection && c.drafts[ref].Base().LiveVersion != nil {
			if err := l.tx.Live.RemoveCitations(ref.ID); err != nil {
				return err
			}
		}
	}
	for _, ref := range c.order {
		if err := l.put(c.drafts[ref]); err != nil {
			return err
		}
	}
	return nil
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
	logged    map[models.ID]int              // places in changes
	numbering map[models.ID]models.Numbering // by course
}

func newLiver(tx *store.Tx, now time.Time) *liver {
	return &liver{tx: tx, now: now, logged: map[models.ID]int{}, numbering: map[models.ID]models.Numbering{}}
}

// log notes what happened to a record. Of several things in one transaction the last one counts.
func (l *liver) log(ref models.Ref, op models.Op) {
	at, ok := l.logged[ref.ID]
	if !ok {
		at = len(l.changes)
		l.logged[ref.ID] = at
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
	if draft.Base().LiveVersion == nil {
		return nil, nil
	}
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
	return l.keep(r)
}

// keep is write for a record that says when it was published.
func (l *liver) keep(r models.Record) error {
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

// public is a copy of a draft without its private parts. The columns for them don't exist in live tables; the private
// keys of extra, the comments in texts, and all that raw HTML must not do, are taken out here.
func public(draft models.Record) models.Record {
	out := patch.WithoutPrivate(draft)
	for _, t := range texts(out) {
		*t = render.WithoutComments(*t)
	}
	switch r := out.(type) {
	case *models.Worksheet:
		sanitise(r.Instructions)
	case *models.Section:
		sanitise(r.Blocks)
	case *models.Fragment:
		sanitise(r.Blocks)
	}
	return out
}

func sanitise(bs models.Blocks) {
	bs.Walk(func(b models.Block, _ int) bool {
		if raw, ok := b.(*models.RawHTML); ok {
			raw.HTML = render.Sanitise(raw.HTML)
		}
		return true
	})
}
