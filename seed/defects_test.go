package seed

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestReportsOfCorpora imports the corpora, dry: what is wrong with their pages is named, each with a page, and nothing
// else is. The figures are those of the kinds of defect that the design counts, and for the rest those of a run whose
// report was read through.
func TestReportsOfCorpora(t *testing.T) {
	dir := shared(t)
	for name, want := range map[string]map[string]int{
		"connectedlib-site": {
			"the page is in no menu":                       23,
			" is in no menu":                               25, // and two copies of a module
			"module_name is ":                              2,
			"the title stands again as a heading":          20,
			", which is nowhere on the page":               9,
			" on the page: its number counts":              1,
			"leads to a page that is not in the source":    11,
			"leads to a file that is not in the source":    9,
			"the image ":                                   7,
			"cites a personal interview":                   4,
			"a stray ":                                     2,
			" is never closed":                             2,
			"leads nowhere: only its text was kept":        2,
			"may be a word with the mark of a lost note":   1,
			"became a single one: the tables of worksheet": 23,
			"no record holds":                              0,
		},
		"connectedlib-toolkit": {
			"the page is in no menu":                    0,
			" is in no menu":                            3, // modules that the list of modules lacks
			"is listed, and there is no folder of it":   2,
			"the page has no title":                     4,
			"leads to a page that is not in the source": 18,
			"the image ":                                12,
			"the attribute list ":                       4,
			"no record holds":                           0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, files := lectern(t)
			src, err := Open(filepath.Join(dir, "corpora", name))
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			site, err := Survey(t.Context(), src)
			if err != nil {
				t.Fatal(err)
			}
			report, err := Import(t.Context(), c, site, Options{DryRun: true, Publish: true, Files: files})
			if err != nil {
				t.Fatal(err)
			}
			messages := strings.Split(warned(report), "\n")
			for part, n := range want {
				got := 0
				for _, m := range messages {
					if strings.Contains(m, part) {
						got++
					}
				}
				if got != n {
					t.Errorf("%d warnings with %q, want %d", got, part, n)
				}
			}
			for _, m := range messages {
				if !containsAny(m, want) {
					t.Errorf("a warning of no known kind: %s", m)
				}
			}
			if report.Totals.Warnings != len(messages) || report.Totals.Blockers != 0 {
				t.Errorf("%d warnings, %d blockers", report.Totals.Warnings, report.Totals.Blockers)
			}
		})
	}
}

func containsAny(s string, parts map[string]int) bool {
	for part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}
