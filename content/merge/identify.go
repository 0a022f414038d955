package merge

import (
	"slices"
	"strconv"

	"github.com/lectern-cms/lectern/models"
)

// tree is a record whose nodes have ids, so that the three versions can be compared.
type tree struct {
	root  *node
	byID  map[string]*node
	lists map[place]*list
	order []*node          // in reading order, a node before what is in it
	was   map[string]*node // of theirs: in base, what has the id of something that ours took out and put in again
}

// place names a list in all trees.
type place struct{ up, path string }

func (l *list) place() place { return place{l.up.id, l.path} }

// key is the id that an element with an id of its own has in all trees.
func (n *node) key() string { return n.in.class.noun + " " + n.name.String() }

// identifier gives the nodes of one version their ids.
type identifier struct {
	tree  *tree
	mark  string // of ids for what base doesn't have
	base  *tree  // nil for base itself
	ours  *tree  // for theirs only
	names *names // of all three, for theirs only
	has   map[string]bool
}

// identify gives ids to the nodes of a version: those with an id of their own keep it, values are theirs, and what
// has neither is matched with base. What theirs has new gets the ids of ours where ours has just the same at the
// same place, and else none that ours has.
func (i *identifier) identify(r models.Record) *tree {
	i.tree = &tree{root: grow(r), byID: map[string]*node{}, lists: map[place]*list{}, was: map[string]*node{}}
	i.has = newNames(i.tree.root).taken
	i.tree.byID[""] = i.tree.root
	i.visit(i.tree.root)
	return i.tree
}

func (i *identifier) visit(n *node) {
	for _, l := range n.lists {
		i.tree.lists[l.place()] = l
		i.list(l)
		for _, child := range l.nodes {
			i.tree.order = append(i.tree.order, child)
			i.visit(child)
		}
	}
}

func (i *identifier) list(l *list) {
	ids := i.known(l)
	if i.ours != nil {
		i.adopt(l, ids)
	}
	for k, n := range l.nodes {
		if ids[k] == "" {
			ids[k] = l.up.id + l.path + " " + i.mark + strconv.Itoa(k)
		}
		for i.tree.byID[ids[k]] != nil { // a value twice
			ids[k] += "'"
		}
		n.id = ids[k]
		i.tree.byID[n.id] = n
	}
}

// known gives the ids that follow from the elements themselves and from base; "" for the others.
func (i *identifier) known(l *list) []string {
	ids := make([]string, len(l.nodes))
	for k, n := range l.nodes {
		switch {
		case l.class.noun != "":
			if i.names != nil {
				i.names.follow(n)
			}
			ids[k] = n.key()
		case l.class.valued:
			ids[k] = l.up.id + l.path + " =" + n.value.String()
		}
	}
	if l.class.noun == "" && !l.class.valued && i.base != nil && i.base.lists[l.place()] != nil {
		b := i.base.lists[l.place()]
		for _, p := range match(b.nodes, l.nodes) {
			ids[p[1]] = b.nodes[p[0]].id
		}
	}
	return ids
}

// adopt gives what theirs has new the ids that the same things have in ours, and renames what would have an id of
// ours by chance.
func (i *identifier) adopt(l *list, ids []string) {
	adopted := map[int]bool{}
	if o := i.ours.lists[l.place()]; o != nil && l.class.noun != "answer" && !l.class.valued {
		for _, p := range common(i.oursKeys(o, ids), i.theirsKeys(l, ids)) {
			n, to := l.nodes[p[1]], o.nodes[p[0]]
			if was := ids[p[1]]; was != "" {
				i.tree.was[to.id] = i.base.byID[was]
			}
			if ids[p[1]] = to.id; n.name.IsValid() {
				i.names.set(n, to.name.String())
			}
			adopted[p[1]] = true
		}
	}
	for k, n := range l.nodes {
		chance := !adopted[k] && i.ours.byID[ids[k]] != nil && i.base.byID[ids[k]] == nil
		if chance && l.class.prefix != "" {
			i.names.set(n, i.names.fresh(l.class))
			ids[k] = n.key()
		}
	}
}

// theirsKeys are the ids of what all versions have, and the content of the rest.
func (i *identifier) theirsKeys(l *list, ids []string) []string {
	out := slices.Clone(ids)
	for k, n := range l.nodes {
		if ids[k] == "" || i.base.byID[ids[k]] == nil || i.ours.byID[ids[k]] == nil {
			out[k] = "new " + says(n)
		}
	}
	return out
}

func (i *identifier) oursKeys(o *list, theirs []string) []string {
	out := make([]string, len(o.nodes))
	for k, n := range o.nodes {
		out[k] = n.id
		there := i.has[n.id] || n.in.class.noun == "" && slices.Contains(theirs, n.id)
		if i.base.byID[n.id] == nil || !there {
			out[k] = "new " + says(n)
		}
	}
	return out
}

// says is what must be equal for two new elements to be one.
func says(n *node) string {
	if n.in.class.noun == "citation" {
		return citation(n).Label + "\n" + string(citation(n).Written)
	}
	return n.content
}
