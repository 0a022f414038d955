package docs

import (
	"bytes"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

func newMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(fences{}, 100))))
}

// html renders Markdown. Links to operations and schemas lead to the pages where they are.
func (r *reader) html(markdown string) template.HTML {
	var b bytes.Buffer
	r.keep(r.markdown.Convert([]byte(markdown), &b))
	text := r.located(strings.ReplaceAll(b.String(), exampleHost, html.EscapeString(r.host())))
	return template.HTML(text) //nolint:gosec // the contract and the guide are our own, and goldmark lets no markup through
}

var fragmentLink = regexp.MustCompile(`href="#([^"]+)"`)

// located completes links to what has a place in the documentation.
func (r *reader) located(page string) string {
	return fragmentLink.ReplaceAllStringFunc(page, func(link string) string {
		if at, ok := r.places[fragmentLink.FindStringSubmatch(link)[1]]; ok {
			return `href="` + at + `"`
		}
		return link
	})
}

// chapters lists the headings of the second level of a text.
func (r *reader) chapters(markdown string) []chapter {
	source := []byte(markdown)
	var out []chapter
	for n := r.markdown.Parser().Parse(gmtext.NewReader(source)).FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); !ok || h.Level != 2 {
			continue
		}
		id, _ := n.AttributeString("id")
		name, _ := id.([]byte)
		out = append(out, chapter{ID: string(name), Title: string(n.Lines().Value(source))})
	}
	return out
}

// fences renders requests (sh) and answers (json, http) so that one sees which is which, and can scroll in them by
// keyboard.
type fences struct{}

// RegisterFuncs is called by goldmark.
func (f fences) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, f.fence)
}

func (fences) fence(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	class, label := "", "Code"
	switch string(n.(*ast.FencedCodeBlock).Language(source)) {
	case "sh":
		class, label = "request", "Request"
	case "json", "http":
		class, label = "answer", "Answer"
	}
	_, err := w.WriteString(`<pre class="` + class + `" role="group" tabindex="0" aria-label="` + label + `"><code>` +
		html.EscapeString(string(n.Lines().Value(source))) + "</code></pre>\n")
	return ast.WalkContinue, err
}
