package content

import (
	"context"
	"errors"
	"slices"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// DryRun tells what publishing would do, and does nothing. The subject must be allowed to read the targets.
func (e *Editor) DryRun(ctx context.Context, req PublishRequest) (plan *Plan, err error) {
	err = e.look(ctx, func(w *work) error {
		if err := w.mayAll(access.Read, req.Targets); err != nil {
			return err
		}
		c, err := newClosure(w.tx, req)
		if err == nil {
			plan = c.plan
		}
		return err
	})
	return plan, err
}

// Publish does what Service.Publish does, for a subject that may publish all that goes live or leaves.
func (e *Editor) Publish(ctx context.Context, req PublishRequest) (plan *Plan, revision int64, err error) {
	err = e.change(ctx, func(w *work) error {
		plan, err = w.publish(req)
		revision = w.revision
		return err
	})
	return plan, revision, err
}

func (w *work) publish(req PublishRequest) (*Plan, error) {
	if err := w.mayAll(access.Publish, slices.Concat(req.Targets, req.Alone, req.Also)); err != nil {
		return nil, err
	}
	var entries []store.AuditEntry
	plan, revision, err := w.s.publish(w.tx, req, func(c *closure) (err error) {
		entries, err = w.mayPublish(c)
		return err
	})
	if err != nil || revision == 0 {
		return plan, err
	}
	for _, entry := range entries {
		entry.Detail["revision"] = revision
	}
	w.audit = append(w.audit, entries...)
	w.revision = max(w.revision, revision)
	return plan, nil
}

// mayPublish asks for the grant to publish each record that goes live or leaves, and gives what the audit log will say of
// them.
func (w *work) mayPublish(c *closure) ([]store.AuditEntry, error) {
	audit := w.audit
	defer func() { w.audit = audit }()
	w.audit = nil
	for _, part := range []struct {
		items   []Item
		removed bool
	}{{c.plan.Put, false}, {c.plan.Remove, true}} {
		for _, item := range part.items {
			r, err := c.draft(item.Ref.Type, item.Ref.ID)
			if err != nil {
				return nil, err
			}
			if err := w.may(access.Publish, r); err != nil {
				return nil, err
			}
			if err := w.did("publish", r, map[string]any{"removed": part.removed}); err != nil {
				return nil, err
			}
		}
	}
	return w.audit, nil
}

// mayAll asks for the grant to do something to each of some drafts.
func (w *work) mayAll(a access.Action, refs []models.Ref) error {
	for _, ref := range refs {
		if _, err := w.draft(a, ref.Key()); err != nil {
			return err
		}
	}
	return nil
}

// UnpublishPlan is what unpublishing would do.
type UnpublishPlan struct {
	Remove []models.Ref `json:"remove"` // what leaves, decorated
	Token  string       `json:"token"`  // hash of ids: what was previewed is what leaves
}

// UnpublishDryRun tells what unpublishing would do, and does nothing.
func (e *Editor) UnpublishDryRun(ctx context.Context, targets []models.Ref) (plan *UnpublishPlan, err error) {
	err = e.change(ctx, func(w *work) error {
		if plan, err = w.unpublish(targets, "", access.Read); err != nil {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return plan, err
}

// Unpublish does what Service.Unpublish does, for a subject that may publish all that leaves. It fails with Stale when
// that is not what the dry run with the token showed; without a token it takes out whatever it is now.
func (e *Editor) Unpublish(ctx context.Context, targets []models.Ref, token string) (plan *UnpublishPlan, revision int64, err error) {
	err = e.change(ctx, func(w *work) error {
		plan, err = w.unpublish(targets, token, access.Publish)
		revision = w.revision
		return err
	})
	return plan, revision, err
}

// unpublish takes records out of live content. need is what the subject must be allowed to do to all that leaves.
func (w *work) unpublish(targets []models.Ref, token string, need access.Action) (*UnpublishPlan, error) {
	if err := w.mayAll(need, targets); err != nil {
		return nil, err
	}
	if err := w.tx.LockLive(); err != nil {
		return nil, err
	}
	l := newLiver(w.tx, w.s.now())
	for _, target := range targets {
		if err := l.unpublish(target.Key()); err != nil {
			return nil, err
		}
	}
	plan := &UnpublishPlan{Remove: []models.Ref{}}
	left := make([]models.Record, len(l.changes))
	for i, c := range l.changes {
		r, err := w.draft(need, models.Ref{Type: c.Kind, ID: c.ID})
		if err != nil {
			return nil, err
		}
		left[i] = r
		plan.Remove = append(plan.Remove, adminRef(r))
	}
	plan.Token = unpublishToken(l.changes)
	if token != "" && token != plan.Token {
		return plan, models.Stale("what would be unpublished has changed since the dry run")
	}
	if len(l.changes) == 0 {
		return plan, nil
	}
	revision, err := w.tx.LogChanges(l.changes, l.now)
	if err != nil {
		return nil, err
	}
	w.revision = max(w.revision, revision)
	for _, r := range left {
		if err := w.did("unpublish", r, map[string]any{"revision": revision}); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

func unpublishToken(changes []models.Change) string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = string(c.Kind) + " " + string(c.ID)
	}
	slices.Sort(lines)
	return tokenOf(lines)
}
