package content

import (
	"fmt"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// closure finds what is published together: the targets, what they own (removals and moves since the last publish
// too), their never-published ancestors, and the shared records that they need and that were never live.
type closure struct {
	tx      *store.Tx
	read    map[models.Ref]models.Record // drafts that were read
	also    map[models.Ref]bool          // shared records that are to go along; those that were met are taken out
	plan    *Plan
	drafts  map[models.Ref]models.Record // in the plan's Put
	order   []models.Ref
	seen    []models.Record // drafts whose references count: those put, and those that readers see as they are
	removed map[models.Ref]bool
	looked  map[look]bool // references already followed
	every   bool          // all that is met is looked at, what readers see as it is too

	settings map[models.ID]*CourseSettings // of the courses that were asked
	brought  map[models.Ref]bool           // records whose ancestors were added

	left []models.Record // live shared records that leave if nothing shows them
}

func newClosure(tx *store.Tx, req PublishRequest) (*closure, error) {
	c := emptyClosure(tx)
	for _, ref := range req.Also {
		c.also[ref.Key()] = true
	}
	for _, target := range req.Targets {
		if err := c.named(target.Key(), c.owned); err != nil {
			return nil, err
		}
	}
	if err := c.readAll(req.Alone); err != nil {
		return nil, err
	}
	for _, ref := range req.Alone {
		if err := c.named(ref.Key(), c.putIfChanged); err != nil {
			return nil, err
		}
	}
	return c, c.complete()
}

func emptyClosure(tx *store.Tx) *closure {
	return &closure{
		tx: tx, plan: &Plan{}, also: map[models.Ref]bool{}, drafts: map[models.Ref]models.Record{},
		removed: map[models.Ref]bool{}, looked: map[look]bool{}, read: map[models.Ref]models.Record{},
		settings: map[models.ID]*CourseSettings{}, brought: map[models.Ref]bool{},
	}
}

// complete adds what goes along with the records that were named, and looks at all of them.
func (c *closure) complete() error {
	for _, step := range []func() error{c.followers, c.follow, c.removeUnused, c.finish} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// named adds a record that the request names, after its never-published owners.
func (c *closure) named(ref models.Ref, add func(models.Record) error) error {
	r, err := c.draft(ref.Type, ref.ID)
	if err != nil {
		return err
	}
	if r.Base().TrashedAt != nil {
		c.block(RuleInTrash, r, "is in the trash")
		return nil
	}
	if err := c.ancestors(r); err != nil {
		return err
	}
	return add(r)
}

// draft reads a draft, once.
func (c *closure) draft(kind models.Kind, id models.ID) (models.Record, error) {
	ref := models.Ref{Type: kind, ID: id}
	if r := c.read[ref]; r != nil {
		return r, nil
	}
	r, err := c.tx.Draft.Record(kind, id)
	if err == nil {
		c.read[ref] = r
	}
	return r, err
}

// readAll reads drafts that will be asked for, those of a kind together.
func (c *closure) readAll(refs []models.Ref) error {
	kinds := map[models.Kind][]models.ID{}
	for _, ref := range refs {
		kinds[ref.Type] = append(kinds[ref.Type], ref.ID)
	}
	for kind, ids := range kinds {
		for part := range slices.Chunk(ids, readAtOnce) {
			rs, err := c.tx.Draft.List(store.Query{Kind: kind, IDs: part, Trashed: true, Bodies: true})
			if err != nil {
				return err
			}
			for _, r := range rs {
				c.read[refOf(r)] = r
			}
		}
	}
	return nil
}

// readAtOnce is how many records one statement reads.
const readAtOnce = 200

// ancestors adds the owners that were never live, and the sections above that go to another module, with their own fields
// only: nothing goes live below a section that readers see elsewhere. Who asks for them adds the record too.
func (c *closure) ancestors(r models.Record) error {
	owner := r.Owner()
	if owner == nil || c.brought[refOf(r)] {
		return nil
	}
	c.brought[refOf(r)] = true
	parent, err := c.draft(owner.Type, owner.ID)
	if err != nil {
		return err
	}
	if parent.Base().TrashedAt != nil {
		c.block(RuleInTrash, parent, "is in the trash, and "+string(r.Kind())+" "+r.Label()+" belongs to it")
		return nil
	}
	if c.brought[refOf(parent)] {
		return nil
	}
	if err := c.ancestors(parent); err != nil {
		return err
	}
	goes, err := c.elsewhere(parent)
	if err == nil && (goes || parent.Base().LiveVersion == nil) {
		c.put(parent)
	}
	return err
}

// owned adds a record and all that it owns.
func (c *closure) owned(r models.Record) error {
	if err := c.putIfChanged(r); err != nil {
		return err
	}
	switch r := r.(type) {
	case *models.Course:
		if err := c.trashedShared(r.ID); err != nil {
			return err
		}
		return c.children(store.Query{Kind: models.KindModule, Course: r.ID})
	case *models.Module:
		if err := c.children(store.Query{Kind: models.KindWorksheet, Module: r.ID}); err != nil {
			return err
		}
		return c.children(store.Query{Kind: models.KindSection, Module: r.ID})
	case *models.Section:
		return c.descendants(r)
	}
	return nil
}

// children adds the drafts of a query with what they own, and removes what is live at the same place without having
// a draft there.
func (c *closure) children(q store.Query) error {
	q.Bodies = true
	drafts, err := c.tx.Draft.List(q)
	if err != nil {
		return err
	}
	if q.Kind == models.KindSection {
		drafts = standing(drafts)
	}
	here := map[models.ID]bool{}
	for _, r := range drafts {
		here[r.Base().ID] = true
		if q.Kind == models.KindModule {
			err = c.owned(r)
		} else {
			err = c.putIfChanged(r)
		}
		if err != nil {
			return err
		}
	}
	q.Bodies = false
	live, err := c.tx.Live.List(q)
	if err != nil {
		return err
	}
	for _, r := range live {
		if here[r.Base().ID] {
			continue
		}
		if err := c.removeWhole(r); err != nil {
			return err
		}
	}
	return nil
}

// removeWhole removes a live record with what it owns. Worksheets are shared: they leave when nothing else shows them.
func (c *closure) removeWhole(r models.Record) error {
	if r.Kind() == models.KindWorksheet {
		c.left = append(c.left, r)
		return nil
	}
	if err := c.remove(r); err != nil {
		return err
	}
	if r.Kind() != models.KindModule {
		return nil
	}
	sections, err := c.tx.Live.List(store.Query{Kind: models.KindSection, Module: r.Base().ID})
	if err != nil {
		return err
	}
	for _, s := range sections {
		if err := c.remove(s); err != nil {
			return err
		}
	}
	worksheets, err := c.tx.Live.List(store.Query{Kind: models.KindWorksheet, Module: r.Base().ID})
	c.left = append(c.left, worksheets...)
	return err
}

// descendants adds the sections below a section, with those that are live below it and were moved elsewhere, and
// removes those that were put in the trash.
func (c *closure) descendants(s *models.Section) error {
	all, err := c.tx.Draft.List(store.Query{Kind: models.KindSection, Module: s.ModuleID, Bodies: true})
	if err != nil {
		return err
	}
	for _, r := range subtree(all, s.ID) {
		if err := c.putIfChanged(r); err != nil {
			return err
		}
	}
	return c.liveBelow(s, s.ModuleID)
}

// putIfChanged adds a draft that readers don't see as it is: never live, changed, or at another place.
func (c *closure) putIfChanged(r models.Record) error {
	if r.Base().State() == models.StateLive && !c.every {
		moved, err := c.moved(r)
		if err != nil {
			return err
		}
		if !moved {
			c.seen = append(c.seen, r)
			return nil
		}
	}
	c.put(r)
	return nil
}

func refOf(r models.Record) models.Ref {
	return models.Ref{Type: r.Kind(), ID: r.Base().ID}
}

func (c *closure) put(r models.Record) {
	ref := refOf(r)
	if c.drafts[ref] == nil {
		c.drafts[ref], c.read[ref] = r, r
		c.order = append(c.order, ref)
		c.seen = append(c.seen, r)
	}
}

func (c *closure) remove(live models.Record) error {
	if c.removed[refOf(live)] {
		return nil
	}
	c.removed[refOf(live)] = true
	item := Item{Ref: adminRef(live)}
	draft, err := c.draft(live.Kind(), live.Base().ID)
	if err != nil {
		return err
	}
	if v := draft.Base().LiveVersion; v != nil {
		item.Version = *v
	}
	c.plan.Remove = append(c.plan.Remove, item)
	return nil
}

func (c *closure) block(rule Rule, r models.Record, detail string) {
	c.plan.Blockers = append(c.plan.Blockers, Problem{Rule: rule, Ref: adminRef(r), Detail: detail})
}

// trashedShared marks the live shared records of a course whose drafts are in the trash: they leave with the next
// publish of the course, unless a live record still shows them.
func (c *closure) trashedShared(course models.ID) error {
	for _, kind := range []models.Kind{models.KindSource, models.KindFragment, models.KindAsset} {
		drafts, err := c.tx.Draft.List(store.Query{Kind: kind, Course: course, Trashed: true})
		if err != nil {
			return err
		}
		for _, r := range drafts {
			if r.Base().TrashedAt == nil || r.Base().LiveVersion == nil {
				continue
			}
			live, err := c.tx.Live.Record(kind, r.Base().ID)
			if err != nil {
				return fmt.Errorf("live %s of the trash: %w", kind, err)
			}
			c.left = append(c.left, live)
		}
	}
	return c.stranded(course)
}
