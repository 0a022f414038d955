package inline

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// signature says what a reader gets of nodes, in a form that read gives of a text too.
func signature(nodes []Node) string {
	var b strings.Builder
	sign(&b, nodes)
	return b.String()
}

func sign(b *strings.Builder, nodes []Node) {
	for _, n := range nodes {
		switch n.Kind {
		case Text:
			b.WriteString(n.Value)
		case Code:
			b.WriteString("\x01code\x02" + n.Value + "\x01/code\x02")
		case Break:
			b.WriteString("\x01br\x02")
		case Mark:
			b.WriteString("\x01mark\x02" + n.Value + "\x01/mark\x02")
		case Image:
			b.WriteString("\x01img\x02" + strings.Join(strings.Fields(n.Value), " ") + "\x01/img\x02")
		default:
			name := element(n)
			b.WriteString("\x01" + name + "\x02")
			sign(b, n.Children)
			b.WriteString("\x01/" + name + "\x02")
		}
	}
}

func element(n Node) string {
	switch n.Kind {
	case Link:
		return "a"
	case Em:
		return "em"
	case Strong:
		return "strong"
	case Strike:
		return "del"
	}
	return n.Value
}

// place is where in the HTML of a text a token stands.
type place int

const (
	inText    place = iota
	inMark          // a citation mark
	inBetween       // what package render puts between two marks
)

// read gives the signature of a text as package render reads it.
func read(t models.Text) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(render.InlineHTML(t)))
	at := inText
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			text := strings.ReplaceAll(z.Token().Data, "\n", "")
			switch at {
			case inText:
				b.WriteString(text)
			case inMark:
				b.WriteString(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
			}
		case html.StartTagToken:
			at = max(at, readStart(&b, z.Token()))
		case html.EndTagToken:
			name := z.Token().Data
			switch {
			case at == inText:
				b.WriteString("\x01/" + name + "\x02")
			case name == "sup" && at == inMark:
				b.WriteString("\x01/mark\x02")
				at = inText
			case name == "sup":
				at = inText
			}
		}
	}
}

// readStart writes a start tag, and tells what it begins. A sup of the text itself has no attributes; without notes,
// every mark is an unresolved one.
func readStart(b *strings.Builder, t html.Token) place {
	switch t.Data {
	case "img":
		i := slices.IndexFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "alt" })
		alt := ""
		if i >= 0 {
			alt = t.Attr[i].Val
		}
		b.WriteString("\x01img\x02" + strings.Join(strings.Fields(alt), " ") + "\x01/img\x02")
	case "sup":
		if len(t.Attr) > 0 && strings.Contains(t.Attr[0].Val, "unresolved") {
			b.WriteString("\x01mark\x02")
			return inMark
		}
		if len(t.Attr) > 0 {
			return inBetween
		}
		b.WriteString("\x01sup\x02")
	default:
		b.WriteString("\x01" + t.Data + "\x02")
	}
	return inText
}
