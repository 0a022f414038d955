// Package seed reads training material as people have it (Jekyll module sites, courses-in-a-box, plain-text outlines,
// Lectern's own exports) and brings it into Lectern without losing a word. Readers first survey a source: courses,
// modules and sections in order, without the content of the pages. Import then reads page after page, so that memory
// does not grow with the site, and saves them through the use cases of package content.
package seed

import (
	"context"
	"io/fs"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
)

// Source is where pages come from: a folder, an archive, one file, or standard input under a made-up path.
type Source struct {
	FS     fs.FS
	Pages  []string // slash-separated paths in FS of the pages to read, in lexical order
	Name   string   // for reports: the path of the folder for instance
	Commit string   // of the repository that the files are from, empty when unknown
	Module string   // title of the module for pages that name none; empty: one named after the page
	Course string   // slug of the course to import into; empty: as the source says
	As     string   // name of the reader for all pages; empty: each page's is found by looking at it

	skipped []string // entries of an archive that are no files
	closer  func() error
}

// Close gives back what Open took.
func (s Source) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer()
}

// Reader reads pages of one kind of source.
type Reader interface {
	// Name is what the kind is called in reports: "jekyll-module-site" for instance.
	Name() string

	// Recognises tells whether a page is of this reader's kind. The first reader that says yes gets the page.
	Recognises(path string, page []byte) bool

	// Survey adds the pages to the site, in order, each with the function that reads its content. What is wrong with a
	// page but can be lived with becomes a warning; an error says that the page can't be read at all, and names the
	// path and, where known, the line.
	Survey(ctx context.Context, site *Site, pages []string) error
}

// Site is what a source holds: a tree for each course. Records have fresh ids and refer to each other by them; Import
// puts the ids of records that an earlier import made in their place.
type Site struct {
	Source
	Log
	Trees []*Tree
	Kinds []KindCount // of the source, by reader
	Whole bool        // the source is a whole site, not some pages of one

	config    config
	addresses *addresses
	homes     map[models.ID]home
	fragments map[string]*Fragment // by file and arguments
	files     map[string]*Asset    // by path
}

// KindCount is how many pages are of a reader's kind.
type KindCount struct {
	Reader string `json:"reader"`
	Pages  int    `json:"pages"`
}

// Tree is one course of a site.
type Tree struct {
	*Log
	Course  Course
	Modules []*Module // in the order of the source
	Assets  []*Asset  // files of the source that pages show

	site   *Site
	order  int  // among the courses of the site
	listed bool // a data file says which modules are in the menu
}

// Course is what the source says of it. Key is empty for pages that name no course.
type Course struct {
	Key    string
	Record *models.Course
}

// Module is one module of a course.
type Module struct {
	Key      string // what the source calls it, stable over imports: a folder name for instance
	Record   *models.Module
	Sections []*Section // at the top level, in order

	addresses []string // in the site, that none of its pages has

	place    int                  // that a data file gives it
	numbered bool                 // the names of its pages give their order
	slugs    map[string]int       // of worksheets, taken
	placed   int                  // worksheets so far
	sheets   map[string]models.ID // worksheets by what they say
}

// Section is one page, or a parent that has a label but no page of its own.
type Section struct {
	Key      string // stable over imports, unique in the module: the path of the page, or module key + "#" + label
	Record   *models.Section
	Children []*Section

	// Draft says that the source itself does not publish the page: it stays a draft when the rest is made live.
	Draft bool

	// Addresses are the page's public paths in its site.
	Addresses []string

	// These are there once the page is read, with the blocks, citations and notes of Record.
	Sources    []*models.Source    // works that the page's citations point to, in the order of the citations
	Worksheets []*models.Worksheet // that the page shows, in reading order
	Fragments  []*Fragment         // that no page before included
	DeadLinks  []DeadLink
	Facts      blocks.Facts

	repeated   map[models.ID]bool // worksheets that a page before has introduced
	said       map[string]string  // front matter that fields of records hold
	includes   []string           // tags that became fragments
	warnings   int                // how many there were before it was read
	text       string             // of the page
	introduces *Module            // the module that it is the overview of
	read       func() error       // reads the page
}

// Fragment is an included file, with the arguments that it was given.
type Fragment struct {
	Key        string
	Record     *models.Fragment
	Worksheets []*models.Worksheet // that it shows
}

// DeadLink is a link to a page of the site that the source does not hold.
type DeadLink struct {
	Record  models.ID
	Path    string // in the site
	Written string
}

// Warning is something in a page that a person should know about.
type Warning struct {
	Path    string `json:"path"`
	Line    int    `json:"line"` // from 1; 0 when the whole page is meant
	Message string `json:"message"`
}

// Log collects warnings.
type Log struct {
	Warnings []Warning
}

// Warn adds a warning.
func (l *Log) Warn(path string, line int, message string) {
	l.Warnings = append(l.Warnings, Warning{Path: path, Line: line, Message: message})
}

// tree finds the course with a key, or adds it.
func (s *Site) tree(key string) *Tree {
	for _, t := range s.Trees {
		if t.Course.Key == key {
			return t
		}
	}
	t := &Tree{Log: &s.Log, site: s, Course: Course{Key: key}}
	s.Trees = append(s.Trees, t)
	return t
}

// Module finds the module with a key, or adds it with the title.
func (t *Tree) Module(key, title string) *Module {
	for _, m := range t.Modules {
		if m.Key == key {
			return m
		}
	}
	m := &Module{
		Key: key, slugs: map[string]int{}, sheets: map[string]models.ID{},
		Record: &models.Module{Meta: models.Meta{ID: models.NewID()}, Slug: models.Slug(strings.TrimPrefix(key, t.Course.Key+"/")), Title: title, InMenu: true},
	}
	t.Modules = append(t.Modules, m)
	return m
}

// walk visits the sections of a module in reading order, each before those below it.
func (m *Module) walk(visit func(s, parent *Section) error) error {
	var down func(list []*Section, parent *Section) error
	down = func(list []*Section, parent *Section) error {
		for _, s := range list {
			if err := visit(s, parent); err != nil {
				return err
			}
			if err := down(s.Children, s); err != nil {
				return err
			}
		}
		return nil
	}
	return down(m.Sections, nil)
}

// Names lists what the pages of the site are called in imports: two pages of one name are one and the same.
func (s *Site) Names() []string {
	var out []string
	for _, t := range s.Trees {
		for _, m := range t.Modules {
			_ = m.walk(func(sec, _ *Section) error { // visiting can't fail
				if sec.Record.Origin != nil {
					out = append(out, t.Course.Key+" "+m.Key+" "+sec.Key)
				}
				return nil
			})
		}
	}
	return out
}
