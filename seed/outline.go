package seed

import (
	"context"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
)

// outline reads plain text: paragraphs, headings that stand alone, and lists with bullets.
type outline struct{}

// Name is "plain-text-outline".
func (outline) Name() string { return "plain-text-outline" }

// Recognises is true of any page: what no other reader knows is read as plain text.
func (outline) Recognises(string, []byte) bool { return true }

// Survey adds each page as a section.
func (outline) Survey(ctx context.Context, site *Site, pages []string) error {
	for _, name := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		o, err := readOutline(site, name, &site.Log)
		if err != nil {
			return err
		}
		p := &page{path: name, title: o.title, lines: o.lines}
		m := looseModule(site, name, o.title)
		s := newSection(site, m, p)
		s.read = func() error {
			o, err := readOutline(site, name, &Log{})
			if err != nil {
				return err
			}
			s.Record.Blocks, s.Facts = o.blocks, o.facts
			return nil
		}
		m.Sections = append(m.Sections, s)
	}
	return nil
}

// outlinePage is a page of plain text.
type outlinePage struct {
	title  string
	lines  int
	blocks models.Blocks
	facts  blocks.Facts
}

func readOutline(site *Site, name string, log *Log) (*outlinePage, error) {
	text, err := readPage(site.FS, name, log)
	if err != nil {
		return nil, err
	}
	title, content, err := parseOutline(text)
	if err != nil {
		return nil, pageError(name, err)
	}
	facts := blocks.PlainFacts(text)
	facts.TitleSource = titleFromLine
	switch {
	case strings.TrimSpace(text) == "":
		title, facts.TitleSource = titleOfFile(name), titleFromFile
		log.Warn(name, 0, "the page is empty: its title was made from its file name")
	case title == "":
		title, facts.TitleSource = titleOfFile(name), titleFromFile
		log.Warn(name, 1, "the first line is too long for a title: one was made from the file name, and the line is a paragraph")
	}
	return &outlinePage{title: title, lines: lineCount(text), blocks: content, facts: facts}, nil
}
