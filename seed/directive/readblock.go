package directive

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/lectern-cms/lectern/models"
)

// block reads a node that is a block, or a paragraph with a table behind it.
func (r *reader) block(n ast.Node, ahead *oneLine) (models.Blocks, error) {
	switch n := n.(type) {
	case *fence:
		return r.directive(n, ahead)
	case *oneLine:
		return r.heading(n, ahead)
	case *ast.Heading:
		return r.setext(n, ahead)
	case *ast.Paragraph, *ast.TextBlock:
		return r.paragraph(r.lines(n), r.position(n), ahead)
	case *ast.List:
		return r.list(n, ahead)
	case *ast.Blockquote:
		return r.quote(n, ahead)
	case *ast.FencedCodeBlock:
		return r.code(n, ahead)
	case *ast.CodeBlock:
		return r.plain(&models.Code{Code: strings.Join(r.lines(n), "\n")}, r.position(n), ahead)
	case *ast.ThematicBreak:
		return r.plain(&models.Rule{}, r.position(n), ahead)
	}
	return nil, r.fail(r.position(n), "a %v can't stand here", n.Kind())
}

// plain finishes a block of plain Markdown with the attributes that stand before it.
func (r *reader) plain(b models.Block, at int, ahead *oneLine, fields ...field) (models.Blocks, error) {
	if ahead != nil {
		as, _ := parseAttributes(ahead.text) // it was an attribute line
		if err := r.assign(append(fields, idField(&b.Base().ID)), as); err != nil {
			return nil, r.fail(ahead.at, "%v", err)
		}
		at = ahead.at
	}
	r.at[b] = at
	return models.Blocks{b}, nil
}

// heading reads "## Text {#anchor}".
func (r *reader) heading(n *oneLine, ahead *oneLine) (models.Blocks, error) {
	level := len(n.text) - len(strings.TrimLeft(n.text, "#"))
	s, as := cutAttributes(strings.Trim(n.text[level:], " \t"))
	if closing := strings.TrimRight(s, "#"); closing == "" || strings.HasSuffix(closing, " ") || strings.HasSuffix(closing, "\t") {
		s = closing
	}
	return r.headingOf(level, unprotectLine(s), as, n.at, ahead)
}

func (r *reader) setext(n *ast.Heading, ahead *oneLine) (models.Blocks, error) {
	lines := r.lines(n)
	last := len(lines) - 1
	var as []attribute
	lines[last], as = cutAttributes(strings.TrimRight(lines[last], " \t"))
	return r.headingOf(n.Level, unprotect(lines), as, r.position(n), ahead)
}

func (r *reader) headingOf(level int, text string, as []attribute, at int, ahead *oneLine) (models.Blocks, error) {
	if level < 2 {
		return nil, r.fail(at, "headings begin at level 2: level 1 is the title of the section")
	}
	if text == "" {
		return nil, r.fail(at, "a heading without text")
	}
	h := &models.Heading{Level: level, Text: r.text(text, at)}
	for i := range as {
		if as[i].name == idAttribute {
			as[i].name = anchorAttribute // as everywhere in Markdown
		}
	}
	if err := assign([]field{word(anchorAttribute, &h.Anchor)}, as); err != nil {
		return nil, r.fail(at, "%v", err)
	}
	return r.plain(h, at, ahead)
}

const anchorAttribute = "anchor"

// cutAttributes takes attributes from the end of a heading.
func cutAttributes(s string) (string, []attribute) {
	if !strings.HasSuffix(s, "}") {
		return s, nil
	}
	end := len(s)
	for range maxBrackets {
		end = strings.LastIndexByte(s[:end], '{')
		if end < 0 {
			break
		}
		if alone := end == 0 || strings.ContainsRune(" \t", rune(s[end-1])); alone && isAttributeLine(s[end:]) {
			as, _ := parseAttributes(s[end:])
			return strings.TrimRight(s[:end], " \t"), as
		}
	}
	return s, nil
}

// paragraph reads a paragraph, or what looks like one to CommonMark: an image alone, a table.
func (r *reader) paragraph(lines []string, at int, ahead *oneLine) (models.Blocks, error) {
	first := tableStart(lines)
	if first == 0 {
		t, err := r.pipeTable(lines, at)
		if err != nil {
			return nil, err
		}
		return r.plain(t, at, ahead)
	}
	if img := imageOf(lines); img != nil {
		return r.plain(img, at, ahead)
	}
	if first < 0 {
		first = len(lines)
	}
	r.inspect(lines[:first], at)
	p := &models.Paragraph{Text: r.text(unprotect(unprotectImage(lines[:first])), at)}
	out, err := r.plain(p, at, ahead)
	if err != nil || first == len(lines) {
		return out, err
	}
	table, err := r.paragraph(lines[first:], at, nil)
	return append(out, table...), err
}

var (
	linkDefinition = regexp.MustCompile(`^\[[^\]^][^\]]*\]:[ \t]*\S`)
	blockTag       = regexp.MustCompile(`(?i)^</?(?:address|article|aside|blockquote|center|details|dialog|div|dl|figure|footer|form|h[1-6]|` +
		`header|iframe|main|nav|object|ol|p|pre|script|section|style|table|textarea|ul|video)(?:[\s/>]|$)`)
)

// inspect warns of what other Markdown would make something else of.
func (r *reader) inspect(lines []string, at int) {
	switch first := strings.TrimLeft(lines[0], " \t"); {
	case linkDefinition.MatchString(first):
		r.warn(at, "a link definition is kept as text: links are written [text](address)")
	case blockTag.MatchString(first):
		r.warn(at, "HTML is kept within a text: markup of its own stands in a block that begins with ```{=html}")
	}
}

// imageOf gives the image that is all of a paragraph, or nil.
func imageOf(lines []string) *models.Image {
	if len(lines) != 1 {
		return nil
	}
	m := imageAlone.FindStringSubmatch(strings.Trim(lines[0], " \t"))
	if m == nil {
		return nil
	}
	return &models.Image{Alt: unescaped(m[1]), URL: unescaped(m[2])}
}

// unescaped resolves backslashes and entities.
func unescaped(s string) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations([]byte(s)))))
}

// code reads fenced code: program text, raw HTML, or a block as JSON.
func (r *reader) code(n *ast.FencedCodeBlock, ahead *oneLine) (models.Blocks, error) {
	at, body := r.position(n), strings.Join(r.lines(n), "\n")
	switch info := r.info(n); info {
	case jsonInfo:
		if ahead != nil {
			return nil, r.fail(ahead.at, "attributes before JSON: it holds its own")
		}
		return r.jsonBlock(body, at)
	case htmlInfo:
		return r.plain(&models.RawHTML{HTML: body}, at, ahead)
	default:
		return r.plain(&models.Code{Language: info, Code: body}, at, ahead)
	}
}

func (r *reader) info(n *ast.FencedCodeBlock) string {
	if n.Info == nil {
		return ""
	}
	return string(n.Info.Segment.Value(r.src))
}

// What stands behind the fence of code that is none.
const (
	jsonInfo = "lectern" // a block, prompt, note or definition as JSON
	htmlInfo = "{=html}" // raw HTML, as Pandoc has it
)

// list reads a list. The text of an item is the paragraph with which it begins, unless attributes stand before that.
func (r *reader) list(n *ast.List, ahead *oneLine) (models.Blocks, error) {
	l := &models.List{Ordered: n.IsOrdered()}
	if l.Ordered {
		l.Start = n.Start
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		item, err := r.item(c)
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, item)
	}
	return r.plain(l, r.position(n), ahead, number(startAttribute, &l.Start))
}

const startAttribute = "start"

func (r *reader) item(n ast.Node) (models.ListItem, error) {
	var item models.ListItem
	first := n.FirstChild()
	if first == nil || !isParagraph(first) {
		blocks, err := r.blocks(n, nothingElse)
		item.Blocks = blocks
		return item, err
	}
	lines, at := r.lines(first), r.position(first)
	end := tableStart(lines)
	if end < 0 {
		end = len(lines)
	}
	if end > 0 {
		r.inspect(lines[:end], at)
		item.Text = r.text(unprotect(lines[:end]), at)
	}
	if end < len(lines) {
		table, err := r.paragraph(lines[end:], at, nil)
		if err != nil {
			return item, err
		}
		item.Blocks = table
	}
	blocks, err := r.blocksFrom(first.NextSibling(), nothingElse)
	item.Blocks = append(item.Blocks, blocks...)
	return item, err
}

// quote reads a block quote, who said it in a directive of its own.
func (r *reader) quote(n *ast.Blockquote, ahead *oneLine) (models.Blocks, error) {
	q := &models.Quote{}
	var err error
	s := shape{texts: []namedText{{attributionName, &q.Attribution}}}
	if q.Blocks, err = r.blocks(n, r.named(s, map[string]bool{})); err != nil {
		return nil, err
	}
	return r.plain(q, r.position(n), ahead, reference(sourceAttribute, &q.Source, models.KindSource))
}

const sourceAttribute = "source"
