package transfer

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimPath); dir != "" {
		importUntilKilled(dir)
		return // it was done before it was killed
	}
	goleak.VerifyTestMain(m)
}

// office is a service over a data folder, with one editor.
type office struct {
	*Service
	dir   string
	queue []string // what was asked for
}

var zoe = access.Subject{ID: models.NewID(), Name: "zoe", Grants: []access.Grant{{Role: access.Editor}}}

// openOffice opens what is in a folder; close must be called.
func openOffice(dir string) (o *office, err error) {
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "lectern.db")})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(context.Background()); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	folder, err := files.Open(filepath.Join(dir, "files"))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	o = &office{dir: dir}
	o.Service, err = New(Config{
		Store: db, Content: content.New(db, log, time.Now), Files: folder, Folder: filepath.Join(dir, "transfers"), Staging: filepath.Join(dir, "staging"),
		Queue: o, Standing: func(*store.Tx, models.ID, models.ID) (access.Subject, error) { return zoe, nil }, Log: log, Now: time.Now,
	})
	return o, err
}

// Enqueue notes what was asked for.
func (o *office) Enqueue(_ context.Context, _ *store.Tx, work string, id models.ID, _ time.Time) error {
	o.queue = append(o.queue, work+" "+string(id))
	return nil
}

func (o *office) close() error { return o.Store.Close() }

func open(t *testing.T, dir string) *office {
	t.Helper()
	o, err := openOffice(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

const pages = 30

// garden is an archive of a course.
func garden(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for n := range pages {
		f, err := w.Create(fmt.Sprintf("garden/page-%02d.md", n))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(f, "---\ntitle: Bed %d\n---\n%s\n", n, strings.Repeat("Dig the bed over in autumn. ", 200)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (o *office) uploads(t *testing.T, req ImportRequest) Import {
	t.Helper()
	req.Course = "garden"
	in, err := o.Upload(t.Context(), zoe, access.Origin{}, "garden.zip", bytes.NewReader(garden(t)), req)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// sections tells how many pages have been imported.
func (o *office) sections(t *testing.T) int64 {
	t.Helper()
	n, err := o.Content.CountDrafts(t.Context(), models.KindSection)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// onDisk lists what is in a folder.
func (o *office) onDisk(t *testing.T, folder string) (names []string) {
	t.Helper()
	there, err := os.ReadDir(filepath.Join(o.dir, folder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range there {
		names = append(names, e.Name())
	}
	return names
}

func TestAnImportIsDoneOnce(t *testing.T) {
	o := open(t, t.TempDir())
	in := o.uploads(t, ImportRequest{})
	if want := []string{"import " + string(in.ID)}; !slices.Equal(o.queue, want) {
		t.Errorf("asked for is %v, want %v", o.queue, want)
	}
	for range 3 {
		if err := o.RunImport(t.Context(), in.ID); err != nil {
			t.Fatal(err)
		}
	}
	got, err := o.Import(t.Context(), zoe, in.ID)
	if err != nil || got.State != store.TransferDone || got.Progress != (Progress{pages, pages}) || o.sections(t) != pages {
		t.Errorf("it is %+v, %v, with %d pages", got, err, o.sections(t))
	}
	if left := o.onDisk(t, "transfers"); len(left) > 0 {
		t.Errorf("there are %v", left)
	}
	if err := o.RunImport(t.Context(), models.NewID()); err != nil {
		t.Errorf("an import that was discarded: %v", err)
	}
}

// An import that is under way is stopped, and nothing of it stays.
func TestAnImportIsDiscardedWhileItRuns(t *testing.T) {
	o := open(t, t.TempDir())
	in := o.uploads(t, ImportRequest{})
	begun, stopped := make(chan bool), make(chan bool)
	o.Standing = func(*store.Tx, models.ID, models.ID) (access.Subject, error) {
		begun <- true
		<-stopped
		return zoe, nil
	}
	ended := make(chan error, 1)
	go func() { ended <- o.RunImport(t.Context(), in.ID) }()
	<-begun
	o.mu.Lock()
	r := o.running[in.ID]
	cancel := r.cancel
	r.cancel = func() {
		cancel()
		close(stopped)
	}
	o.mu.Unlock()
	if err := o.DiscardImport(t.Context(), zoe, access.Origin{}, in.ID); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if _, err := o.Import(t.Context(), zoe, in.ID); models.KindOf(err) != models.KindNotFound {
		t.Errorf("it is there: %v", err)
	}
	if left := o.onDisk(t, "transfers"); len(left) > 0 || o.sections(t) != 0 {
		t.Errorf("there are %v and %d pages", left, o.sections(t))
	}
}

// What was done before it could be stopped was done.
func TestADoneImportIsNotStopped(t *testing.T) {
	o := open(t, t.TempDir())
	in := o.uploads(t, ImportRequest{})
	before, err := o.read(t.Context(), zoe, store.Import, in.ID)
	if err != nil || !before.State.Active() {
		t.Fatal(before, err)
	}
	if err := o.RunImport(t.Context(), in.ID); err != nil {
		t.Fatal(err)
	}
	if err := o.forget(t.Context(), zoe, access.Origin{}, before); models.KindOf(err) != models.KindConflict {
		t.Errorf("discarded with %v", err)
	}
	if err := o.DiscardImport(t.Context(), zoe, access.Origin{}, in.ID); err != nil || o.sections(t) != pages {
		t.Errorf("discarded later with %v, and there are %d pages", err, o.sections(t))
	}
}

// A shutdown breaks an import off; it is not failed, and done after the next start.
func TestAnImportThatIsBrokenOffIsDoneLater(t *testing.T) {
	o := open(t, t.TempDir())
	in := o.uploads(t, ImportRequest{})
	ctx, cancel := context.WithCancel(t.Context())
	o.Standing = func(*store.Tx, models.ID, models.ID) (access.Subject, error) {
		cancel()
		return zoe, nil
	}
	if err := o.RunImport(ctx, in.ID); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if got, err := o.Import(t.Context(), zoe, in.ID); err != nil || got.State != store.TransferRunning {
		t.Errorf("it is %+v, %v", got, err)
	}
	o.queue = nil
	if err := o.Resume(t.Context()); err != nil || len(o.queue) != 1 {
		t.Fatalf("asked for is %v, %v", o.queue, err)
	}
	if err := o.RunImport(t.Context(), in.ID); err != nil || o.sections(t) != pages {
		t.Errorf("done with %v, and there are %d pages", err, o.sections(t))
	}
}

func TestUploadsThatEndEarlyLeaveNothing(t *testing.T) {
	o := open(t, t.TempDir())
	lost := errors.New("the line is dead")
	half := io.MultiReader(bytes.NewReader(garden(t)[:500]), failing{lost})
	if _, err := o.Upload(t.Context(), zoe, access.Origin{}, "garden.zip", half, ImportRequest{}); !errors.Is(err, lost) {
		t.Errorf("it ended with %v", err)
	}
	if _, err := o.Upload(t.Context(), zoe, access.Origin{}, "zeros.zip", io.MultiReader(strings.NewReader("PK\x03\x04"), io.LimitReader(zeros{}, MaxArchiveBytes)), ImportRequest{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too much of it ended with %v", err)
	}
	if left := o.onDisk(t, "transfers"); len(left) > 0 || len(o.queue) > 0 {
		t.Errorf("there are %v, and asked for is %v", left, o.queue)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestNobodyHasTooMuchUnderWay(t *testing.T) {
	o := open(t, t.TempDir())
	for range maxActive {
		o.uploads(t, ImportRequest{})
	}
	_, err := o.Upload(t.Context(), zoe, access.Origin{}, "garden.zip", bytes.NewReader(garden(t)), ImportRequest{})
	if models.KindOf(err) != models.KindConflict || len(o.onDisk(t, "transfers")) != maxActive {
		t.Errorf("one more: %v, and there are %d", err, len(o.onDisk(t, "transfers")))
	}
}

// Archives go when their time is over, and what was done is forgotten in the end.
func TestTidying(t *testing.T) {
	o := open(t, t.TempDir())
	var moved time.Duration
	o.Now = func() time.Time { return models.Timestamp(time.Now().Add(moved)) }
	looked, waits := o.uploads(t, ImportRequest{DryRun: true}), o.uploads(t, ImportRequest{})
	if err := o.RunImport(t.Context(), looked.ID); err != nil {
		t.Fatal(err)
	}
	stray := filepath.Join(o.dir, "transfers", "stray")
	if err := os.WriteFile(stray, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * time.Hour)
	age := func() {
		for _, name := range o.onDisk(t, "transfers") {
			if err := os.Chtimes(filepath.Join(o.dir, "transfers", name), old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tt := range []struct {
		later time.Duration
		aged  bool
		want  []models.ID // archives that are there
		more  int         // other files
		rows  int
	}{
		{0, false, []models.ID{looked.ID, waits.ID}, 1, 2}, // an upload may be under way
		{0, true, []models.ID{looked.ID, waits.ID}, 0, 2},
		{keepLooked + time.Hour, true, []models.ID{waits.ID}, 0, 2},
		{keepTold + keepLooked, true, []models.ID{waits.ID}, 0, 1},
	} {
		moved = tt.later
		if tt.aged {
			age()
		}
		if err := o.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		there := o.onDisk(t, "transfers")
		for _, id := range tt.want {
			if !slices.Contains(there, filepath.Base(o.path(id))) {
				t.Errorf("after %s the archive of %s is gone", tt.later, id)
			}
		}
		rows, err := o.Imports(t.Context(), zoe, "", 10)
		if err != nil || len(there) != len(tt.want)+tt.more || len(rows) != tt.rows {
			t.Errorf("after %s there are %v and %d imports, %v", tt.later, there, len(rows), err)
		}
	}
}
