// Package inline writes runs of text (emphasis, links, notes and the like) as inline Markdown that is read back as the
// same runs, whatever is in them.
package inline

import "strings"

// Kind names a kind of node.
type Kind int

// The kinds of node.
const (
	Text  Kind = iota // Value is the characters
	Code              // Value is the characters
	Break             // a line break
	Mark              // Value is the label of the citation
	Image             // Value is the alternative text; URL and Title
	Link              // URL and Title; holds nodes
	Em                // holds nodes, as do the ones below
	Strong
	Strike
	Tag // an HTML element that texts may hold; Value is its name
)

// Node is one run.
type Node struct {
	Kind     Kind
	Value    string
	URL      string
	Title    string
	Children []Node
}

// holds tells whether nodes of a kind have children.
func (k Kind) holds() bool { return k >= Link }

// Words gives the characters of nodes as read, without marks and images.
func Words(nodes []Node) string {
	var b strings.Builder
	addWords(&b, nodes)
	return b.String()
}

func addWords(b *strings.Builder, nodes []Node) {
	for _, n := range nodes {
		switch n.Kind {
		case Text, Code:
			b.WriteString(n.Value)
		case Break:
			b.WriteByte('\n')
		default:
			addWords(b, n.Children)
		}
	}
}
