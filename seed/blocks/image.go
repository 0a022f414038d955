package blocks

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/inline"
)

// captionLead begins a line that belongs to the image above it.
var captionLead = regexp.MustCompile(`(?i)^(image |photo )?(source|credit|photo|image|figure)s?( by)?\s*:`)

// leadingImages makes blocks of the images that begin a paragraph on lines of their own, and gives the rest of it.
func (f *flow) leadingImages(nodes []inline.Node) []inline.Node {
	for len(nodes) > 0 {
		img, ok := imageBlock(nodes[0])
		if !ok || !standsAlone(nodes[1:]) {
			return nodes
		}
		f.add(img)
		nodes = inline.Normal(nodes[1:])
	}
	return nodes
}

// standsAlone tells whether what follows an image leaves it a line of its own: a break, a caption or other images.
func standsAlone(rest []inline.Node) bool {
	if len(rest) == 0 || rest[0].Kind == inline.Break || captionLead.MatchString(strings.TrimSpace(inline.Words(rest))) {
		return true
	}
	for _, n := range rest {
		if _, ok := imageBlock(n); !ok && (n.Kind != inline.Text || strings.TrimSpace(n.Value) != "") {
			return false
		}
	}
	return true
}

// plain makes a text of characters without markup.
func plain(s string) models.Text {
	return inline.Write([]inline.Node{{Kind: inline.Text, Value: s}})
}

// imageBlock makes a block of an image, or of a link around one. Its title, for which a block has no place, is its
// caption.
func imageBlock(n inline.Node) (*models.Image, bool) {
	switch {
	case n.Kind == inline.Image:
		return &models.Image{URL: n.URL, Alt: n.Value, Caption: plain(n.Title)}, true
	case n.Kind == inline.Link && len(n.Children) == 1 && n.Children[0].Kind == inline.Image:
		img := n.Children[0]
		return &models.Image{URL: img.URL, Alt: img.Value, Link: n.URL, Caption: plain(img.Title)}, true
	}
	return nil, false
}

// caption takes a paragraph such as "Source: …" for the caption of the image above it.
func (f *flow) caption(nodes []inline.Node) bool {
	if len(f.blocks) == 0 || !captionLead.MatchString(inline.Words(nodes)) {
		return false
	}
	img, ok := f.blocks[len(f.blocks)-1].(*models.Image)
	if !ok || img.Caption != "" {
		return false
	}
	img.Caption = inline.Write(nodes)
	return true
}

// figure converts a figure: its caption goes to the image or video in it, if that is all it holds.
func (f *flow) figure(n *html.Node) {
	var inner, captions []*html.Node
	for _, c := range solid(children(n)) {
		if isElement(c, "figcaption") {
			captions = append(captions, c)
		} else {
			inner = append(inner, c)
		}
	}
	blocks := f.flow(inner)
	if len(blocks) == 1 && len(captions) == 1 && !contains(captions[0], without(flowNames, "figcaption")...) {
		if at := captionOf(blocks[0]); at != nil && *at == "" {
			*at = f.text(captions[0])
			f.add(blocks...)
			return
		}
	}
	f.add(f.flow(children(n))...)
}

func captionOf(b models.Block) *models.Text {
	switch b := b.(type) {
	case *models.Image:
		return &b.Caption
	case *models.Video:
		return &b.Caption
	case *models.Table:
		return &b.Caption
	}
	return nil
}
