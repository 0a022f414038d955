package docs

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"github.com/lectern-cms/lectern/config"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

type (
	// site is all pages, and what their frame shows.
	site struct {
		Title, Summary, Version, License string
		Menu                             []menuGroup
		pages                            []*page
	}
	menuGroup struct {
		Name  string
		Pages []*page
	}
	// page is a page with those of its parts that it has.
	page struct {
		Name, Title string
		Lead        string        // a sentence
		Text        template.HTML // of the guide
		Chapters    []chapter     // of the page, for the menu

		Fields     *schema // of a kind of record
		Relations  []relation
		Filters    []filterTable
		Operations []operation
		Samples    []sample
		Settings   []config.Setting
		Schemas    []schema
	}
	chapter  struct{ ID, Title string }
	relation struct {
		Name, Kind string
		To         *page
	}
)

// Path is the address of the page.
func (p *page) Path() string {
	if p.Name == "" {
		return Root
	}
	return Root + "/" + p.Name
}

// guides are the pages that are no chapters of the contract, before those that are.
var guides = []struct{ name, title, lead string }{
	{"", "Introduction", ""},
	{"blocks", "Blocks", "What the content of a section is made of: every kind as JSON, as HTML, and as readers see it."},
	{"prompts", "Prompts", "What a worksheet asks for: every kind as JSON, as HTML, and as readers see it."},
	{"filters", "Filters and orders", "Every field that a list can be filtered and ordered by."},
	{"errors", "Errors", "What an error looks like, and what to do about each."},
	{"caching", "Caching and keeping in step", "How to ask again without reading again, and how to know what has changed."},
	{"admin", "The admin API", "Drafts, publishing, users: for people who are signed in, and for programs with a token."},
	{"settings", "Settings", "What the operator of a server sets, and what of it a front end notices."},
}

// schemasPage is the name of the page of all schemas.
const schemasPage = "schemas"

// readSite makes all pages. It keeps the first error of each step.
func readSite(contract []byte) (*site, error) {
	r, err := newReader(contract)
	if err != nil {
		return nil, err
	}
	info := r.contract.get("info")
	s := &site{
		Title: info.get("title").text(), Summary: info.get("summary").text(), Version: info.get("version").text(),
		License: info.get("license", "name").text(),
	}
	about := menuGroup{Name: "Guide"}
	for _, g := range guides {
		about.Pages = append(about.Pages, &page{Name: g.name, Title: g.title, Lead: g.lead})
	}
	about.Pages[0].Lead = s.Summary
	s.Menu = append(s.Menu, about)
	for _, group := range r.contract.get("x-tagGroups").list() {
		m := menuGroup{Name: group.get("name").text()}
		for _, tag := range group.get("tags").texts() {
			m.Pages = append(m.Pages, r.tagPage(tag))
		}
		s.Menu = append(s.Menu, m)
	}
	last := &s.Menu[len(s.Menu)-1]
	last.Pages = append(last.Pages, &page{Name: schemasPage, Title: "Schemas", Lead: "What requests and answers are made of. A field that is not marked optional is always there."})
	for _, m := range s.Menu {
		s.pages = append(s.pages, m.Pages...)
	}
	s.fill(r)
	return s, r.err
}

// tagPage is the page of a tag of the contract.
func (r *reader) tagPage(tag string) *page {
	p := &page{Name: pageName(tag), Title: tag}
	for _, t := range r.contract.get("tags").list() {
		if t.get("name").text() == tag {
			p.Lead = strings.TrimSpace(t.get("description").text())
		}
	}
	p.Operations = r.operations(tag)
	return p
}

func pageName(tag string) string {
	return strings.NewReplacer(": ", "-", " ", "-").Replace(strings.ToLower(tag))
}

// kindOf is the kind of record that a page is about, "" for others.
func kindOf(p *page) models.Kind {
	for _, kind := range append(models.StoredKinds(), models.KindCitation) {
		if kind.Plural() == p.Name {
			return kind
		}
	}
	return ""
}

// fill completes the pages.
func (s *site) fill(r *reader) {
	named := map[string]*page{}
	for _, p := range s.pages {
		named[p.Name] = p
	}
	for _, p := range s.pages {
		p.addFilters()
		if kind := kindOf(p); kind != "" {
			s.fillKind(r, p, kind, named)
			named["filters"].Filters = append(named["filters"].Filters, p.Filters...)
		}
	}
	named["blocks"].Samples = r.blockSamples()
	named["prompts"].Samples = r.promptSamples()
	named["settings"].Settings = config.Settings()
	for name, schema := range r.contract.get("components", "schemas").all() {
		named[schemasPage].Schemas = append(named[schemasPage].Schemas, r.schema(name, schema))
	}
	for _, p := range s.pages {
		p.Text, p.Chapters = r.guide(p.Name)
		p.addChapters()
	}
}

// fillKind adds what the pages of records have beside their operations.
func (s *site) fillKind(r *reader, p *page, kind models.Kind, named map[string]*page) {
	name := strings.TrimSuffix(p.Title, "s")
	fields := r.schema(name, r.contract.get("components", "schemas", name))
	p.Fields = &fields
	relations := content.Relations(kind)
	for _, name := range sortedKeys(relations) {
		p.Relations = append(p.Relations, relation{Name: name, Kind: string(relations[name]), To: named[relations[name].Plural()]})
	}
}

// addFilters adds the table of filters of the first request that takes any: the others of a page take the same.
func (p *page) addFilters() {
	for _, o := range p.Operations {
		if len(o.Filters) > 0 {
			p.Filters = []filterTable{{Title: p.Title, Kind: p, Fields: o.Filters, Orders: o.Orders}}
			return
		}
	}
}

// addChapters names the parts of the page for the menu.
func (p *page) addChapters() {
	for _, part := range []struct {
		there     bool
		id, title string
	}{
		{p.Fields != nil, "fields", "Fields"},
		{len(p.Relations) > 0, "relations", "Relations"},
		{len(p.Filters) == 1, "filters", "Filters and orders"},
		{len(p.Operations) > 0, "requests", "Requests"},
		{len(p.Settings) > 0, "all", "All settings"},
	} {
		if part.there {
			p.Chapters = append(p.Chapters, chapter{part.id, part.title})
		}
	}
	if len(p.Filters) > 1 {
		for _, f := range p.Filters {
			p.Chapters = append(p.Chapters, chapter{f.Kind.Name, f.Title})
		}
	}
	for _, s := range p.Samples {
		p.Chapters = append(p.Chapters, chapter{s.Kind, s.Kind})
	}
	for _, s := range p.Schemas {
		p.Chapters = append(p.Chapters, chapter{s.ID, s.Name})
	}
}

// guide is the text of a page, empty where there is none.
func (r *reader) guide(name string) (template.HTML, []chapter) {
	if name == "" {
		name = "index"
	}
	text, err := guide.ReadFile("guide/" + name + ".md")
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		r.keep(fmt.Errorf("guide: %w", err))
	}
	return r.html(string(text)), r.chapters(string(text))
}
