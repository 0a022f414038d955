package content

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// worksheetsStep stands in public paths before the slugs of worksheets, so that they can't be those of sections.
const worksheetsStep = "worksheets"

// paths finds live records by their slugs, and by those that they had before, to be served.
type paths struct {
	tx    *store.Tx
	live  *store.Side
	moved bool // one of the slugs was an old one
}

func path(tx *store.Tx, w wish) *paths { return &paths{tx: tx, live: w.side(tx)} }

func (p *paths) course(slug string) (*models.Course, error) {
	var c models.Course
	return &c, p.find(&c, "", slug)
}

func (p *paths) module(course, slug string) (*models.Module, error) {
	c, err := p.course(course)
	if err != nil {
		return nil, err
	}
	var m models.Module
	return &m, p.find(&m, c.ID, slug)
}

func (p *paths) below(r models.Record, course, module, slug string) error {
	if err := p.live.ByPath(r, course, module, slug); models.KindOf(err) != models.KindNotFound {
		return err
	}
	m, err := p.module(course, module)
	if err != nil {
		return err
	}
	return p.find(r, m.ID, slug)
}

// find reads the record with a slug below an owner, or else the one that had it last.
func (p *paths) find(r models.Record, owner models.ID, slug string) error {
	notFound := p.live.BySlug(r, owner, slug)
	if models.KindOf(notFound) != models.KindNotFound {
		return notFound
	}
	to, err := p.tx.Redirect(redirectPath(r.Kind(), owner, slug))
	if err != nil {
		return err
	}
	if to == nil {
		return notFound
	}
	if err := p.live.Get(r, to.ID); err != nil {
		if models.KindOf(err) == models.KindNotFound {
			return notFound
		}
		return err
	}
	p.moved = true
	return nil
}

// current gives a record that was found under its own slugs, and else the error that says where it is.
func current[R models.Record](p *paths, r R, err error) (R, error) {
	if err != nil || !p.moved {
		return r, err
	}
	return r, models.Moved(r.Kind(), r.Name(), apiPath(r.Kind(), steps(r)))
}

// steps lists the slugs that lead to a live record: of its course, its module and itself.
func steps(r models.Record) []string {
	if above := r.Base().Above; above != "" {
		return append(strings.Split(above, "/"), r.Name())
	}
	return []string{r.Name()}
}

// apiPath is the address of a record in the content API by slugs.
func apiPath(kind models.Kind, steps []string) string {
	out := "/v1/courses/" + steps[0]
	if len(steps) > 1 {
		out += "/modules/" + steps[1]
	}
	if len(steps) > 2 {
		out += "/" + kind.Plural() + "/" + steps[2]
	}
	return out
}

// publicPath is the address that a front end should give a live record, empty for one that has no page of its own: a
// worksheet, too, that sections show whose own module has been withdrawn.
func publicPath(r models.Record) models.Path {
	at := steps(r)
	switch {
	case r.Kind() == models.KindCourse:
	case r.Base().Above == "":
		return ""
	case r.Kind() == models.KindWorksheet:
		at = slices.Insert(at, 2, worksheetsStep)
	}
	return models.Path("/" + strings.Join(at, "/"))
}

// Resolved is what a public path leads to.
type Resolved struct {
	models.Ref
	Current bool `json:"current"` // the path is the record's own, a slash at its end aside: else a front end should redirect to that
}

// Resolve finds the live record of a public path: that of a front end, an older one, the address that a page had in the
// site from which it was imported, or an address of this API. It fails with NotFound when the path leads nowhere.
func (s *Service) Resolve(ctx context.Context, address string) (out Resolved, err error) {
	err = s.view(ctx, func(tx *store.Tx) error {
		r, err := resolve(tx, address)
		if err != nil {
			return err
		}
		out = Resolved{Ref: decorate(r)}
		if *out.Path == "" {
			return errNoPage
		}
		out.Current = strings.TrimSuffix(address, "/") == string(*out.Path) // static hosts put a slash at the end
		return nil
	})
	return out, err
}

var errNoPage = &models.Error{Kind: models.KindNotFound, Message: "nothing is published at this path"}

func resolve(tx *store.Tx, address string) (models.Record, error) {
	steps := strings.Split(strings.Trim(address, "/"), "/")
	r, err := bySteps(tx, steps)
	if models.KindOf(err) == models.KindNotFound {
		r, err = bySteps(tx, apiSteps(steps))
	}
	if models.KindOf(err) == models.KindNotFound {
		r, err = byImport(tx, address)
	}
	return r, err
}

// apiSteps turns an address of this API into the steps of a public path, as far as it is one.
func apiSteps(steps []string) []string {
	if len(steps) > 0 && steps[0] == "v1" {
		steps = steps[1:]
	}
	if len(steps)%2 != 0 || len(steps) == 0 || steps[0] != "courses" || len(steps) > 2 && steps[2] != "modules" {
		return nil
	}
	var out []string
	for i := 1; i < len(steps); i += 2 {
		if steps[i-1] == worksheetsStep {
			out = append(out, worksheetsStep)
		}
		out = append(out, steps[i])
	}
	return out
}

func bySteps(tx *store.Tx, steps []string) (models.Record, error) {
	p := path(tx, wish{})
	switch {
	case len(steps) == 1:
		return p.course(steps[0])
	case len(steps) == 2:
		return p.module(steps[0], steps[1])
	case len(steps) == 3:
		s := &models.Section{}
		return s, p.below(s, steps[0], steps[1], steps[2])
	case len(steps) == 4 && steps[2] == worksheetsStep:
		w := &models.Worksheet{}
		return w, p.below(w, steps[0], steps[1], steps[3])
	}
	return nil, models.NotFound(models.KindSection, strings.Join(steps, "/"))
}

// byImport finds the page that had an address in the site that it comes from.
func byImport(tx *store.Tx, address string) (models.Record, error) {
	page := strings.Trim(address, "/")
	for _, end := range []string{".html", ".htm", ".md", "index"} { // imports keep addresses without them
		page = strings.TrimSuffix(page, end)
	}
	refs, err := tx.ImportedAt(strings.TrimSuffix(page, "/"))
	if err != nil {
		return nil, err
	}
	for _, ref := range refs {
		r, err := tx.Live.Record(ref.Type, ref.ID)
		if models.KindOf(err) != models.KindNotFound {
			return r, err
		}
	}
	return nil, errNoPage
}

// SitemapEntry is one page of a course, for generators of static sites.
type SitemapEntry struct {
	models.Ref
	Module      *models.ID `json:"module"` // of a section or worksheet
	Parent      *models.ID `json:"parent"` // the section above
	Number      string     `json:"number"`
	InMenu      bool       `json:"in_menu"`
	UpdatedAt   time.Time  `json:"updated_at"`
	PublishedAt time.Time  `json:"published_at"`
}

// Sitemap lists all pages of a live course, named by slug or id: the course, and each module with its sections in reading
// order and its worksheets.
func (s *Service) Sitemap(ctx context.Context, course string) (out []SitemapEntry, err error) {
	err = s.view(ctx, func(tx *store.Tx) error {
		c, err := liveCourse(tx, course)
		if err != nil {
			return err
		}
		out = []SitemapEntry{sitemapEntry(c, true)}
		modules, err := tx.Live.Children(models.KindModule, []models.ID{c.ID}, spare[models.KindModule]...)
		if err != nil {
			return err
		}
		sections, err := tx.Live.Serving(models.KindSection, spare[models.KindSection]...).List(store.Query{Kind: models.KindSection, Course: c.ID})
		if err != nil {
			return err
		}
		worksheets, err := tx.Live.Children(models.KindWorksheet, ids(modules), spare[models.KindWorksheet]...)
		if err != nil {
			return err
		}
		for _, m := range typed[*models.Module](modules) {
			out = append(out, sitemapEntry(m, m.InMenu))
			for _, s := range inOrder(typed[*models.Section](sections), m.ID) {
				e := sitemapEntry(s, s.InMenu)
				e.Module, e.Parent, e.Number = &s.ModuleID, s.ParentID, s.Number
				out = append(out, e)
			}
			for _, w := range typed[*models.Worksheet](worksheets) {
				if w.ModuleID == m.ID {
					e := sitemapEntry(w, false)
					e.Module, e.Number = &w.ModuleID, w.Number
					out = append(out, e)
				}
			}
		}
		return nil
	})
	return out, err
}

func sitemapEntry(r models.Record, inMenu bool) SitemapEntry {
	m := r.Base()
	return SitemapEntry{Ref: decorate(r), InMenu: inMenu, UpdatedAt: m.UpdatedAt, PublishedAt: m.PublishedAt}
}

// inOrder lists the sections of a module in reading order.
func inOrder(sections []*models.Section, module models.ID) []*models.Section {
	byID := map[models.ID]*models.Section{}
	var sequence []*models.Section
	for _, s := range sections {
		if s.ModuleID == module {
			byID[s.ID] = s
			sequence = append(sequence, s)
		}
	}
	slices.SortStableFunc(sequence, func(a, b *models.Section) int { return a.Position - b.Position })
	out := make([]*models.Section, 0, len(sequence))
	for _, id := range models.ReadingOrder(ids(sequence), parentsOf(byID)) {
		out = append(out, byID[id])
	}
	return out
}
