package seed

import (
	"context"
	"strings"

	"github.com/lectern-cms/lectern/seed/blocks"
)

// outline reads plain text: paragraphs, headings that stand alone, and lists with bullets.
type outline struct{}

// Name is "plain-text-outline".
func (outline) Name() string { return "plain-text-outline" }

// Recognises is true of any page: what no other reader knows is read as plain text.
func (outline) Recognises(string, []byte) bool { return true }

// Read adds each page as a section.
func (outline) Read(ctx context.Context, src Source, pages []string, tree *Tree) error {
	for _, name := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		text, err := readPage(src.FS, name, tree)
		if err != nil {
			return err
		}
		title, content, err := parseOutline(text)
		if err != nil {
			return pageError(name, err)
		}
		switch {
		case strings.TrimSpace(text) == "":
			title = titleOfFile(name)
			tree.Warn(name, 0, "the page is empty: its title was made from its file name")
		case title == "":
			title = titleOfFile(name)
			tree.Warn(name, 1, "the first line is too long for a title: one was made from the file name, and the line is a paragraph")
		}
		p := &page{path: name, title: title, lines: lineCount(text), content: &blocks.Result{Blocks: content}}
		m := looseModule(src, name, title, tree)
		s := newSection(m, p)
		m.Sections = append(m.Sections, s)
		m.settle()
		src.count()
	}
	return nil
}
