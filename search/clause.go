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
