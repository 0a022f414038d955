package seed

import (
	"regexp"
	"strconv"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
	"github.com/lectern-cms/lectern/seed/cite"
)

// Limits of titles in records.
const maxTitle = 500

// numberedTitle parts a section's number from its title: "1.1 What is X?", "1. Introduction". A number without a dot
// is a word of the title.
var numberedTitle = regexp.MustCompile(`^(\d+(?:\.\d+)+\.?|\d+\.)\s+(\S.*)$`)

func splitNumber(title string) (number, rest string) {
	if m := numberedTitle.FindStringSubmatch(title); m != nil {
		return m[1], m[2]
	}
	return "", title
}

// joinNumber is a title as splitNumber found it.
func joinNumber(number, title string) string {
	if number == "" {
		return title
	}
	return number + " " + title
}

// newSection makes the section of a page.
func newSection(m *Module, p *page) *Section {
	number, title := splitNumber(p.title)
	s := &Section{Key: p.path, Draft: p.isUnpublished(), Record: &models.Section{
		Meta:        models.Meta{ID: models.NewID()},
		ModuleID:    m.Record.ID,
		Slug:        Slug(title),
		Title:       clip(title),
		Number:      number,
		InMenu:      !p.isUnpublished(),
		Origin:      &models.Origin{Path: p.path, Lines: &models.LineRange{Start: 1, End: p.lines}},
		Blocks:      p.content.Blocks,
		EditorNotes: p.content.EditorNotes,
	}}
	s.addNotes(p.content.Notes)
	s.addWorksheets(m, p.content.Worksheets)
	return s
}

// clip cuts a title that is longer than a record holds. Front matter keeps all of it, see page.checkTitles.
func clip(s string) string {
	if r := []rune(s); len(r) > maxTitle {
		return string(r[:maxTitle])
	}
	return s
}

// addNotes makes a citation of each note, and a source for it to point to.
func (s *Section) addNotes(notes []blocks.Note) {
	keys := map[string]int{}
	for _, n := range notes {
		read := cite.Parse(n.Written)
		work := &models.Source{
			Meta: models.Meta{ID: models.NewID()}, Key: citeKey(read.CSL, n.Label, keys), CSL: read.CSL,
			Written: n.Written, Parse: read.Parse, Recogniser: read.Recogniser,
		}
		s.Sources = append(s.Sources, work)
		s.Record.Citations = append(s.Record.Citations, models.Citation{
			ID: models.NewID(), Label: n.Label, Locator: read.Locator, Written: n.Written,
			Source: models.NewRef(models.KindSource, work.ID),
		})
	}
}

func (s *Section) addWorksheets(m *Module, worksheets []*models.Worksheet) {
	for _, w := range worksheets {
		w.ModuleID = m.Record.ID
		name := w.Title
		if name == "" {
			name = string(w.Word) + " " + s.Record.Title
		}
		w.Slug = Slug(name)
		s.Worksheets = append(s.Worksheets, w)
	}
}

// settle puts the sections of a module in their places: parents, positions, and slugs that no other section or
// worksheet of the module has.
func (m *Module) settle() {
	sections, worksheets := map[string]int{}, map[string]int{}
	position, placed := 0, 0
	var visit func(list []*Section, parent *models.ID)
	visit = func(list []*Section, parent *models.ID) {
		for _, s := range list {
			position++
			s.Record.Position, s.Record.ParentID = position, parent
			s.Record.Slug = unique(s.Record.Slug, sections)
			for _, w := range s.Worksheets {
				placed++
				w.Position = placed
				w.Slug = unique(w.Slug, worksheets)
			}
			visit(s.Children, &s.Record.ID)
		}
	}
	visit(m.Sections, nil)
}

// unique gives a slug that is not taken, and takes it: the second of its kind gets a 2. Of each slug taken the map
// holds the highest number that was tried for it.
func unique(slug string, taken map[string]int) string {
	candidate := slug
	for n := taken[slug] + 1; taken[candidate] > 0; n++ {
		suffix := "-" + strconv.Itoa(n)
		candidate = Slug(slug[:min(len(slug), models.MaxSlugLength-len(suffix))]) + suffix
		taken[slug] = n
	}
	taken[candidate] = max(1, taken[candidate])
	return candidate
}

// maxObjectives is how many objectives a module can have.
const maxObjectives = 100

// overview fills a module with what its overview page says of it.
func (m *Module) overview(p *page) {
	if m.Record.DurationMinutes == nil {
		m.Record.DurationMinutes = p.content.Minutes
	}
	if len(m.Record.Objectives) > 0 {
		return
	}
	for i, t := range p.content.Objectives {
		if i == maxObjectives {
			return
		}
		m.Record.Objectives = append(m.Record.Objectives, models.Objective{ID: "o" + strconv.Itoa(i+1), Text: t})
	}
}
