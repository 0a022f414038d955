package content

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// followers brings along what readers see below the sections that go to another module: nothing may be left below a
// section that is elsewhere.
func (c *closure) followers() error {
	for done := 0; done < len(c.order); {
		var ids []models.ID
		for _, ref := range c.order[done:] {
			if ref.Type == models.KindSection && c.drafts[ref].Base().LiveVersion != nil {
				ids = append(ids, ref.ID)
			}
		}
		done = len(c.order)
		for part := range slices.Chunk(ids, readAtOnce) {
			live, err := c.tx.Live.List(store.Query{Kind: models.KindSection, IDs: part})
			if err != nil {
				return err
			}
			for _, r := range live {
				draft, from := c.drafts[refOf(r)].(*models.Section), r.(*models.Section).ModuleID
				if draft.ModuleID == from {
					continue
				}
				if err := c.liveBelow(draft, from); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// liveBelow looks at the sections that readers see below a section in a module.
func (c *closure) liveBelow(s *models.Section, module models.ID) error {
	live, err := c.tx.Live.List(store.Query{Kind: models.KindSection, Module: module})
	if err != nil {
		return err
	}
	for _, r := range subtree(live, s.ID) {
		if err := c.gone(r, s.ID); err != nil {
			return err
		}
	}
	return nil
}

// gone removes a live section below a published one if its draft is in the trash, itself or with one above it, and
// puts it at its place otherwise, if that is another one now: below the same section in another module, or elsewhere.
func (c *closure) gone(live models.Record, below models.ID) error {
	draft, err := c.draft(models.KindSection, live.Base().ID)
	if err != nil {
		return err
	}
	for s := draft.(*models.Section); ; {
		switch {
		case s.TrashedAt != nil:
			return c.remove(live)
		case s.ID == below || s.ParentID == nil:
			if err := c.ancestors(draft); err != nil {
				return err
			}
			return c.putIfChanged(draft)
		}
		above := &models.Section{}
		if err := c.tx.Draft.Get(above, *s.ParentID); err != nil {
			return err
		}
		s = above
	}
}

// elsewhere tells whether a draft is a section that readers see in another module.
func (c *closure) elsewhere(r models.Record) (bool, error) {
	s, ok := r.(*models.Section)
	if !ok || s.LiveVersion == nil {
		return false, nil
	}
	live, err := c.tx.Live.List(store.Query{Kind: models.KindSection, IDs: []models.ID{s.ID}})
	if err != nil || len(live) == 0 {
		return false, err
	}
	return live[0].(*models.Section).ModuleID != s.ModuleID, nil
}

// moved tells whether readers see a record at another place.
func (c *closure) moved(r models.Record) (bool, error) {
	if place(r) == "" {
		return false, nil
	}
	live, err := c.tx.Live.Record(r.Kind(), r.Base().ID)
	if err != nil {
		return false, err
	}
	return place(live) != place(r), nil
}
