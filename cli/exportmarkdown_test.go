package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// edit changes a text in the one file of a folder that has it.
func edit(t *testing.T, folder, from, to string) {
	t.Helper()
	edited := 0
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), from) {
			return err
		}
		edited++
		return os.WriteFile(path, []byte(strings.ReplaceAll(string(data), from, to)), 0o600)
	})
	if err != nil || edited != 1 {
		t.Fatalf("%q is in %d files: %v", from, edited, err)
	}
}

func TestACourseIsEditedAsMarkdown(t *testing.T) {
	data, out := plot(t), t.TempDir()
	folder := filepath.Join(out, "course")
	in(t, data, "export", "--format", "markdown", "--to", folder, "default").mustBe(t, ExitOK, `exported the course "Default course"`)
	in(t, data, "import", folder).mustBe(t, ExitOK, "lectern-markdown", "nothing new, nothing changed")
	edit(t, folder, "Peas climb too.", "Peas climb **higher**.")
	in(t, data, "import", "--dry-run", folder).mustBe(t, ExitOK, "nothing was written", "1 section changed")
	in(t, data, "import", "--publish", folder).mustBe(t, ExitOK, "1 section changed")
	in(t, data, "import", folder).mustBe(t, ExitOK, "nothing new, nothing changed")
	in(t, data, "export", "--format", "markdown", "--to", folder, "default").mustBe(t, ExitFailed, "import it first", "--replace")
	in(t, data, "export", "--format", "markdown", "--replace", "--to", folder, "default").mustBe(t, ExitOK)
	edit(t, folder, "Peas climb **higher**.", "Peas climb **higher**.") // it is there, once
}

func TestMarkdownGoesToAnotherInstallation(t *testing.T) {
	data, out, other := plot(t), t.TempDir(), t.TempDir()
	zipped, again := filepath.Join(out, "course.zip"), filepath.Join(out, "again.zip")
	in(t, data, "export", "--format", "markdown", "--to", zipped, "default").mustBe(t, ExitOK)
	in(t, other, "import", "--publish", zipped).mustBe(t, ExitOK, "lectern-markdown", "3 modules, 3 sections, 1 source new")
	in(t, other, "check").mustBe(t, ExitOK, "there is no search index yet")
	in(t, other, "export", "--format", "markdown", "--to", again, "default").mustBe(t, ExitOK)
	in(t, t.TempDir(), "import", again).mustBe(t, ExitOK, "3 sections")
}

func TestMarkdownExportsThatCantBe(t *testing.T) {
	data, out := plot(t), t.TempDir()
	folder := filepath.Join(out, "course")
	in(t, data, "export", "--format", "markdown", "--revisions", "--to", folder, "default").mustBe(t, ExitUsage, "--revisions")
	in(t, data, "export", "--format", "markdown", "--to", folder, "default").mustBe(t, ExitOK)
	in(t, data, "import", "--as", "lectern-json", folder).mustBe(t, ExitFailed, "no export of Lectern as json")
	in(t, data, "import", "--course", "other", folder).mustBe(t, ExitFailed, "--course", "lectern.yml")
	in(t, data, "export", "--to", folder, "default").mustBe(t, ExitFailed, "no earlier export")
	if err := os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, data, "export", "--format", "markdown", "--replace", "--to", folder, "default").mustBe(t, ExitFailed, "notes.txt: is no file of the export")
	in(t, data, "import", folder).mustBe(t, ExitFailed, "notes.txt: is no part of a course")
	if err := os.Remove(filepath.Join(folder, "notes.txt")); err != nil {
		t.Fatal(err)
	}
	edit(t, folder, "Peas climb too.", ":::nothing\nPeas\n:::")
	in(t, data, "import", folder).mustBe(t, ExitFailed, "0010-", ".md:", "nothing")
}
