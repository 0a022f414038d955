// Package seed reads training material as people have it (Jekyll module sites, courses-in-a-box, plain-text outlines)
// and brings it into Lectern without losing a word. Readers turn a source into a Tree of records; Import saves the
// tree through the use cases of package content.
package seed

import (
	"context"
	"io/fs"

	"github.com/lectern-cms/lectern/models"
)

// Source is where pages come from: a folder, one file, or standard input under a made-up path.
type Source struct {
	FS     fs.FS
	Pages  []string // slash-separated paths in FS of the pages to read, in lexical order
	Module string   // title of the module for pages that name none; empty: one named after the page

	// Progress is told how many of the pages are read; nil for nobody.
	Progress func(done, total int)
	pageDone func() // readers call it after each page; Read sets it
}

// count says that one more page is read.
func (s Source) count() {
	if s.pageDone != nil {
		s.pageDone()
	}
}

// Reader reads pages of one kind of source.
type Reader interface {
	// Name is what the kind is called in reports: "jekyll-module-site" for instance.
	Name() string

	// Recognises tells whether a page is of this reader's kind. The first reader that says yes gets the page.
	Recognises(path string, page []byte) bool

	// Read adds the pages to the tree. What is wrong with a page but can be lived with becomes a warning in the
	// tree; an error says that the page can't be read at all, and names the path and, where known, the line.
	Read(ctx context.Context, src Source, pages []string, tree *Tree) error
}

// Tree is what readers make of a source, neutral of its kind. Records have fresh ids and refer to each other by
// them; Import puts the ids of records that an earlier import made in their place.
type Tree struct {
	Course   Course
	Modules  []*Module // in the order of the source
	Assets   []*Asset  // that the pages show; KeepImages finds them
	Warnings []Warning
}

// Course is what the source says of itself. Key is empty when it names no course.
type Course struct {
	Key    string
	Record *models.Course
}

// Module is one module of the source.
type Module struct {
	Key      string // what the source calls it, stable over imports: a folder name for instance
	Record   *models.Module
	Sections []*Section // at the top level, in order
}

// Section is one page, or a parent that has a label but no page of its own.
type Section struct {
	Key        string // stable over imports, unique in the source: the path of the page, or module key + "#" + label
	Record     *models.Section
	Sources    []*models.Source    // works that the page's citations point to, in the order of the citations
	Worksheets []*models.Worksheet // that the page introduces, in reading order
	Children   []*Section

	// Draft says that the source itself does not publish the page: it stays a draft when the rest is made live.
	Draft bool
}

// Warning is something in a page that a person should know about.
type Warning struct {
	Path    string `json:"path"`
	Line    int    `json:"line"` // from 1; 0 when the whole page is meant
	Message string `json:"message"`
}

// Warn adds a warning.
func (t *Tree) Warn(path string, line int, message string) {
	t.Warnings = append(t.Warnings, Warning{Path: path, Line: line, Message: message})
}

// Module finds the module with a key, or adds it with the title.
func (t *Tree) Module(key, title string) *Module {
	for _, m := range t.Modules {
		if m.Key == key {
			return m
		}
	}
	m := &Module{Key: key, Record: &models.Module{
		Meta: models.Meta{ID: models.NewID()}, Slug: Slug(key), Title: title, InMenu: true,
	}}
	t.Modules = append(t.Modules, m)
	return m
}

// Names lists what the pages of the tree are called in imports: two pages of one name are one and the same.
func (t *Tree) Names() []string {
	var out []string
	var visit func(m *Module, sections []*Section)
	visit = func(m *Module, sections []*Section) {
		for _, s := range sections {
			if s.Record.Origin != nil {
				out = append(out, t.Course.Key+" "+m.Key+" "+s.Key)
			}
			visit(m, s.Children)
		}
	}
	for _, m := range t.Modules {
		visit(m, m.Sections)
	}
	return out
}
