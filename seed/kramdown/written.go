package kramdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// writtenLinks renders links and images with their addresses as written, where goldmark would encode them.
type writtenLinks struct{}

func (l writtenLinks) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, l.link)
	reg.Register(ast.KindImage, l.image)
}

func (writtenLinks) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Link)
	if !entering {
		_, err := w.WriteString("</a>")
		return ast.WalkContinue, err
	}
	_, err := w.WriteString(`<a` + nodeLine(n) + ` href="` + attrValue(n.Destination) + `"` + titleAttr(n.Title) + ">")
	return ast.WalkContinue, err
}

// nodeLine is the line of a node as an attribute, or nothing where it is not known.
func nodeLine(n ast.Node) string {
	line, ok := n.AttributeString(lineAttr)
	if !ok {
		return ""
	}
	return " " + lineAttr + `="` + string(line.([]byte)) + `"`
}

// numberedTags renders the tags in a line of text with their lines.
type numberedTags struct{}

func (t numberedTags) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindRawHTML, t.tag)
}

func (numberedTags) tag(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	var raw []byte
	segments := node.(*ast.RawHTML).Segments
	for i := range segments.Len() {
		at := segments.At(i)
		raw = append(raw, at.Value(source)...)
	}
	name := 1 // byte after the name
	for name < len(raw) && (raw[name] == '/' && name == 1 || isNameByte(raw[name], name > 1)) {
		name++
	}
	_, err := w.WriteString(string(raw[:name]) + nodeLine(node) + balanced(string(raw[name:])))
	return ast.WalkSkipChildren, err
}

func (writtenLinks) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	var alt bytes.Buffer
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			alt.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	_, err := w.WriteString(`<img src="` + attrValue(n.Destination) + `" alt="` + attrValue(alt.Bytes()) + `"` + titleAttr(n.Title) + ">")
	return ast.WalkSkipChildren, err
}

func titleAttr(title []byte) string {
	if len(title) == 0 {
		return ""
	}
	return ` title="` + attrValue(title) + `"`
}

// attrValue escapes a piece of Markdown for an attribute: its own escapes and entities are resolved first.
func attrValue(v []byte) string {
	v = util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(v)))
	return string(util.EscapeHTML(v))
}

// restoredCode renders code with the comments in it that are a part of it.
type restoredCode struct{ doc *Document }

func (c restoredCode) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindCodeSpan, c.span)
	reg.Register(ast.KindCodeBlock, c.block)
	reg.Register(ast.KindFencedCodeBlock, c.block)
}

func (c restoredCode) span(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var code bytes.Buffer
	for n := node.FirstChild(); n != nil; n = n.NextSibling() {
		if t, ok := n.(*ast.Text); ok {
			code.Write(bytes.ReplaceAll(t.Segment.Value(source), []byte("\n"), []byte(" ")))
		}
	}
	_, err := w.WriteString("<code>" + c.escaped(code.Bytes()) + "</code>")
	return ast.WalkSkipChildren, err
}

func (c restoredCode) block(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	open := "<pre" + nodeLine(node) + "><code"
	if f, ok := node.(*ast.FencedCodeBlock); ok && f.Language(source) != nil {
		open += ` class="language-` + attrValue(f.Language(source)) + `"`
	}
	var code bytes.Buffer
	for i := range node.Lines().Len() {
		at := node.Lines().At(i)
		code.Write(at.Value(source))
	}
	_, err := w.WriteString(open + ">" + c.escaped(code.Bytes()) + "</code></pre>\n")
	return ast.WalkContinue, err
}

func (c restoredCode) escaped(code []byte) string {
	return string(util.EscapeHTML([]byte(c.doc.restore(string(code)))))
}
