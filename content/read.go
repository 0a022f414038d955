package content

import (
	"context"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// ReadRequest says what a read of one record is to give.
type ReadRequest struct {
	Body    BodySet // forms of content, for kinds that have any
	Include Include // related records
}

// One is the answer to a read of one record.
type One[V any] struct {
	Data     V
	Included Included
}

// live reads one live record by id, to be served. It fails with Gone when it was live once, else with NotFound.
func live(tx *store.Tx, r models.Record, id models.ID) error {
	err := tx.Live.Stored().Get(r, id)
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
func one[R models.Record, V any](
	ctx context.Context, s *Service, in Include, find func(*store.Tx) (R, error), views func(*store.Tx, []R) ([]V, error),
) (One[V], error) {
	var out One[V]
	err := s.view(ctx, func(tx *store.Tx) error {
		r, err := find(tx)
		if err != nil {
			return err
		}
		vs, err := views(tx, []R{r})
		if err != nil {
			return err
		}
		out.Data = vs[0]
		out.Included, err = related(tx, r.Kind(), vs, in)
		return err
	})
	return out, err
}

func liveByID[R models.Record](r R, id models.ID) func(*store.Tx) (R, error) {
	return func(tx *store.Tx) (R, error) { return r, live(tx, r, id) }
}

// Course reads a live course by id.
func (s *Service) Course(ctx context.Context, id models.ID, req ReadRequest) (One[CourseView], error) {
	return one(ctx, s, req.Include, liveByID(&models.Course{}, id), courseViews)
}

// CourseBySlug reads a live course by its slug.
func (s *Service) CourseBySlug(ctx context.Context, course string, req ReadRequest) (One[CourseView], error) {
	return one(ctx, s, req.Include, func(tx *store.Tx) (*models.Course, error) {
		p := path(tx)
		r, err := p.course(course)
		return current(p, r, err)
	}, courseViews)
}

// Courses lists live courses.
func (s *Service) Courses(ctx context.Context, req ListRequest) (Page[CourseView], error) {
	return page(ctx, s, models.KindCourse, req, courseViews)
}

// Module reads a live module by id.
func (s *Service) Module(ctx context.Context, id models.ID, req ReadRequest) (One[ModuleView], error) {
	return one(ctx, s, req.Include, liveByID(&models.Module{}, id), moduleViews)
}

// ModuleBySlug reads a live module by path.
func (s *Service) ModuleBySlug(ctx context.Context, course, module string, req ReadRequest) (One[ModuleView], error) {
	return one(ctx, s, req.Include, func(tx *store.Tx) (*models.Module, error) {
		p := path(tx)
		r, err := p.module(course, module)
		return current(p, r, err)
	}, moduleViews)
}

// Modules lists live modules.
func (s *Service) Modules(ctx context.Context, req ListRequest) (Page[ModuleView], error) {
	return page(ctx, s, models.KindModule, req, moduleViews)
}

// Section reads a live section by id.
func (s *Service) Section(ctx context.Context, id models.ID, req ReadRequest) (One[SectionView], error) {
	return one(ctx, s, req.Include, liveByID(&models.Section{}, id), sectionViews(req.Body))
}

// SectionBySlug reads a live section by path.
func (s *Service) SectionBySlug(ctx context.Context, course, module, section string, req ReadRequest) (One[SectionView], error) {
	return one(ctx, s, req.Include, func(tx *store.Tx) (*models.Section, error) {
		r := &models.Section{}
		p := path(tx)
		return current(p, r, p.below(r, course, module, section))
	}, sectionViews(req.Body))
}

// Sections lists live sections.
func (s *Service) Sections(ctx context.Context, req ListRequest) (Page[SectionView], error) {
	return page(ctx, s, models.KindSection, req, func(tx *store.Tx, ss []*models.Section) ([]SectionView, error) {
		if !req.wants("parent", "breadcrumbs", "previous", "next") {
			return viewsWithin(tx, ss, nil, req.Body)
		}
		return sectionViews(req.Body)(tx, ss)
	})
}

// Worksheet reads a live worksheet by id.
func (s *Service) Worksheet(ctx context.Context, id models.ID, req ReadRequest) (One[WorksheetView], error) {
	return one(ctx, s, req.Include, liveByID(&models.Worksheet{}, id), worksheetViews(req.Body))
}

// WorksheetBySlug reads a live worksheet by path.
func (s *Service) WorksheetBySlug(ctx context.Context, course, module, worksheet string, req ReadRequest) (One[WorksheetView], error) {
	return one(ctx, s, req.Include, func(tx *store.Tx) (*models.Worksheet, error) {
		r := &models.Worksheet{}
		p := path(tx)
		return current(p, r, p.below(r, course, module, worksheet))
	}, worksheetViews(req.Body))
}

// Worksheets lists live worksheets.
func (s *Service) Worksheets(ctx context.Context, req ListRequest) (Page[WorksheetView], error) {
	return page(ctx, s, models.KindWorksheet, req, worksheetViews(req.Body))
}

// Fragment reads a live fragment by id.
func (s *Service) Fragment(ctx context.Context, id models.ID, req ReadRequest) (One[FragmentView], error) {
	return one(ctx, s, req.Include, liveByID(&models.Fragment{}, id), fragmentViews(req.Body))
}

// Fragments lists live fragments.
func (s *Service) Fragments(ctx context.Context, req ListRequest) (Page[FragmentView], error) {
	return page(ctx, s, models.KindFragment, req, fragmentViews(req.Body))
}

// Source reads a live source by id.
func (s *Service) Source(ctx context.Context, id models.ID, req ReadRequest) (One[SourceView], error) {
	return one(ctx, s, req.Include, liveByID(&models.Source{}, id), sourceViews)
}

// Sources lists live sources.
func (s *Service) Sources(ctx context.Context, req ListRequest) (Page[SourceView], error) {
	return page(ctx, s, models.KindSource, req, sourceViews)
}

// Asset reads a live asset by id.
func (s *Service) Asset(ctx context.Context, id models.ID, req ReadRequest) (One[AssetView], error) {
	return one(ctx, s, req.Include, liveByID(&models.Asset{}, id), assetViews)
}

// Assets lists live assets.
func (s *Service) Assets(ctx context.Context, req ListRequest) (Page[AssetView], error) {
	return page(ctx, s, models.KindAsset, req, assetViews)
}

// Citation reads a citation of a live section by its id.
func (s *Service) Citation(ctx context.Context, id models.ID, req ReadRequest) (One[CitationView], error) {
	var out One[CitationView]
	err := s.view(ctx, func(tx *store.Tx) error {
		row, err := tx.Live.Citation(id)
		if err != nil {
			return err
		}
		views, err := citationViews(tx, []store.Citation{*row})
		if err != nil {
			return err
		}
		out.Data = views[0]
		out.Included, err = related(tx, models.KindCitation, views, req.Include)
		return err
	})
	return out, err
}

// Citations lists the citations of live sections.
func (s *Service) Citations(ctx context.Context, req ListRequest) (Page[CitationView], error) {
	read := func(tx *store.Tx, q store.Query) ([]store.Citation, error) { return tx.Live.Citations(q) }
	return pageOf(ctx, s, list{models.KindCitation, req}, read, store.Citation.Meta, citationViews)
}

// Tree reads a live module with its sections nested in order, in the asked forms. Included is what a module can include.
func (s *Service) Tree(ctx context.Context, course, module string, req ReadRequest) (One[TreeView], error) {
	var tree One[TreeView]
	err := s.view(ctx, func(tx *store.Tx) error {
		p := path(tx)
		m, err := p.module(course, module)
		if m, err = current(p, m, err); err != nil {
			return err
		}
		views, err := moduleViews(tx, []*models.Module{m})
		if err != nil {
			return err
		}
		list, err := tx.Live.Stored().List(store.Query{Kind: models.KindSection, Module: m.ID, Bodies: len(req.Body) > 0})
		if err != nil {
			return err
		}
		sections := typed[*models.Section](list)
		nodes, err := sectionViews(req.Body)(tx, sections)
		if err != nil {
			return err
		}
		tree.Data = TreeView{ModuleView: views[0], Tree: nest(sections, nodes)}
		tree.Included, err = related(tx, models.KindModule, views, req.Include)
		return err
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

// bodies makes the asked forms of a section, or of a fragment as a section of its blocks.
func bodies(l *lookup, s *models.Section, body BodySet) Bodies {
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
	return b
}
