package content

import (
	"context"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// ReadRequest says what a read of one record is to give.
type ReadRequest struct {
	Body     BodySet         // forms of content, for kinds that have any
	Include  Include         // related records
	Fields   map[string]bool // as in a ListRequest
	FieldsOf FieldsOf
}

// One is the answer to a read of one record.
type One[V any] struct {
	Data     V
	Included Included
}

// live reads one live record by id, to be served. It fails with Gone when it was live once, else with NotFound.
func live(tx *store.Tx, r models.Record, id models.ID, w wish) error {
	err := w.side(tx).Get(r, id)
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

// maker makes the views of records that were read as was wished.
type maker[R, V any] func(*store.Tx, []R, wish) ([]V, error)

// one reads one live record and makes its view.
func one[R models.Record, V any](
	ctx context.Context, s *Service, req ReadRequest, find func(*store.Tx, wish) (R, error), views maker[R, V],
) (One[V], error) {
	var none R
	w := req.wish(none.Kind())
	var out One[V]
	err := s.view(ctx, func(tx *store.Tx) error {
		r, err := find(tx, w)
		if err != nil {
			return err
		}
		vs, err := views(tx, []R{r}, w)
		if err != nil {
			return err
		}
		out.Data = vs[0]
		out.Included, err = related(tx, r.Kind(), vs, req.Include, req.FieldsOf)
		return err
	})
	return out, err
}

func liveByID[R models.Record](r R, id models.ID) func(*store.Tx, wish) (R, error) {
	return func(tx *store.Tx, w wish) (R, error) { return r, live(tx, r, id, w) }
}

// Course reads a live course by id.
func (s *Service) Course(ctx context.Context, id models.ID, req ReadRequest) (One[CourseView], error) {
	return one(ctx, s, req, liveByID(&models.Course{}, id), courseViews)
}

// CourseBySlug reads a live course by its slug.
func (s *Service) CourseBySlug(ctx context.Context, course string, req ReadRequest) (One[CourseView], error) {
	return one(ctx, s, req, func(tx *store.Tx, w wish) (*models.Course, error) {
		p := path(tx, w)
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
	return one(ctx, s, req, liveByID(&models.Module{}, id), moduleViews)
}

// ModuleBySlug reads a live module by path.
func (s *Service) ModuleBySlug(ctx context.Context, course, module string, req ReadRequest) (One[ModuleView], error) {
	return one(ctx, s, req, func(tx *store.Tx, w wish) (*models.Module, error) {
		p := path(tx, w)
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
	return one(ctx, s, req, liveByID(&models.Section{}, id), sectionViews)
}

// SectionBySlug reads a live section by path.
func (s *Service) SectionBySlug(ctx context.Context, course, module, section string, req ReadRequest) (One[SectionView], error) {
	return one(ctx, s, req, func(tx *store.Tx, w wish) (*models.Section, error) {
		r := &models.Section{}
		p := path(tx, w)
		return current(p, r, p.below(r, course, module, section))
	}, sectionViews)
}

// Sections lists live sections.
func (s *Service) Sections(ctx context.Context, req ListRequest) (Page[SectionView], error) {
	return page(ctx, s, models.KindSection, req, sectionViews)
}

// Worksheet reads a live worksheet by id.
func (s *Service) Worksheet(ctx context.Context, id models.ID, req ReadRequest) (One[WorksheetView], error) {
	return one(ctx, s, req, liveByID(&models.Worksheet{}, id), worksheetViews)
}

// WorksheetBySlug reads a live worksheet by path.
func (s *Service) WorksheetBySlug(ctx context.Context, course, module, worksheet string, req ReadRequest) (One[WorksheetView], error) {
	return one(ctx, s, req, func(tx *store.Tx, w wish) (*models.Worksheet, error) {
		r := &models.Worksheet{}
		p := path(tx, w)
		return current(p, r, p.below(r, course, module, worksheet))
	}, worksheetViews)
}

// Worksheets lists live worksheets.
func (s *Service) Worksheets(ctx context.Context, req ListRequest) (Page[WorksheetView], error) {
	return page(ctx, s, models.KindWorksheet, req, worksheetViews)
}

// Fragment reads a live fragment by id.
func (s *Service) Fragment(ctx context.Context, id models.ID, req ReadRequest) (One[FragmentView], error) {
	return one(ctx, s, req, liveByID(&models.Fragment{}, id), fragmentViews)
}

// Fragments lists live fragments.
func (s *Service) Fragments(ctx context.Context, req ListRequest) (Page[FragmentView], error) {
	return page(ctx, s, models.KindFragment, req, fragmentViews)
}

// Source reads a live source by id.
func (s *Service) Source(ctx context.Context, id models.ID, req ReadRequest) (One[SourceView], error) {
	return one(ctx, s, req, liveByID(&models.Source{}, id), sourceViews)
}

// Sources lists live sources.
func (s *Service) Sources(ctx context.Context, req ListRequest) (Page[SourceView], error) {
	return page(ctx, s, models.KindSource, req, sourceViews)
}

// Asset reads a live asset by id.
func (s *Service) Asset(ctx context.Context, id models.ID, req ReadRequest) (One[AssetView], error) {
	return one(ctx, s, req, liveByID(&models.Asset{}, id), assetViews)
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
		views, err := citationViews(tx, []store.Citation{*row}, req.wish(models.KindCitation))
		if err != nil {
			return err
		}
		out.Data = views[0]
		out.Included, err = related(tx, models.KindCitation, views, req.Include, req.FieldsOf)
		return err
	})
	return out, err
}

// Citations lists the citations of live sections.
func (s *Service) Citations(ctx context.Context, req ListRequest) (Page[CitationView], error) {
	read := func(tx *store.Tx, q store.Query) ([]store.Citation, error) {
		return req.wish(models.KindCitation).side(tx).Citations(q)
	}
	return pageOf(ctx, s, list{models.KindCitation, req}, read, store.Citation.Meta, citationViews)
}

// Tree reads a live module with its sections nested in order, in the asked forms. Included is what a module can include.
func (s *Service) Tree(ctx context.Context, course, module string, req ReadRequest) (One[TreeView], error) {
	var tree One[TreeView]
	w, below := req.wish(models.KindModule), wish{kind: models.KindSection, body: req.Body, fields: req.FieldsOf[models.KindSection]}
	err := s.view(ctx, func(tx *store.Tx) error {
		p := path(tx, w)
		m, err := p.module(course, module)
		if m, err = current(p, m, err); err != nil {
			return err
		}
		views, err := moduleViews(tx, []*models.Module{m}, w)
		if err != nil {
			return err
		}
		list, err := below.side(tx).List(store.Query{Kind: models.KindSection, Module: m.ID, Bodies: len(req.Body) > 0})
		if err != nil {
			return err
		}
		sections := typed[*models.Section](list)
		nodes, err := sectionViews(tx, sections, below)
		if err != nil {
			return err
		}
		tree.Data = TreeView{ModuleView: views[0], Tree: nest(sections, nodes)}
		tree.Included, err = related(tx, models.KindModule, views, req.Include, req.FieldsOf)
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
