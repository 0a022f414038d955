package seed

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/seed/blocks"
)

// pageContent reads a page into its section.
type pageContent struct {
	site    *Site
	tree    *Tree
	module  *Module
	section *Section
	page    *page
	text    string // of the page, for finding lines in it
	asked   bool   // an included file has asked for a variable of the page
}

// read fills the section with what its page holds.
func (c *pageContent) read() error {
	c.tree = c.site.treeOf(c.module)
	c.section.warnings = len(c.site.Warnings)
	includes := c.site.includer(c.page.path)
	found, text, err := c.page.content(c.site, includes.has)
	if err != nil {
		return err
	}
	s := c.section
	c.text, s.text = text, text
	s.Sources, s.Worksheets, s.Fragments, s.DeadLinks, s.repeated = nil, nil, nil, nil, map[models.ID]bool{}
	s.includes = nil
	s.Record.Blocks, s.Record.EditorNotes, s.Facts = found.Blocks, found.EditorNotes, found.Facts
	s.Record.Citations = nil
	c.addNotes(found.Notes)
	for _, w := range found.Worksheets {
		c.addWorksheet(w)
	}
	for _, use := range found.Includes {
		s.includes = append(s.includes, "include "+fragmentKey(use.Name, use.Args))
	}
	if err := c.addFragments(found.Includes); err != nil {
		return err
	}
	if s.introduces != nil {
		c.overview(found)
	}
	c.resolveLinks()
	return c.keepFiles()
}

// personal are the kinds of source, in CSL, that people gave in person.
var personal = []string{"interview", "personal_communication"}

// addNotes makes a citation of each note, and a source for it to point to.
func (c *pageContent) addNotes(notes []blocks.Note) {
	keys := map[string]int{}
	for _, n := range notes {
		read := cite.Parse(n.Written)
		work := &models.Source{
			Meta: models.Meta{ID: models.NewID()}, Key: citeKey(read.CSL, n.Label, keys), CSL: read.CSL,
			Written: n.Written, Parse: read.Parse, Recogniser: read.Recogniser,
		}
		if slices.Contains(personal, read.CSL.Type) && len(read.CSL.Author) > 0 {
			c.warn(n.Line, fmt.Sprintf("the note %s cites a personal interview with a named person: check the rights", n.Label))
		}
		c.section.Sources = append(c.section.Sources, work)
		c.section.Record.Citations = append(c.section.Record.Citations, models.Citation{
			ID: models.NewID(), Label: n.Label, Locator: read.Locator, Written: n.Written,
			Source: models.NewRef(models.KindSource, work.ID),
		})
	}
}

func (c *pageContent) warn(line int, message string) { c.site.Warn(c.page.path, line, message) }

// addWorksheet adds a worksheet of the page, new or one of the module shown again.
func (c *pageContent) addWorksheet(w *models.Worksheet) {
	c.section.Worksheets = append(c.section.Worksheets, w)
	if c.module.again(w, c.section.Record.Blocks) {
		w.ModuleID, w.Slug = c.module.Record.ID, models.Slug(w.Label())
		c.section.repeated[w.ID] = true
		return
	}
	c.placeWorksheet(w, c.section.Record.Title)
}

// placeWorksheet gives a new worksheet its place in the module.
func (c *pageContent) placeWorksheet(w *models.Worksheet, on string) {
	name := w.Title
	if name == "" {
		name = string(w.Word) + " " + on
	}
	w.ModuleID = c.module.Record.ID
	w.Slug = unique(models.Slug(name), c.module.slugs)
	w.Position = c.module.placed
	c.module.placed++
}

// overview fills a module with what its overview page says of it.
func (c *pageContent) overview(found *blocks.Result) {
	m := c.section.introduces.Record
	if m.DurationMinutes == nil {
		m.DurationMinutes = found.Minutes
	}
	if m.License == "" {
		m.License = c.license(found)
	}
	if len(m.Objectives) > 0 {
		return
	}
	for i, t := range found.Objectives[:min(len(found.Objectives), maxObjectives)] {
		m.Objectives = append(m.Objectives, models.Objective{ID: "o" + strconv.Itoa(i+1), Text: t})
	}
}

// maxObjectives is how many objectives a module can have.
const maxObjectives = 100

// license is what an included licence says.
func (c *pageContent) license(found *blocks.Result) string {
	for _, use := range found.Includes {
		name := strings.ToLower(use.Name)
		if use.Block.Fragment == nil || !strings.Contains(name, "licence") && !strings.Contains(name, "license") {
			continue
		}
		for _, f := range c.site.fragments {
			if f.Record.ID != use.Block.Fragment.ID {
				continue
			}
			for _, b := range f.Record.Blocks {
				if p, ok := b.(*models.Paragraph); ok {
					return clip(render.Plain(p.Text))
				}
			}
		}
	}
	return ""
}

// line finds the line of the page that an address stands in, 0 when it is not there as it is.
func (c *pageContent) line(address string) int {
	at := strings.Index(c.text, address)
	if at < 0 { // a variable of the site came before it
		at = strings.Index(c.text, address[strings.LastIndexByte(strings.TrimSuffix(address, "/"), '/')+1:])
	}
	if at < 0 {
		return 0
	}
	return strings.Count(c.text[:at], "\n") + 1
}
