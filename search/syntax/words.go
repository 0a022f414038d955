package syntax

import "strings"

// Sentence says in words what a query asks for, all tells whether of plain words every one is needed.
func (q Query) Sentence(all bool) string {
	if q.Root == nil {
		return "nothing"
	}
	return q.Root.sentence(all)
}

func (n *Node) sentence(all bool) string {
	switch n.Op {
	case OpWords:
		return wordList(n.Parts, all)
	case OpAny:
		return n.join(" or ", all)
	case OpAll:
		return n.join(" and ", all)
	case OpNot:
		return "not " + n.Parts[0].operand(all)
	case OpRange:
		return n.years()
	}
	return n.leaf()
}

func wordList(words []*Node, all bool) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.leaf()
	}
	switch {
	case len(parts) == 1:
		return parts[0]
	case all:
		return "all of: " + strings.Join(parts, ", ")
	}
	return "any of: " + strings.Join(parts, ", ")
}

func (n *Node) join(operator string, all bool) string {
	parts := make([]string, len(n.Parts))
	for i, p := range n.Parts {
		parts[i] = p.operand(all)
	}
	return strings.Join(parts, operator)
}

// operand is a part within a larger sentence.
func (n *Node) operand(all bool) string {
	if n.Op == OpAny || n.Op == OpAll || n.Op == OpWords && len(n.Parts) > 1 {
		return "(" + n.sentence(all) + ")"
	}
	return n.sentence(all)
}

func (n *Node) leaf() string {
	text := "“" + n.Text + "”"
	switch {
	case n.Op == OpPhrase:
		text = "the phrase " + text
	case n.Prefix:
		text = "words that begin with " + text
	}
	rule, ok := ruleOf(string(n.Field))
	switch {
	case !ok:
		return text
	case rule.Text:
		return text + " " + rule.In
	}
	return rule.In + " " + text
}

func (n *Node) years() string {
	switch {
	case n.From == n.To:
		return "of the year " + year(n.From)
	case n.From == 0:
		return "of the year " + year(n.To) + " or before"
	case n.To == 0:
		return "of the year " + year(n.From) + " or after"
	}
	return "of the years " + year(n.From) + " to " + year(n.To)
}
