package markdown

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
)

// Options say how to import a folder.
type Options struct {
	seed.Options
	Name string // what the folder is called in reports
}

// Loaded is a folder that has been read, and waits to be saved in a file on disk. It must be closed.
type Loaded struct {
	options  Options
	report   *seed.Report
	course   *models.Course
	newest   models.ID
	spool    *content.Spool
	warnings []seed.Warning
}

var formatLine = regexp.MustCompile(`(?m)^` + formatKey + `: *["']?` + Format + `["']?[ \r]*$`)

// Is tells whether a folder holds a course as Write writes it.
func Is(fsys fs.FS) bool {
	data, err := readFile(fsys, courseFile)
	return err == nil && formatLine.Match(data)
}

// Load reads a folder. Nothing is saved, but for files of assets: they are named by what is in them, and nothing refers
// to them yet. It fails with KindMalformed, naming file, line and field, when anything in the folder can't be read: no
// word is passed over.
func Load(ctx context.Context, fsys fs.FS, o Options) (*Loaded, error) {
	l := &Loaded{options: o, report: seed.NewReport(o.Name, o.Options)}
	r := &reader{fsys: fsys, options: o, loaded: l, index: newIndex(), files: map[string]bool{}}
	if err := r.load(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Save saves what was read, in one transaction. What editors have changed in Lectern since the folder was written stays.
func (l *Loaded) Save(ctx context.Context, s *content.Service) (*seed.Report, error) {
	result, err := s.Import(ctx, content.Import{
		Course: l.course, Items: l.spool, Exact: true, Public: l.newest == "", Whole: true, Newest: l.newest,
		Publish: l.options.Publish, DryRun: l.options.DryRun, By: l.options.By,
	})
	if err != nil {
		return nil, err
	}
	l.report.Saved(result)
	l.report.Finish(l.warnings)
	return l.report, nil
}

// CourseID is the id of the course in the folder.
func (l *Loaded) CourseID() models.ID { return l.course.ID }

// Name is what the folder is called.
func (l *Loaded) Name() string { return l.options.Name }

// Close removes what waits to be saved.
func (l *Loaded) Close() error {
	if l.spool == nil {
		return nil
	}
	err := l.spool.Close()
	l.spool = nil
	return err
}

func (l *Loaded) warn(path string, line int, message string) {
	l.warnings = append(l.warnings, seed.Warning{Path: path, Line: line, Message: message})
}

// reader reads one folder: first the heads of all files, so that all names and ids are known, and then one after the
// other in full.
type reader struct {
	fsys    fs.FS
	options Options
	loaded  *Loaded
	index   *index
	course  *models.Course
	files   map[string]bool // in the folder of files, whether an asset has it
	read    int             // pages
	pages   int
}

func (r *reader) load(ctx context.Context) error {
	if err := r.readCourse(); err != nil {
		return err
	}
	found, err := r.survey()
	if err != nil {
		return err
	}
	if r.loaded.spool, err = content.NewSpool(r.options.Staging); err != nil {
		return err
	}
	for _, step := range []func(context.Context, *folder) error{r.indexAll, r.readAll} {
		if err := step(ctx, found); err != nil {
			return err
		}
	}
	r.loaded.course = r.course
	r.loaded.report.Kinds = []seed.KindCount{{Reader: Format, Pages: r.pages}}
	return nil
}

// readCourse reads the description of the course.
func (r *reader) readCourse() error {
	data, err := readFile(r.fsys, courseFile)
	if err != nil {
		return err
	}
	n, err := parseYAML(string(data), 1)
	if err != nil {
		return inFile(courseFile, err)
	}
	if n.kind != object {
		return problem(courseFile, n.line, "", "must be keys with values")
	}
	if err := checkForm(n); err != nil {
		return err
	}
	if newest := n.get(newestKey); newest != nil && !newest.isNull() {
		if r.loaded.newest = models.ID(newest.text); !r.loaded.newest.Valid() {
			return problem(courseFile, n.lineOf(newestKey), newestKey, "must be the id of a record")
		}
	}
	head := n.get(courseKey)
	if head == nil || head.kind != object {
		return problem(courseFile, n.lineOf(courseKey), courseKey, "must be the keys and values of the course")
	}
	record, h, err := readHead(head, models.KindCourse)
	if err != nil {
		return inFile(courseFile, err)
	}
	c := record.(*models.Course)
	if c.ID == "" {
		return problem(courseFile, head.line, courseKey+"."+idKey, "is missing: a new course needs a UUID of its own")
	}
	if c.Slug == "" {
		c.Slug = models.Slug(c.Title)
	}
	if err := sound(c, courseFile, head, 0); err != nil {
		return err
	}
	c.Version = h.version
	if h.trashed {
		now := models.Timestamp(time.Now())
		c.TrashedAt = &now
	}
	r.course = c
	return nil
}

// checkForm checks what the description says of the form of the folder.
func checkForm(n *node) error {
	for _, key := range n.keys {
		if key != formatKey && key != formatVersionKey && key != newestKey && key != courseKey {
			return problem(courseFile, n.lineOf(key), key, "there is no such key")
		}
	}
	if f := n.get(formatKey); f == nil || f.text != Format {
		return problem(courseFile, n.lineOf(formatKey), formatKey, "must be "+Format)
	}
	if v := n.get(formatVersionKey); v == nil || v.text != fmt.Sprint(version) {
		return problem(courseFile, n.lineOf(formatVersionKey), formatVersionKey, fmt.Sprintf("must be %d, the only one that this Lectern reads", version))
	}
	return nil
}

// Replaceable tells whether a folder holds such a course and nothing else at its top, so that a new export may take its
// place: it is nil then, and names what is in the way otherwise.
func Replaceable(fsys fs.FS) error {
	if !Is(fsys) {
		return problem(courseFile, 0, "", "is not there, or does not say that the folder is an export of Lectern")
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return unreadable(".", err)
	}
	for _, e := range entries {
		if !slices.Contains([]string{courseFile, sourcesFile, assetsFile, filesDir, fragmentsDir, modulesDir, trashDir}, e.Name()) {
			return problem(e.Name(), 0, "", "is no file of the export")
		}
	}
	return nil
}
