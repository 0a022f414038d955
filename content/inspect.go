package content

import (
	"fmt"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// finish lists the closure, looks for what blocks it, and takes the token.
func (c *closure) finish() error {
	parentsFirst(c.order)
	c.plan.Remove = slices.DeleteFunc(c.plan.Remove, func(i Item) bool {
		return c.drafts[i.Ref.Key()] != nil // it moves from one part of the closure to another
	})
	for _, ref := range c.order {
		r := c.drafts[ref]
		c.plan.Put = append(c.plan.Put, Item{Ref: adminRef(r), Version: r.Base().Version, place: place(r)})
		if err := c.advise(r); err != nil {
			return err
		}
		if err := c.marks(r); err != nil {
			return err
		}
	}
	if err := c.deadLinks(); err != nil {
		return err
	}
	if err := c.clashes(); err != nil {
		return err
	}
	c.plan.Token = c.plan.token()
	return nil
}

// parentsFirst orders the closure by kind, owners before what they own, and within a kind as it was found.
func parentsFirst(order []models.Ref) {
	kinds := models.StoredKinds()
	slices.SortStableFunc(order, func(a, b models.Ref) int {
		return slices.Index(kinds, a.Type) - slices.Index(kinds, b.Type)
	})
}

// blocksOf gives the blocks that a record shows.
func blocksOf(r models.Record) models.Blocks {
	switch r := r.(type) {
	case *models.Section:
		return r.Blocks
	case *models.Worksheet:
		return r.Instructions
	case *models.Fragment:
		return r.Blocks
	}
	return nil
}

// marks blocks citation marks without a citation. Those in worksheets and fragments mean the citations of the
// sections that show them, so a section is looked at with what it shows, and a worksheet or fragment with the live
// sections that show it and are not in the closure themselves.
func (c *closure) marks(r models.Record) error {
	switch r := r.(type) {
	case *models.Section:
		shown, err := c.shows(r)
		if err != nil {
			return err
		}
		c.unresolved(r, append(shown, r)...)
	case *models.Worksheet, *models.Fragment:
		uses, err := c.tx.Live.Uses(r.Base().ID)
		if err != nil {
			return err
		}
		for _, by := range uses {
			section := &models.Section{}
			if by.Type != models.KindSection || c.drafts[by] != nil || c.removed[by] {
				continue
			}
			if err := c.tx.Live.Get(section, by.ID); err != nil {
				return err
			}
			c.unresolved(section, r)
		}
	}
	return nil
}

// shows gives the worksheets and fragments that a section shows, as they will be when the closure is live.
func (c *closure) shows(s *models.Section) ([]models.Record, error) {
	var out []models.Record
	for _, at := range s.Blocks.Refs() {
		ref := (*at).Key()
		if ref.Type != models.KindWorksheet && ref.Type != models.KindFragment {
			continue
		}
		r := c.drafts[ref]
		if r == nil {
			var err error
			r, err = c.tx.Live.Record(ref.Type, ref.ID)
			if models.KindOf(err) == models.KindNotFound {
				continue // a blocker of its own
			}
			if err != nil {
				return nil, err
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// unresolved blocks a section for the marks in it, or in records that it shows, of citations that it does not have.
func (c *closure) unresolved(s *models.Section, in ...models.Record) {
	known := map[string]bool{}
	for _, cite := range s.Citations {
		known[cite.Label] = true
	}
	for _, r := range in {
		for _, t := range publicTexts(r) {
			for _, label := range render.Marks(*t) {
				if known[label] {
					continue
				}
				known[label] = true // once is enough
				where := ""
				if r.Kind() != models.KindSection {
					where = fmt.Sprintf(" in the %s %q", r.Kind(), r.Label())
				}
				c.block(RuleUnresolvedMark, s, "marks citation "+label+where+", which the section does not have")
			}
		}
	}
}

// clashes blocks records that would share a slug with a live sibling.
func (c *closure) clashes() error {
	type place struct {
		kind  models.Kind
		owner models.ID
	}
	seen := map[place]map[string]models.ID{}
	for _, ref := range c.order {
		r := c.drafts[ref]
		if r.Name() == "" {
			continue
		}
		at := place{r.Kind(), slugOwner(r)}
		if seen[at] == nil {
			taken, err := c.slugsAt(at.kind, at.owner)
			if err != nil {
				return err
			}
			seen[at] = taken
		}
		if other, ok := seen[at][r.Name()]; ok && other != ref.ID {
			c.block(RuleSlugClash, r, fmt.Sprintf("has the slug %q, which another %s at the same place has", r.Name(), r.Kind()))
		}
		seen[at][r.Name()] = ref.ID
	}
	return nil
}

// slugsAt gives the slugs of the live records below an owner that this closure neither replaces nor removes.
func (c *closure) slugsAt(kind models.Kind, owner models.ID) (map[string]models.ID, error) {
	q := store.Query{Kind: kind}
	switch kind {
	case models.KindModule, models.KindFragment:
		q.Course = owner
	case models.KindSection, models.KindWorksheet:
		q.Module = owner
	}
	live, err := c.tx.Live.List(q)
	if err != nil {
		return nil, err
	}
	taken := map[string]models.ID{}
	for _, r := range live {
		if ref := refOf(r); c.drafts[ref] == nil && !c.removed[ref] {
			taken[r.Name()] = ref.ID
		}
	}
	return taken, nil
}

// slugOwner is the record below which a slug is unique: the module for a section, whatever its parent.
func slugOwner(r models.Record) models.ID {
	switch r := r.(type) {
	case *models.Section:
		return r.ModuleID
	case *models.Course:
		return ""
	}
	return r.Owner().ID
}
