package blocks

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/inline"
)

// flow collects the blocks of one container. Inline nodes wait until a block or the end makes a paragraph of them.
type flow struct {
	*converter
	blocks  models.Blocks
	pending []*html.Node
}

// flow converts siblings.
func (c *converter) flow(nodes []*html.Node) models.Blocks {
	f := flow{converter: c}
	for _, n := range nodes {
		f.node(n)
	}
	f.flush()
	return f.blocks
}

// flowNames are the elements that can't stand in a line of text.
var flowNames = strings.Fields(`address article aside audio blockquote body canvas center dd details dialog dir div dl dt embed
	fieldset figcaption figure footer form frame h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main math menu nav
	object ol p pre section summary svg table ul video`)

func (f *flow) node(n *html.Node) {
	if f.used[n] || f.checkbox(n) || f.includes(n) {
		return
	}
	if n.Type != html.ElementNode || !contains(n, flowNames...) {
		if n.Type == html.ElementNode || !isBlank(n) || len(f.pending) > 0 {
			f.pending = append(f.pending, n)
		}
		return
	}
	if isElement(n, "iframe", "video", "embed", "object") {
		f.flush()
		f.frame(n)
		return
	}
	f.flush()
	f.element(n)
	f.blocks = append(f.blocks, f.takeAside()...)
}

// element converts a block element.
func (f *flow) element(n *html.Node) {
	switch n.Data {
	case "p", "figcaption", "summary", "legend", "dt", "address":
		f.paragraphElement(n)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		f.heading(n)
	case "ul", "ol", "menu", "dir":
		f.list(n)
	case "blockquote":
		f.quote(n)
	case "div", "section", "article", "aside":
		f.division(n)
	case "details":
		f.details(n)
	case "figure":
		f.figure(n)
	case "table":
		f.table(n)
	case "dl":
		f.definitions(n)
	case "hr":
		f.add(&models.Rule{})
	case "pre":
		f.code(n)
	case "svg", "math", "canvas", "audio", "form", "frame":
		f.rawHTML(n)
	default:
		f.add(f.flow(children(n))...)
	}
}

func (f *flow) add(blocks ...models.Block) {
	f.blocks = append(f.blocks, blocks...)
}

// flush makes paragraphs of the inline nodes that wait.
func (f *flow) flush() {
	nodes := f.pending
	f.pending = nil
	f.paragraphs(f.inline(nodes))
	f.blocks = append(f.blocks, f.takeAside()...)
}

// paragraphElement converts a p, whose content may yet hold blocks.
func (f *flow) paragraphElement(n *html.Node) {
	if f.videoFacts(n) {
		return
	}
	f.statedTime(n)
	for _, c := range children(n) {
		f.node(c)
	}
	f.flush()
}

// paragraphs adds a text; two line breaks together begin a new paragraph.
func (f *flow) paragraphs(nodes []inline.Node) {
	for _, part := range splitAtGaps(nodes) {
		f.paragraph(part)
	}
}

// splitAtGaps divides nodes where two or more line breaks stand together.
func splitAtGaps(nodes []inline.Node) [][]inline.Node {
	nodes = inline.Normal(nodes)
	var out [][]inline.Node
	start := 0
	for i := 0; i < len(nodes); i++ {
		j := i
		for j < len(nodes) && (nodes[j].Kind == inline.Break || j > i && nodes[j].Kind == inline.Text && strings.TrimSpace(nodes[j].Value) == "") {
			j++
		}
		breaks := 0
		for _, n := range nodes[i:j] {
			if n.Kind == inline.Break {
				breaks++
			}
		}
		if breaks > 1 {
			out = append(out, nodes[start:i])
			start = j
		}
		i = max(i, j-1)
	}
	return append(out, slices.Clip(nodes[start:]))
}

// paragraph adds one paragraph, or what else a line of text is: an image, a caption, a definition.
func (f *flow) paragraph(nodes []inline.Node) {
	nodes = f.leadingImages(inline.Normal(nodes))
	if len(nodes) == 0 || f.caption(nodes) || f.definition(nodes) {
		return
	}
	if t := inline.Write(nodes); strings.Trim(string(t), " \u00a0") != "" {
		f.add(&models.Paragraph{Text: t})
	}
}
