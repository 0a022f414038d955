package blocks

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// Limits of what can be the title of a box when it is not marked as one.
const (
	maxTitle      = 200
	maxTitleWords = 14
)

// boxKinds are the classes of boxes. Of several, the first here decides: "callout" says only that it is one.
var boxKinds = []struct {
	class string
	kind  models.BoxKind
}{
	{"activity", models.BoxActivity}, {"reflection", models.BoxReflection}, {"objectives", models.BoxObjectives},
	{"case_study", models.BoxCaseStudy}, {"case_study_box", models.BoxCaseStudy}, {"explanatory", models.BoxInfo},
	{"info", models.BoxInfo}, {"tips", models.BoxTip}, {"tip", models.BoxTip}, {"colorhighlight", models.BoxCard},
	{"example-form", models.BoxExample}, {"extra", models.BoxExtra}, {"videos", models.BoxExtra}, {"callout", models.BoxInfo},
}

func boxKind(n *html.Node) (models.BoxKind, bool) {
	have := classes(n)
	for _, b := range boxKinds {
		if slices.Contains(have, b.class) {
			return b.kind, true
		}
	}
	return "", false
}

func isBox(n *html.Node) bool {
	_, ok := boxKind(n)
	return ok
}

// division converts a div: a box, or nothing but a wrapper.
func (f *flow) division(n *html.Node) {
	kind, ok := boxKind(n)
	switch {
	case ok:
		f.box(n, kind)
	case hasClass(n, "videotime"):
		f.paragraphElement(n)
	default:
		f.add(f.flow(children(n))...)
	}
}

func (f *flow) box(n *html.Node, kind models.BoxKind) {
	b := &models.Box{Box: kind, OriginClass: kramdown.Attr(n, "class")}
	title := f.boxTitle(n, kind)
	if kind == models.BoxActivity || kind == models.BoxReflection {
		f.exercise++
		inner := f.flow(children(n))
		f.exercise--
		word := models.WordActivity
		if kind == models.BoxReflection {
			word = models.WordReflection
		}
		b.Blocks = f.exerciseOf(title, word, inner)
		if u, ok := first(b.Blocks).(*models.WorksheetUse); ok && len(title) > 0 && f.worksheet(u).Title == "" && f.worksheet(u).Number == "" {
			b.Title = inline.Write(title) // it holds what a worksheet's title can't
		}
	} else {
		b.Title = inline.Write(title)
		b.Blocks = f.flow(children(n))
	}
	if kind == models.BoxObjectives {
		f.objectives(b)
	}
	f.add(b)
}

// boxTitle takes the title out of a box: a heading that begins it, a paragraph marked as title, or a first paragraph
// that reads like one.
func (c *converter) boxTitle(n *html.Node, kind models.BoxKind) []inline.Node {
	nodes := solid(children(n))
	for len(nodes) > 0 && nodes[0].Type == html.TextNode && words(nodes[0]) == "" {
		nodes = nodes[1:] // a comment
	}
	if len(nodes) == 0 || nodes[0].Type != html.ElementNode || contains(nodes[0], without(without(flowNames, "p"), nodes[0].Data)...) {
		return nil
	}
	head := nodes[0]
	switch {
	case isElement(head, "h1", "h2", "h3", "h4", "h5", "h6"):
	case hasClass(head, "box-title"):
	case isElement(head, "p") && onlyChild(head, func(n *html.Node) bool { return hasClass(n, "box-title") }):
	case isElement(head, "p") && len(nodes) > 1 && kind != models.BoxObjectives && readsLikeTitle(head):
	default:
		return nil
	}
	remove(head)
	title := inline.Normal(c.inline(children(head)))
	if len(title) == 1 && title[0].Kind == inline.Strong {
		title = title[0].Children
	}
	return title
}

func onlyChild(n *html.Node, is func(*html.Node) bool) bool {
	nodes := solid(children(n))
	return len(nodes) == 1 && is(nodes[0])
}

var sentenceEnd = regexp.MustCompile(`(?:[.:;,]|\.\.\.|…)["”’]?$`)

// maxQuestionTitle is how many words a question may have that is a title rather than a prompt.
const maxQuestionTitle = 8

// readsLikeTitle tells whether a paragraph is a short phrase rather than a sentence.
func readsLikeTitle(p *html.Node) bool {
	s := words(p)
	n := len(strings.Fields(s))
	if hasClass(p, "videotime") || hasClass(p, "source") || hasClass(p, "time") || s == "" || contains(p, "br", "img", "iframe") {
		return false
	}
	if strings.HasSuffix(s, "?") && n > maxQuestionTitle || wholeLink(p) {
		return false
	}
	return n <= maxTitleWords && len(s) <= maxTitle && !sentenceEnd.MatchString(s)
}

// wholeLink tells whether a paragraph is nothing but a link to a file.
func wholeLink(p *html.Node) bool {
	return onlyChild(p, func(n *html.Node) bool { return isElement(n, "a") && isFile(kramdown.Attr(n, "href")) })
}

// objectives notes what a box of objectives lists.
func (c *converter) objectives(b *models.Box) {
	for _, block := range b.Blocks {
		l, ok := block.(*models.List)
		if !ok {
			continue
		}
		for _, item := range l.Items {
			if item.Text != "" {
				c.out.Objectives = append(c.out.Objectives, item.Text)
			}
		}
	}
}
