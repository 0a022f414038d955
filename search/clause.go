package search

import (
	"slices"

	"github.com/lectern-cms/lectern/search/syntax"
)

// clause is a node of a question: what must hold of the leaves that a document has.
type clause struct {
	op    syntax.Op
	set   leafSet // of OpWords
	leaf  int     // of leaves
	parts []*clause
}

// holds tells whether a document with these leaves is found, all tells whether it needs every one of the plain words.
func (c *clause) holds(have leafSet, all bool) bool {
	switch c.op {
	case syntax.OpWords:
		return all && have&c.set == c.set || !all && have&c.set != 0
	case syntax.OpAny:
		return slices.ContainsFunc(c.parts, func(p *clause) bool { return p.holds(have, all) })
	case syntax.OpAll:
		return !slices.ContainsFunc(c.parts, func(p *clause) bool { return !p.holds(have, all) })
	case syntax.OpNot:
		return !c.parts[0].holds(have, all)
	}
	return have.has(c.leaf)
}

// verdict tells whether a document is found, and whether it is when every one of the plain words is needed.
type verdict struct{ known, any, all bool }

// verdicts are those on documents by the leaves that they have, as far as they are few: most documents have the same.
type verdicts struct {
	root  *clause
	known []verdict
}

// maxVerdictLeaves bounds the leaves of questions whose verdicts are remembered, a few bytes for each set of them.
const maxVerdictLeaves = 10

func newVerdicts(root *clause, leaves int) verdicts {
	if leaves > maxVerdictLeaves {
		return verdicts{root: root}
	}
	return verdicts{root: root, known: make([]verdict, 1<<leaves)}
}

func (v verdicts) on(have leafSet) verdict {
	if v.known == nil {
		return verdict{any: v.root.holds(have, false), all: v.root.holds(have, true)}
	}
	if !v.known[have].known {
		v.known[have] = verdict{known: true, any: v.root.holds(have, false), all: v.root.holds(have, true)}
	}
	return v.known[have]
}

// needs tells whether no document is found that lacks a leaf.
func (c *clause) needs(leaf int) bool {
	switch c.op {
	case syntax.OpWords:
		return c.set == 1<<leaf
	case syntax.OpAny:
		return !slices.ContainsFunc(c.parts, func(p *clause) bool { return !p.needs(leaf) })
	case syntax.OpAll:
		return slices.ContainsFunc(c.parts, func(p *clause) bool { return p.needs(leaf) })
	case syntax.OpNot:
		return false
	}
	return c.leaf == leaf
}
