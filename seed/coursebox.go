package seed

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// courseInABox reads the pages of courses made with P2PU's course-in-a-box: posts in a folder per module, put in order
// by made-up dates.
type courseInABox struct{}

// Name is "course-in-a-box".
func (courseInABox) Name() string { return "course-in-a-box" }

// Recognises tells whether a page has front matter, or is a post or a Markdown file without any.
func (courseInABox) Recognises(name string, page []byte) bool {
	return frontmatter.Has(pageHead(page)) || slices.Contains(strings.Split(path.Dir(name), "/"), "_posts") ||
		slices.Contains([]string{".md", ".markdown"}, strings.ToLower(path.Ext(name)))
}

// Survey adds the pages, module by module.
func (courseInABox) Survey(ctx context.Context, site *Site, pages []string) error {
	surveyed, err := surveyPages(ctx, site, pages)
	if err != nil {
		return err
	}
	byModule := map[string][]*page{}
	var keys []string
	for _, p := range surveyed {
		key := p.folder()
		if key == "" {
			looseModule(site, p.path, p.title).addPost(site, p)
			continue
		}
		if byModule[key] == nil {
			keys = append(keys, key)
		}
		byModule[key] = append(byModule[key], p)
	}
	slices.Sort(keys)
	for _, key := range keys {
		addBoxModule(site, key, byModule[key])
	}
	forget(surveyed)
	return nil
}

// addBoxModule adds the pages of one folder.
func addBoxModule(site *Site, key string, pages []*page) {
	sortPages(pages, datePlace)
	m := site.courseOf(pages[0], key).Module(key, clip(boxTitle(key, pages)))
	for _, p := range pages {
		m.numbered = m.numbered || datePlace(p).rank == 1
		m.addPost(site, p)
	}
}

// boxTitle is the title of a module: that of the page with the module's address, or of its index, else the name of
// its folder.
func boxTitle(key string, pages []*page) string {
	for _, p := range pages {
		if address := strings.Trim(p.matter.Text("permalink"), "/"); p.isIndex() || address == "modules/"+key || address == "courses/"+key {
			return p.title
		}
	}
	return humanise(path.Base(key))
}

// addPost adds a page: as a section when it is tagged as the head of one, else as a part of the last section.
func (m *Module) addPost(site *Site, p *page) {
	s := newSection(site, m, p)
	s.keepMatter(p, map[string]string{"title": joinNumber(s.Record.Number, s.Record.Title)})
	if len(m.Sections) == 0 {
		s.overview(m)
	}
	if len(m.Sections) == 0 || startsSection(p) {
		m.Sections = append(m.Sections, s)
		return
	}
	last := m.Sections[len(m.Sections)-1]
	last.Children = append(last.Children, s)
}

// sectionTag marks the page that starts a section.
const sectionTag = "sectionHead"

func startsSection(p *page) bool {
	if slices.Contains(strings.Fields(p.matter.Text("tags")), sectionTag) {
		return true
	}
	var tags []string
	if err := json.Unmarshal(p.matter.JSON("tags"), &tags); err != nil {
		return false // not a list of words: no tags that mean anything here
	}
	return slices.Contains(tags, sectionTag)
}
