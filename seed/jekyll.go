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
	s := strings.TrimPrefix(string(page[:min(len(page), headBytes)]), "\uFEFF")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

// Survey adds the pages, module by module.
func (moduleSite) Survey(ctx context.Context, site *Site, pages []string) error {
	surveyed, err := surveyPages(ctx, site, pages)
	if err != nil {
		return err
	}
	sortPages(surveyed, sitePlace)
	slices.SortStableFunc(surveyed, func(a, b *page) int { return boolOrder(a.isDraft(), b.isDraft()) })
	placeSite(site, surveyed)
	forget(surveyed)
	return nil
}

func surveyPages(ctx context.Context, site *Site, names []string) ([]*page, error) {
	var out []*page
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p, err := surveyPage(site, name)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// forget lets go of front matter, which is read again with the page.
func forget(pages []*page) {
	for _, p := range pages {
		p.matter = frontmatter.Matter{}
	}
}

// sitePages is a module with the sections that pages of it are parts of, by number or label.
type sitePages struct {
	*Module
	parents map[string]*Section
}

// placeSite puts the pages into modules and sections.
func placeSite(site *Site, pages []*page) {
	modules := map[*Module]*sitePages{}
	for _, p := range pages {
		m := siteModule(site, p)
		if modules[m] == nil {
			modules[m] = &sitePages{Module: m, parents: map[string]*Section{}}
			warnCopy(m, p, &site.Log)
		}
		modules[m].place(site, p)
	}
}

// warnCopy reports a module whose pages call it by the name of another: it is a copy of that one.
func warnCopy(m *Module, p *page, log *Log) {
	if named := p.matter.Text("module_name"); named != "" && named != m.Key {
		log.Warn(p.path, p.matter.Line("module_name"), "module_name is "+named+", but the pages are in the folder of "+m.Key)
	}
}

// siteModule finds the module of a page: its folder under modules/, else what the front matter calls it. Copies of a
// module in another folder name the same module there, so that the folder comes first.
func siteModule(site *Site, p *page) *Module {
	key, title := p.folder(), html.UnescapeString(p.matter.Text("module_full_name"))
	if key == "" {
		key = p.matter.Text("module_name")
	}
	if key == "" {
		return looseModule(site, p.path, p.title)
	}
	if title == "" {
		title = humanise(path.Base(key))
	}
	m := site.courseOf(p, key).Module(key, clip(title))
	m.numbered = m.numbered || sitePlace(p).rank == 1
	return m
}

// looseModule is the module of a page that names none: the one that the import names, or one of the page's own, which
// stays the same when the page's title changes.
func looseModule(site *Site, page, title string) *Module {
	key := page
	if site.Module != "" {
		title, key = site.Module, models.Slug(site.Module)
	}
	_, title = splitNumber(title)
	m := site.tree("").Module(key, clip(title))
	m.Record.Slug = models.Slug(title)
	return m
}

// place adds a page as a section of the module or as a part of one. Parents are found by number first: sections are
// known to carry two labels.
func (m *sitePages) place(site *Site, p *page) {
	s := newSection(site, m.Module, p)
	label := strings.TrimSpace(html.UnescapeString(p.matter.Text("section")))
	said := map[string]string{
		"title":            joinNumber(s.Record.Number, s.Record.Title),
		"module_name":      m.Key,
		"module_full_name": m.Record.Title,
	}
	major := majorNumber(p)
	switch {
	case p.isDraft(): // apart from what is published: a copy of it, often
		s.Record.InMenu = false
		m.Sections = append(m.Sections, s)
	case isOverview(p, label):
		m.Sections = append(m.Sections, s)
		s.overview(m.Module)
	case label == "" || isParentPage(p, major):
		m.Sections = append(m.Sections, s)
		m.parents[parentKey(major, label)] = s
	default:
		parent := m.parent(major, label)
		said["section"] = joinNumber(parent.Record.Number, parent.Record.Title)
		parent.Children = append(parent.Children, s)
	}
	s.keepMatter(p, said)
}

// parent finds the section that a page is a part of, or makes one of its label.
func (m *sitePages) parent(major, label string) *Section {
	key := parentKey(major, label)
	if m.parents[key] == nil {
		number, title := splitNumber(label)
		m.parents[key] = &Section{Key: m.Key + "#" + label, Record: &models.Section{
			Meta: models.Meta{ID: models.NewID()}, ModuleID: m.Record.ID, Slug: models.Slug(title), Title: clip(title), Number: number, InMenu: true,
		}}
		m.Sections = append(m.Sections, m.parents[key])
	}
	return m.parents[key]
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
