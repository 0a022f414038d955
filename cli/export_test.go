package cli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/internal/proof"
)

// plot is a data folder with a published course of two pages, and a draft.
func plot(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	in(t, data, "import", "--publish", file(t, "beans.md", beans), file(t, "peas.md", "---\ntitle: Peas\n---\nPeas climb too.\n")).mustBe(t, ExitOK)
	in(t, data, "import", file(t, "kale.md", "---\ntitle: Kale\n---\nKale stands the frost.\n")).mustBe(t, ExitOK)
	return data
}

// sameBytes fails unless two files or folders hold the same.
func sameBytes(t *testing.T, a, b string) {
	t.Helper()
	read := func(root string) map[string]string {
		out := map[string]string{}
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			out[strings.TrimPrefix(path, root)] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	x, y := read(a), read(b)
	if len(x) == 0 || len(x) != len(y) {
		t.Fatalf("%d and %d files", len(x), len(y))
	}
	for name := range x {
		if x[name] != y[name] {
			t.Errorf("%s%s and %s%s differ", a, name, b, name)
		}
	}
}

func TestAnExportIsRestoredInAnotherDataFolder(t *testing.T) {
	data, out, other := plot(t), t.TempDir(), t.TempDir()
	folder, zipped, again := filepath.Join(out, "backup"), filepath.Join(out, "backup.zip"), filepath.Join(out, "again.ZIP")

	in(t, data, "export", "--to", folder, "default").mustBe(t, ExitOK, `exported the course "Default course"`, folder)
	in(t, data, "export", "--to", zipped, "--revisions", "default").mustBe(t, ExitOK)
	in(t, data, "export", "--to", again, "--revisions", "default").mustBe(t, ExitOK)
	sameBytes(t, zipped, again)

	in(t, other, "import", "--dry-run", zipped).mustBe(t, ExitOK, "lectern-json", "3 sections", "nothing was written")
	in(t, other, "check").mustBe(t, ExitFailed, "no database")
	in(t, other, "import", zipped).mustBe(t, ExitOK, zipped+": lectern-json, 3 pages", "3 modules, 3 sections, 1 source new")
	in(t, other, "import", zipped, "--publish").mustBe(t, ExitOK, "nothing new, nothing changed")
	in(t, other, "import", zipped, folder).mustBe(t, ExitFailed, "an export of the same course")
	in(t, other, "export", "--to", again, "--revisions", "default").mustBe(t, ExitOK)
}

func TestTheSameBytesComeBack(t *testing.T) {
	data, out, other := plot(t), t.TempDir(), t.TempDir()
	first, second := filepath.Join(out, "first.zip"), filepath.Join(out, "second.zip")
	in(t, data, "export", "--to", first, "--revisions", "default").mustBe(t, ExitOK)
	in(t, other, "import", "--as", "lectern-json", first).mustBe(t, ExitOK)
	in(t, other, "export", "--to", second, "--revisions", "default").mustBe(t, ExitOK)
	sameBytes(t, first, second)
	in(t, other, "reindex").mustBe(t, ExitOK, "5 documents") // two modules, two sections, a source
	in(t, other, "check").mustBe(t, ExitOK, "are sound")
	in(t, other, "import", "--publish", first).mustBe(t, ExitOK, "nothing new, nothing changed", "published: 2 records")
}

func TestAnExportInATarBelowAFolder(t *testing.T) {
	data, out, other := plot(t), t.TempDir(), t.TempDir()
	folder := filepath.Join(out, "backup")
	in(t, data, "export", "--to", folder, "default").mustBe(t, ExitOK)
	var packed bytes.Buffer
	gz := gzip.NewWriter(&packed)
	tw := tar.NewWriter(gz)
	if err := tw.AddFS(os.DirFS(out)); err != nil {
		t.Fatal(err)
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	in(t, other, "import", file(t, "backup.tar.gz", packed.String())).mustBe(t, ExitOK, "lectern-json, 3 pages")
	in(t, t.TempDir(), "import", out).mustBe(t, ExitOK, "lectern-json, 3 pages") // the folder around it
	env := map[string]string{"LECTERN_DATA": t.TempDir()}
	lectern(t, t.Context(), env, packed.String(), "import", "--path", "upload.tar.gz", "-").mustBe(t, ExitOK, "lectern-json, 3 pages")
}

func TestExportsReplaceExportsOnly(t *testing.T) {
	data, out := plot(t), t.TempDir()
	folder, zipped := filepath.Join(out, "backup"), filepath.Join(out, "backup.zip")
	write := func(name string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, to := range []string{folder, zipped} {
		in(t, data, "export", "--to", to, "default").mustBe(t, ExitOK)
		in(t, data, "export", "--to", to, "default").mustBe(t, ExitOK)
	}
	write(filepath.Join(folder, ".git", "HEAD"))
	in(t, data, "export", "--to", folder, "default").mustBe(t, ExitFailed, ".git is no file of the export", "export to another name")
	write(filepath.Join(out, "mine", "a.txt"))
	in(t, data, "export", "--to", filepath.Join(out, "mine"), "default").mustBe(t, ExitFailed, "no earlier export")
	write(filepath.Join(out, "mine.zip"))
	in(t, data, "export", "--to", filepath.Join(out, "mine.zip"), "default").mustBe(t, ExitFailed, "no earlier export")
	in(t, data, "export", "--to", filepath.Join(out, "mine", "a.txt"), "default").mustBe(t, ExitFailed, "no earlier export")

	before := entriesOf(t, out)
	in(t, data, "export", "--to", filepath.Join(out, "none"), "no-such-course").mustBe(t, ExitFailed, `no course "no-such-course"`)
	if after := entriesOf(t, out); strings.Join(before, " ") != strings.Join(after, " ") {
		t.Errorf("a failed export left %v, before it there was %v", after, before)
	}
}

// entriesOf lists what is in a folder, hidden files too.
func entriesOf(t *testing.T, folder string) (names []string) {
	t.Helper()
	there, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range there {
		names = append(names, e.Name())
	}
	return names
}

func TestExportsThatCantBe(t *testing.T) {
	data, out := plot(t), t.TempDir()
	to := filepath.Join(out, "backup")
	in(t, data, "export", "default").mustBe(t, ExitUsage, "--to")
	in(t, data, "export", "--to", to, "--public", "--revisions", "default").mustBe(t, ExitUsage, "--public")
	in(t, data, "export", "--to", to, "--format", "pdf", "default").mustBe(t, ExitUsage, "json")
	in(t, t.TempDir(), "export", "--to", to, "default").mustBe(t, ExitFailed, "no database")
	in(t, data, "export", "--to", to, "01890000-0000-7000-8000-000000000000").mustBe(t, ExitFailed, "no course")
}

func TestSourcesThatAreNoExports(t *testing.T) {
	page := file(t, "beans.md", beans)
	in(t, t.TempDir(), "import", "--as", "lectern-json", page).mustBe(t, ExitFailed, "beans.md is no export of Lectern")

	data, out := plot(t), t.TempDir()
	folder := filepath.Join(out, "backup")
	in(t, data, "export", "--to", folder, "default").mustBe(t, ExitOK)
	in(t, t.TempDir(), "import", "--module", "Beds", folder).mustBe(t, ExitUsage, "--module")
	in(t, t.TempDir(), "import", "--as", "outline", folder).mustBe(t, ExitFailed, "holds no pages")
	if err := os.Remove(filepath.Join(folder, "manifest.json")); err != nil {
		t.Fatal(err)
	}
	in(t, t.TempDir(), "import", folder).mustBe(t, ExitFailed, "manifest.json", "not whole")
}

func TestASlugThatIsTaken(t *testing.T) {
	data, out, other := plot(t), t.TempDir(), plot(t)
	zipped := filepath.Join(out, "backup.zip")
	in(t, data, "export", "--to", zipped, "default").mustBe(t, ExitOK)
	in(t, other, "import", zipped).mustBe(t, ExitFailed, "/slug", `"default"`, "--course")
	in(t, other, "import", "--course", "The Plot", zipped).mustBe(t, ExitFailed, "is no slug")
	in(t, other, "import", "--course", "the-plot", zipped).mustBe(t, ExitOK, "3 sections")
	in(t, other, "import", zipped).mustBe(t, ExitOK, "nothing new, nothing changed")
	in(t, other, "import", "--course", "another", zipped).mustBe(t, ExitFailed, `under the slug "the-plot"`)
	in(t, other, "publish", "--dry-run", "the-plot").mustBe(t, ExitOK, `module    "Kale"`)
	in(t, other, "check").mustBe(t, ExitOK, "there is no search index yet")
}

func TestAPublicExportIsWhatReadersSee(t *testing.T) {
	data, out, other := plot(t), t.TempDir(), t.TempDir()
	folder, again := filepath.Join(out, "public"), filepath.Join(out, "again")
	in(t, data, "export", "--public", "--to", folder, "default").mustBe(t, ExitOK)
	in(t, other, "import", folder).mustBe(t, ExitOK, "2 sections")
	in(t, other, "import", "--publish", folder).mustBe(t, ExitOK, "published: 6 records")
	in(t, other, "export", "--public", "--to", again, "default").mustBe(t, ExitOK)
	sameBytes(t, folder, again)
}

func TestExportBesideAServer(t *testing.T) {
	data, out := plot(t), t.TempDir()
	zipped := filepath.Join(out, "backup.zip")
	serving(t, data)
	in(t, data, "export", "--to", zipped, "default").mustBe(t, ExitOK)

	other := t.TempDir()
	url, _ := serving(t, other)
	in(t, other, "import", zipped).mustBe(t, ExitOK)
	eventually(t, "what was restored is found", func() bool {
		_, body, err := get(url + "/v1/search?q=runner")
		return err == nil && strings.Contains(body, "<mark>")
	})
}

// killed runs a command in another process and kills it with SIGKILL when its time is over.
func killed(t *testing.T, data string, after time.Duration, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), after)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), envHelper+"=1", "LECTERN_DATA="+data)
	if out, err := cmd.CombinedOutput(); err != nil && ctx.Err() == nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// large is a data folder with a course of many pages.
func large(t *testing.T) (data string) {
	t.Helper()
	data = t.TempDir()
	folder := t.TempDir()
	for i := range 60 {
		page := fmt.Sprintf("---\ntitle: Bed %d\n---\n%s\n", i, strings.Repeat("Dig the bed over in autumn. ", 200))
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("bed-%03d.md", i)), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in(t, data, "import", "--publish", folder).mustBe(t, ExitOK)
	return data
}

func TestAKilledExportLeavesWhatWasThere(t *testing.T) {
	data := large(t)
	for _, name := range []string{"backup", "backup.zip"} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			to := filepath.Join(out, name)
			begin := time.Now()
			killed(t, data, time.Minute, "export", "--to", to, "default")
			takes := time.Since(begin)
			whole := filepath.Join(t.TempDir(), name)
			if err := os.Rename(to, whole); err != nil {
				t.Fatal(err)
			}
			n := proof.Kills()
			for i := range n {
				killed(t, data, takes*time.Duration(i+1)/time.Duration(n), "export", "--to", to, "default")
				if _, err := os.Stat(to); err == nil {
					sameBytes(t, to, whole)
				}
			}
			in(t, data, "export", "--to", to, "default").mustBe(t, ExitOK)
			sameBytes(t, to, whole)
		})
	}
}

func TestAKilledRestoreLeavesAllOrNothing(t *testing.T) {
	source, out := large(t), t.TempDir()
	zipped, again := filepath.Join(out, "backup.zip"), filepath.Join(out, "again.zip")
	in(t, source, "export", "--to", zipped, "--revisions", "default").mustBe(t, ExitOK)
	begin := time.Now()
	killed(t, t.TempDir(), time.Minute, "import", zipped)
	takes := time.Since(begin)

	n := proof.Kills()
	for i := range n {
		data := t.TempDir()
		in(t, data, "migrate").mustBe(t, ExitOK)
		killed(t, data, takes*time.Duration(i+1)/time.Duration(n), "import", zipped)
		if o := in(t, data, "export", "--to", again, "--revisions", "default"); o.code == ExitFailed {
			o.mustBe(t, ExitFailed, "no course") // killed before the commit
			in(t, data, "import", zipped).mustBe(t, ExitOK, "60 sections")
			in(t, data, "export", "--to", again, "--revisions", "default").mustBe(t, ExitOK)
		}
		sameBytes(t, again, zipped)
	}
}
