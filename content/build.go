package content

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

func ids[R models.Record](rs []R) []models.ID {
	out := make([]models.ID, len(rs))
	for i, r := range rs {
		out[i] = r.Base().ID
	}
	return out
}

func courseViews(tx *store.Tx, cs []*models.Course, w wish) (_ []CourseView, err error) {
	var modules outline
	if w.wants("modules") {
		if modules, err = newOutline(tx, models.KindModule, ids(cs)); err != nil {
			return nil, err
		}
	}
	l := newLookup(tx)
	for _, c := range cs {
		l.want(modules.below(c.ID)...)
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	views := make([]CourseView, len(cs))
	for i, c := range cs {
		views[i] = CourseView{
			ViewBase: viewBase(&c.Meta), Slug: c.Slug, Title: c.Title, Summary: c.Summary, Language: c.Language,
			License: c.License, Publisher: c.Publisher, Numbering: c.Numbering, Source: c.Source, Modules: l.refs(modules.below(c.ID)),
		}
	}
	return views, nil
}

func moduleViews(tx *store.Tx, ms []*models.Module, w wish) (_ []ModuleView, err error) {
	var sections, worksheets outline
	if w.wants("sections") {
		if sections, err = newOutline(tx, models.KindSection, ids(ms)); err != nil {
			return nil, err
		}
	}
	if w.wants("worksheets") {
		if worksheets, err = newOutline(tx, models.KindWorksheet, ids(ms)); err != nil {
			return nil, err
		}
	}
	l := newLookup(tx)
	for _, m := range ms {
		l.want(models.Ref{Type: models.KindCourse, ID: m.CourseID})
		l.want(sections.below(m.ID)...)
		l.want(worksheets.below(m.ID)...)
		for _, at := range models.Refs(m) {
			l.want(**at)
		}
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	views := make([]ModuleView, len(ms))
	for i, m := range ms {
		l.resolve(m)
		views[i] = ModuleView{
			ViewBase: viewBase(&m.Meta), Slug: m.Slug, Title: m.Title, MenuLabel: m.MenuLabel, InMenu: m.InMenu,
			Summary: m.Summary, Course: l.byID(models.KindCourse, m.CourseID), Objectives: m.Objectives,
			Prerequisites: m.Prerequisites, Audience: m.Audience, Level: m.Level, DurationMinutes: m.DurationMinutes,
			Subjects: m.Subjects, Keywords: m.Keywords, License: m.License, Cover: m.Cover, Contributors: m.Contributors,
			Sections: l.refs(sections.below(m.ID)), Worksheets: l.refs(worksheets.below(m.ID)),
		}
	}
	return views, nil
}

// outline is the order of the records of a kind by their owners: of sections by modules, in reading order. An empty one knows of none.
type outline struct {
	kind   models.Kind
	orders map[models.ID]*store.Order
}

func newOutline(tx *store.Tx, kind models.Kind, owners []models.ID) (outline, error) {
	orders, err := tx.Live.Orders(kind, owners)
	return outline{kind, orders}, err
}

// below refers to all records below an owner.
func (o outline) below(owner models.ID) []models.Ref {
	if order := o.orders[owner]; order != nil {
		return refsTo(o.kind, order.IDs)
	}
	return nil
}

// neighbour refers to the section some places away in reading order, nil beyond the ends.
func (o outline) neighbour(s *models.Section, by int) *models.Ref {
	if order := o.orders[s.ModuleID]; order != nil {
		if id, ok := order.Near(s.ID, by); ok {
			return models.NewRef(models.KindSection, id)
		}
	}
	return nil
}

// above refers to the live sections above one, outermost first.
func (o outline) above(s *models.Section) []models.Ref {
	if order := o.orders[s.ModuleID]; order != nil {
		return refsTo(models.KindSection, order.Above(s.ID))
	}
	return nil
}

func refsTo(kind models.Kind, ids []models.ID) []models.Ref {
	refs := make([]models.Ref, len(ids))
	for i, id := range ids {
		refs[i] = models.Ref{Type: kind, ID: id}
	}
	return refs
}

// around refers to the sections that are named with one.
func (o outline) around(s *models.Section) []models.Ref {
	out := o.above(s)
	for _, by := range []int{-1, +1} {
		if ref := o.neighbour(s, by); ref != nil {
			out = append(out, *ref)
		}
	}
	return out
}

func sectionViews(tx *store.Tx, ss []*models.Section, w wish) (_ []SectionView, err error) {
	var o outline // an empty one tells of no neighbours and of nothing above a section
	if w.wants("parent", "breadcrumbs", "previous", "next") {
		modules := map[models.ID]bool{}
		for _, s := range ss {
			modules[s.ModuleID] = true
		}
		if o, err = newOutline(tx, models.KindSection, slices.Sorted(maps.Keys(modules))); err != nil {
			return nil, err
		}
	}
	l, stored, err := shownBy(tx, ss, o, w)
	if err != nil {
		return nil, err
	}
	views := make([]SectionView, len(ss))
	for i, s := range ss {
		if views[i], err = sectionView(s, stored[i], o, l, w.body); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// storedSection is what a section holds that is served as it is stored.
type storedSection struct{ blocks, citations models.Stored }

// shownBy reads all that sections refer to.
func shownBy(tx *store.Tx, ss []*models.Section, o outline, w wish) (*lookup, []storedSection, error) {
	l, stored := newLookup(tx), make([]storedSection, len(ss))
	l.bodies = w.renders()
	for _, s := range ss {
		l.add(s)
	}
	for i, s := range ss {
		l.want(o.around(s)...)
		l.want(models.Ref{Type: models.KindCourse, ID: s.CourseID}, models.Ref{Type: models.KindModule, ID: s.ModuleID})
		var unread [2]error
		stored[i].blocks, unread[0] = l.wantStored(s.BlocksJSON)
		if w.shows("citations") || w.renders() {
			stored[i].citations, unread[1] = l.wantStored(s.CitationsJSON)
		} else { // for who follows them: what they refer to is not looked for, so they can't be served
			stored[i].citations = models.StoredAs(s.CitationsJSON)
		}
		if err := errors.Join(unread[:]...); err != nil {
			return nil, nil, fmt.Errorf("section %s: %w", s.ID, err)
		}
		if l.bodies {
			l.wantHTML(s.HTML)
		}
	}
	return l, stored, l.loadShown()
}

func sectionView(s *models.Section, stored storedSection, o outline, l *lookup, body BodySet) (SectionView, error) {
	v := SectionView{
		ViewBase: viewBase(&s.Meta), Slug: s.Slug, Title: s.Title, MenuLabel: s.MenuLabel, Number: s.Number,
		InMenu: s.InMenu, Origin: s.Origin, Summary: s.Summary, DurationMinutes: s.DurationMinutes,
		Course: l.byID(models.KindCourse, s.CourseID), Module: l.byID(models.KindModule, s.ModuleID),
		Previous: l.ref(o.neighbour(s, -1)), Next: l.ref(o.neighbour(s, +1)),
		Citations: stored.citations.Written(l.resolved),
	}
	above := l.refs(o.above(s))
	if len(above) > 0 {
		v.Parent = &above[len(above)-1]
	}
	for _, ref := range []*models.Ref{v.Course, v.Module} {
		if ref != nil {
			v.Breadcrumbs = append(v.Breadcrumbs, *ref)
		}
	}
	v.Breadcrumbs = append(v.Breadcrumbs, above...)
	if body[BodyMarkdown] || body[BodyText] {
		if err := s.Decode(); err != nil {
			return v, err
		}
	}
	v.Bodies = bodies(l, s, body)
	if body[BodyBlocks] {
		v.Blocks = stored.blocks.Written(l.resolved)
	}
	return v, nil
}

func worksheetViews(tx *store.Tx, ws []*models.Worksheet, wanted wish) (_ []WorksheetView, err error) {
	l := newLookup(tx)
	l.bodies = len(wanted.body) > 0
	for _, w := range ws {
		l.want(models.Ref{Type: models.KindModule, ID: w.ModuleID})
		for _, at := range models.Refs(w) {
			l.want(**at)
		}
		l.wantHTML(w.HTML)
	}
	var shown map[models.ID][]models.ID
	if wanted.wants("shown_in") {
		if shown, err = shownIn(tx, ids(ws)); err != nil {
			return nil, err
		}
	}
	for _, sections := range shown {
		for _, id := range sections {
			l.want(models.Ref{Type: models.KindSection, ID: id})
		}
	}
	if err := l.loadShown(); err != nil {
		return nil, err
	}
	for _, w := range ws {
		if m, ok := l.find(models.Ref{Type: models.KindModule, ID: w.ModuleID}).(*models.Module); ok {
			l.want(models.Ref{Type: models.KindCourse, ID: m.CourseID})
		}
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	views := make([]WorksheetView, len(ws))
	for i, w := range ws {
		views[i] = worksheetView(w, l, wanted.body)
		for _, id := range shown[w.ID] {
			views[i].ShownIn = append(views[i].ShownIn, *l.byID(models.KindSection, id))
		}
	}
	return views, nil
}

func worksheetView(w *models.Worksheet, l *lookup, body BodySet) WorksheetView {
	v := WorksheetView{
		ViewBase: viewBase(&w.Meta), Slug: w.Slug, Word: w.Word, Number: w.Number, Title: w.Title,
		DurationMinutes: w.DurationMinutes, Module: l.byID(models.KindModule, w.ModuleID),
	}
	if m, ok := l.find(models.Ref{Type: models.KindModule, ID: w.ModuleID}).(*models.Module); ok {
		v.Course = l.byID(models.KindCourse, m.CourseID)
	}
	if body[BodyHTML] {
		html := l.fill(w.HTML)
		v.HTML = &html
	}
	if body[BodyMarkdown] {
		markdown := render.WorksheetMarkdown(w, l.find)
		v.Markdown = &markdown
	}
	if body[BodyText] {
		text := render.WorksheetText(w, l.find)
		v.Text = &text
	}
	l.resolve(w)
	v.Document = w.Document
	if body[BodyBlocks] {
		render.SetAnchors(w.Instructions)
		v.Instructions, v.Prompts = &w.Instructions, &w.Prompts
	}
	return v
}

// coursesOf finds the courses that records belong to, where they are wanted.
func coursesOf[R models.Record](tx *store.Tx, rs []R, w wish) (*lookup, error) {
	if !w.wants("course") {
		return &lookup{}, nil
	}
	l := newLookup(tx)
	for _, r := range rs {
		l.want(*r.Owner())
	}
	return l, l.load()
}

func assetViews(tx *store.Tx, as []*models.Asset, w wish) ([]AssetView, error) {
	l, err := coursesOf(tx, as, w)
	if err != nil {
		return nil, err
	}
	views := make([]AssetView, len(as))
	for i, a := range as {
		views[i] = AssetView{
			ViewBase: viewBase(&a.Meta), File: a.File, URL: models.FileHref(a.ID), Alt: a.Alt, Decorative: a.Decorative,
			Caption: a.Caption, Credit: a.Credit, License: a.License, Transcript: a.Transcript,
			CaptionTracks: a.CaptionTracks, FocalPoint: a.FocalPoint, Renditions: a.Renditions,
			Course: l.byID(models.KindCourse, a.CourseID),
		}
	}
	return views, nil
}

func fragmentViews(tx *store.Tx, fs []*models.Fragment, w wish) ([]FragmentView, error) {
	l := newLookup(tx)
	l.bodies = w.renders()
	for _, f := range fs {
		l.want(*f.Owner())
		l.wantBlocks(f.Blocks)
		l.wantHTML(f.HTML)
	}
	err := l.loadShown()
	if err != nil {
		return nil, err
	}
	views := make([]FragmentView, len(fs))
	for i, f := range fs {
		views[i] = FragmentView{
			ViewBase: viewBase(&f.Meta), Slug: f.Slug, Title: f.Title, Course: l.byID(models.KindCourse, f.CourseID),
			Bodies: bodies(l, &models.Section{Blocks: f.Blocks, HTML: f.HTML}, w.body),
		}
		if !w.body[BodyBlocks] {
			continue
		}
		l.resolve(f)
		render.SetAnchors(f.Blocks) // those of sections have them since they were published
		blocks, err := models.Encode(f.Blocks)
		if err != nil {
			return nil, err
		}
		views[i].Blocks = models.WrittenAs(string(blocks))
	}
	return views, nil
}

func sourceViews(tx *store.Tx, ss []*models.Source, w wish) ([]SourceView, error) {
	l, err := coursesOf(tx, ss, w)
	if err != nil {
		return nil, err
	}
	views := make([]SourceView, len(ss))
	for i, s := range ss {
		views[i] = SourceView{
			ViewBase: viewBase(&s.Meta), Key: s.Key, CSL: models.WrittenAs(s.CSLJSON), Written: s.Written, Parse: s.Parse,
			Recogniser: s.Recogniser, Course: l.byID(models.KindCourse, s.CourseID),
		}
	}
	return views, nil
}

func citationViews(tx *store.Tx, rows []store.Citation, w wish) ([]CitationView, error) {
	l := newLookup(tx)
	above := w.wants("section", "module", "course")
	for _, c := range rows {
		if above {
			l.want(models.Ref{Type: models.KindSection, ID: c.SectionID}, models.Ref{Type: models.KindModule, ID: c.ModuleID},
				models.Ref{Type: models.KindCourse, ID: c.CourseID})
		}
		if c.SourceID != nil {
			l.want(models.Ref{Type: models.KindSource, ID: *c.SourceID})
		}
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	views := make([]CitationView, len(rows))
	for i, c := range rows {
		views[i] = CitationView{
			ViewBase: ViewBase{ID: c.ID, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, PublishedAt: c.PublishedAt},
			Label:    c.Label, Locator: c.Locator, Written: c.Written,
			Section: l.byID(models.KindSection, c.SectionID), Module: l.byID(models.KindModule, c.ModuleID),
			Course: l.byID(models.KindCourse, c.CourseID),
		}
		if c.SourceID != nil {
			views[i].Source = l.byID(models.KindSource, *c.SourceID)
		}
	}
	return views, nil
}
