package blocks

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

var (
	leadingDash = regexp.MustCompile(`^\s*(?:—|–|--|-|―)\s*`)
	negative    = regexp.MustCompile(`^\s*[—–―-]\d`) // -5 degrees
	// sameLine finds the dash between the closing quotation mark and who said it.
	sameLine = regexp.MustCompile(`[”"’]\s*(?:—|–|--|―)\s*`)
)

// quote converts a quotation, and parts what is said from who said it.
func (f *flow) quote(n *html.Node) {
	nodes := solid(children(n))
	q := &models.Quote{}
	if len(nodes) > 1 {
		q.Attribution = f.listedAttribution(nodes[len(nodes)-1])
	}
	if q.Attribution != "" {
		nodes = nodes[:len(nodes)-1]
	}
	last := len(nodes) - 1
	if q.Attribution == "" && last >= 0 && lineOnly(nodes[last]) {
		for last > 0 && !isElement(nodes[last], "p") && lineOnly(nodes[last-1]) && !isElement(nodes[last-1], "p") {
			last-- // text without p elements around it
		}
		line := nodes[last:]
		if isElement(line[0], "p") {
			line = children(line[0])
		}
		q.Blocks = f.flow(nodes[:last])
		var said []inline.Node
		said, q.Attribution = splitAttribution(f.inline(line))
		inner := flow{converter: f.converter}
		inner.paragraphs(said)
		q.Blocks = append(q.Blocks, inner.blocks...)
	} else {
		q.Blocks = f.flow(nodes)
	}
	if len(q.Blocks) > 0 || q.Attribution != "" {
		f.add(q)
	}
}

// lineOnly tells whether a node is text without blocks or includes in it.
func lineOnly(n *html.Node) bool {
	if kramdown.IncludePlaceholder.MatchString(text(n)) {
		return false
	}
	if isElement(n, "p") {
		return !contains(n, without(flowNames, "p")...)
	}
	return n.Type == html.TextNode || !contains(n, flowNames...)
}

func without(names []string, name string) []string {
	var out []string
	for _, n := range names {
		if n != name {
			out = append(out, n)
		}
	}
	return out
}

// listedAttribution reads an attribution that Markdown took for a list, because its dash is a hyphen.
func (f *flow) listedAttribution(n *html.Node) models.Text {
	items := solid(children(n))
	if kramdown.ListMarker(n) != "-" || len(items) != 1 || contains(items[0], without(flowNames, "li")...) {
		return ""
	}
	return f.text(items[0])
}

// splitAttribution parts the text of a quotation at the dash before who said it: one that begins a line, or one that
// follows the closing quotation mark.
func splitAttribution(nodes []inline.Node) ([]inline.Node, models.Text) {
	nodes = inline.Normal(breakBeforeDash(nodes))
	for i := len(nodes) - 1; i >= 0; i-- {
		if nodes[i].Kind != inline.Text || i > 0 && nodes[i-1].Kind != inline.Break {
			continue
		}
		if dash := leadingDash.FindString(nodes[i].Value); dash != "" && !negative.MatchString(nodes[i].Value) {
			nodes[i].Value = strings.TrimPrefix(nodes[i].Value, dash)
			return nodes[:i], inline.Write(nodes[i:])
		}
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		if nodes[i].Kind != inline.Text {
			continue
		}
		at := sameLine.FindAllStringIndex(nodes[i].Value, -1)
		if len(at) == 0 {
			continue
		}
		m := at[len(at)-1]
		after := append([]inline.Node{{Kind: inline.Text, Value: nodes[i].Value[m[1]:]}}, nodes[i+1:]...)
		who := inline.Write(after)
		if n := len(strings.Fields(render.Plain(who))); n == 0 || n > maxAttribution {
			return nodes, ""
		}
		mark := strings.TrimRight(nodes[i].Value[:m[1]], " —–-―")
		return append(append([]inline.Node(nil), nodes[:i]...), inline.Node{Kind: inline.Text, Value: mark}), who
	}
	return nodes, ""
}

// dashLine finds a line of the source that begins with a dash.
var dashLine = regexp.MustCompile(`\n[ \t]*(?:—|–|--|―)`)

// breakBeforeDash puts a line break before the last source line of a quotation when that begins with a dash and is
// short enough for a name: authors often leave the break out.
func breakBeforeDash(nodes []inline.Node) []inline.Node {
	for i := len(nodes) - 1; i >= 0; i-- {
		if nodes[i].Kind != inline.Text {
			continue
		}
		at := dashLine.FindAllStringIndex(nodes[i].Value, -1)
		if len(at) == 0 {
			continue
		}
		before, after := nodes[i].Value[:at[len(at)-1][0]], nodes[i].Value[at[len(at)-1][0]+1:]
		rest := append([]inline.Node{{Kind: inline.Text, Value: after}}, nodes[i+1:]...)
		if len(strings.Fields(render.Plain(inline.Write(inline.Normal(rest))))) > maxAttribution {
			return nodes
		}
		head := append(append([]inline.Node(nil), nodes[:i]...), inline.Node{Kind: inline.Text, Value: before}, inline.Node{Kind: inline.Break})
		return append(head, rest...)
	}
	return nodes
}

// maxAttribution is how many words after a dash on the quotation's own line can still be a name.
const maxAttribution = 25
