package content_test

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// thing is what the model of the property test knows of a record.
type thing struct {
	models.Record
	owner   *thing
	shows   []*thing
	title   string
	slug    string
	version int
	live    int // the version that is live, 0 for none
	shown   [2]string
	trashed bool
}

// world is the model: all the rules of publishing over a plain list.
type world struct{ things []*thing }

func (w *world) add(r models.Record, owner *thing, shows ...*thing) *thing {
	x := &thing{Record: r, owner: owner, shows: shows, title: r.Label(), slug: r.Name(), version: 1}
	w.things = append(w.things, x)
	return x
}

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
	s.blocked = s.blocked || w.clash(s)
	return s
}

// bring adds the owners that were never live.
func (w *world) bring(s *step, x *thing) {
	for o := x.owner; o != nil; o = o.owner {
		s.blocked = s.blocked || o.trashed
		if o.live == 0 {
			s.add(o)
		}
	}
}

// include adds or removes a thing that the target owns, or is.
func (w *world) include(s *step, target, x *thing) {
	if x.Kind() == models.KindSource {
		return
	}
	module := x.module()
	leaves := target.Kind() == models.KindCourse && module != nil && module.trashed
	switch {
	case x.Kind() == models.KindWorksheet && (x.trashed || leaves): // leaveUnused looks at it when all else is known
	case x.live != 0 && (leaves || x.inTrash() && target.above(x, (*thing).isLive)):
		s.remove = append(s.remove, x)
	case !x.inTrash() && !leaves && x.live != x.version && target.above(x, (*thing).isThere):
		s.add(x)
	}
}

// inTrash tells whether a thing, or a section above it, is in the trash.
func (x *thing) inTrash() bool {
	return x.trashed || x.owner != nil && x.owner.Kind() == models.KindSection && x.owner.inTrash()
}

func (x *thing) isLive() bool  { return x.live != 0 }
func (x *thing) isThere() bool { return !x.trashed }

// module is the module that a thing is or belongs to.
func (x *thing) module() *thing {
	for ; x != nil; x = x.owner {
		if x.Kind() == models.KindModule {
			return x
		}
	}
	return nil
}

// above tells whether x is the target or belongs to it. Within modules all sections count; a section owns what hangs
// under it by sections that are there.
func (target *thing) above(x *thing, there func(*thing) bool) bool {
	switch {
	case x == target:
		return true
	case target.Kind() == models.KindCourse:
		return true
	case target.Kind() == models.KindModule:
		return x.module() == target
	case target.Kind() != models.KindSection:
		return false
	}
	for o := x.owner; o != nil; o = o.owner {
		if o == target {
			return true
		}
		if !there(o) {
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
		if !slices.ContainsFunc(w.things, func(u *thing) bool { return slices.Contains(u.shows, x) && s.liveAfter(u) }) {
			s.remove = append(s.remove, x)
		}
	}
}

// liveAfter tells whether a thing is live when the step is done.
func (s *step) liveAfter(x *thing) bool {
	return slices.Contains(s.put, x) || x.live != 0 && !slices.Contains(s.remove, x)
}

// users are the live things that show one.
func (w *world) users(x *thing) (users []*thing) {
	for _, u := range w.things {
		if u.live != 0 && slices.Contains(u.shows, x) {
			users = append(users, u)
		}
	}
	return users
}

// clash tells whether a section would get the slug of a live one of its module.
func (w *world) clash(s *step) bool {
	for _, x := range s.put {
		for _, other := range w.things {
			if x.Kind() == models.KindSection && other.Kind() == models.KindSection && other.live != 0 && other.module() == x.module() &&
				other.shown[1] == x.slug && !slices.Contains(s.put, other) && !slices.Contains(s.remove, other) {
				return true
			}
		}
	}
	return false
}

// apply does a step.
func (s *step) apply() {
	for _, x := range s.remove {
		x.live = 0
	}
	for _, x := range s.put {
		x.live, x.shown = x.version, [2]string{x.title, x.slug}
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
		if x.live != 0 && (x == target || !x.isShared() && target.above(x, (*thing).isLive)) {
			s.remove = append(s.remove, x)
		}
	}
	for _, x := range w.things {
		if x.live == 0 || !x.isShared() || slices.Contains(s.remove, x) {
			continue
		}
		touched := target.above(x, (*thing).isLive) ||
			slices.ContainsFunc(s.remove, func(u *thing) bool { return slices.Contains(u.shows, x) })
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
