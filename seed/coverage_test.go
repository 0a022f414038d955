package seed

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/seed/coverage"
)

// coverageFloors are the pieces of all pages that neither a record nor a warning accounts for, presentation apart.
// They may only get fewer.
var coverageFloors = map[string]int{
	"connectedlib-site":    0,
	"connectedlib-toolkit": 0,
	"seeds":                0,
}

func TestCoverageOfCorpora(t *testing.T) {
	dir := shared(t)
	for name, floor := range coverageFloors {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(dir, "corpora", name)
			if name == "seeds" {
				root = filepath.Join(dir, name)
			}
			if left := uncovered(t, root); left > floor {
				t.Errorf("%d pieces of the source were dropped silently, at most %d may be", left, floor)
			}
		})
	}
}

// TestCoverageOfSample needs nothing shared.
func TestCoverageOfSample(t *testing.T) {
	if left := uncovered(t, filepath.Join("sample", "site")); left > 0 {
		t.Errorf("%d pieces of the sample were dropped silently", left)
	}
}

// TestCoverageFindsDrops takes each longer string out of the records of the sample in turn: that must be seen, but for
// the few that stand twice in the records.
func TestCoverageFindsDrops(t *testing.T) {
	const least = 0.95
	dropped, found := 0, 0
	for _, page := range coveragePages(t, filepath.Join("sample", "site")) {
		for i, text := range page.Held {
			if len(strings.Fields(text)) < 3 {
				continue
			}
			without := page.Page
			without.Held = slices.Delete(slices.Clone(page.Held), i, i+1)
			dropped++
			if slices.ContainsFunc(coverage.Uncovered(without), func(p coverage.Piece) bool { return !p.Presentation }) {
				found++
			} else {
				t.Logf("%s: not seen: %q", page.path, short(strings.Fields(text)))
			}
		}
	}
	t.Logf("%d of %d drops were seen", found, dropped)
	if dropped == 0 || float64(found) < least*float64(dropped) {
		t.Errorf("%d of %d drops were seen, want %v of them", found, dropped, least)
	}
}

// uncovered reads a folder, tells what of its pages is nowhere, and counts it.
func uncovered(t *testing.T, root string) int {
	t.Helper()
	pages := coveragePages(t, root)
	words, left, looks := 0, 0, 0
	for _, page := range pages {
		words += len(strings.Fields(page.Source))
		for _, p := range coverage.Uncovered(page.Page) {
			if p.Presentation {
				looks++
				continue
			}
			left++
			t.Logf("%s:%d: %q", page.path, p.Line, p.Text)
		}
	}
	t.Logf("%d pages with %d words: %d pieces are nowhere, and %d that are presentation", len(pages), words, left, looks)
	return left
}

// coveragePage is a page of a folder with what became of it.
type coveragePage struct {
	coverage.Page
	path string
}

func coveragePages(t *testing.T, root string) []coveragePage {
	t.Helper()
	tree := readTree(t, root)
	warned := map[string]map[int][]string{}
	for _, w := range tree.Warnings {
		if warned[w.Path] == nil {
			warned[w.Path] = map[int][]string{}
		}
		warned[w.Path][w.Line] = append(warned[w.Path][w.Line], w.Message)
	}
	var out []coveragePage
	var visit func(m *Module, parent *Section, list []*Section)
	visit = func(m *Module, parent *Section, list []*Section) {
		for _, s := range list {
			visit(m, s, s.Children)
			if s.Record.Origin == nil {
				continue
			}
			data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(s.Key)))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, coveragePage{coverage.Page{Source: string(data), Held: held(m, parent, s), Warned: warned[s.Key]}, s.Key})
		}
	}
	for _, m := range tree.Modules {
		visit(m, nil, m.Sections)
	}
	return out
}
