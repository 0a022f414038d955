package markdown_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/markdown"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

func TestMain(m *testing.M) { pgtest.Exit(m.Run()) }

// lectern is an installation of a test's own.
type lectern struct {
	*content.Service
	t     testing.TB
	store *store.Store
	files *files.Folder
}

func openLectern(t testing.TB, cfg store.Config) *lectern {
	t.Helper()
	db, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	folder, err := files.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	return &lectern{content.New(db, slog.New(slog.DiscardHandler), time.Now), t, db, folder}
}

func newLectern(t testing.TB) *lectern {
	t.Helper()
	return openLectern(t, store.Config{Path: filepath.Join(t.TempDir(), "lectern.db")})
}

// onBoth runs a fact over each database. It is given a way to make empty installations.
func onBoth(t *testing.T, fact func(t *testing.T, fresh func() *lectern)) {
	t.Run("sqlite", func(t *testing.T) { fact(t, func() *lectern { return newLectern(t) }) })
	t.Run("postgres", func(t *testing.T) {
		fact(t, func() *lectern { return openLectern(t, store.Config{PostgresURL: pgtest.URL(t)}) })
	})
}

// dir is a folder in memory.
type dir map[string]string

// target writes into a dir.
type target struct {
	files dir
	name  string
	text  bytes.Buffer
}

func (t *target) Create(name string) (io.Writer, error) {
	t.end()
	if _, again := t.files[name]; again || !fs.ValidPath(name) {
		return nil, fmt.Errorf("%s is written twice, or is no path", name)
	}
	t.name = name
	return &t.text, nil
}

func (t *target) end() {
	if t.name != "" {
		t.files[t.name] = t.text.String()
	}
	t.name = ""
	t.text.Reset()
}

// fs is the folder as a reader has it.
func (d dir) fs() fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range d {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func (d dir) names() []string { return slices.Sorted(maps.Keys(d)) }

// find is the one name that holds a text.
func (d dir) find(t testing.TB, part string) string {
	t.Helper()
	var out []string
	for _, name := range d.names() {
		if strings.Contains(name, part) {
			out = append(out, name)
		}
	}
	if len(out) != 1 {
		t.Fatalf("%q is in %d names of %q", part, len(out), d.names())
	}
	return out[0]
}

// change replaces a text that stands once in a file.
func (d dir) change(t testing.TB, part, old, with string) {
	t.Helper()
	name := d.find(t, part)
	if strings.Count(d[name], old) != 1 {
		t.Fatalf("%q is %d times in %s:\n%s", old, strings.Count(d[name], old), name, d[name])
	}
	d[name] = strings.Replace(d[name], old, with, 1)
}

// move gives a file another name.
func (d dir) move(from, to string) {
	d[to] = d[from]
	delete(d, from)
}

// courses are all courses that there are.
func (l *lectern) courses() []models.ID {
	l.t.Helper()
	var out []models.ID
	err := l.store.View(context.Background(), func(tx *store.Tx) error {
		rs, err := tx.Draft.List(store.Query{Kind: models.KindCourse, Trashed: true})
		for _, r := range rs {
			out = append(out, r.Base().ID)
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// course is the only one.
func (l *lectern) course() models.ID {
	l.t.Helper()
	all := l.courses()
	if len(all) != 1 {
		l.t.Fatalf("there are %d courses", len(all))
	}
	return all[0]
}

func (l *lectern) exported(public bool) dir {
	l.t.Helper()
	return l.exportedCourse(l.course(), public)
}

func (l *lectern) exportedCourse(course models.ID, public bool) dir {
	l.t.Helper()
	out := &target{files: dir{}}
	if err := markdown.Write(context.Background(), l.Service, l.files, content.ExportRequest{Course: course, Public: public}, out); err != nil {
		l.t.Fatal(err)
	}
	out.end()
	return out.files
}

// load imports a folder.
func (l *lectern) load(d dir, publish bool) *seed.Report {
	l.t.Helper()
	report, err := l.tryLoad(d.fs(), publish)
	if err != nil {
		l.t.Fatal(err)
	}
	return report
}

func (l *lectern) tryLoad(fsys fs.FS, publish bool) (*seed.Report, error) {
	l.t.Helper()
	o := markdown.Options{Name: "the folder", Options: seed.Options{Publish: publish, Files: l.files, By: content.Save{Author: "import"}}}
	loaded, err := markdown.Load(context.Background(), fsys, o)
	if err != nil {
		return nil, err
	}
	report, err := loaded.Save(context.Background(), l.Service)
	if err2 := loaded.Close(); err2 != nil {
		l.t.Error(err2)
	}
	return report, err
}

// site imports a site of another kind.
func (l *lectern) site(src seed.Source, publish bool) {
	l.t.Helper()
	site, err := seed.Survey(context.Background(), src)
	if err != nil {
		l.t.Fatal(err)
	}
	if _, err := seed.Import(context.Background(), l.Service, site, seed.Options{Publish: publish, Files: l.files}); err != nil {
		l.t.Fatal(err)
	}
}

// wantSame compares two folders.
func wantSame(t testing.TB, got, want dir) {
	t.Helper()
	if diff := cmp.Diff(want.names(), got.names()); diff != "" {
		t.Fatalf("the folders hold other files:\n%s", diff)
	}
	for _, name := range want.names() {
		if diff := cmp.Diff(want[name], got[name]); diff != "" {
			t.Fatalf("%s:\n%s", name, diff)
		}
	}
}

// state is the versions and bodies of all drafts.
func (l *lectern) state() map[string]string {
	l.t.Helper()
	out := map[string]string{}
	err := l.store.View(context.Background(), func(tx *store.Tx) error {
		for _, kind := range models.StoredKinds() {
			rs, err := tx.Draft.List(store.Query{Kind: kind, Bodies: true, Trashed: true})
			if err != nil {
				return err
			}
			for _, r := range rs {
				body, err := models.Encode(r)
				if err != nil {
					return err
				}
				m := r.Base()
				out[string(kind)+" "+string(m.ID)] = fmt.Sprintf("version %d, trashed %v: %s", m.Version, m.TrashedAt != nil, body)
			}
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

// sharedDir is the folder of what this project shares with others. Tests of real pages are skipped where it is not, but
// not in CI.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LECTERN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the shared folder is not at %s: set LECTERN_SHARED", dir)
		}
		t.Skipf("SKIPPED: the shared folder is not at %s, so real pages were NOT read: set LECTERN_SHARED", dir)
	}
	return dir
}
