package content_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

func (p *editing) create(rt *rapid.T) {
	e := p.pen(rt)
	owner := p.pick(rt, func(x *thing) bool {
		return isKind(models.KindModule, models.KindSection)(x) && !x.inTrash() && !x.module(false).trashed
	})
	home := owner.module(false)
	sec := section(home.Record.(*models.Module), drawSlug(rt))
	sec.Title = p.title()
	doc := map[string]any{"id": sec.ID, "module_id": sec.ModuleID, "title": sec.Title, "slug": sec.Slug}
	if owner != home {
		doc["parent_id"] = owner.Base().ID
	}
	placed := rapid.Bool().Draw(rt, "placed")
	if placed {
		doc["position"] = map[string]any{"after": nil}
	}
	want := none
	if p.taken(home, sec.Slug, nil) {
		want = models.KindConflict
	}
	_, err := e.Create(rt.Context(), models.KindSection, encoded(p.t, doc), "")
	if !e.done(p.t, err, want, home) {
		return
	}
	e.save(p.add(sec, owner))
	if placed {
		e.save(home)
	}
	p.refresh()
}

func encoded(t tester, v any) []byte {
	data, err := models.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// writing is how a write to a thing that must not be in the trash fails.
func (e *pen) writing(x *thing, otherwise models.ErrorKind) models.ErrorKind {
	if x.trashed {
		return models.KindConflict
	}
	return e.stale(x, otherwise)
}

func (p *editing) change(rt *rapid.T) {
	e, x := p.pen(rt), p.pick(rt, isKind(models.KindCourse, models.KindModule, models.KindSection, models.KindWorksheet))
	title, slug, want := p.title(), x.slug, none
	doc := map[string]any{"title": title}
	if x.Kind() == models.KindSection && rapid.Bool().Draw(rt, "rename") {
		slug = drawSlug(rt)
		doc["slug"] = slug
		if p.nameTaken(x, slug, x.module(false)) {
			want = models.KindConflict
		}
	}
	_, err := e.Patch(rt.Context(), x.ref(), e.version(x), encoded(p.t, doc), "")
	if e.done(p.t, err, e.writing(x, want), x) {
		x.title, x.slug = title, slug
		e.save(x)
	}
}

func (p *editing) blocks(rt *rapid.T) {
	e, x := p.pen(rt), p.pick(rt, isKind(models.KindSection))
	ops := []patch.Op{{Op: patch.OpInsert, After: patch.At(""), Block: []byte(`{"kind": "rule"}`)}}
	_, err := e.EditBlocks(rt.Context(), x.ref(), e.version(x), "blocks", ops, "")
	if e.done(p.t, err, e.writing(x, none), x) {
		x.rules++
		e.save(x)
	}
}

// below lists a thing and all that belongs to it, what is in the trash too.
func (p *editing) below(x *thing) (out []*thing) {
	for _, y := range p.things {
		for o := y; o != nil; o = o.owner {
			if o == x {
				out = append(out, y)
				break
			}
		}
	}
	return out
}

// siblings are the things that belong to the same one, in their order.
func (p *editing) siblings(owner *thing, kind models.Kind) (out []*thing) {
	for _, y := range p.things {
		if y.owner == owner && y.Kind() == kind && !y.trashed {
			out = append(out, y)
		}
	}
	slices.SortFunc(out, func(a, b *thing) int { return a.position - b.position })
	return out
}

func (p *editing) move(rt *rapid.T) {
	e := p.pen(rt)
	x := p.pick(rt, func(x *thing) bool {
		return x.Kind() == models.KindModule || x.Kind() == models.KindSection && !x.module(false).trashed
	})
	from, to, owner := x.keeper(false), map[string]any{}, x.owner
	moving := p.below(x)
	if x.Kind() == models.KindSection && rapid.Bool().Draw(rt, "elsewhere") {
		owner = p.pick(rt, func(y *thing) bool {
			home := y.module(false)
			return isKind(models.KindModule, models.KindSection)(y) && !home.trashed && !y.inTrash() && !slices.Contains(moving, y)
		})
		to["parent_id"] = nil
		if owner.Kind() == models.KindSection {
			to["parent_id"] = owner.Base().ID
		}
		to["module_id"] = owner.module(false).Base().ID
	}
	others := slices.DeleteFunc(p.siblings(owner, x.Kind()), func(y *thing) bool { return y == x })
	at := rapid.IntRange(0, len(others)).Draw(rt, "at")
	switch {
	case at == 0:
		to["after"] = nil
	case at == len(others):
		to["before"] = nil
	case rapid.Bool().Draw(rt, "after"):
		to["after"] = others[at-1].Base().ID
	default:
		to["before"] = others[at].Base().ID
	}
	var position content.Position
	if err := models.Decode(encoded(p.t, to), &position); err != nil {
		p.t.Fatal(err)
	}
	home := owner
	if x.Kind() == models.KindSection {
		home = owner.module(false)
	}
	want := none
	if home != from && slices.ContainsFunc(moving, func(y *thing) bool { return !y.trashed && p.nameTaken(y, y.slug, home) }) {
		want = models.KindConflict
	}
	want = e.stale(from, want)
	if x.trashed {
		want = models.KindConflict
	}
	_, err := e.Move(rt.Context(), x.ref(), e.version(from), position)
	if !e.done(p.t, err, want, from) {
		return
	}
	x.owner = owner
	if home != from {
		for _, y := range moving {
			e.save(y)
		}
		e.save(from)
	}
	e.save(home)
	p.refresh()
	if got := p.siblings(owner, x.Kind()); !slices.Equal(got, slices.Insert(others, at, x)) {
		p.t.Fatalf("%s stands at %d of %d, want %d", x.title, slices.Index(got, x), len(got), at)
	}
}

func (p *editing) duplicate(rt *rapid.T) {
	if len(p.things) > 24 {
		rt.Skip("the course is large enough")
	}
	e := p.pen(rt)
	x := p.pick(rt, func(x *thing) bool {
		return isKind(models.KindModule, models.KindSection)(x) && !x.module(false).trashed && !x.inTrash()
	})
	_, err := e.Duplicate(rt.Context(), x.ref(), "")
	if !e.done(p.t, err, none, x) {
		return
	}
	e.save(x.keeper(false))
	p.refresh()
	originals := slices.DeleteFunc(p.below(x), func(y *thing) bool { return y.trashed || y.inTrash() })
	copies := p.unknown()
	if len(copies) != len(originals) {
		p.t.Fatalf("%d copies of %d records", len(copies), len(originals))
	}
	slices.SortStableFunc(originals, func(a, b *thing) int { return order(a.Kind(), b.Kind(), a.position, b.position) })
	slices.SortStableFunc(copies, func(a, b models.Record) int { return order(a.Kind(), b.Kind(), position(a), position(b)) })
	copyOf := map[*thing]*thing{}
	for i, o := range originals {
		copyOf[o] = p.add(copies[i], nil)
	}
	same := func(o *thing) *thing {
		if c := copyOf[o]; c != nil {
			return c
		}
		return o
	}
	for o, c := range copyOf {
		c.owner, c.rules = same(o.owner), o.rules
		for _, shown := range o.shows {
			c.shows = append(c.shows, same(shown))
		}
		for _, linked := range o.links {
			c.links = append(c.links, same(linked))
		}
		c.title = o.title
		if o == x {
			c.title += " (copy)"
		}
		e.save(c)
	}
	p.refresh()
	for _, c := range copyOf {
		if other := p.liveAs(c); other != nil {
			p.t.Errorf("the copy %#v has the slug %q, under which readers see %#v", c, c.slug, other)
		}
	}
}

// order compares kinds, and places among records of a kind.
func order(a, b models.Kind, at, bt int) int {
	if a != b {
		return slices.Index(models.StoredKinds(), a) - slices.Index(models.StoredKinds(), b)
	}
	return at - bt
}

// unknown lists the drafts of the course that the model does not have.
func (p *editing) unknown() (out []models.Record) {
	known := map[models.ID]bool{}
	for _, x := range p.things {
		known[x.Base().ID] = true
	}
	find := func(tx *store.Tx, q store.Query) error {
		rs, err := tx.Draft.List(q)
		for _, r := range rs {
			if !known[r.Base().ID] {
				out = append(out, r)
			}
		}
		return err
	}
	err := p.store.View(p.t.Context(), func(tx *store.Tx) error {
		id := p.course().Base().ID
		if err := find(tx, store.Query{Kind: models.KindModule, Course: id}); err != nil {
			return err
		}
		if err := find(tx, store.Query{Kind: models.KindSection, Course: id}); err != nil {
			return err
		}
		modules, err := tx.Draft.List(store.Query{Kind: models.KindModule, Course: id})
		for _, m := range modules {
			if err == nil {
				err = find(tx, store.Query{Kind: models.KindWorksheet, Module: m.Base().ID})
			}
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *editing) trash(rt *rapid.T) {
	e, x := p.pen(rt), p.pick(rt, func(x *thing) bool { return x.Kind() != models.KindCourse })
	detach := rapid.Bool().Draw(rt, "detach")
	goes := p.below(x)
	shown := func(y *thing) bool { return slices.Contains(goes, y) }
	var users []*thing
	for _, u := range p.things {
		if !u.trashed && !slices.Contains(goes, u) && slices.ContainsFunc(u.shows, shown) {
			users = append(users, u)
		}
	}
	want := none
	if len(users) > 0 && !detach {
		want = models.KindConflict
	}
	_, err := e.Trash(rt.Context(), x.ref(), content.TrashRequest{Version: e.version(x), Detach: detach})
	if !e.done(p.t, err, e.writing(x, want), x) {
		return
	}
	for _, u := range users {
		u.shows = slices.DeleteFunc(slices.Clone(u.shows), shown)
		e.save(u)
	}
	x.trashed = true
}

func (p *editing) untrash(rt *rapid.T) {
	e, x := p.pen(rt), p.pick(rt, func(x *thing) bool { return x.Kind() != models.KindCourse })
	want := none
	if !x.trashed || x.owner.trashed || p.nameTaken(x, x.slug, x.keeper(false)) {
		want = models.KindConflict
	}
	_, err := e.Untrash(rt.Context(), x.ref(), e.version(x))
	if !e.done(p.t, err, e.stale(x, want), x) {
		return
	}
	x.trashed = false
	if p.stands(x) {
		e.save(x.keeper(false)) // the order is another one
	}
	p.refresh()
}

// stands tells whether another thing stands at the place of one.
func (p *editing) stands(x *thing) bool {
	return x.Kind() != models.KindSource && slices.ContainsFunc(p.things, func(y *thing) bool {
		return y != x && !y.trashed && y.Kind() == x.Kind() && y.keeper(false) == x.keeper(false) && y.position == x.position
	})
}

func (p *editing) restore(rt *rapid.T) {
	e, x := p.pen(rt), p.pick(rt, func(x *thing) bool { return x.Kind() != models.KindSource })
	version := rapid.IntRange(1, x.version).Draw(rt, "version")
	old := x.past[version-1]
	want := none
	if p.nameTaken(x, old.slug, x.keeper(false)) {
		want = models.KindConflict
	}
	_, err := e.Restore(rt.Context(), x.ref(), e.version(x), int64(version))
	if e.done(p.t, err, e.writing(x, want), x) {
		x.title, x.slug, x.rules, x.shows = old.title, old.slug, old.rules, old.shows
		e.save(x)
	}
}

func (p *editing) publish(rt *rapid.T) {
	x := p.pick(rt, isKind(models.KindCourse, models.KindModule, models.KindSection))
	want := p.publishing(x)
	_, revision, err := p.pen(rt).Publish(rt.Context(), content.PublishRequest{Targets: []models.Ref{x.ref()}})
	if want.blocked {
		wantKind(p.t, err, models.KindInvalid)
		return
	}
	p.done(want, revision, err)
}

func (p *editing) unpublish(rt *rapid.T) {
	x := p.pick(rt, func(*thing) bool { return true })
	want := p.unpublishing(x)
	_, revision, err := p.pen(rt).Unpublish(rt.Context(), []models.Ref{x.ref()}, "")
	switch {
	case x.live == 0:
		wantKind(p.t, err, models.KindNotFound)
	case want.blocked:
		wantKind(p.t, err, models.KindConflict)
	default:
		p.done(want, revision, err)
	}
}
