package seed

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
)

// shared is the folder of what this project shares with others: seeds, corpora and checks. Tests of real pages are
// skipped where it is not, but not in CI.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LECTERN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the shared folder is not at %s: set LECTERN_SHARED", dir)
		}
		t.Skipf("SKIPPED: the shared folder is not at %s, so real pages were NOT read: set LECTERN_SHARED", dir)
	}
	return dir
}

// readTree reads a folder with the readers.
func readTree(t *testing.T, dir string) *Tree {
	t.Helper()
	src, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Read(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// sections gives all sections of a tree, by path.
func sections(tree *Tree) map[string]*Section {
	out := map[string]*Section{}
	var visit func([]*Section)
	visit = func(list []*Section) {
		for _, s := range list {
			out[s.Key] = s
			visit(s.Children)
		}
	}
	for _, m := range tree.Modules {
		visit(m.Sections)
	}
	return out
}

// modulesOf gives the module of every section, by path.
func modulesOf(tree *Tree) map[string]*Module {
	out := map[string]*Module{}
	for _, m := range tree.Modules {
		var visit func([]*Section)
		visit = func(list []*Section) {
			for _, s := range list {
				out[s.Key] = m
				visit(s.Children)
			}
		}
		visit(m.Sections)
	}
	return out
}

// corpora are the sources that expected-import.csv is about, and how many pages each has there.
var corpora = []struct {
	name, dir string
	pages     int
}{
	{"connectedlib-site", "corpora/connectedlib-site", 204},
	{"connectedlib-toolkit", "corpora/connectedlib-toolkit", 60},
	{"seeds", "seeds", 3},
}

// elsewhere are the columns that other tests compare: names of rows, and the order of pages.
var elsewhere = []string{"corpus", "path", "order_in_module"}

// eitherWay are the figures of which checks/README.md says that another is right too.
var eitherWay = map[string]map[string]string{
	"modules/design-thinking/section-2-6.md": {"n_words": "237"}, // a stray end tag may be a word
	"modules/mentoring/section-6-5-ref.md":   {"n_tables": "1"},  // a reference with a bar in it may be a table
}

// outlines are the pages whose figures, but for the words, were not counted for plain text: TestSeedOutline has what
// was found by hand.
var outlines = []string{"004_e08e79d19e854e98.txt"}

// TestCorpora compares every figure of every page of the corpora with what was counted in their sources.
func TestCorpora(t *testing.T) {
	dir := shared(t)
	expected := readExpected(t, filepath.Join(dir, "checks", "expected-import.csv"))
	for _, corpus := range corpora {
		t.Run(corpus.name, func(t *testing.T) {
			root := filepath.Join(dir, filepath.FromSlash(corpus.dir))
			tree := readTree(t, root)
			all, modules := sections(tree), modulesOf(tree)
			if n := len(expected[corpus.name]); n != corpus.pages {
				t.Errorf("%d pages are expected, want %d", n, corpus.pages)
			}
			equal := 0
			for path, want := range expected[corpus.name] {
				s := all[path]
				if s == nil {
					t.Errorf("%s was not imported", path)
					continue
				}
				validateSection(t, modules[path], s)
				if lost, added := wordDifference(t, root, path, s); len(lost)+len(added) > 0 {
					t.Errorf("%s: lost %q, added %q", path, short(lost), short(added))
				}
				if compareFigures(t, path, want, figures(modules[path], s)) {
					equal++
				}
				compareFacts(t, path, want, s.Facts)
			}
			t.Logf("%s: all figures equal on %d of %d pages, %d warnings", corpus.name, equal, corpus.pages, len(tree.Warnings))
		})
	}
}

// compareFigures reports the columns of a page that differ, and tells whether none does.
func compareFigures(t *testing.T, path string, want, got map[string]string) bool {
	t.Helper()
	equal := true
	for column, w := range want {
		if _, counts := got[column]; !counts && !slices.Contains(elsewhere, column) {
			t.Fatalf("nobody counts %s", column)
		}
		switch {
		case slices.Contains(elsewhere, column),
			slices.Contains(outlines, path) && column != "n_words",
			column == "module_key" && w == "" && got[column] == path, // a page of no module is one by itself
			eitherWay[path][column] == got[column] && got[column] != "",
			w == got[column]:
			continue
		}
		equal = false
		t.Errorf("%s: %s is %q, want %q", path, column, got[column], w)
	}
	return equal
}

// compareFacts reports the facts of a page that differ and that records say too.
func compareFacts(t *testing.T, path string, want map[string]string, facts blocks.Facts) {
	t.Helper()
	for column, n := range map[string]int{
		"n_internal_links": facts.InternalLinks, "n_local_files": facts.LocalFiles, "n_unreferenced_defs": facts.UnreferencedDefinitions,
	} {
		if want[column] != strconv.Itoa(n) {
			t.Errorf("%s: as a fact, %s is %d, want %s", path, column, n, want[column])
		}
	}
}

// TestSampleWords needs nothing shared: no word of the sample site is lost or added.
func TestSampleWords(t *testing.T) {
	root := filepath.Join("sample", "site")
	tree := readTree(t, root)
	checkTree(t, tree)
	for path, s := range sections(tree) {
		if s.Record.Origin == nil {
			continue
		}
		if lost, added := wordDifference(t, root, path, s); len(lost)+len(added) > 0 {
			t.Errorf("%s: lost %q, added %q", path, short(lost), short(added))
		}
	}
	for _, w := range tree.Warnings {
		t.Errorf("the sample needs no warning: %v", w)
	}
}

func short(words []string) []string { return words[:min(len(words), 12)] }

func wordDifference(t *testing.T, root, path string, s *Section) (lost, added []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	want := sourceWords(string(data), func(name string) string {
		if key, ok := strings.CutPrefix(name, "page."); ok {
			v := strings.Trim(string(s.Record.Extra[key]), `"`)
			if v == "" && key == "title" {
				v = joinNumber(s.Record.Number, s.Record.Title)
			}
			return v
		}
		return ""
	})
	if strings.HasSuffix(path, ".txt") && !strings.HasPrefix(string(data), "---") {
		want = want[len(plainWords(s.Record.Title)):] // the first line is the title
	}
	return difference(want, recordWords(s))
}

// validateSection checks the rules of the records of a section; what belongs to a course is filled in on import.
func validateSection(t *testing.T, m *Module, s *Section) {
	t.Helper()
	records := []models.Record{s.Record}
	for _, w := range s.Worksheets {
		records = append(records, w)
	}
	for _, work := range s.Sources {
		work.CourseID = m.Record.ID
		records = append(records, work)
	}
	s.Record.CourseID = m.Record.ID
	for _, r := range records {
		if err := models.Validate(r); err != nil {
			t.Errorf("%s: %s: %v", s.Key, r.Kind(), err)
		}
	}
}

// readExpected reads expected-import.csv: corpus, path, column.
func readExpected(t *testing.T, name string) map[string]map[string]map[string]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]map[string]string{}
	for _, row := range rows[1:] {
		corpus, path := row[slices.Index(rows[0], "corpus")], row[slices.Index(rows[0], "path")]
		if out[corpus] == nil {
			out[corpus] = map[string]map[string]string{}
		}
		out[corpus][path] = map[string]string{}
		for i, column := range rows[0] {
			out[corpus][path][column] = row[i]
		}
	}
	return out
}
