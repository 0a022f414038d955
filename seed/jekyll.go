package seed

import (
	"context"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// moduleSite reads the pages of Jekyll sites whose front matter names module, section and subsection.
type moduleSite struct{}

// Name is "jekyll-module-site".
func (moduleSite) Name() string { return "jekyll-module-site" }

var moduleKeys = regexp.MustCompile(`(?m)^(?:layout\s*:\s*["']?module["']?\s*$|(?:module_name|section|subsection)\s*:)`)

// Recognises tells whether the front matter has a key of this kind of site.
func (moduleSite) Recognises(_ string, page []byte) bool {
	yaml, _, _, _ := frontmatter.Split(pageHead(page))
	return moduleKeys.MatchString(yaml)
}

// pageHead is a page as far as front matter can reach, with line breaks as "\n".
func pageHead(page []byte) string {
	const reach = 128 << 10
	s := strings.TrimPrefix(string(page[:min(len(page), reach)]), "\uFEFF")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

// Read adds the pages, module by module.
func (moduleSite) Read(ctx context.Context, src Source, pages []string, tree *Tree) error {
	site := loadConfig(src.FS, tree)
	var loaded []*page
	for _, name := range pages {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := loadPage(src, name, site, tree)
		if err != nil {
			return err
		}
		loaded = append(loaded, p)
	}
	sortPages(loaded, sitePlace)
	slices.SortStableFunc(loaded, func(a, b *page) int { return boolOrder(a.isDraft(), b.isDraft()) })
	for _, m := range placeSite(src, loaded, tree) {
		m.settle()
	}
	return nil
}

// sitePages is a module with the sections that pages of it are parts of, by number or label.
type sitePages struct {
	*Module
	parents map[string]*Section
	drafts  map[string]*Section // the same for drafts, which are never merged with what is published
}

// placeSite puts the pages into modules and sections, and gives the modules that it touched.
func placeSite(src Source, pages []*page, tree *Tree) []*Module {
	modules := map[*Module]*sitePages{}
	var touched []*Module
	for _, p := range pages {
		m := siteModule(src, p, tree)
		if modules[m] == nil {
			modules[m] = &sitePages{Module: m, parents: map[string]*Section{}, drafts: map[string]*Section{}}
			touched = append(touched, m)
			warnCopy(m, p, tree)
		}
		modules[m].place(p)
	}
	return touched
}

// warnCopy reports a module whose pages call it by the name of another: it is a copy of that one.
func warnCopy(m *Module, p *page, tree *Tree) {
	if named := p.matter.Text("module_name"); named != "" && named != m.Key {
		tree.Warn(p.path, p.matter.Line("module_name"), "module_name is "+named+", but the pages are in the folder of "+m.Key)
	}
}

// siteModule finds the module of a page: its folder under modules/, else what the front matter calls it. Copies of a
// module in another folder name the same module there, so that the folder comes first.
func siteModule(src Source, p *page, tree *Tree) *Module {
	key, title := p.folder(), html.UnescapeString(p.matter.Text("module_full_name"))
	if key == "" {
		key = p.matter.Text("module_name")
	}
	if key == "" {
		return looseModule(src, p.path, p.title, tree)
	}
	if title == "" {
		title = humanise(path.Base(key))
	}
	m := tree.Module(key, clip(title))
	m.Record.Position = moduleIndex(tree, m) + 1
	return m
}

// looseModule is the module of a page that names none: the one that the import names, or one of the page's own, which
// stays the same when the page's title changes.
func looseModule(src Source, page, title string, tree *Tree) *Module {
	key := page
	if src.Module != "" {
		title, key = src.Module, Slug(src.Module)
	}
	_, title = splitNumber(title)
	m := tree.Module(key, clip(title))
	m.Record.Slug = Slug(title)
	m.Record.Position = moduleIndex(tree, m) + 1
	return m
}

func moduleIndex(tree *Tree, m *Module) int {
	for i, have := range tree.Modules {
		if have == m {
			return i
		}
	}
	return len(tree.Modules)
}

// place adds a page as a section of the module or as a part of one. Parents are found by number first: sections are
// known to carry two labels.
func (m *sitePages) place(p *page) {
	s := newSection(m.Module, p)
	label := strings.TrimSpace(html.UnescapeString(p.matter.Text("section")))
	said := map[string]string{
		"title":            joinNumber(s.Record.Number, s.Record.Title),
		"module_name":      m.Key,
		"module_full_name": m.Record.Title,
	}
	parents := m.parents
	if p.isDraft() {
		parents, s.Record.InMenu = m.drafts, false
	}
	major := majorNumber(p)
	switch {
	case isOverview(p, label):
		m.Sections = append(m.Sections, s)
		m.overview(p)
	case label == "" || isParentPage(p, major):
		m.Sections = append(m.Sections, s)
		parents[parentKey(major, label)] = s
	default:
		parent := m.parent(parents, p, major, label)
		said["section"] = joinNumber(parent.Record.Number, parent.Record.Title)
		parent.Children = append(parent.Children, s)
	}
	s.Record.Extra = p.extra(said)
}

// parent finds the section that a page is a part of, or makes one of its label.
func (m *sitePages) parent(parents map[string]*Section, p *page, major, label string) *Section {
	key := parentKey(major, label)
	if parents[key] == nil {
		number, title := splitNumber(label)
		name := m.Key + "#" + label
		if p.isDraft() {
			name = path.Dir(p.path) + "/" + name
		}
		parents[key] = &Section{Key: name, Record: &models.Section{
			Meta: models.Meta{ID: models.NewID()}, ModuleID: m.Record.ID, Slug: Slug(title), Title: clip(title), Number: number,
			InMenu: !p.isDraft(),
		}}
		m.Sections = append(m.Sections, parents[key])
	}
	return parents[key]
}

func parentKey(major, label string) string {
	if major != "" {
		return major
	}
	return strings.ToLower(label)
}

var overviewLabel = regexp.MustCompile(`(?i)^(?:module )?overview$`)

// isOverview tells whether a page is the first of its module, before all sections.
func isOverview(p *page, label string) bool {
	return p.isIndex() || overviewLabel.MatchString(label) || overviewLabel.MatchString(p.matter.Text("subsection"))
}

var (
	sectionFile  = regexp.MustCompile(`^section-(\d+)(?:-(\d+))?(?:\D|$)`)
	leadingMajor = regexp.MustCompile(`^(\d+)\.`)
)

// majorNumber is the number of the section that a page is, or is a part of: from its file name, its own number, or
// the label of its section.
func majorNumber(p *page) string {
	if m := sectionFile.FindStringSubmatch(path.Base(p.path)); m != nil {
		return m[1]
	}
	for _, s := range []string{p.title, p.matter.Text("section")} {
		if m := leadingMajor.FindStringSubmatch(s); m != nil {
			return m[1]
		}
	}
	return ""
}

// wholeNumber finds the number of a section's own page: "3." or "3.0", not "3.1".
var wholeNumber = regexp.MustCompile(`^\d+\.(?:0+)?$`)

// isParentPage tells whether a page is the one of its section, and not a part of it.
func isParentPage(p *page, major string) bool {
	if m := sectionFile.FindStringSubmatch(path.Base(p.path)); m != nil {
		return m[2] == "" || strings.Trim(m[2], "0") == ""
	}
	number, title := splitNumber(p.title)
	if number != "" {
		return wholeNumber.MatchString(number)
	}
	sub := p.matter.Text("subsection")
	_, label := splitNumber(p.matter.Text("section"))
	return major != "" && sub != "" && !strings.Contains(sub, "-") || title == label
}
