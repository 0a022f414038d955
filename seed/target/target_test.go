package target

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/archive"
)

// marked says that what holds a file "mark" is ours.
func marked(fsys fs.FS) error {
	_, err := fs.Stat(fsys, "mark")
	return err
}

// names are a folder and an archive to write to.
var names = []string{"export", "export.zip"}

// fill writes a small export.
func fill(t *testing.T, to Target, content string) {
	t.Helper()
	for _, name := range []string{"mark", "a/b/c.txt", "empty"} {
		w, err := to.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "empty" {
			continue
		}
		for part := range strings.SplitSeq(content, " ") {
			if _, err := io.WriteString(w, part); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func open(t *testing.T, name string) Target {
	t.Helper()
	to, err := Open(name, marked)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func commit(t *testing.T, name, content string) {
	t.Helper()
	to := open(t, name)
	fill(t, to, content)
	if err := to.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := to.Abort(); err != nil {
		t.Errorf("abort after a commit: %v", err)
	}
}

// read gives one file of an export.
func read(t *testing.T, name, file string) string {
	t.Helper()
	fsys := os.DirFS(name)
	if ZipName(name) {
		a, err := archive.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		fsys = a.FS()
	}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// there lists what is in a folder.
func there(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestACommittedExportTakesThePlaceOfTheOneBefore(t *testing.T) {
	for _, base := range names {
		t.Run(base, func(t *testing.T) {
			folder := t.TempDir()
			name := filepath.Join(folder, "deep", base)
			commit(t, name, "of the first year")
			commit(t, name, "of the second")
			if got := read(t, name, "a/b/c.txt"); got != "ofthesecond" {
				t.Errorf("it holds %q", got)
			}
			if got := read(t, name, "empty"); got != "" {
				t.Errorf("the empty file holds %q", got)
			}
			if got := there(t, filepath.Dir(name)); !slices.Equal(got, []string{base}) {
				t.Errorf("beside it there is %v", got)
			}
		})
	}
}

func TestAnAbortedExportLeavesWhatWasThere(t *testing.T) {
	for _, base := range names {
		t.Run(base, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), base)
			for _, before := range []string{"", "kept"} {
				if before != "" {
					commit(t, name, before)
				}
				to := open(t, name)
				fill(t, to, "never seen")
				if err := errors.Join(to.Abort(), to.Abort()); err != nil {
					t.Error(err)
				}
				if before == "" {
					if got := there(t, filepath.Dir(name)); len(got) > 0 {
						t.Errorf("there is %v", got)
					}
				} else if got := read(t, name, "mark"); got != before {
					t.Errorf("it holds %q", got)
				}
			}
		})
	}
}

func TestWhatIsNotOursIsNotReplaced(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"full/notes.txt": "mine", "file": "mine", "notes.zip": "mine"} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	before := there(t, folder)
	for _, base := range []string{"full", "file", "notes.zip"} {
		if _, err := Open(filepath.Join(folder, base), marked); models.KindOf(err) != models.KindConflict || !strings.Contains(err.Error(), base) {
			t.Errorf("%s: %v", base, err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "dir.zip"), 0o750); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(folder, "dir.zip"), marked); models.KindOf(err) != models.KindConflict {
		t.Errorf("a folder that is called like an archive: %v", err)
	}
	if got := there(t, folder); !slices.Equal(got, append([]string{"dir.zip"}, before...)) {
		t.Errorf("there is %v, and there was %v", got, before)
	}
	if _, err := Open("/", marked); err == nil {
		t.Error("the root was accepted")
	}
}

func TestAnEmptyFolderIsReplaced(t *testing.T) {
	commit(t, t.TempDir(), "new")
}

func TestNamesThatLeadElsewhere(t *testing.T) {
	for _, base := range names {
		to := open(t, filepath.Join(t.TempDir(), base))
		for _, name := range []string{"", ".", "..", "../x", "a/../../x", "/x", `a\b`, "a//b", "a/", "x\x00", "mark/./x"} {
			if _, err := to.Create(name); models.KindOf(err) != models.KindMalformed {
				t.Errorf("%s: %q gives %v", base, name, err)
			}
		}
		fill(t, to, "x")
		if _, err := to.Create("mark"); models.KindOf(err) != models.KindMalformed {
			t.Errorf("%s: a name that comes twice gives %v", base, err)
		}
		if err := to.Abort(); err != nil {
			t.Error(err)
		}
	}
}

func TestZipArchivesOfTheSameAreTheSame(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "a.zip"), filepath.Join(t.TempDir(), "b.zip")
	commit(t, a, "the same")
	time.Sleep(time.Millisecond)
	commit(t, b, "the same")
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	if errX != nil || errY != nil || !bytes.Equal(x, y) {
		t.Errorf("%d and %d bytes, %v, %v", len(x), len(y), errX, errY)
	}
}

func TestAnArchiveThatCouldNotBeReadIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), "blank.zip")
	to := open(t, name)
	w, err := to.Create("blank")
	if err != nil {
		t.Fatal(err)
	}
	blank := make([]byte, 1<<20)
	for range 2*ratioFrom/len(blank) + 1 {
		if _, err := w.Write(blank); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Commit(); models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), "export to a folder") {
		t.Errorf("got %v", err)
	}
	if err := to.Abort(); err != nil {
		t.Error(err)
	}
	if got := there(t, filepath.Dir(name)); len(got) > 0 {
		t.Errorf("there is %v", got)
	}
}

// What a killed process leaves is mended by the next one: the names are what it works with.
func TestWhatAKilledExportLeft(t *testing.T) {
	parent := t.TempDir()
	name := filepath.Join(parent, "export")
	old, fresh, stale := filepath.Join(parent, ".export.lectern-old"), filepath.Join(parent, ".export.lectern-new-1"), filepath.Join(parent, ".export.lectern-new-2")

	commit(t, name, "first")
	if err := os.Rename(name, old); err != nil { // killed between the two steps of the exchange
		t.Fatal(err)
	}
	to := open(t, name)
	if got := read(t, name, "mark"); got != "first" {
		t.Errorf("it holds %q", got)
	}
	if err := to.Abort(); err != nil {
		t.Fatal(err)
	}

	for _, dir := range []string{old, fresh, stale} { // killed after the exchange, and while writing
		if err := os.Mkdir(dir, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-abandoned - time.Hour)
	if err := os.Chtimes(stale, long, long); err != nil {
		t.Fatal(err)
	}
	commit(t, name, "second")
	if got := there(t, parent); !slices.Equal(got, []string{".export.lectern-new-1", "export"}) {
		t.Errorf("there is %v", got)
	}
	if got := read(t, name, "mark"); got != "second" {
		t.Errorf("it holds %q", got)
	}
}
