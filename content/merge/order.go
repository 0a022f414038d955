package merge

import (
	linked "container/list"
	"strconv"
)

// order gives the elements of a list of the merged record: those of ours in their order, and what theirs added or
// moved after its predecessor there, behind what ours put at the same place.
func (m *merger) order(p place, pointer string) []string {
	base, ours, theirs := m.ids(m.base, p), m.ids(m.ours, p), m.ids(m.theirs, p)
	inTheirs, byOurs, byTheirs := positions(theirs), moved(base, ours), moved(base, theirs)
	out, at := linked.New(), map[string]*linked.Element{}
	for _, id := range ours {
		_, there := inTheirs[id]
		if m.in(id, p) && !(there && byTheirs[id] && !byOurs[id]) {
			at[id] = out.PushBack(id)
		}
	}
	byUs := func(e *linked.Element) bool {
		_, there := inTheirs[e.Value.(string)]
		return !there || byOurs[e.Value.(string)]
	}
	var before *linked.Element
	for _, id := range theirs {
		if !m.in(id, p) {
			continue
		}
		if at[id] == nil {
			at[id] = insertAfter(out, before, id, byUs)
		}
		before = at[id]
	}
	ids := make([]string, 0, out.Len())
	for e := out.Front(); e != nil; e = e.Next() {
		ids = append(ids, e.Value.(string))
	}
	m.movedTwice(p, pointer, ids, func(id string) bool { return byOurs[id] && byTheirs[id] })
	return ids
}

// insertAfter puts an id behind an element, or at the beginning for none, and behind those that skip names.
func insertAfter(l *linked.List, e *linked.Element, id string, skip func(*linked.Element) bool) *linked.Element {
	next := l.Front()
	if e != nil {
		next = e.Next()
	}
	for next != nil && skip(next) {
		next = next.Next()
	}
	if next == nil {
		return l.PushBack(id)
	}
	return l.InsertBefore(id, next)
}

// movedTwice reports what both sides moved, each to another place in its list.
func (m *merger) movedTwice(p place, pointer string, ids []string, both func(string) bool) {
	for i, id := range ids {
		if !both(id) || m.ours.lists[p].class.valued {
			continue
		}
		is, will := m.ours.before(id), m.theirs.before(id)
		if is != will {
			m.conflict(pointer+"/"+strconv.Itoa(i), title(m.ours.byID[id]), is, will)
		}
	}
}

// before says in words what an element stands behind.
func (t *tree) before(id string) string {
	l := t.byID[id].in
	for i, n := range l.nodes {
		if n.id == id && i > 0 {
			return "after " + l.nodes[i-1].id
		}
	}
	return "first"
}

// in tells whether an element of the merged record is in a list.
func (m *merger) in(id string, p place) bool {
	f := m.fates[id]
	return !f.gone && f.place == p
}

func (m *merger) ids(t *tree, p place) []string {
	l := t.lists[p]
	if l == nil {
		return nil
	}
	out := make([]string, len(l.nodes))
	for i, n := range l.nodes {
		out[i] = n.id
	}
	return out
}

func positions(ids []string) map[string]int {
	out := make(map[string]int, len(ids))
	for i, id := range ids {
		out[id] = i
	}
	return out
}

// moved finds what stands in another order than before: the fewest elements that explain it.
func moved(before, after []string) map[string]bool {
	was := positions(before)
	var common []string
	var at []int
	for _, id := range after {
		if i, ok := was[id]; ok {
			common, at = append(common, id), append(at, i)
		}
	}
	out := map[string]bool{}
	for _, id := range common {
		out[id] = true
	}
	for _, k := range rising(at) {
		delete(out, common[k])
	}
	return out
}
