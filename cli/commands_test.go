package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/store"
)

func TestImportAndPublish(t *testing.T) {
	data, page := t.TempDir(), file(t, "beans.md", beans)

	in(t, data, "import", page).mustBe(t, ExitOK, "1 section")
	in(t, data, "publish", "--dry-run", "default/runner-beans").mustBe(t, ExitOK, `section   "Runner beans"`)
	in(t, data, "publish", "default/runner-beans").mustBe(t, ExitOK, "content revision 1")
	in(t, data, "publish", "default/runner-beans").mustBe(t, ExitOK, "nothing to publish")
	in(t, data, "import", "--publish", page).mustBe(t, ExitOK, "nothing new", "nothing changed", "nothing to publish")
	in(t, data, "reindex").mustBe(t, ExitOK, "3 documents") // module, section, source
	in(t, data, "check").mustBe(t, ExitOK, "are sound")
	in(t, data, "migrate").mustBe(t, ExitOK, fmt.Sprint("schema version ", store.SchemaVersion()))
}

func TestImportFromStandardInput(t *testing.T) {
	env := map[string]string{"LECTERN_DATA": t.TempDir()}

	lectern(t, t.Context(), env, beans, "import", "-").mustBe(t, ExitUsage, "--path")
	lectern(t, t.Context(), env, beans, "import", "--path", "../beans.md", "-").mustBe(t, ExitFailed, "../beans.md")
	lectern(t, t.Context(), env, beans, "import", "--module", "The plot", "--path", "plot/beans.md", "-").mustBe(t, ExitOK, "1 module")
	lectern(t, t.Context(), env, "", "publish", "default/the-plot/runner-beans").mustBe(t, ExitOK, "revision 1")
}

func TestImportOfAFolder(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{"a.md": beans, "b/peas.txt": "Peas\n\nPeas climb too.\n", "README.md": "not a page", "x.png": "no"} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in(t, data, "import", folder).mustBe(t, ExitOK, "2 sections")
}

func TestABlockedPublishKeepsTheDraftsAndSaysWhy(t *testing.T) {
	data := t.TempDir()
	page := file(t, "beans.md", "---\ntitle: Beans\n---\nSow in May.[^7]\n")

	in(t, data, "import", "--publish", page).mustBe(t, ExitAttention, "marks citation 7", "the drafts are saved")
	in(t, data, "publish", "default/beans").mustBe(t, ExitAttention, "marks citation 7", "nothing was published")
}

func TestBadInputIsNamedAndLeavesNothing(t *testing.T) {
	long := strings.Repeat("word ", 10<<20)
	for name, tt := range map[string]struct {
		file, content string
		words         []string
	}{
		"malformed front matter": {"bad.md", "---\ntitle: [\n---\ntext\n", []string{"bad.md", "2"}},
		"front matter unclosed":  {"bad.md", "---\ntitle: T\n\ntext\n", []string{"bad.md:1", "not closed"}},
		"invalid UTF-8":          {"bad.md", "---\ntitle: T\n---\nfine\nnot \xff fine\n", []string{"bad.md", "5"}},
		"a line of 50 MB":        {"long.md", "---\ntitle: T\n---\n" + long, []string{"long.md", "8 MiB"}},
		"nested brackets":        {"deep.md", "---\ntitle: T\n---\n" + strings.Repeat("[", 4<<20), []string{"deep.md", "4"}},
		"nested quotes":          {"deep.md", "---\ntitle: T\n---\n" + strings.Repeat("> ", 100_000), []string{"deep.md", "4"}},
		"nested elements":        {"deep.md", "---\ntitle: T\n---\n" + strings.Repeat("<div>\n", 100_000), []string{"deep.md"}},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			good := file(t, "beans.md", beans)
			in(t, data, "import", "--publish", good, file(t, tt.file, tt.content)).mustBe(t, ExitFailed, tt.words...)
			in(t, data, "migrate").mustBe(t, ExitOK)
			in(t, data, "publish", "default").mustBe(t, ExitFailed, `no course "default"`)
		})
	}
}

func TestWhatIsNotThere(t *testing.T) {
	data := t.TempDir()
	in(t, data, "import", "no-such-file.md").mustBe(t, ExitFailed, "no-such-file.md", "no such file")
	in(t, data, "import", t.TempDir()).mustBe(t, ExitFailed, "holds no pages")
	in(t, data, "publish", "nothing/at/all").mustBe(t, ExitFailed, "no database")
	in(t, data, "check").mustBe(t, ExitFailed, "no database")
	in(t, data, "reindex").mustBe(t, ExitFailed, "no database")
	in(t, data, "migrate").mustBe(t, ExitOK)
	in(t, data, "publish", "nothing/at/all").mustBe(t, ExitFailed, `no course "nothing"`)
	in(t, data, "publish", "a/b/c/d").mustBe(t, ExitFailed, "more parts")
	in(t, data, "fly").mustBe(t, ExitUsage, "fly")
	in(t, data, "import").mustBe(t, ExitUsage)
	in(t, data, "--help").mustBe(t, ExitOK, "LECTERN_ADDR", "LECTERN_STOP_TIMEOUT")
	if help := in(t, data, "--help").out; strings.Contains(help, "${") {
		t.Errorf("help has holes: %s", help)
	}
	in(t, data, "version").mustBe(t, ExitOK, "lectern ")
}

func TestAllWrongSettingsAreReportedAtOnce(t *testing.T) {
	settings := file(t, "lectern.yaml", "log-format: loud\ncolour: red\n")
	lectern(t, t.Context(), map[string]string{"LECTERN_REQUEST_TIMEOUT": "soon"}, "", "migrate", "--addr", "nowhere", "--config", settings).
		mustBe(t, ExitUsage, "--addr", "nowhere", "LECTERN_REQUEST_TIMEOUT", "soon", "loud", `"colour"`)
}

func TestDataFolderThatCantBeUsed(t *testing.T) {
	in(t, filepath.Join(file(t, "a-file", "x"), "data"), "migrate").mustBe(t, ExitFailed, "data folder")

	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, databaseFile), []byte("this is no database, whatever it is called"), 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, data, "check").mustBe(t, ExitFailed, "not a database")
}

func TestCheckFindsAWrongIndex(t *testing.T) {
	data := t.TempDir()
	in(t, data, "import", "--publish", file(t, "beans.md", beans)).mustBe(t, ExitOK)
	in(t, data, "reindex").mustBe(t, ExitOK)
	in(t, data, "check").mustBe(t, ExitOK, "are sound")
	in(t, data, "import", "--publish", file(t, "peas.md", "---\ntitle: Peas\n---\nPeas climb too.\n")).mustBe(t, ExitOK)
	in(t, data, "check").mustBe(t, ExitAttention, "lacks section", "behind", "check --index")
	in(t, data, "check", "--index").mustBe(t, ExitOK, "agree")
	in(t, data, "check").mustBe(t, ExitOK)
}

func TestTwoPagesOfOneNameAreRefused(t *testing.T) {
	data := t.TempDir()
	a, b := file(t, "intro.md", "---\ntitle: Intro\n---\nOf a.\n"), file(t, "intro.md", "---\ntitle: Intro\n---\nOf b.\n")
	in(t, data, "import", a, b).mustBe(t, ExitFailed, "intro.md", "the same page")
	in(t, data, "check").mustBe(t, ExitFailed, "no database")
}

func TestCheckWithoutAnIndexAndWithAnEmptyDatabase(t *testing.T) {
	data := t.TempDir()
	in(t, data, "import", "--publish", file(t, "beans.md", beans)).mustBe(t, ExitOK)
	in(t, data, "check").mustBe(t, ExitOK, "there is no search index yet")
	if err := os.WriteFile(filepath.Join(data, databaseFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	in(t, data, "check").mustBe(t, ExitFailed, "empty file")
}
