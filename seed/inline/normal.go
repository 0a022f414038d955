package inline

import (
	"strings"
)

// space is what HTML folds into one space. No-break spaces are not among it.
const space = " \t\n\r\f"

// Normal brings nodes into the one form in which they are written: spaces folded, none at the edges of the text or
// of a run; no empty runs; no run in a run of its own kind; equal neighbours joined.
func Normal(nodes []Node) []Node {
	nodes = join(tidy(nodes, nil))
	return trim(fold(nodes))
}

// tidy drops what is empty or nested in its own kind, and moves spaces and breaks from the edges of runs out of them.
func tidy(nodes []Node, inside []Kind) []Node {
	var out []Node
	for _, n := range nodes {
		if !n.Kind.holds() {
			if n.Kind == Text && n.Value == "" || n.Kind == Mark && n.Value == "" {
				continue
			}
			out = append(out, n)
			continue
		}
		if n.Kind != Tag && contains(inside, n.Kind) {
			out = append(out, tidy(n.Children, inside)...)
			continue
		}
		within := append(append([]Kind(nil), inside...), n.Kind)
		before, children, after := edges(join(tidy(n.Children, within)))
		out = append(out, before...)
		if len(children) > 0 {
			n.Children = children
			out = append(out, n)
		}
		out = append(out, after...)
	}
	return out
}

func contains(kinds []Kind, k Kind) bool {
	for _, have := range kinds {
		if have == k {
			return true
		}
	}
	return false
}

// edges parts the spaces and breaks at the beginning and the end of nodes from what is between.
func edges(nodes []Node) (before, middle, after []Node) {
	for len(nodes) > 0 {
		first, rest := nodes[0], nodes[1:]
		if first.Kind == Text {
			if trimmed := strings.TrimLeft(first.Value, space); trimmed != first.Value {
				before = append(before, Node{Kind: Text, Value: " "})
				first.Value = trimmed
			}
		}
		if first.Kind == Break {
			before = append(before, first)
		} else if first.Kind != Text || first.Value != "" {
			nodes = append([]Node{first}, rest...)
			break
		}
		nodes = rest
	}
	for len(nodes) > 0 {
		last, rest := nodes[len(nodes)-1], nodes[:len(nodes)-1]
		if last.Kind == Text {
			if trimmed := strings.TrimRight(last.Value, space); trimmed != last.Value {
				after = append([]Node{{Kind: Text, Value: " "}}, after...)
				last.Value = trimmed
			}
		}
		if last.Kind == Break {
			after = append([]Node{last}, after...)
		} else if last.Kind != Text || last.Value != "" {
			nodes = append(append([]Node(nil), rest...), last)
			break
		}
		nodes = rest
	}
	return before, nodes, after
}

// join makes one node of equal neighbours.
func join(nodes []Node) []Node {
	var out []Node
	for _, n := range nodes {
		if len(out) == 0 {
			out = append(out, n)
			continue
		}
		last := &out[len(out)-1]
		switch {
		case n.Kind == last.Kind && (n.Kind == Text || n.Kind == Code):
			last.Value += n.Value
		case n.Kind == last.Kind && (n.Kind == Em || n.Kind == Strong || n.Kind == Strike):
			last.Children = join(append(append([]Node(nil), last.Children...), n.Children...))
		default:
			out = append(out, n)
		}
	}
	return out
}

// fold makes one space of several, also across nodes, and none beside a break.
func fold(nodes []Node) []Node {
	f := folder{space: true}
	return dropEmpty(f.nodes(nodes))
}

type folder struct{ space bool } // a space or a break came last

func (f *folder) nodes(nodes []Node) []Node {
	out := make([]Node, 0, len(nodes))
	for i, n := range nodes {
		switch {
		case n.Kind == Text:
			n.Value = f.text(n.Value)
			if i+1 < len(nodes) && nodes[i+1].Kind == Break {
				n.Value = strings.TrimRight(n.Value, space)
			}
		case n.Kind == Code:
			n.Value = strings.Join(strings.FieldsFunc(n.Value, isSpace), " ")
			f.space = false
		case n.Kind == Break:
			f.space = true
		case n.Kind.holds():
			n.Children = f.nodes(n.Children)
		default:
			f.space = false
		}
		out = append(out, n)
	}
	return out
}

func (f *folder) text(s string) string {
	var b strings.Builder
	for _, r := range s {
		if isSpace(r) {
			if !f.space {
				b.WriteByte(' ')
			}
			f.space = true
			continue
		}
		b.WriteRune(r)
		f.space = false
	}
	return b.String()
}

func isSpace(r rune) bool { return strings.ContainsRune(space, r) }

func dropEmpty(nodes []Node) []Node {
	out := nodes[:0]
	for _, n := range nodes {
		n.Children = dropEmpty(n.Children)
		if (n.Kind == Text || n.Kind == Code) && n.Value == "" || n.Kind.holds() && len(n.Children) == 0 {
			continue
		}
		out = append(out, n)
	}
	return out
}

// trim takes spaces and breaks from the edges of a whole text.
func trim(nodes []Node) []Node {
	_, middle, _ := edges(nodes)
	return middle
}
