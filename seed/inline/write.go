package inline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
)

// Write gives the Markdown of nodes. It is read back as the same nodes in their normal form; where Markdown has no
// way to say them (emphasis that begins with a quotation mark in the middle of a word), emphasis gives way and the
// words stay.
func Write(nodes []Node) models.Text {
	nodes = Normal(nodes)
	want := signature(nodes)
	for _, style := range []style{
		{},
		{escapeAll: true},
		{escapeAll: true, stars: true},
	} {
		if t := style.write(nodes); want == read(t) {
			return t
		}
	}
	return writePlainer(nodes)
}

// writePlainer gives up emphasis step by step until what is left can be read back.
func writePlainer(nodes []Node) models.Text {
	all := style{escapeAll: true}
	for _, simpler := range []func([]Node) []Node{punctuationOut, without(Strike, Em), without(Strike, Em, Strong), without(Strike, Em, Strong, Tag)} {
		nodes = Normal(simpler(nodes))
		if t := all.write(nodes); signature(nodes) == read(t) {
			return t
		}
	}
	return all.write(nodes)
}

// without takes the runs of some kinds away and leaves what they hold.
func without(kinds ...Kind) func([]Node) []Node {
	var strip func([]Node) []Node
	strip = func(nodes []Node) []Node {
		var out []Node
		for _, n := range nodes {
			n.Children = strip(n.Children)
			if contains(kinds, n.Kind) {
				out = append(out, n.Children...)
				continue
			}
			out = append(out, n)
		}
		return out
	}
	return strip
}

// punctuationOut moves punctuation at the edges of emphasis out of it: what is left can stand anywhere.
func punctuationOut(nodes []Node) []Node {
	var out []Node
	for _, n := range nodes {
		n.Children = punctuationOut(n.Children)
		if n.Kind != Em && n.Kind != Strong && n.Kind != Strike || len(n.Children) == 0 {
			out = append(out, n)
			continue
		}
		var before, after string
		if first := &n.Children[0]; first.Kind == Text {
			rest := strings.TrimLeftFunc(first.Value, isPunct)
			before, first.Value = first.Value[:len(first.Value)-len(rest)], rest
		}
		if last := &n.Children[len(n.Children)-1]; last.Kind == Text {
			rest := strings.TrimRightFunc(last.Value, isPunct)
			after, last.Value = last.Value[len(rest):], rest
		}
		out = append(out, Node{Kind: Text, Value: before}, n, Node{Kind: Text, Value: after})
	}
	return out
}

// style is how nodes are written: the plain way first, safer ones where that fails.
type style struct {
	escapeAll bool
	stars     bool // never underscores
}

// writer writes one text.
type writer struct {
	style
	out    strings.Builder
	inLink bool
}

func (s style) write(nodes []Node) models.Text {
	w := writer{style: s}
	w.nodes(nodes, ' ')
	return models.Text(w.out.String())
}

// nodes writes siblings; after is the character that will follow the last.
func (w *writer) nodes(nodes []Node, after rune) {
	for i, n := range nodes {
		next := after
		if i+1 < len(nodes) {
			next = w.first(nodes[i+1])
		}
		w.node(n, next)
	}
}

// first is the character with which a node begins.
func (w *writer) first(n Node) rune {
	switch n.Kind {
	case Text:
		r, _ := utf8.DecodeRuneInString(n.Value)
		return r
	case Code:
		return '`'
	case Break:
		return '\\'
	case Image:
		return '!'
	case Link, Mark:
		return '['
	case Tag:
		return '<'
	}
	return '*'
}

func (w *writer) last() rune {
	if w.out.Len() == 0 {
		return ' '
	}
	r, _ := utf8.DecodeLastRuneInString(w.out.String())
	return r
}

func (w *writer) node(n Node, next rune) {
	switch n.Kind {
	case Text:
		w.text(n.Value, next)
	case Code:
		w.code(n.Value)
	case Break:
		w.out.WriteString("\\\n")
	case Mark:
		w.out.WriteString("[^" + n.Value + "]")
	case Image:
		w.out.WriteString("![")
		escaper{all: true, inLink: true}.write(&w.out, n.Value, ']')
		w.out.WriteString("](" + destination(n.URL) + title(n.Title) + ")")
	case Link:
		was := w.inLink
		w.inLink = true
		w.wrap("[", n.Children, "]("+destination(n.URL)+title(n.Title)+")")
		w.inLink = was
	case Em:
		delim := "_"
		if w.stars || isWord(w.last()) || isWord(next) || w.last() == '_' {
			delim = "*"
		}
		w.wrap(delim, n.Children, delim)
	case Strong:
		w.wrap("**", n.Children, "**")
	case Strike:
		w.wrap("~~", n.Children, "~~")
	case Tag:
		w.wrap("<"+n.Value+">", n.Children, "</"+n.Value+">")
	}
}

func (w *writer) wrap(open string, children []Node, close string) {
	w.out.WriteString(open)
	w.nodes(children, rune(close[0]))
	w.out.WriteString(close)
}

func (w *writer) text(s string, next rune) {
	escaper{all: w.escapeAll, inLink: w.inLink, before: w.last()}.write(&w.out, s, next)
}

// code writes a code span with a fence longer than any run of backticks inside.
func (w *writer) code(s string) {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	pad := ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		pad = " "
	}
	w.out.WriteString(fence + pad + s + pad + fence)
}

func isWord(r rune) bool  { return unicode.IsLetter(r) || unicode.IsDigit(r) }
func isPunct(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// destination writes an address, in angle brackets where it would end too early without.
func destination(url string) string {
	url = strings.NewReplacer("\n", "", "\r", "", "\t", "%09", "<", "%3C", ">", "%3E").Replace(url)
	if url != "" && !strings.ContainsAny(url, " \\") && balanced(url) {
		return url
	}
	return "<" + url + ">"
}

func balanced(url string) bool {
	open := 0
	for _, r := range url {
		switch r {
		case '(':
			open++
		case ')':
			open--
		}
		if open < 0 {
			return false
		}
	}
	return open == 0
}

func title(s string) string {
	if s == "" {
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	return ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
