package markdown

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/directive"
)

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

// readAll reads everything in full, into the spool.
func (r *reader) readAll(ctx context.Context, f *folder) error {
	for _, p := range f.modules {
		if err := r.readPage(ctx, p); err != nil {
			return err
		}
	}
	for _, of := range lists {
		if err := r.readList(ctx, of); err != nil {
			return err
		}
	}
	for _, p := range slices.Concat(f.worksheets, f.fragments, f.sections) {
		if err := r.readPage(ctx, p); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		if !r.files[name] {
			r.loaded.warn(name, 0, "no asset has this file: it was left out")
		}
	}
	return nil
}

// keyOf is what the importer calls a record: what came from Lectern by its id, what an author has added by its place.
func keyOf(id models.ID, exact bool, place string) string {
	if exact {
		return content.ExactKey(id)
	}
	return content.PlaceKey(place)
}

// add puts a record into the spool.
func (r *reader) add(record models.Record, h header, exact bool, place string) error {
	m := record.Base()
	m.Version = h.version
	return r.loaded.spool.Add(content.ImportItem{
		Key: keyOf(m.ID, exact, place), Record: record, Draft: h.draft, Trash: h.trashed, Exact: exact,
	})
}

// readPage reads a file that holds one record.
func (r *reader) readPage(ctx context.Context, p *page) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	data, err := readFile(r.fsys, p.path)
	if err != nil {
		return err
	}
	in, err := split(data)
	if err != nil {
		return inFile(p.path, err)
	}
	record, h, err := readHead(in.head, p.kind)
	if err != nil {
		return inFile(p.path, err)
	}
	record.Base().ID = p.id
	if err := r.fill(record, p, in); err != nil {
		return inFile(p.path, err)
	}
	if err := r.resolve(record, p, in, string(data)); err != nil {
		return err
	}
	if err := sound(record, p.path, in.head, in.bodyLine); err != nil {
		return err
	}
	if isTrash := strings.Contains(p.path, "/"+trashDir+"/"); isTrash && !h.trashed && !p.inTrashedModule() {
		r.loaded.warn(p.path, 0, "stands in a folder of trash, but does not say trashed: true, and is imported as any other")
	}
	if s, ok := record.(*models.Section); ok {
		r.note(s, p, h)
	}
	return r.add(record, h, p.exact, p.path)
}

// inTrashedModule tells whether the trash in the path of a page is that of modules.
func (p *page) inTrashedModule() bool { return p.module != nil && p.module.trash }

// fill gives a record what its place and its body say.
func (r *reader) fill(record models.Record, p *page, in *parts) error {
	switch record := record.(type) {
	case *models.Module:
		record.CourseID, record.Slug = r.course.ID, p.slug
		return fillSummary(record, in)
	case *models.Section:
		record.CourseID, record.ModuleID, record.Slug, record.ParentID = r.course.ID, p.module.id, p.slug, nil
		if parent, ok := r.index.parents[p.id]; ok {
			id := models.ID(parent)
			record.ParentID = &id
		}
		return r.fillSection(record, p, in)
	case *models.Fragment:
		record.CourseID, record.Slug = r.course.ID, p.slug
		return r.fillFragment(record, p, in)
	case *models.Worksheet:
		record.ModuleID, record.Slug = p.module.id, p.slug
		body, err := directive.ParseWorksheetWith(in.body, in.bodyLine, r.names(p))
		if err != nil {
			return err
		}
		r.warnings(p, body.Warnings)
		record.Instructions, record.Prompts, record.AnswerKey = body.Instructions, body.Prompts, body.Answers
	}
	return nil
}

func (r *reader) warnings(p *page, ws []directive.Warning) {
	for _, w := range ws {
		r.loaded.warn(p.path, w.Line, w.Message)
	}
}

// fillSummary takes the body of a module as its summary.
func fillSummary(m *models.Module, in *parts) error {
	body := strings.TrimSpace(in.body)
	switch {
	case body == "":
	case in.head.get(summaryKey) != nil:
		return &badField{in.head.lineOf(summaryKey), summaryKey, "the summary stands below the front matter already"}
	default:
		m.Summary = models.Text(body)
	}
	return nil
}

func (r *reader) fillFragment(f *models.Fragment, p *page, in *parts) error {
	body, err := directive.ParseSectionWith(in.body, in.bodyLine, r.names(p))
	if err != nil {
		return err
	}
	r.warnings(p, body.Warnings)
	switch {
	case len(body.Definitions) > 0:
		return &parseError{body.Definitions[0].Line, "a fragment has no citations of its own: marks stand in pages"}
	case len(body.Notes) > 0:
		return &parseError{in.bodyLine, "a fragment has no place for notes: " + quote(body.Notes[0].Text)}
	}
	f.Blocks = body.Blocks
	return nil
}

func (r *reader) fillSection(s *models.Section, p *page, in *parts) error {
	body, err := directive.ParseSectionWith(in.body, in.bodyLine, r.names(p))
	if err != nil {
		return err
	}
	r.warnings(p, body.Warnings)
	s.Blocks, s.EditorNotes = body.Blocks, body.Notes
	return fillCitations(s, body.Definitions, in.head)
}

// fillCitations joins the citations in front matter with the definitions of their marks in the body, the order of which
// is theirs. A definition alone is a new citation.
func fillCitations(s *models.Section, definitions []directive.Definition, head *node) error {
	field := func(i int, key string) (int, string) {
		at := fmt.Sprintf("%s[%d]", citationsKey, i+1)
		item := head.get(citationsKey).items[i]
		if key == "" {
			return item.line, at
		}
		return item.lineOf(key), at + "." + key
	}
	known := map[string]int{}
	for i, c := range s.Citations {
		line, at := field(i, "label")
		if _, again := known[c.Label]; again {
			return &badField{line, at, fmt.Sprintf("another citation of the page is labelled %q", c.Label)}
		}
		if c.Written != "" {
			line, at := field(i, writtenKey)
			return &badField{line, at, fmt.Sprintf("what a citation says stands in the text, as [^%s]: …", c.Label)}
		}
		known[c.Label] = i
	}
	var out []models.Citation
	for _, d := range definitions {
		c := models.Citation{ID: models.NewID(), Label: d.Label}
		if i, ok := known[d.Label]; ok {
			if c = s.Citations[i]; c.ID == "" {
				c.ID = models.NewID()
			}
			delete(known, d.Label)
		}
		c.Written = d.Text
		out = append(out, c)
	}
	for i, c := range s.Citations {
		if _, left := known[c.Label]; left {
			line, at := field(i, "")
			return &badField{line, at, fmt.Sprintf("the text has no [^%s]: … for it: if it is to go, take it from here too", c.Label)}
		}
	}
	s.Citations = out
	return nil
}

// note tells of a page in the report.
func (r *reader) note(s *models.Section, p *page, h header) {
	out := seed.PageReport{
		Path: p.path, Course: r.course.Slug, Module: p.module.slug, Number: s.Number, Title: s.Title, InMenu: s.InMenu, Draft: h.draft,
		Records: seed.Counts{Citations: len(s.Citations), EditorNotes: len(s.EditorNotes)},
	}
	s.Blocks.Walk(func(b models.Block, _ int) bool {
		out.Records.Blocks++
		if _, ok := b.(*models.WorksheetUse); ok {
			out.Records.Worksheets++
		}
		return true
	})
	r.loaded.report.Pages = append(r.loaded.report.Pages, out)
	if r.read++; r.options.Progress != nil {
		r.options.Progress(r.read, r.pages)
	}
}
