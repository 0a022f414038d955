package content

import (
	"context"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// ListRequest asks for a part of a list.
type ListRequest struct {
	Limit int     // how many records at most, from 1
	After string  // cursor of an earlier page; empty: from the start
	Body  BodySet // forms of content, for kinds that have any
}

// Page is a part of a list.
type Page[V any] struct {
	Items []V
	Next  string // cursor for the part after this one; empty at the end
}

// live reads one live record by id. It fails with Gone when it was live once, else with NotFound.
func live(tx *store.Tx, r models.Record, id models.ID) error {
	err := tx.Live.Get(r, id)
	if models.KindOf(err) == models.KindNotFound {
		return missing(tx, r.Kind(), id, err)
	}
	return err
}

func missing(tx *store.Tx, kind models.Kind, id models.ID, notFound error) error {
	gone, err := tx.IsGone(id)
	if err != nil {
		return err
	}
	if gone {
		return models.Gone(kind, string(id))
	}
	return notFound
}

// one reads one live record and makes its view.
func one[R models.Record, V any](ctx context.Context, s *Service, find func(*store.Tx) (R, error), views func(*store.Tx, []R) ([]V, error)) (V, error) {
	var view V
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, err := find(tx)
		if err != nil {
			return err
		}
		vs, err := views(tx, []R{r})
		if err != nil {
			return err
		}
		view = vs[0]
		return nil
	})
	return view, err
}

func liveByID[R models.Record](r R, id models.ID) func(*store.Tx) (R, error) {
	return func(tx *store.Tx) (R, error) { return r, live(tx, r, id) }
}

// page reads a part of a list and makes its views.
func page[R models.Record, V any](ctx context.Context, s *Service, kind models.Kind, req ListRequest, views func(*store.Tx, []R) ([]V, error)) (Page[V], error) {
	p := Page[V]{Items: []V{}}
	after, err := readCursor(kind, req.After)
	if err != nil {
		return p, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		q := store.Query{Kind: kind, Limit: req.Limit + 1, After: after, Bodies: len(req.Body) > 0}
		rs, err := tx.Live.List(q)
		if err != nil {
			return err
		}
		if len(rs) > req.Limit {
			rs = rs[:req.Limit]
			p.Next = writeCursor(kind, store.Keys(q.Sort, rs[len(rs)-1].Base()))
		}
		typed := make([]R, len(rs))
		for i, r := range rs {
			typed[i] = r.(R)
		}
		vs, err := views(tx, typed)
		if err == nil && len(vs) > 0 {
			p.Items = vs
		}
		return err
	})
	return p, err
}

// Course reads a live course by id.
func (s *Service) Course(ctx context.Context, id models.ID) (CourseView, error) {
	return one(ctx, s, liveByID(&models.Course{}, id), courseViews)
}

// CourseBySlug reads a live course by its slug.
func (s *Service) CourseBySlug(ctx context.Context, course string) (CourseView, error) {
	return one(ctx, s, func(tx *store.Tx) (*models.Course, error) { return path(tx).course(course) }, courseViews)
}

// Courses lists live courses.
func (s *Service) Courses(ctx context.Context, req ListRequest) (Page[CourseView], error) {
	return page(ctx, s, models.KindCourse, req, courseViews)
}

// Module reads a live module by id.
func (s *Service) Module(ctx context.Context, id models.ID) (ModuleView, error) {
	return one(ctx, s, liveByID(&models.Module{}, id), moduleViews)
}

// ModuleBySlug reads a live module by path.
func (s *Service) ModuleBySlug(ctx context.Context, course, module string) (ModuleView, error) {
	return one(ctx, s, func(tx *store.Tx) (*models.Module, error) { return path(tx).module(course, module) }, moduleViews)
}

// Modules lists live modules.
func (s *Service) Modules(ctx context.Context, req ListRequest) (Page[ModuleView], error) {
	return page(ctx, s, models.KindModule, req, moduleViews)
}

// Section reads a live section by id.
func (s *Service) Section(ctx context.Context, id models.ID, body BodySet) (SectionView, error) {
	return one(ctx, s, liveByID(&models.Section{}, id), sectionViews(body))
}

// SectionBySlug reads a live section by path.
func (s *Service) SectionBySlug(ctx context.Context, course, module, section string, body BodySet) (SectionView, error) {
	return one(ctx, s, func(tx *store.Tx) (*models.Section, error) {
		r := &models.Section{}
		return r, path(tx).below(r, course, module, section)
	}, sectionViews(body))
}

// Sections lists live sections.
func (s *Service) Sections(ctx context.Context, req ListRequest) (Page[SectionView], error) {
	return page(ctx, s, models.KindSection, req, sectionViews(req.Body))
}

// Worksheet reads a live worksheet by id.
func (s *Service) Worksheet(ctx context.Context, id models.ID, body BodySet) (WorksheetView, error) {
	return one(ctx, s, liveByID(&models.Worksheet{}, id), worksheetViews(body))
}

// WorksheetBySlug reads a live worksheet by path.
func (s *Service) WorksheetBySlug(ctx context.Context, course, module, worksheet string, body BodySet) (WorksheetView, error) {
	return one(ctx, s, func(tx *store.Tx) (*models.Worksheet, error) {
		r := &models.Worksheet{}
		return r, path(tx).below(r, course, module, worksheet)
	}, worksheetViews(body))
}

// Worksheets lists live worksheets.
func (s *Service) Worksheets(ctx context.Context, req ListRequest) (Page[WorksheetView], error) {
	return page(ctx, s, models.KindWorksheet, req, worksheetViews(req.Body))
}

// Fragment reads a live fragment by id.
func (s *Service) Fragment(ctx context.Context, id models.ID, body BodySet) (FragmentView, error) {
	return one(ctx, s, liveByID(&models.Fragment{}, id), fragmentViews(body))
}

// Fragments lists live fragments.
func (s *Service) Fragments(ctx context.Context, req ListRequest) (Page[FragmentView], error) {
	return page(ctx, s, models.KindFragment, req, fragmentViews(req.Body))
}

// Source reads a live source by id.
func (s *Service) Source(ctx context.Context, id models.ID) (SourceView, error) {
	return one(ctx, s, liveByID(&models.Source{}, id), sourceViews)
}

// Sources lists live sources.
func (s *Service) Sources(ctx context.Context, req ListRequest) (Page[SourceView], error) {
	return page(ctx, s, models.KindSource, req, sourceViews)
}

// Asset reads a live asset by id.
func (s *Service) Asset(ctx context.Context, id models.ID) (AssetView, error) {
	return one(ctx, s, liveByID(&models.Asset{}, id), assetViews)
}

// Assets lists live assets.
func (s *Service) Assets(ctx context.Context, req ListRequest) (Page[AssetView], error) {
	return page(ctx, s, models.KindAsset, req, assetViews)
}

// Citation reads a citation of a live section by its id.
func (s *Service) Citation(ctx context.Context, id models.ID) (CitationView, error) {
	var view CitationView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		row, err := tx.Live.Citation(id)
		if err != nil {
			return err
		}
		views, err := citationViews(tx, []store.Citation{*row})
		if err == nil {
			view = views[0]
		}
		return err
	})
	return view, err
}

// Citations lists the citations of live sections.
func (s *Service) Citations(ctx context.Context, req ListRequest) (Page[CitationView], error) {
	p := Page[CitationView]{Items: []CitationView{}}
	after, err := readCursor(models.KindCitation, req.After)
	if err != nil {
		return p, err
	}
	var id models.ID
	if len(after) > 0 {
		id = models.ID(after[0])
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Live.Citations(id, req.Limit+1)
		if err != nil {
			return err
		}
		if len(rows) > req.Limit {
			rows = rows[:req.Limit]
			p.Next = writeCursor(models.KindCitation, []string{string(rows[len(rows)-1].ID)})
		}
		p.Items, err = citationViews(tx, rows)
		return err
	})
	return p, err
}

// Tree reads a live module with its sections nested in order.
func (s *Service) Tree(ctx context.Context, course, module string, body BodySet) (TreeView, error) {
	var tree TreeView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, err := path(tx).module(course, module)
		if err != nil {
			return err
		}
		views, err := moduleViews(tx, []*models.Module{m})
		if err != nil {
			return err
		}
		list, err := tx.Live.List(store.Query{Kind: models.KindSection, Module: m.ID, Bodies: len(body) > 0})
		if err != nil {
			return err
		}
		sections := make([]*models.Section, len(list))
		for i, r := range list {
			sections[i] = r.(*models.Section)
		}
		nodes, err := sectionViews(body)(tx, sections)
		if err != nil {
			return err
		}
		tree = TreeView{ModuleView: views[0], Tree: nest(sections, nodes)}
		return nil
	})
	return tree, err
}

// nest builds the tree. A section whose parent is not live stands at the top rather than nowhere.
func nest(sections []*models.Section, views []SectionView) []*TreeNode {
	nodes := map[models.ID]*TreeNode{}
	for i, s := range sections {
		nodes[s.ID] = &TreeNode{SectionView: views[i], Children: []*TreeNode{}}
	}
	top := []*TreeNode{}
	for _, s := range sections {
		if s.ParentID != nil && nodes[*s.ParentID] != nil {
			parent := nodes[*s.ParentID]
			parent.Children = append(parent.Children, nodes[s.ID])
			continue
		}
		top = append(top, nodes[s.ID])
	}
	return top
}

// path finds live records by their slugs.
func path(tx *store.Tx) paths { return paths{tx} }

type paths struct{ tx *store.Tx }

func (p paths) course(slug string) (*models.Course, error) {
	var c models.Course
	return &c, p.tx.Live.BySlug(&c, "", slug)
}

func (p paths) module(course, slug string) (*models.Module, error) {
	c, err := p.course(course)
	if err != nil {
		return nil, err
	}
	var m models.Module
	return &m, p.tx.Live.BySlug(&m, c.ID, slug)
}

func (p paths) below(r models.Record, course, module, slug string) error {
	m, err := p.module(course, module)
	if err != nil {
		return err
	}
	return p.tx.Live.BySlug(r, m.ID, slug)
}

// bodies makes the asked forms of a section, or of a fragment as a section of its blocks.
func bodies(l *lookup, r models.Record, s *models.Section, body BodySet) Bodies {
	var b Bodies
	set := func(form Body, to **string, make func() string) {
		if body[form] {
			text := make()
			*to = &text
		}
	}
	set(BodyHTML, &b.HTML, func() string { return l.fill(s.HTML) })
	set(BodyMarkdown, &b.Markdown, func() string { return render.Markdown(s, l.find) })
	set(BodyText, &b.Text, func() string {
		text, _ := render.Text(s.Blocks, l.find)
		return text
	})
	l.resolve(r)
	if body[BodyBlocks] {
		b.Blocks = &s.Blocks
	}
	return b
}
