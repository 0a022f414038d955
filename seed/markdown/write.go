package markdown

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
)

// Write writes a course as a folder: its drafts, with all that editors have, or of a public export what readers see.
// The same content gives the same bytes. Records are written one after the other, so that memory does not grow with
// the course but for some words of each module and file. It fails with NotFound when there is no such course, or when
// the bytes of a file are not there.
func Write(ctx context.Context, s *content.Service, folder *files.Folder, req content.ExportRequest, t Target) error {
	w := &writer{
		folder: folder, target: t, public: req.Public,
		trashed: map[models.ID]bool{}, waiting: map[string]string{}, dirs: map[models.ID]string{},
	}
	if err := s.Export(ctx, req, func(e content.Exported) error { return w.record(e.Record) }); err != nil {
		return err
	}
	if err := w.flushModules(); err != nil {
		return err
	}
	if err := w.flushFiles(); err != nil {
		return err
	}
	return w.writeCourse()
}

type writer struct {
	folder  *files.Folder
	target  Target
	public  bool
	course  *models.Course
	newest  models.ID       // of the records so far
	live    bool            // the course is, so that what is not is a draft
	modules []models.Record // in order, until the first record behind them
	dirs    map[models.ID]string
	trashed map[models.ID]bool
	waiting map[string]string // the hashes of files, by path: they are written behind the list of assets
	list    models.Kind       // of the list that is being written
	out     io.Writer
	module  models.ID // in which pages are being numbered
	kind    models.Kind
	place   int // of the last one
}

// record writes a record. They come in the order of content.Service.Export.
func (w *writer) record(r models.Record) error {
	w.newest = max(w.newest, r.Base().ID)
	if r.Kind() == models.KindModule {
		w.modules = append(w.modules, r) // their number decides on their names
		return nil
	}
	if r.Kind() != models.KindCourse {
		if err := w.flushModules(); err != nil {
			return err
		}
	}
	switch r := r.(type) {
	case *models.Course:
		w.course, w.live = r, r.LiveVersion != nil
		return nil
	case *models.Source:
		return w.entry(r, sourcesFile)
	case *models.Asset:
		for _, f := range filesOf(r) {
			w.waiting[filePathOf(*f)] = f.Sha256
		}
		return w.entry(r, assetsFile)
	case *models.Fragment:
		return w.file(r, w.pathOf(r, fragmentsDir, r.Slug))
	case *models.Worksheet:
		return w.inOrder(r, r.ModuleID, worksheetsDir)
	case *models.Section:
		return w.inOrder(r, r.ModuleID, "")
	}
	return fmt.Errorf("markdown has no place for a %s", r.Kind())
}

// header is what front matter says of the state of a record. A public export says nothing of it.
func (w *writer) header(r models.Record) header {
	m := r.Base()
	if w.public {
		return header{}
	}
	owner := r.Owner()
	if m.TrashedAt != nil || owner != nil && w.trashed[owner.ID] {
		w.trashed[m.ID] = true // and what is below it, which is no draft: it is with it in the trash
	}
	return header{version: m.Version, draft: w.live && m.LiveVersion == nil && !w.trashed[m.ID], trashed: m.TrashedAt != nil}
}

// writeCourse writes the description of the course, which says what was in it.
func (w *writer) writeCourse() error {
	c := w.course
	head, err := writeHead(c, w.header(c))
	if err != nil {
		return err
	}
	if err := verify(c, w.header(c), head.yaml(), ""); err != nil {
		return err
	}
	form := &node{kind: object}
	form.set(formatKey, textNode(Format))
	form.set(formatVersionKey, literalNode(fmt.Sprint(version)))
	if !w.public {
		form.set(newestKey, textNode(string(w.newest)))
	}
	form.set(courseKey, head)
	return w.create(courseFile, form.yaml())
}

// create writes a whole file.
func (w *writer) create(name, text string) error {
	out, err := w.target.Create(name)
	if err != nil {
		return err
	}
	w.list = ""
	_, err = io.WriteString(out, text)
	return err
}

// flushModules writes the modules when all of them are known.
func (w *writer) flushModules() error {
	digits, place := moduleDigits(len(w.modules)), 0
	for _, r := range w.modules {
		m := r.(*models.Module)
		dir := modulesDir + "/" + trashDir + "/" + trashName(m.Slug, m.ID)
		if m.TrashedAt == nil {
			place++
			dir = modulesDir + "/" + numbered(place, digits, m.Slug)
		}
		w.dirs[m.ID] = dir
		if err := w.file(m, dir+"/"+moduleFile); err != nil {
			return err
		}
	}
	w.modules = nil
	return nil
}

// file writes a record that has a file of its own.
func (w *writer) file(r models.Record, name string) error {
	text, err := writePage(r, w.header(r))
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return w.create(name, text)
}

// pathOf is where a file with a name stands in a folder: in the trash of it when its record is there.
func (w *writer) pathOf(r models.Record, dir, name string) string {
	if r.Base().TrashedAt != nil {
		return dir + "/" + trashDir + "/" + trashName(r.Name(), r.Base().ID) + pageSuffix
	}
	return dir + "/" + name + pageSuffix
}

// inOrder writes a page or a worksheet, numbered in its module.
func (w *writer) inOrder(r models.Record, module models.ID, below string) error {
	if w.module != module || w.kind != r.Kind() {
		w.module, w.kind, w.place = module, r.Kind(), 0
	}
	if r.Base().TrashedAt == nil {
		w.place++
	}
	dir := w.dirs[module]
	if below != "" {
		dir += "/" + below
	}
	return w.file(r, w.pathOf(r, dir, numbered(w.place, pageDigits, r.Name())))
}

// entry writes a record that stands in a list with the others of its kind.
func (w *writer) entry(r models.Record, name string) error {
	if w.list != r.Kind() {
		out, err := w.target.Create(name)
		if err != nil {
			return err
		}
		w.list, w.out = r.Kind(), out
	}
	text, err := writeEntry(r, w.header(r))
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = io.WriteString(w.out, text)
	return err
}

// flushFiles writes the files of the assets.
func (w *writer) flushFiles() error {
	for _, name := range slices.Sorted(maps.Keys(w.waiting)) {
		if err := w.copy(name, w.waiting[name]); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

func (w *writer) copy(name, sum string) (err error) {
	in, _, err := w.folder.Get(sum)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := w.target.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return err
}
