package merge

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Align gives the blocks, prompts, citations, objectives and editor notes of next the ids that the same things have
// in base, and what is new an id that base does not use. Things are the same when they say the same, in the same
// order or moved anywhere in the record, or when they stand at the same place and share most of their
// words. Citations are the same when they have one label, or are written alike. References to those ids inside next
// follow; nothing else of it changes. The records must be of one kind.
func Align(base, next models.Record) {
	b, n := grow(base), grow(next)
	if b.value.Type() != n.value.Type() {
		return
	}
	findTwins(b, n)
	a := aligner{pairs: map[*node]*node{}, paired: map[*node]bool{}, names: newNames(b)}
	answers := func(l *list) bool { return l.class.noun == "answer" }
	prompts := func(m *node) bool { return m.in.class.noun == "prompt" }
	a.lists(b, n, func(l *list) bool { return !answers(l) })
	a.finish(b, n, prompts)
	a.lists(b, n, answers) // they are told apart by their prompts' ids
	a.finish(b, n, func(m *node) bool { return !prompts(m) })
}

// findTwins marks what is as often in the one record as in the other, wherever it is: it is no version of anything
// else.
func findTwins(b, n *node) {
	count := map[string]int{}
	b.walk(func(m *node) { count[m.content]++ })
	n.walk(func(m *node) { count[m.content]-- })
	mark := func(m *node) { m.twin = m.in.class.prefix != "" && count[m.content] == 0 }
	b.walk(mark)
	n.walk(mark)
}

type aligner struct {
	pairs  map[*node]*node // from next to base
	paired map[*node]bool  // of base
	names  *names
}

func (a *aligner) pair(b, n *node) {
	a.pairs[n], a.paired[b] = b, true
	if b.value.Type() != n.value.Type() {
		return
	}
	a.lists(b, n, func(*list) bool { return true })
}

func (a *aligner) lists(b, n *node, which func(*list) bool) {
	for i, l := range n.lists {
		if which(l) {
			a.list(b.lists[i], l)
		}
	}
}

// finish pairs what moved and gives the ids.
func (a *aligner) finish(b, n *node, which func(*node) bool) {
	a.moved(b, n, which)
	n.walk(func(m *node) {
		if which(m) {
			a.rename(m)
		}
	})
}

func (a *aligner) list(b, n *list) {
	switch n.class.noun {
	case "citation":
		a.by(b, n, func(n *node) string { return n.name.String() })
		a.by(b, n, func(n *node) string { return citation(n).Label })
		a.by(b, n, func(n *node) string { return string(citation(n).Written) })
		return
	case "answer":
		for _, answer := range n.nodes {
			a.names.follow(answer)
		}
		a.by(b, n, func(n *node) string { return n.name.String() })
		return
	}
	for _, p := range match(b.nodes, n.nodes) {
		a.pair(b.nodes[p[0]], n.nodes[p[1]])
	}
}

func citation(n *node) *models.Citation { return n.value.Addr().Interface().(*models.Citation) }

// by pairs what is still alone and has the same key, in order.
func (a *aligner) by(b, n *list, key func(*node) string) {
	at := map[string][]*node{}
	for _, m := range b.nodes {
		if !a.paired[m] {
			at[key(m)] = append(at[key(m)], m)
		}
	}
	for _, m := range n.nodes {
		if k := key(m); a.pairs[m] == nil && len(at[k]) > 0 {
			a.pair(at[k][0], m)
			at[k] = at[k][1:]
		}
	}
}

// moved pairs equal elements that are still alone, wherever they are, the largest first so that what is in them
// stays together. Nothing in an element that is alone has been paired.
func (a *aligner) moved(b, n *node, which func(*node) bool) {
	at := map[string][]*node{}
	b.walk(func(m *node) {
		if !a.paired[m] && m.in.class.prefix != "" && which(m) {
			at[m.content] = append(at[m.content], m)
		}
	})
	var alone []*node
	n.walk(func(m *node) {
		if a.pairs[m] == nil && m.in.class.prefix != "" && which(m) {
			alone = append(alone, m)
		}
	})
	slices.SortStableFunc(alone, func(x, y *node) int { return cmp.Compare(y.size, x.size) })
	for _, m := range alone {
		from := at[m.content]
		for len(from) > 0 && a.paired[from[0]] {
			from = from[1:]
		}
		if a.pairs[m] == nil && len(from) > 0 {
			a.pair(from[0], m)
			from = from[1:]
		}
		at[m.content] = from
	}
}

// rename gives a node its id.
func (a *aligner) rename(n *node) {
	switch c := n.in.class; {
	case c.noun == "" || c.noun == "answer": // answers have followed already
		return
	case a.pairs[n] != nil:
		a.names.set(n, a.pairs[n].name.String())
	case c.prefix != "":
		a.names.set(n, a.names.fresh(c))
	}
	a.names.follow(n)
}

// names knows which ids are taken, and what the ids that were changed have become.
type names struct {
	taken   map[string]bool // noun and id
	highest map[string]int  // by prefix
	became  map[string]string
}

func newNames(trees ...*node) *names {
	s := &names{taken: map[string]bool{}, highest: map[string]int{}, became: map[string]string{}}
	for _, t := range trees {
		t.walk(s.note)
	}
	return s
}

func (s *names) note(n *node) {
	if !n.name.IsValid() {
		return
	}
	c, id := n.in.class, n.name.String()
	s.taken[c.noun+" "+id] = true
	digits, ok := strings.CutPrefix(id, c.prefix)
	if number, err := strconv.ParseInt(digits, 10, 32); ok && err == nil && c.prefix != "" {
		s.highest[c.prefix] = max(s.highest[c.prefix], int(number))
	}
}

// fresh makes an id with a number above all that are known, so that the id of something deleted never comes back.
func (s *names) fresh(c class) string {
	for {
		s.highest[c.prefix]++
		if id := c.prefix + strconv.Itoa(s.highest[c.prefix]); !s.taken[c.noun+" "+id] {
			return id
		}
	}
}

func (s *names) set(n *node, id string) {
	s.became[n.in.class.noun+" "+n.name.String()] = id
	n.name.SetString(id)
}

// refers says what the references of an element mean: those of answers prompts, those of notes blocks.
var refers = map[string]string{"answer": "prompt", "editor note": "block"}

// follow puts the new id into a reference. What is referred to comes before in reading order.
func (s *names) follow(n *node) {
	if !n.ref.IsValid() {
		return
	}
	if id, ok := s.became[refers[n.in.class.noun]+" "+n.ref.String()]; ok {
		n.ref.SetString(id)
	}
}

func kindOf(v any) string {
	switch v := v.(type) {
	case models.Block:
		return string(models.KindOfBlock(v))
	case models.Prompt:
		return string(v.PromptFields().Kind)
	}
	return reflect.TypeOf(v).Elem().Name()
}
