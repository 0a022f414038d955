package content

import (
	"errors"

	"github.com/lectern-cms/lectern/models"
)

// publishAtOnce is how many records of an import are looked at together. More would need more memory, and a page goes
// with what it shows in any case.
const publishAtOnce = 500

// errBlocked takes an import back that something keeps from being published.
var errBlocked = errors.New("something blocks publishing")

// publish makes what was imported live, each record with its own fields, unless something blocks it. What holds changes
// of editors that readers don't see yet stays back.
func (i *importer) publish() error {
	if !i.in.Publish || i.trashed[i.course.ID] {
		return nil
	}
	if err := i.tx.LockLive(); err != nil {
		return err
	}
	plan := &Plan{}
	i.result.Plan = plan
	l := newLiver(i.tx, i.s.now())
	for _, part := range i.parts() {
		if err := i.publishPart(l, plan, part); err != nil {
			return err
		}
	}
	if len(plan.Blockers) > 0 {
		return errBlocked
	}
	if len(l.changes) == 0 {
		return nil
	}
	var err error
	i.result.Revision, err = i.tx.LogChanges(l.changes, l.now)
	return err
}

// publishPart makes some records live. After a blocker only others are looked for.
func (i *importer) publishPart(l *liver, plan *Plan, part []models.Ref) error {
	c, err := newClosure(i.tx, PublishRequest{Alone: part})
	if err != nil {
		return err
	}
	i.result.Published += len(c.plan.Put)
	plan.Blockers = append(plan.Blockers, c.plan.Blockers...)
	plan.Warnings = append(plan.Warnings, c.plan.Warnings...)
	if len(plan.Blockers) > 0 {
		return nil
	}
	return l.apply(c)
}

// parts lists what is to be published, in parts that each end with a section: what a page shows comes before it. In what
// comes from Lectern all that pages share comes before all pages, so that a part may end anywhere.
func (i *importer) parts() [][]models.Ref {
	part := []models.Ref{}
	if id := i.course.ID; !i.mine[id] {
		part = append(part, models.Ref{Type: models.KindCourse, ID: id})
	}
	part = append(part, i.revived...)
	var out [][]models.Ref
	for _, e := range i.in.Items.entries {
		id := i.id(e.id)
		if i.trashed[i.id(e.module)] || i.trashed[i.id(e.parent)] { // what is under something in the trash is there with it
			i.trashed[id] = true
		}
		if !e.draft && !i.mine[id] && !i.trashed[id] {
			part = append(part, models.Ref{Type: e.kind, ID: id})
		}
		if (e.kind == models.KindSection || i.in.Exact) && len(part) >= publishAtOnce {
			out, part = append(out, part), nil
		}
	}
	return append(out, part)
}
