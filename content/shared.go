package content

import (
	"fmt"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// look is one look at a shared record: whether it is needed by something that goes live makes a difference.
type look struct {
	ref models.Ref
	put bool
}

// follow adds the shared records that the closure needs. What is seen grows while it is walked: a worksheet that goes
// along may need an image.
func (c *closure) follow() error {
	for i := 0; i < len(c.seen); i++ {
		for _, ref := range needed(c.seen[i]) {
			if err := c.shared(c.seen[i], ref); err != nil {
				return err
			}
		}
	}
	for ref := range c.also {
		if !c.looked[look{ref, true}] && !c.looked[look{ref, false}] && c.drafts[ref] == nil {
			return models.Malformed(fmt.Sprintf("the %s %s is not used by what is published: name it as a target", ref.Type, ref.ID), nil)
		}
	}
	return nil
}

// needed lists the shared records that a record can't do without: what it shows, and the files that its texts link to.
// Other links are only links: they resolve when what they lead to goes live.
func needed(r models.Record) []models.Ref {
	var out []models.Ref
	for _, at := range models.Refs(r) {
		if isShared((*at).Type) {
			out = append(out, (*at).Key())
		}
	}
	for _, t := range texts(r) {
		for _, link := range render.RecordLinks(*t) {
			if link.Type == models.KindAsset {
				out = append(out, link.Key())
			}
		}
	}
	return out
}

// isShared tells whether records of a kind are shown in others, and so go along with them.
func isShared(kind models.Kind) bool {
	switch kind {
	case models.KindSource, models.KindAsset, models.KindFragment, models.KindWorksheet:
		return true
	}
	return false
}

// shared looks at a shared record that a draft needs. One that was never live goes along with a draft that goes live;
// one that is live and has changed goes along when it is named, and is listed otherwise.
func (c *closure) shared(from models.Record, ref models.Ref) error {
	put := c.drafts[refOf(from)] != nil
	if c.looked[look{ref, put}] || c.drafts[ref] != nil {
		return nil
	}
	r, err := c.draft(ref.Type, ref.ID)
	switch {
	case models.KindOf(err) == models.KindNotFound && put:
		c.block(RuleReferenceMissing, from, fmt.Sprintf("refers to the %s %s, which does not exist", ref.Type, ref.ID))
		return nil
	case models.KindOf(err) == models.KindNotFound:
		return nil
	case err != nil:
		return err
	case r.Base().TrashedAt != nil && put: // every record that refers to it is a blocker of its own
		c.block(RuleReferenceTrashed, from, fmt.Sprintf("refers to the %s %q, which is in the trash", ref.Type, r.Label()))
		return nil
	}
	c.looked[look{ref, put}] = true
	state, isNew := r.Base().State(), r.Base().LiveVersion == nil
	switch {
	case state == models.StateTrashed || state == models.StateLive || isNew && !put:
		return nil
	case isNew || c.also[ref]:
		if err := c.ancestors(r); err != nil {
			return err
		}
		c.put(r)
		return nil
	}
	return c.changed(r)
}

// changed lists a shared record whose change stays back.
func (c *closure) changed(r models.Record) error {
	ref := refOf(r)
	if slices.ContainsFunc(c.plan.Shared, func(s SharedChange) bool { return s.Ref.Key() == ref }) {
		return nil
	}
	uses, err := c.tx.Live.Uses(ref.ID)
	if err != nil {
		return err
	}
	c.plan.Shared = append(c.plan.Shared, SharedChange{Item: Item{Ref: adminRef(r), Version: r.Base().Version}, Uses: uses})
	return nil
}

// removeUnused removes the shared records that may leave and that nothing shows, now that it is known what goes live
// and what else leaves.
func (c *closure) removeUnused() error {
	shown := map[models.Ref]bool{}
	for _, r := range c.drafts {
		for _, ref := range referred(r) {
			shown[ref.Key()] = true
		}
	}
	for _, r := range c.left {
		used, err := c.usedElsewhere(r)
		if err != nil {
			return err
		}
		if used || shown[refOf(r)] {
			continue
		}
		if err := c.remove(r); err != nil {
			return err
		}
	}
	return nil
}

// usedElsewhere tells whether a shared record is shown by a live record that this closure leaves as it is.
func (c *closure) usedElsewhere(r models.Record) (bool, error) {
	uses, err := c.tx.Live.Uses(r.Base().ID)
	for _, by := range uses {
		if !c.removed[by] && c.drafts[by] == nil {
			return true, nil
		}
	}
	return false, err
}

// stranded marks the live worksheets of modules in the trash: one stays behind when its module leaves while another
// module shows it.
func (c *closure) stranded(course models.ID) error {
	modules, err := c.tx.Draft.List(store.Query{Kind: models.KindModule, Course: course, Trashed: true})
	if err != nil {
		return err
	}
	for _, m := range modules {
		if m.Base().TrashedAt == nil {
			continue
		}
		worksheets, err := c.tx.Live.List(store.Query{Kind: models.KindWorksheet, Module: m.Base().ID})
		if err != nil {
			return err
		}
		c.left = append(c.left, worksheets...)
	}
	return nil
}
