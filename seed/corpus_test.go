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
	"github.com/lectern-cms/lectern/render"
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

// sitePosition is where a page came to stand: its module, and its number among the pages of its folder there.
type sitePosition struct {
	module string
	order  int
}

func placesOf(tree *Tree) map[string]sitePosition {
	out := map[string]sitePosition{}
	for _, m := range tree.Modules {
		seen := map[string]int{}
		var visit func([]*Section)
		visit = func(list []*Section) {
			for _, s := range list {
				if s.Record.Origin != nil {
					dir := filepath.Dir(s.Key)
					seen[dir]++
					out[s.Key] = sitePosition{m.Key, seen[dir]}
				}
				visit(s.Children)
			}
		}
		visit(m.Sections)
	}
	return out
}

// corpusFloors are the pages that must match in every word, and the words that may at most be lost or added over all.
// They may only get better.
var corpusFloors = map[string]struct{ exact, lost, added int }{
	"connectedlib-site":    {204, 0, 0},
	"connectedlib-toolkit": {60, 0, 0},
	"seeds":                {3, 0, 0},
}

// figures are the columns of expected-import.csv that are compared.
var figures = []string{"n_footnote_refs", "n_definitions", "n_videos", "n_other_embeds", "n_images", "n_external_links",
	"n_callouts", "n_worksheets", "n_headings", "n_words"}

func TestCorpora(t *testing.T) {
	dir := shared(t)
	expected := readExpected(t, filepath.Join(dir, "checks", "expected-import.csv"))
	for name, floor := range corpusFloors {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(dir, "corpora", name)
			if name == "seeds" {
				root = filepath.Join(dir, name)
			}
			tree := readTree(t, root)
			all, places := sections(tree), placesOf(tree)
			exact, lost, added := 0, 0, 0
			match := map[string]int{}
			for path, want := range expected[name] {
				s := all[path]
				if s == nil {
					t.Errorf("%s was not imported", path)
					continue
				}
				for _, m := range tree.Modules {
					if m.Record.ID == s.Record.ModuleID {
						validateSection(t, m, s)
					}
				}
				l, a := wordDifference(t, root, path, s)
				if len(l)+len(a) == 0 {
					exact++
				} else {
					t.Logf("%s: lost %q, added %q", path, short(l), short(a))
				}
				lost, added = lost+len(l), added+len(a)
				place := places[path]
				for column, have := range map[string]string{
					"title": joinNumber(s.Record.Number, s.Record.Title), "module_key": place.module, "order_in_module": strconv.Itoa(place.order),
				} {
					if w := want[column]; w == have || w == "" || name == "seeds" {
						match[column]++
					} else {
						t.Logf("%s: %s is %q, want %q", path, column, have, w)
					}
				}
				got := count(s)
				for _, f := range figures {
					if want[f] == strconv.Itoa(got[f]) {
						match[f]++
					} else {
						t.Logf("%s: %s is %d, want %s", path, f, got[f], want[f])
					}
				}
			}
			n := len(expected[name])
			t.Logf("%-22s %d pages, words exact on %d, lost %d, added %d, warnings %d", name, n, exact, lost, added, len(tree.Warnings))
			for _, f := range append([]string{"title", "module_key", "order_in_module"}, figures...) {
				t.Logf("%-22s %-18s right on %d of %d pages", name, f, match[f], n)
			}
			if exact < floor.exact || lost > floor.lost || added > floor.added {
				t.Errorf("words exact on %d pages (floor %d), lost %d (at most %d), added %d (at most %d)",
					exact, floor.exact, lost, floor.lost, added, floor.added)
			}
		})
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

// count counts what checks/README.md counts, in records.
func count(s *Section) map[string]int {
	n := map[string]int{"n_definitions": len(s.Record.Citations), "n_worksheets": len(s.Worksheets)}
	text := func(t models.Text) {
		n["n_footnote_refs"] += len(render.Marks(t))
		n["n_images"] += strings.Count(string(t), "![") - strings.Count(string(t), `\![`)
		for _, l := range render.Links(t) {
			if isExternal(l.URL) {
				n["n_external_links"]++
			}
		}
	}
	visit := func(b models.Block, _ int) bool {
		switch b := b.(type) {
		case *models.Video:
			n["n_videos"]++
		case *models.Embed:
			n["n_other_embeds"]++
		case *models.Image:
			n["n_images"]++
			if isExternal(b.Link) {
				n["n_external_links"]++
			}
		case *models.Heading:
			n["n_headings"]++
		case *models.Box:
			n["n_callouts"]++
			if b.Title != "" && strings.ContainsAny(b.OriginClass, " ") {
				n["n_headings"]++
			}
		}
		for _, t := range models.Texts(b) {
			text(*t)
		}
		return true
	}
	s.Record.Blocks.Walk(visit)
	for _, w := range s.Worksheets {
		w.Instructions.Walk(visit)
		if w.Number != "" || w.Document != nil && strings.Contains(w.Document.URL, "google") {
			n["n_headings"]++
		}
		if w.Document != nil && isExternal(w.Document.URL) {
			n["n_external_links"]++
		}
		w.Prompts.Walk(func(p models.Prompt, _ int) {
			for _, t := range models.PromptTexts(p) {
				text(*t)
			}
		})
		for _, a := range w.AnswerKey {
			a.Blocks.Walk(visit)
		}
	}
	for _, c := range s.Record.Citations {
		text(c.Written)
	}
	n["n_words"] = len(recordWords(s))
	return n
}

func isExternal(url string) bool {
	return strings.HasPrefix(url, "http:") || strings.HasPrefix(url, "https:") || strings.HasPrefix(url, "//")
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
