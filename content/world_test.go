package content_test

import (
	"fmt"
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// thing is what the model of the property test knows of a record.
type thing struct {
	models.Record
	owner    *thing
	shows    []*thing // and can't do without
	links    []*thing // shared ones, which stay live as long as it is
	title    string
	slug     string
	rules    int // blocks that are nothing but a rule
	version  int
	place    string // among its siblings, "" where that never changes
	position int
	trashed  bool

	live  int // the version that is live, 0 for none
	shown seen
	past  []past // by version, from 1 on, where people's names matter
}

// GoString is how rapid says which thing it drew.
func (x *thing) GoString() string { return fmt.Sprintf("%s %q", x.Kind(), x.title) }

// seen is what readers see of a thing.
type seen struct {
	title, slug, place string
	rules              int
	owner              *thing
	shows, links       []*thing
}

// past is what a save left, and who made it.
type past struct {
	author, title, slug string
	rules               int
	shows               []*thing
}

// world is the model: all the rules of publishing over a plain list.
type world struct{ things []*thing }

func (w *world) add(r models.Record, owner *thing, shows ...*thing) *thing {
	x := &thing{Record: r, owner: owner, shows: shows, title: r.Label(), slug: r.Name(), version: 1}
	w.things = append(w.things, x)
	return x
}

// saved takes the next version of a thing that somebody has changed.
func (x *thing) saved(author string) {
	x.version = len(x.past) + 1
	x.past = append(x.past, past{author, x.title, x.slug, x.rules, slices.Clone(x.shows)})
}

// up is what a thing belongs to: for editors, or as readers see it.
func (x *thing) up(live bool) *thing {
	if live {
		return x.shown.owner
	}
	return x.owner
}

// changed tells whether readers don't see a thing as it is.
func (x *thing) changed() bool { return x.live != x.version || x.shown.place != x.place }

// step is what a publish would do.
type step struct {
	put, remove []*thing
	blocked     bool
}

func (s *step) add(x *thing) {
	if !slices.Contains(s.put, x) {
		s.put = append(s.put, x)
	}
}

// drop is add for what leaves.
func (s *step) drop(x *thing) {
	if !slices.Contains(s.remove, x) {
		s.remove = append(s.remove, x)
	}
}

// publishing is the closure of a thing.
func (w *world) publishing(target *thing) *step {
	s := &step{blocked: target.trashed}
	if !target.trashed {
		w.bring(s, target)
		for _, x := range w.things {
			w.include(s, target, x)
		}
	}
	for i := 0; i < len(s.put); i++ {
		w.follow(s, s.put[i])
		for _, shared := range s.put[i].shows {
			switch {
			case slices.Contains(s.put, shared):
			case shared.trashed:
				s.blocked = true
			case shared.live == 0:
				w.bring(s, shared)
				s.add(shared)
			}
		}
	}
	w.leaveUnused(s, target)
	s.remove = slices.DeleteFunc(s.remove, func(x *thing) bool { return slices.Contains(s.put, x) })
	s.blocked = s.blocked || w.clash(s)
	return s
}

// bring adds the owners that were never live, and the sections above that readers see in another module.
func (w *world) bring(s *step, x *thing) {
	for o := x.owner; o != nil; o = o.owner {
		s.blocked = s.blocked || o.trashed
		if o.live == 0 || o.Kind() == models.KindSection && o.module(true) != o.module(false) {
			s.add(o)
		}
	}
}

// include adds or removes a thing that the target owns, or is.
func (w *world) include(s *step, target, x *thing) {
	if x.Kind() == models.KindSource {
		return
	}
	module := x.module(false)
	gone := x.inTrash() || target.Kind() == models.KindCourse && module != nil && module.trashed
	away := target.Kind() == models.KindModule && module != target
	switch {
	case x.Kind() == models.KindWorksheet && gone: // leaveUnused looks at it when all else is known
	case x.live != 0 && (gone || away) && target.above(x, true):
		s.drop(x)
	case !gone && x.changed() && target.above(x, false):
		s.add(x)
	case !gone && target.Kind() == models.KindSection && x.live != 0 && target.above(x, true):
		w.rejoin(s, x)
	}
}

// follow takes along what readers see below a section that goes to another module.
func (w *world) follow(s *step, x *thing) {
	if x.Kind() != models.KindSection || x.live == 0 || x.module(true) == x.module(false) {
		return
	}
	for _, y := range w.things {
		switch {
		case y == x || y.live == 0 || !x.above(y, true):
		case y.inTrash():
			s.drop(y)
		default:
			w.rejoin(s, y)
		}
	}
}

// rejoin adds a thing that is elsewhere by now.
func (w *world) rejoin(s *step, x *thing) {
	w.bring(s, x)
	if x.changed() {
		s.add(x)
	}
}

// inTrash tells whether a thing, or a section above it, is in the trash.
func (x *thing) inTrash() bool {
	return x.trashed || x.owner != nil && x.owner.Kind() == models.KindSection && x.owner.inTrash()
}

// module is the module that a thing is or belongs to, for editors or as readers see it.
func (x *thing) module(live bool) *thing {
	for ; x != nil; x = x.up(live) {
		if x.Kind() == models.KindModule {
			return x
		}
	}
	return nil
}

// above tells whether x is the target or belongs to it, for editors or as readers see it. Within modules all sections
// count; a section owns what hangs under it by sections that are there.
func (target *thing) above(x *thing, live bool) bool {
	switch {
	case x == target:
		return true
	case target.Kind() == models.KindCourse:
		return true
	case target.Kind() == models.KindModule:
		return x.module(live) == target
	case target.Kind() != models.KindSection:
		return false
	}
	for o := x.up(live); o != nil; o = o.up(live) {
		if o == target {
			return true
		}
		if live && o.live == 0 || !live && o.trashed {
			return false
		}
	}
	return false
}

// leaveUnused removes the worksheets that are in the trash, or whose module leaves, and the sources of the course that
// are in the trash, unless something shows them afterwards.
func (w *world) leaveUnused(s *step, target *thing) {
	for _, x := range w.things {
		inside := x.Kind() == models.KindWorksheet && (target.Kind() == models.KindCourse || target == x.owner)
		may := inside && (x.trashed || x.owner.trashed) ||
			x.Kind() == models.KindSource && target.Kind() == models.KindCourse && x.trashed
		if target.trashed || !may || x.live == 0 {
			continue
		}
		if !slices.ContainsFunc(w.things, func(u *thing) bool { return s.showsAfter(u, x) }) {
			s.drop(x)
		}
	}
}

// showsAfter tells whether readers see one thing in another when the step is done.
func (s *step) showsAfter(u, x *thing) bool {
	if slices.Contains(s.put, u) {
		return slices.Contains(u.shows, x) || slices.Contains(u.links, x)
	}
	return u.live != 0 && !slices.Contains(s.remove, u) && u.showsLive(x)
}

// showsLive tells whether readers see one thing in another.
func (u *thing) showsLive(x *thing) bool {
	return slices.Contains(u.shown.shows, x) || slices.Contains(u.shown.links, x)
}

// users are the live things that show one.
func (w *world) users(x *thing) (users []*thing) {
	for _, u := range w.things {
		if u.live != 0 && u.showsLive(x) {
			users = append(users, u)
		}
	}
	return users
}

// clash tells whether a thing would get the slug of a live one at the same place.
func (w *world) clash(s *step) bool {
	return slices.ContainsFunc(s.put, func(x *thing) bool {
		other := w.liveAs(x)
		return other != nil && !slices.Contains(s.put, other) && !slices.Contains(s.remove, other)
	})
}

// liveAs finds another thing that readers see at the place and under the slug that a draft has.
func (w *world) liveAs(x *thing) *thing {
	for _, other := range w.things {
		if other != x && x.slug != "" && other.live != 0 && other.Kind() == x.Kind() && other.shown.slug == x.slug && other.keeper(true) == x.keeper(false) {
			return other
		}
	}
	return nil
}

// keeper is the thing that keeps the order of another and its siblings, and among whose things its slug is its own.
func (x *thing) keeper(live bool) *thing {
	if x.Kind() == models.KindSection || x.Kind() == models.KindWorksheet {
		return x.module(live)
	}
	return x.up(live)
}

// apply does a step.
func (s *step) apply() {
	for _, x := range s.remove {
		x.live = 0
	}
	for _, x := range s.put {
		x.live = x.version
		x.shown = seen{x.title, x.slug, x.place, x.rules, x.owner, slices.Clone(x.shows), x.links}
	}
}

// unpublishing tells what an unpublish of a live thing does, or that others show it.
func (w *world) unpublishing(target *thing) *step {
	s := &step{}
	if target.isShared() && len(w.users(target)) > 0 {
		s.blocked = true
		return s
	}
	for _, x := range w.things {
		if x.live != 0 && (x == target || !x.isShared() && target.above(x, true)) {
			s.remove = append(s.remove, x)
		}
	}
	for _, x := range w.things {
		if x.live == 0 || !x.isShared() || slices.Contains(s.remove, x) {
			continue
		}
		touched := target.above(x, true) ||
			slices.ContainsFunc(s.remove, func(u *thing) bool { return u.showsLive(x) })
		used := slices.ContainsFunc(w.users(x), func(u *thing) bool { return !slices.Contains(s.remove, u) })
		home := x.Kind() == models.KindWorksheet && x.owner.live != 0 && !slices.Contains(s.remove, x.owner)
		if touched && !used && !home {
			s.remove = append(s.remove, x)
		}
	}
	return s
}

func (x *thing) isShared() bool {
	return x.Kind() == models.KindSource || x.Kind() == models.KindWorksheet
}
