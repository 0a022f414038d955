package archive

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

const someCommit = "0123456789abcdef0123456789abcdef01234567"

var bread = []entry{
	{name: "bread-0123/"},
	{name: "bread-0123/_config.yml", body: "title: Bread\n"},
	{name: "bread-0123/modules/rye/section-1.md", body: strings.Repeat("Rye is dark. ", 4_000)},
	{name: "./bread-0123/modules/wheat/é ü & ?.md", body: "Wheat."},
	{name: "bread-0123/img/empty.png"},
	{name: "bread-0123/img/none/"},
}

func TestBothKindsAreFileSystems(t *testing.T) {
	for kind, archive := range kinds {
		t.Run(kind, func(t *testing.T) {
			a, err := openBytes(t, archive(t, someCommit, bread...), standardLimits())
			check(t, err)
			if err := fstest.TestFS(a.FS(), "_config.yml", "modules/rye/section-1.md", "modules/wheat/é ü & ?.md", "img/none"); err != nil {
				t.Error(err)
			}
			if a.Commit != someCommit {
				t.Errorf("the commit is %q", a.Commit)
			}
			got, err := readAll(a)
			check(t, err)
			if got["modules/rye/section-1.md"] != bread[2].body || got["img/empty.png"] != "" || len(got) != 4 {
				t.Errorf("%d files, the page has %d bytes", len(got), len(got["modules/rye/section-1.md"]))
			}
		})
	}
}

func TestRoot(t *testing.T) {
	for name, tt := range map[string]struct {
		paths []string
		want  []string
	}{
		"one folder around":          {[]string{"a/x.md", "a/y.md"}, []string{"x.md", "y.md"}},
		"folders in folders":         {[]string{"a/b/x.md", "a/b/y.md"}, []string{"x.md", "y.md"}},
		"a file beside":              {[]string{"a/x.md", "y.md"}, []string{"a/x.md", "y.md"}},
		"a folder that has meaning":  {[]string{"a/modules/x.md"}, []string{"modules/x.md"}},
		"posts":                      {[]string{"_posts/x.md"}, []string{"_posts/x.md"}},
		"one file":                   {[]string{"x.md"}, []string{"x.md"}},
		"empty folders":              {[]string{"a/b/"}, nil},
		"what macOS adds":            {[]string{"a/x.md", "__MACOSX/a/._x.md", "__MACOSX/"}, []string{"x.md"}},
		"nothing":                    {nil, nil},
		"the top folder as an entry": {[]string{"./", "a/", "a/x.md"}, []string{"x.md"}},
	} {
		for kind, archive := range kinds {
			t.Run(name+" "+kind, func(t *testing.T) {
				var entries []entry
				for _, p := range tt.paths {
					entries = append(entries, entry{name: p})
				}
				a, err := openBytes(t, archive(t, "", entries...), standardLimits())
				check(t, err)
				files, err := readAll(a)
				check(t, err)
				if len(files) != len(tt.want) {
					t.Errorf("files %v, want %v", files, tt.want)
				}
				for _, p := range tt.want {
					if _, ok := files[p]; !ok {
						t.Errorf("no %s in %v", p, files)
					}
				}
			})
		}
	}
}

func TestSkipped(t *testing.T) {
	for kind, archive := range kinds {
		a, err := openBytes(t, archive(t, "no commit", entry{name: "a/x.md", body: "x"}, entry{name: "a/l", link: "/etc/passwd"},
			entry{name: "__MACOSX/a/._x.md", body: "\xff"}, entry{name: "__MACOSX/a/._y.md"}), standardLimits())
		check(t, err)
		want := []string{"a/l: a symbolic link", "__MACOSX: what macOS keeps about the other files"}
		if diff := cmp.Diff(want, a.Skipped); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
		if _, err := fs.Stat(a.FS(), "l"); !errors.Is(err, fs.ErrNotExist) || a.Commit != "" {
			t.Errorf("%s: a link is shown (%v), or commit %q is one", kind, err, a.Commit)
		}
	}
}

func TestIs(t *testing.T) {
	for kind, archive := range kinds {
		if !Is(archive(t, "", bread...)[:4]) || !Is(archive(t, "")) {
			t.Errorf("%s is no archive", kind)
		}
	}
	for _, head := range []string{"", "P", "PK", "---\n", "\x1f\x8b", "{\\rtf"} {
		if Is([]byte(head)) {
			t.Errorf("%q is an archive", head)
		}
	}
}

func TestOpenReaderLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	left := func() int {
		files, err := os.ReadDir(dir)
		check(t, err)
		return len(files)
	}
	for kind, archive := range kinds {
		a, err := OpenReader(bytes.NewReader(archive(t, "", bread...)), "upload")
		check(t, err)
		if runtime.GOOS != "windows" && left() > 0 {
			t.Errorf("%s: %d temporary files have names", kind, left())
		}
		got, err := readAll(a)
		check(t, err)
		if len(got) != 4 {
			t.Errorf("%s: %d files", kind, len(got))
		}
		check(t, a.Close())
		if _, err := readAll(a); err == nil || models.KindOf(err) == models.KindMalformed {
			t.Errorf("%s: reading from a closed archive: %v", kind, err)
		}
		if _, err := OpenReader(bytes.NewReader(archive(t, "", bread...)[:40]), "upload"); err == nil {
			t.Errorf("%s: half an archive was opened", kind)
		}
		if left() > 0 {
			t.Errorf("%s: %d temporary files are left", kind, left())
		}
	}
}

func TestManyReadersAtOnce(t *testing.T) {
	for kind, archive := range kinds {
		a, err := openBytes(t, archive(t, "", bread...), standardLimits())
		check(t, err)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				if got, err := readAll(a); err != nil || got["modules/rye/section-1.md"] != bread[2].body {
					t.Errorf("%s: %v", kind, err)
				}
			})
		}
		group.Wait()
	}
}

func TestOpenTellsWhatIsNoArchive(t *testing.T) {
	l := standardLimits()
	l.spoolBytes = 10
	for name, tt := range map[string]struct {
		open func() (*Archive, error)
		want string
	}{
		"missing":       {func() (*Archive, error) { return Open("nowhere.zip") }, "can't read nowhere.zip"},
		"a folder":      {func() (*Archive, error) { return Open(t.TempDir()) }, "is no file"},
		"text":          {func() (*Archive, error) { return OpenReader(strings.NewReader("Bread."), "b.zip") }, "b.zip is neither a zip nor a tar.gz archive"},
		"empty":         {func() (*Archive, error) { return OpenReader(strings.NewReader(""), "b.zip") }, "b.zip is neither"},
		"only a head":   {func() (*Archive, error) { return OpenReader(strings.NewReader("PK\x03\x04"), "b.zip") }, "b.zip is no whole zip archive"},
		"too large":     {func() (*Archive, error) { return openReader(strings.NewReader("PK\x03\x04 and more"), "b.zip", l) }, "b.zip has more than 10 bytes"},
		"a bad reader":  {func() (*Archive, error) { return OpenReader(io.MultiReader(failing{}), "b.zip") }, "the line is down"},
		"gzip, not tar": {func() (*Archive, error) { return OpenReader(bytes.NewReader(gzipText(t, "Bread.")), "b.tgz") }, "b.tgz is no whole tar.gz archive"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := tt.open()
			if err == nil || !strings.Contains(err.Error(), tt.want) || a != nil {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the line is down") }
