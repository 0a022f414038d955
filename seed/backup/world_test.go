package backup_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/backup"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.Cleanup(pgtest.Exit)) }

// lectern is an installation of its own.
type lectern struct {
	t tester
	*content.Service
	store *store.Store
	files *files.Folder
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	rapid.TB
	Context() context.Context
}

var engines = map[string]func(testing.TB) store.Config{
	"sqlite":   func(t testing.TB) store.Config { return store.Config{Path: filepath.Join(t.TempDir(), "lectern.db")} },
	"postgres": func(t testing.TB) store.Config { return store.Config{PostgresURL: pgtest.URL(t)} },
}

func install(t testing.TB, engine string) *lectern {
	t.Helper()
	db, err := store.Open(t.Context(), engines[engine](t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	folder, err := files.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	tick := time.Date(2026, 3, 4, 5, 6, 7, 891e6, time.UTC)
	clock := func() time.Time { tick = tick.Add(1234567 * time.Microsecond); return tick }
	return &lectern{t, content.New(db, slog.New(slog.DiscardHandler), clock), db, folder}
}

// written is an export in memory.
type written struct{ fstest.MapFS }

type memory struct {
	files map[string]*bytes.Buffer
}

func (m memory) Create(name string) (io.Writer, error) {
	m.files[name] = &bytes.Buffer{}
	return m.files[name], nil
}
func (m memory) Commit() error { return nil }
func (m memory) Abort() error  { return nil }

func (l *lectern) export(req content.ExportRequest) written {
	l.t.Helper()
	m := memory{map[string]*bytes.Buffer{}}
	if err := backup.Write(l.t.Context(), l.Service, l.files, req, m); err != nil {
		l.t.Fatal(err)
	}
	out := written{fstest.MapFS{}}
	for name, data := range m.files {
		out.MapFS[name] = &fstest.MapFile{Data: data.Bytes(), Mode: 0o644}
	}
	return out
}

// load imports an export.
func (l *lectern) load(fsys fs.FS, o backup.Options) (*seed.Report, error) {
	l.t.Helper()
	o.Files, o.Name = l.files, "the export"
	o.By = content.Save{Author: "import", Message: "a test"}
	loaded, err := backup.Load(l.t.Context(), fsys, o)
	if err != nil {
		return nil, err
	}
	defer func() { _ = loaded.Close() }()
	return loaded.Save(l.t.Context(), l.Service)
}

func (l *lectern) mustLoad(fsys fs.FS, o backup.Options) *seed.Report {
	l.t.Helper()
	report, err := l.load(fsys, o)
	if err != nil {
		l.t.Fatal(err)
	}
	return report
}

// wantSame fails unless two exports have the same bytes.
func wantSame(t rapid.TB, got, want written) {
	t.Helper()
	names := slices.Sorted(maps.Keys(want.MapFS))
	if other := slices.Sorted(maps.Keys(got.MapFS)); !slices.Equal(names, other) {
		t.Errorf("files %v, want %v", other, names)
	}
	for _, name := range names {
		if got.MapFS[name] == nil || bytes.Equal(got.MapFS[name].Data, want.MapFS[name].Data) {
			continue
		}
		a, b := strings.Split(string(want.MapFS[name].Data), "\n"), strings.Split(string(got.MapFS[name].Data), "\n")
		for n := range min(len(a), len(b)) {
			if a[n] != b[n] {
				t.Errorf("%s:%d\nwant %s\ngot  %s", name, n+1, a[n], b[n])
				break
			}
		}
	}
}

// garden is a site of our own with all that an export must keep.
func garden() fstest.MapFS {
	page := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"_config.yml":          page("title: The kitchen garden\nurl: https://garden.example.org\n"),
		"_includes/spade.html": page("<p>Keep the spade clean.</p>\n"),
		"modules/beds/index.md": page("---\nlayout: module\nmodule_full_name: Beds\ntitle: Beds\nowner: Rosa\n---\n" +
			"Dig early.<sup>[1](#fn1)</sup>\n\n<!-- RS_017 told us this -->\n\n{% include spade.html %}\n\n***\n\n<a name=\"fn1\" href=\"#1\">1</a>: Green, A. (2001). _Beds_. Leeds: Plot Press.\n"),
		"modules/beds/section-1-0.md": page("---\nlayout: module\ntitle: 1. Soil\nsection: 1. Soil\n---\n## Clay\n\nSee [sand](section-1-1.html) and [the barn](../barn/).\n\n" +
			"<div class=\"reflection\"><p class=\"box-title\">Your soil</p><p>What grows in your soil?</p></div>\n"),
		"modules/beds/section-1-1.md":  page("---\nlayout: module\ntitle: 1.1 Sand\nsection: 1. Soil\n---\n![A heap](heap.png)\n\nSand drains.\n\n## Water\n\nOften.\n"),
		"modules/beds/heap.png":        {Data: append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 64)...)},
		"modules/crops/index.md":       page("---\nlayout: module\nmodule_full_name: Crops\ntitle: Crops\n---\nPlant in rows.\n"),
		"modules/crops/section-1-0.md": page("---\nlayout: module\ntitle: 1. Beans\nsection: 1. Beans\n---\nRunner beans climb.\n"),
		"modules/crops/section-2-0.md": page("---\nlayout: module\ntitle: 2. Peas\nsection: 2. Peas\n---\nPeas climb too.\n"),
		"modules/crops/section-3-0.md": page("---\nlayout: module\ntitle: 3. Kale\nsection: 3. Kale\npublished: false\n---\nKale stands the frost.\n"),
	}
}

// bring imports and publishes a site.
func (l *lectern) bring(site fs.FS) *seed.Report {
	l.t.Helper()
	pages, err := seed.FindPages(site)
	if err != nil {
		l.t.Fatal(err)
	}
	surveyed, err := seed.Survey(l.t.Context(), seed.Source{FS: site, Pages: pages, Name: "the site"})
	if err != nil {
		l.t.Fatal(err)
	}
	report, err := seed.Import(l.t.Context(), l.Service, surveyed, seed.Options{Publish: true, Files: l.files, By: content.Save{Author: "import"}})
	if err != nil {
		l.t.Fatal(err)
	}
	return report
}

// drafts lists the drafts of a kind by title.
func (l *lectern) drafts(kind models.Kind) map[string]models.Record {
	l.t.Helper()
	out := map[string]models.Record{}
	err := l.store.View(l.t.Context(), func(tx *store.Tx) error {
		rs, err := tx.Draft.List(store.Query{Kind: kind, Trashed: true, Bodies: true})
		for _, r := range rs {
			out[r.Label()] = r
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// course is the one course.
func (l *lectern) course() models.ID {
	l.t.Helper()
	for _, c := range l.drafts(models.KindCourse) {
		return c.Base().ID
	}
	l.t.Fatal("there is no course")
	return ""
}

// edit changes a draft.
func edit[R models.Record](l *lectern, title string, change func(R)) {
	l.t.Helper()
	var zero R
	r, ok := l.drafts(zero.Kind())[title]
	if !ok {
		l.t.Fatalf("there is no %s %q: %v", zero.Kind(), title, slices.Collect(maps.Keys(l.drafts(zero.Kind()))))
	}
	ref := models.Ref{Type: zero.Kind(), ID: r.Base().ID}
	_, err := l.Update(l.t.Context(), ref, r.Base().Version, func(d models.Record) error { change(d.(R)); return nil }, content.Save{Author: "zoe", Message: "an edit"})
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lectern) publish(r models.Record) {
	l.t.Helper()
	if _, _, err := l.Publish(l.t.Context(), content.PublishRequest{Targets: []models.Ref{{Type: r.Kind(), ID: r.Base().ID}}}); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lectern) trash(r models.Record) {
	l.t.Helper()
	if err := l.Trash(l.t.Context(), models.Ref{Type: r.Kind(), ID: r.Base().ID}, r.Base().Version); err != nil {
		l.t.Fatal(err)
	}
}

// worked is the garden after a while: with edits that are live and that are not, records in the trash and records that
// have left live content, a redirect, and a source that says something else than an editor.
func worked(t testing.TB, engine string) *lectern {
	t.Helper()
	l := install(t, engine)
	site := garden()
	l.bring(site)
	edit(l, "Sand", func(s *models.Section) { s.Slug, s.Summary = "sandy-soil", "Drains *well*." })
	l.publish(l.drafts(models.KindSection)["Sand"]) // another path
	edit(l, "Sand", func(s *models.Section) { s.Title = "Sand and gravel" })
	edit(l, "Beds", func(m *models.Module) {
		m.Owners, m.Extra = []string{"rosa@example.org"}, models.Extra{"_rota": []byte(`{"day": "Monday"}`), "zone": []byte(`[1, 2.50]`)}
	})
	site["modules/crops/section-1-0.md"].Data = []byte("---\nlayout: module\ntitle: 1. Beans\nsection: 1. Beans\n---\nRunner beans climb up a pole.\n")
	edit(l, "Beans", func(s *models.Section) { s.Summary = "Of poles." })
	l.bring(site) // merged
	peas := l.drafts(models.KindSection)["Peas"]
	if _, _, err := l.Unpublish(t.Context(), models.Ref{Type: peas.Kind(), ID: peas.Base().ID}); err != nil {
		t.Fatal(err)
	}
	l.trash(l.drafts(models.KindSection)["Soil"])
	for _, w := range l.drafts(models.KindWorksheet) {
		edit(l, w.Label(), func(w *models.Worksheet) {
			w.AnswerKey = []models.Answer{{Blocks: models.Blocks{&models.Paragraph{BlockBase: models.BlockBase{ID: "a1"}, Text: "Mostly nettles."}}}}
		})
	}
	l.settle(1, content.SeverityOff)
	l.settle(2, content.SeverityError)
	return l
}

// settle sets what the course asks of its records, in the version after one.
func (l *lectern) settle(version int64, deadLinks content.Severity) {
	l.t.Helper()
	editor := access.Subject{ID: models.NewID(), Name: "zoe", Grants: []access.Grant{{Role: access.Editor}}}
	_, err := l.As(editor, access.Origin{}).SetCourseSettings(l.t.Context(), l.course(), version, content.CourseSettingsEdit{
		Rules:   map[content.Rule]content.Severity{content.RuleDeadLink: deadLinks, content.RuleImageWithoutAlt: content.SeverityWarning},
		Schemas: map[models.Kind]jsontext.Value{models.KindSection: []byte(`{ "properties": {"zone": {"type": "array"}, "altitude": {"minimum": -430.50}} }`)},
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// everything asks for all of the one course.
func (l *lectern) everything() content.ExportRequest {
	return content.ExportRequest{Course: l.course(), Revisions: true}
}
