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

// Read adds the pages, module by module.
func (courseInABox) Read(ctx context.Context, src Source, pages []string, tree *Tree) error {
	site := loadConfig(src.FS, tree)
	byModule := map[string][]*page{}
	var keys []string
	for _, name := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := loadPage(src, name, site, tree)
		if err != nil {
			return err
		}
		key := p.folder()
		if key == "" {
			m := looseModule(src, p.path, p.title, tree)
			m.addPost(p)
			m.settle()
			continue
		}
		if byModule[key] == nil {
			keys = append(keys, key)
		}
		byModule[key] = append(byModule[key], p)
	}
	slices.Sort(keys)
	for _, key := range keys {
		addBoxModule(key, byModule[key], tree)
	}
	return nil
}

// addBoxModule adds the pages of one folder.
func addBoxModule(key string, pages []*page, tree *Tree) {
	sortPages(pages, datePlace)
	m := tree.Module(key, clip(boxTitle(key, pages)))
	m.Record.Position = moduleIndex(tree, m) + 1
	for _, p := range pages {
		m.addPost(p)
	}
	m.settle()
}

// boxTitle is the title of a module: that of the page with the module's address, or of its index, else the name of
// its folder.
func boxTitle(key string, pages []*page) string {
	for _, p := range pages {
		if strings.Trim(p.matter.Text("permalink"), "/") == "modules/"+key || p.isIndex() {
			return p.title
		}
	}
	return humanise(path.Base(key))
}

// addPost adds a page: as a section when it is tagged as the head of one, else as a part of the last section.
func (m *Module) addPost(p *page) {
	s := newSection(m, p)
	s.Record.Extra = p.extra(map[string]string{"title": joinNumber(s.Record.Number, s.Record.Title)})
	if len(m.Sections) == 0 {
		m.overview(p)
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
