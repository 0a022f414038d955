package seed

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// DefaultCourse is where pages go that name no course.
const DefaultCourse = "default"

// Import saves a tree as drafts, and makes it live when asked to, in one transaction.
func Import(ctx context.Context, s *content.Service, tree *Tree, publish bool, by content.Save) (*content.ImportResult, error) {
	in := content.Import{Course: course(tree), Publish: publish, By: by}
	for _, a := range tree.Assets {
		in.Items = append(in.Items, content.ImportItem{Key: a.Key, Record: a.Record})
	}
	var sections []content.ImportItem
	for n, m := range tree.Modules {
		m.Record.Position = n
		in.Items = append(in.Items, content.ImportItem{Key: m.Key, Record: m.Record})
		p := placer{module: m}
		for _, section := range m.Sections {
			p.place(section, nil)
		}
		in.Items = append(in.Items, p.shared...)
		sections = append(sections, p.sections...)
	}
	in.Items = append(in.Items, sections...)
	return s.Import(ctx, in)
}

func course(tree *Tree) *models.Course {
	if c := tree.Course.Record; c != nil {
		return c
	}
	return &models.Course{
		Meta: models.Meta{ID: models.NewID()}, Slug: DefaultCourse, Title: "Default course", Language: "en",
		Numbering: models.NumberAsWritten,
	}
}

// placer gives the records of one module their places and their keys.
type placer struct {
	module   *Module
	sections []content.ImportItem
	shared   []content.ImportItem // sources and worksheets, which sections refer to
	sheets   int
}

func (p *placer) place(s *Section, parent *models.ID) {
	s.Record.ModuleID, s.Record.ParentID, s.Record.Position = p.module.Record.ID, parent, len(p.sections)
	key := p.module.Key + " " + s.Key
	p.sections = append(p.sections, content.ImportItem{Key: key, Record: s.Record, Draft: s.Draft})
	names := names{}
	for _, source := range s.Sources {
		p.shared = append(p.shared, content.ImportItem{Key: key + names.take("source", string(source.Written)), Record: source, Draft: s.Draft})
	}
	for _, w := range s.Worksheets {
		w.ModuleID, w.Position = p.module.Record.ID, p.sheets
		p.sheets++
		p.shared = append(p.shared, content.ImportItem{Key: key + names.take("worksheet", w.Label()), Record: w, Draft: s.Draft})
	}
	above := &s.Record.ID
	if s.Draft { // its children are published, and can't stand under a page that is not
		above = parent
	}
	for _, child := range s.Children {
		p.place(child, above)
	}
}

// names gives the sources and worksheets of a page names that stay when others are put before them: hashes of what
// they say, and the number among those that say the same.
type names map[string]int

func (n names) take(kind, says string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(says), " "))))
	name := fmt.Sprintf(" %s %x", kind, sum[:8])
	n[name]++
	return fmt.Sprintf("%s %d", name, n[name])
}
