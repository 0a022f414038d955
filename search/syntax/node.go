// Package syntax reads what people type into a search box. Every string is a legal query: what can't be read as syntax
// is read as words, and the query says so.
package syntax

import "strconv"

// Op says what a node of a query asks for.
type Op string

// The kinds of nodes. Words stand side by side without an operator: one of them is enough, or all are needed, as the
// search says.
const (
	OpWord   Op = "word"   // Text: in any of its forms; all words that begin with it when Prefix is set
	OpPhrase Op = "phrase" // Text: these words as spelled, in this order
	OpRange  Op = "range"  // From and To: years, both included
	OpWords  Op = "words"  // Parts: words, prefixes
	OpAny    Op = "any"    // Parts: OR
	OpAll    Op = "all"    // Parts: AND
	OpNot    Op = "not"    // Parts: one
)

// Node is a query or a part of one.
type Node struct {
	Op     Op      `json:"op"`
	Field  Field   `json:"field,omitzero"` // where to look; empty: everywhere
	Text   string  `json:"text,omitzero"`  // as typed, without the syntax
	Prefix bool    `json:"prefix,omitzero"`
	From   int     `json:"from,omitzero"` // 0: no limit
	To     int     `json:"to,omitzero"`   // 0: no limit
	Parts  []*Node `json:"parts,omitempty"`
}

// Query is a text, understood.
type Query struct {
	Root  *Node    // nil when there is nothing to look for
	Notes []string // what looks like syntax and was read as words, a sentence each
}

// Plain tells whether a query is words only, without any syntax.
func (q Query) Plain() bool {
	if q.Root == nil {
		return true
	}
	for _, p := range append([]*Node{q.Root}, q.Root.Parts...) {
		if p.Op != OpWords && p.Op != OpWord || p.Field != "" || p.Prefix {
			return false
		}
	}
	return true
}

// Words calls visit for every word, phrase and prefix that is looked for in texts, in the order of typing.
func (n *Node) Words(visit func(*Node)) {
	if n == nil || n.Op == OpNot {
		return
	}
	if n.Op == OpWord || n.Op == OpPhrase {
		visit(n)
	}
	for _, p := range n.Parts {
		p.Words(visit)
	}
}

func year(n int) string { return strconv.Itoa(n) }
