package content

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// Item is one record of a plan.
type Item struct {
	Ref     models.Ref // decorated
	Version int64      // of the draft that goes live, or of what leaves
}

// Problem is something about a record that an editor should know before publishing.
type Problem struct {
	Ref    models.Ref
	Detail string
}

// SharedChange is a live record that others use too and whose draft has changed: it goes along only when named.
type SharedChange struct {
	Item
	Uses []models.Ref // live records that would show the change
}

// Plan is what publishing would do: the dry run.
type Plan struct {
	Put      []Item         // goes live, new or changed or moved
	Remove   []Item         // leaves live content
	Shared   []SharedChange // stays as it is unless it is named in PublishRequest.Also
	Blockers []Problem      // while there are any, Publish refuses
	Warnings []Problem
	Token    string // hash of ids and versions: what was previewed is what goes live
}

// PublishRequest names what to publish, and the shared records that are to go along.
type PublishRequest struct {
	Targets []models.Ref
	Alone   []models.Ref // published without what they own
	Also    []models.Ref
	Token   string // of the dry run; empty: publish whatever the closure is now
}

// DryRun tells what publishing would do, and does nothing.
func (s *Service) DryRun(ctx context.Context, req PublishRequest) (*Plan, error) {
	var plan *Plan
	err := s.store.View(ctx, func(tx *store.Tx) error {
		c, err := newClosure(tx, req)
		if err != nil {
			return err
		}
		plan = c.plan
		return nil
	})
	return plan, err
}

// closure finds what is published together: the targets, what they own (removals and moves since the last publish
// too), their never-published ancestors, and the shared records that they need and that were never live.
type closure struct {
	tx      *store.Tx
	also    map[models.Ref]bool
	plan    *Plan
	drafts  map[models.Ref]models.Record // in the plan's Put
	order   []models.Ref
	removed map[models.Ref]bool
	looked  map[models.Ref]bool // references already followed
	left    []models.Record     // live worksheets of modules that leave
}

func newClosure(tx *store.Tx, req PublishRequest) (*closure, error) {
	c := &closure{
		tx: tx, plan: &Plan{}, also: map[models.Ref]bool{}, drafts: map[models.Ref]models.Record{},
		removed: map[models.Ref]bool{}, looked: map[models.Ref]bool{},
	}
	for _, ref := range req.Also {
		c.also[ref.Key()] = true
	}
	for _, target := range req.Targets {
		if err := c.target(target.Key()); err != nil {
			return nil, err
		}
	}
	for _, ref := range req.Alone {
		if err := c.alone(ref.Key()); err != nil {
			return nil, err
		}
	}
	if err := c.follow(); err != nil {
		return nil, err
	}
	if err := c.removeUnused(); err != nil {
		return nil, err
	}
	if err := c.finish(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *closure) target(ref models.Ref) error {
	return c.named(ref, c.owned)
}

func (c *closure) alone(ref models.Ref) error {
	return c.named(ref, c.putIfChanged)
}

// named adds a record that the request names, after its never-published owners.
func (c *closure) named(ref models.Ref, add func(models.Record) error) error {
	r, err := c.tx.Draft.Record(ref.Type, ref.ID)
	if err != nil {
		return err
	}
	if r.Base().TrashedAt != nil {
		c.block(r, "is in the trash")
		return nil
	}
	if err := c.ancestors(r); err != nil {
		return err
	}
	return add(r)
}

// ancestors adds the owners that were never live, with their own fields only.
func (c *closure) ancestors(r models.Record) error {
	owner := r.Owner()
	if owner == nil {
		return nil
	}
	parent, err := c.tx.Draft.Record(owner.Type, owner.ID)
	if err != nil {
		return err
	}
	if parent.Base().TrashedAt != nil {
		c.block(parent, "is in the trash, and "+string(r.Kind())+" "+r.Label()+" belongs to it")
		return nil
	}
	if err := c.ancestors(parent); err != nil {
		return err
	}
	if parent.Base().LiveVersion == nil {
		c.put(parent)
	}
	return nil
}

// owned adds a record and all that it owns.
func (c *closure) owned(r models.Record) error {
	if err := c.putIfChanged(r); err != nil {
		return err
	}
	switch r := r.(type) {
	case *models.Course:
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
		if err := c.remove(r); err != nil {
			return err
		}
		if r.Kind() == models.KindModule {
			if err := c.removeBelow(r.Base().ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeBelow removes what a live module that leaves owns: its sections, and later the worksheets that nothing else
// shows.
func (c *closure) removeBelow(module models.ID) error {
	sections, err := c.tx.Live.List(store.Query{Kind: models.KindSection, Module: module})
	if err != nil {
		return err
	}
	for _, r := range sections {
		if err := c.remove(r); err != nil {
			return err
		}
	}
	worksheets, err := c.tx.Live.List(store.Query{Kind: models.KindWorksheet, Module: module})
	c.left = append(c.left, worksheets...)
	return err
}

// removeUnused removes the worksheets of modules that leave, once it is known who else leaves.
func (c *closure) removeUnused() error {
	for _, r := range c.left {
		if used, err := c.usedElsewhere(r); err != nil {
			return err
		} else if used {
			continue
		}
		if err := c.remove(r); err != nil {
			return err
		}
	}
	return nil
}

// usedElsewhere tells whether a shared record is shown by a live record that does not leave.
func (c *closure) usedElsewhere(r models.Record) (bool, error) {
	uses, err := c.tx.Live.Uses(r.Base().ID)
	return slices.ContainsFunc(uses, func(by models.Ref) bool { return !c.removed[by] }), err
}

// descendants adds the sections below a section, and removes live ones that aren't below it any more.
func (c *closure) descendants(s *models.Section) error {
	all, err := c.tx.Draft.List(store.Query{Kind: models.KindSection, Module: s.ModuleID, Bodies: true})
	if err != nil {
		return err
	}
	below := subtree(all, s.ID)
	for _, r := range below {
		if err := c.putIfChanged(r); err != nil {
			return err
		}
	}
	live, err := c.tx.Live.List(store.Query{Kind: models.KindSection, Module: s.ModuleID})
	if err != nil {
		return err
	}
	for _, r := range subtree(live, s.ID) {
		draft, err := c.tx.Draft.Record(models.KindSection, r.Base().ID)
		if err != nil {
			return err
		}
		if draft.Base().TrashedAt != nil {
			if err := c.remove(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// subtree gives the sections below one, in order.
func subtree(all []models.Record, root models.ID) []models.Record {
	inside := map[models.ID]bool{root: true}
	var out []models.Record
	for grown := true; grown; {
		grown = false
		for _, r := range all {
			s := r.(*models.Section)
			if s.ParentID != nil && inside[*s.ParentID] && !inside[s.ID] {
				inside[s.ID] = true
				grown = true
			}
		}
	}
	for _, r := range all {
		if id := r.Base().ID; inside[id] && id != root {
			out = append(out, r)
		}
	}
	return out
}

// putIfChanged adds a draft that readers don't see as it is: never live, changed, or at another place.
func (c *closure) putIfChanged(r models.Record) error {
	if r.Base().State() == models.StateLive {
		moved, err := c.moved(r)
		if err != nil || !moved {
			return err
		}
	}
	c.put(r)
	return nil
}

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

// place says where a record stands among its siblings, "" for kinds without a place.
func place(r models.Record) string {
	switch r := r.(type) {
	case *models.Module:
		return fmt.Sprint(r.CourseID, r.Position)
	case *models.Section:
		parent := models.ID("")
		if r.ParentID != nil {
			parent = *r.ParentID
		}
		return fmt.Sprint(r.ModuleID, parent, r.Position)
	case *models.Worksheet:
		return fmt.Sprint(r.ModuleID, r.Position)
	}
	return ""
}

func refOf(r models.Record) models.Ref {
	return models.Ref{Type: r.Kind(), ID: r.Base().ID}
}

func (c *closure) put(r models.Record) {
	ref := refOf(r)
	if c.drafts[ref] == nil {
		c.drafts[ref] = r
		c.order = append(c.order, ref)
	}
}

func (c *closure) remove(live models.Record) error {
	if c.removed[refOf(live)] {
		return nil
	}
	c.removed[refOf(live)] = true
	item := Item{Ref: decorate(live)}
	draft, err := c.tx.Draft.Record(live.Kind(), live.Base().ID)
	if err != nil {
		return err
	}
	if v := draft.Base().LiveVersion; v != nil {
		item.Version = *v
	}
	c.plan.Remove = append(c.plan.Remove, item)
	return nil
}

func (c *closure) block(r models.Record, detail string) {
	c.plan.Blockers = append(c.plan.Blockers, Problem{Ref: decorate(r), Detail: detail})
}

// follow adds the shared records that the closure needs. The order grows while it is walked: a worksheet that goes
// along may need an image.
func (c *closure) follow() error {
	for i := 0; i < len(c.order); i++ {
		r := c.drafts[c.order[i]]
		for _, at := range models.Refs(r) {
			if err := c.shared(r, (*at).Key()); err != nil {
				return err
			}
		}
	}
	return nil
}

// isShared tells whether records of a kind are shown in others, and so go along with them.
func isShared(kind models.Kind) bool {
	switch kind {
	case models.KindSource, models.KindAsset, models.KindFragment, models.KindWorksheet:
		return true
	}
	return false
}

func (c *closure) shared(from models.Record, ref models.Ref) error {
	if !isShared(ref.Type) {
		return nil // a reference to a section is only a link: it resolves when the section goes live
	}
	if c.looked[ref] || c.drafts[ref] != nil {
		return nil
	}
	r, err := c.tx.Draft.Record(ref.Type, ref.ID)
	if models.KindOf(err) == models.KindNotFound {
		c.block(from, fmt.Sprintf("refers to the %s %s, which does not exist", ref.Type, ref.ID))
		return nil
	}
	if err != nil {
		return err
	}
	c.looked[ref] = true
	switch {
	case r.Base().TrashedAt != nil:
		c.looked[ref] = false // every record that refers to it is a blocker of its own
		c.block(from, fmt.Sprintf("refers to the %s %q, which is in the trash", ref.Type, r.Label()))
		return nil
	case r.Base().State() == models.StateLive:
		return nil
	case r.Base().LiveVersion == nil || c.also[ref]:
		if err := c.ancestors(r); err != nil {
			return err
		}
		c.put(r)
		return nil
	}
	uses, err := c.tx.Live.Uses(ref.ID)
	if err != nil {
		return err
	}
	c.plan.Shared = append(c.plan.Shared, SharedChange{Item: Item{Ref: decorate(r), Version: r.Base().Version}, Uses: uses})
	return nil
}

// finish lists the closure, looks for what blocks it, and takes the token.
func (c *closure) finish() error {
	parentsFirst(c.order)
	c.plan.Remove = slices.DeleteFunc(c.plan.Remove, func(i Item) bool {
		return c.drafts[i.Ref.Key()] != nil // it moves from one part of the closure to another
	})
	for _, ref := range c.order {
		r := c.drafts[ref]
		c.plan.Put = append(c.plan.Put, Item{Ref: decorate(r), Version: r.Base().Version})
		c.inspect(r)
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

// inspect looks for blockers and warnings in one record.
func (c *closure) inspect(r models.Record) {
	warn := func(detail string) {
		c.plan.Warnings = append(c.plan.Warnings, Problem{Ref: decorate(r), Detail: detail})
	}
	section, ok := r.(*models.Section)
	if !ok {
		return
	}
	labels := map[string]bool{}
	for _, cite := range section.Citations {
		labels[cite.Label] = true
		if cite.Written == "" {
			warn("citation " + cite.Label + " has no text")
		}
		if cite.Source == nil {
			warn("citation " + cite.Label + " has no source")
		}
	}
	missing := map[string]bool{}
	section.Blocks.Walk(func(b models.Block, _ int) bool {
		for _, t := range models.Texts(b) {
			for _, label := range render.Marks(*t) {
				if !labels[label] && !missing[label] {
					missing[label] = true
					c.block(r, "marks citation "+label+", which the section does not have")
				}
			}
		}
		if img, ok := b.(*models.Image); ok && img.Alt == "" && !img.Decorative {
			warn("image " + img.Base().ID + " has no alternative text and is not marked as decorative")
		}
		return true
	})
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
			c.block(r, fmt.Sprintf("has the slug %q, which another %s at the same place has", r.Name(), r.Kind()))
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

// token is a hash of what the plan does.
func (p *Plan) token() string {
	lines := make([]string, 0, len(p.Put)+len(p.Remove))
	for _, i := range p.Put {
		lines = append(lines, fmt.Sprintf("put %s %s %d", i.Ref.Type, i.Ref.ID, i.Version))
	}
	for _, i := range p.Remove {
		lines = append(lines, fmt.Sprintf("remove %s %s %d", i.Ref.Type, i.Ref.ID, i.Version))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:16])
}
