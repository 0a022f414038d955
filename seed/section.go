package seed

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Limits of texts in records, in characters.
const (
	maxTitle   = 500
	maxSummary = 10_000
	maxAddress = 2000
)

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

// newSection makes the section of a page, whose content is read later.
func newSection(site *Site, m *Module, p *page) *Section {
	number, title := splitNumber(p.title)
	s := &Section{Key: p.path, Draft: p.isUnpublished(), Record: &models.Section{
		Meta:     models.Meta{ID: models.NewID()},
		ModuleID: m.Record.ID,
		Slug:     models.Slug(title),
		Title:    clip(title),
		Number:   number,
		InMenu:   !p.isUnpublished(),
		Origin:   &models.Origin{Path: p.path, Lines: &models.LineRange{Start: 1, End: p.lines}},
	}}
	s.Addresses = site.config.addresses(p)
	s.read = func() error {
		c := &pageContent{site: site, module: m, section: s, page: p}
		return c.read()
	}
	return s
}

// overview lets the page fill its module when it is read.
func (s *Section) overview(m *Module) {
	s.introduces = m
}

// clip cuts a title that is longer than a record holds. Front matter keeps all of it, see page.checkTitles.
func clip(s string) string { return fit(s, maxTitle) }

// fit makes a text one that a record holds: of so many characters at most, all of them valid.
func fit(s string, most int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// settle puts the modules of a course and their sections in their places: positions, parents, and slugs that no other
// section of the module has.
func (t *Tree) settle() {
	for n, m := range t.Modules {
		m.Record.Position = n
		slugs, position := map[string]int{}, 0
		_ = m.walk(func(s, parent *Section) error { // visiting can't fail
			s.Record.ModuleID, s.Record.Position = m.Record.ID, position
			s.Record.Slug = unique(s.Record.Slug, slugs)
			if parent != nil {
				s.Record.ParentID = &parent.Record.ID
				if parent.Draft { // its children are published, and can't stand under a page that is not
					s.Record.ParentID = parent.Record.ParentID
				}
			}
			position++
			return nil
		})
	}
}

// unique gives a slug that is not taken, and takes it: the second of its kind gets a 2. Of each slug taken the map
// holds the highest number that was tried for it.
func unique(slug string, taken map[string]int) string {
	candidate := slug
	for n := taken[slug] + 1; taken[candidate] > 0; n++ {
		suffix := "-" + strconv.Itoa(n)
		candidate = models.Slug(slug[:min(len(slug), models.MaxSlugLength-len(suffix))]) + suffix
		taken[slug] = n
	}
	taken[candidate] = max(1, taken[candidate])
	return candidate
}
