package merge

// fate is what becomes of an element.
type fate struct {
	place  place
	gone   bool
	kept   bool   // theirs deleted it
	moved  string // where theirs has it, when that is not followed
	label  string // of a citation in theirs, when it is not taken
	moving bool   // theirs moved it to place
}

// decide says of every element whether it stays and in which list. The rest, order and fields, is decided list by
// list and field by field.
func (m *merger) decide() {
	m.fates[""] = &fate{}
	for _, n := range m.ours.order {
		m.fates[n.id] = m.ofOurs(n)
	}
	m.revive()
	m.insert()
	m.settleMoves()
	m.revive()
	m.insert()
	m.fill()
	m.labels()
	m.findLost()
}

// ofOurs decides on an element that ours has.
func (m *merger) ofOurs(o *node) *fate {
	f := &fate{place: o.in.place()}
	b, t := m.base.byID[o.id], m.theirs.byID[o.id]
	if b == nil {
		return f
	}
	if t == nil {
		f.gone = b.in.place() == f.place && b.own() == o.own()
		f.kept = !f.gone
		return f
	}
	was, is := b.in.place(), t.in.place()
	switch {
	case is == was || is == f.place:
	case was == f.place:
		f.place, f.moving = is, true
	default:
		f.moved = is.String()
	}
	return f
}

// String says where in words.
func (p place) String() string {
	if p.up == "" {
		return "at the top"
	}
	return "in " + p.up
}

// revive keeps what holds something that stays: what is deleted is deleted as a whole or not at all.
func (m *merger) revive() {
	for _, n := range m.ours.order {
		f := m.fates[n.id]
		if f.gone || f.place != n.in.place() {
			continue
		}
		if f.kept {
			m.keepBelow(n)
		}
		for up := n.up; up.up != nil && m.fates[up.id].gone; up = up.up {
			m.fates[up.id].gone, m.fates[up.id].kept = false, true
			m.keepBelow(up)
		}
		if !m.has(f.place) {
			m.force[f.place.up] = true
		}
	}
}

func (m *merger) keepBelow(n *node) {
	n.walk(func(below *node) {
		if f := m.fates[below.id]; f.gone {
			f.gone, f.kept = false, true
		}
	})
}

// insert takes what theirs has new, unless it is in something that ours deleted.
func (m *merger) insert() {
	for _, t := range m.theirs.order {
		if m.ours.byID[t.id] == nil {
			at := t.in.place()
			m.fates[t.id] = &fate{place: at, gone: m.base.byID[t.id] != nil || !m.has(at)}
		}
	}
}

// has tells whether the merged record has a list.
func (m *merger) has(p place) bool {
	if f := m.fates[p.up]; f == nil || f.gone {
		return false
	}
	for _, l := range m.shape(p.up).lists {
		if l.path == p.path {
			return true
		}
	}
	return false
}

// shape is the version of an element that the merged one is made from. Its type may differ between ours and theirs.
func (m *merger) shape(id string) *node {
	b, o, t := m.base.byID[id], m.ours.byID[id], m.theirs.byID[id]
	switch {
	case o == nil:
		return t
	case t == nil || o.value.Type() == t.value.Type() || m.force[id]:
		return o
	case b != nil && b.own() == o.own():
		return t
	}
	return o
}

// settleMoves takes back moves of theirs into what is not there any more or into what ours put below the moved.
func (m *merger) settleMoves() {
	for _, o := range m.ours.order {
		f := m.fates[o.id]
		if f.moving && (!m.has(f.place) || m.below(o.id, f.place.up)) {
			f.moved = f.place.String()
			f.place, f.moving = o.in.place(), false
		}
	}
}

// below tells whether an element is, or is in, the one called id.
func (m *merger) below(id, up string) bool {
	for range len(m.fates) { // there may be another circle above
		if up == id {
			return true
		}
		if up == "" {
			return false
		}
		up = m.fates[up].place.up
	}
	return false
}

// fill keeps elements of ours in lists that may not be empty, when each side deleted what the other one kept.
func (m *merger) fill() {
	count := map[place]int{}
	for _, f := range m.fates {
		if !f.gone {
			count[f.place]++
		}
	}
	for _, n := range append([]*node{m.ours.root}, m.ours.order...) {
		for _, l := range n.lists {
			if !l.min || count[l.place()] > 0 || m.fates[n.id].gone {
				continue
			}
			for _, child := range l.nodes {
				m.fates[child.id].gone, m.fates[child.id].kept = false, true
				m.keepBelow(child)
			}
		}
	}
}

// labels keeps the labels of citations apart: one that theirs made, and that another citation has in ours, is not
// taken. Giving up one may free or take another, so it goes on until all differ.
func (m *merger) labels() {
	for again := true; again; {
		again = false
		by := map[string]*node{}
		for _, t := range m.theirs.order {
			if t.in.class.noun == "citation" && !m.fates[t.id].gone && m.labelOf(t.id) == citation(t).Label {
				by[citation(t).Label] = t
			}
		}
		for _, o := range m.ours.order {
			if o.in.class.noun != "citation" || m.fates[o.id].gone {
				continue
			}
			t := by[citation(o).Label]
			if t == nil || t.id == o.id || m.labelOf(o.id) != citation(o).Label {
				continue
			}
			m.refuse(t)
			again = true
		}
	}
}

// labelOf is the label that a citation will have.
func (m *merger) labelOf(id string) string {
	b, o, t := m.base.byID[id], m.ours.byID[id], m.theirs.byID[id]
	switch {
	case o == nil:
		return citation(t).Label
	case t != nil && b != nil && citation(b).Label == citation(o).Label:
		return citation(t).Label
	}
	return citation(o).Label
}

// refuse gives up a label of theirs, and with it a citation that only theirs has.
func (m *merger) refuse(t *node) {
	f := m.fates[t.id]
	f.label = citation(t).Label
	if o := m.ours.byID[t.id]; o != nil {
		citation(t).Label = citation(o).Label
		return
	}
	f.gone = true
}

// findLost finds the changes of theirs to what ours deleted, the outermost element of each.
func (m *merger) findLost() {
	found := map[*node]bool{}
	for _, t := range m.theirs.order {
		b := m.base.byID[t.id]
		if !m.fates[t.id].gone || m.fates[t.id].label != "" || b != nil && b.own() == t.own() && b.in.place() == t.in.place() {
			continue
		}
		top := t
		for top.up.up != nil && !m.has(top.in.place()) {
			top = top.up
		}
		if !found[top] {
			found[top] = true
			m.lost[top.in.place()] = append(m.lost[top.in.place()], top)
		}
	}
}
