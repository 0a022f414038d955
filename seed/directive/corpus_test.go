package directive_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/directive"
)

// shared is the folder of what this project shares with others. Tests of real pages are skipped where it is not, but
// not in CI.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("LECTERN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the shared folder is not at %s: set LECTERN_SHARED", dir)
		}
		t.Skipf("SKIPPED: the shared folder is not at %s, so real pages were NOT written: set LECTERN_SHARED", dir)
	}
	return dir
}

// tally counts what was written, and how much of it as JSON.
type tally struct{ blocks, prompts, json int }

// jsonShare is the most that may be JSON of the blocks and prompts of real pages.
const jsonShare = 0.005

func (n tally) isRare() bool { return float64(n.json) <= jsonShare*float64(n.blocks+n.prompts) }

func TestCorporaAreWrittenAndReadBack(t *testing.T) {
	for _, name := range []string{"connectedlib-site", "connectedlib-toolkit"} {
		t.Run(name, func(t *testing.T) {
			n := writeTree(t, filepath.Join(shared(t), "corpora", name))
			if !n.isRare() {
				t.Errorf("%d of %d are JSON, at most %v may be", n.json, n.blocks+n.prompts, jsonShare)
			}
		})
	}
}

func TestSampleIsWrittenWithoutJSON(t *testing.T) {
	if n := writeTree(t, filepath.Join("..", "sample", "site")); n.json > 0 || n.blocks == 0 {
		t.Errorf("%d of %d blocks are JSON", n.json, n.blocks)
	}
}

// writeTree writes all sections and worksheets of a site, and checks that they are read back.
func writeTree(t *testing.T, dir string) tally {
	t.Helper()
	src, err := seed.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := seed.Read(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	var n tally
	var visit func([]*seed.Section)
	visit = func(list []*seed.Section) {
		for _, s := range list {
			n.section(t, s.Key, s.Record)
			for _, w := range s.Worksheets {
				n.worksheet(t, s.Key, w)
			}
			visit(s.Children)
		}
	}
	for _, m := range tree.Modules {
		visit(m.Sections)
	}
	t.Logf("%s: %d blocks, %d prompts, %d written as JSON", filepath.Base(dir), n.blocks, n.prompts, n.json)
	return n
}

func (n *tally) section(t *testing.T, key string, s *models.Section) {
	t.Helper()
	in := directive.Section{Blocks: s.Blocks, Notes: s.EditorNotes}
	for _, c := range s.Citations {
		in.Definitions = append(in.Definitions, directive.Definition{Label: c.Label, Text: c.Written})
	}
	text := roundTrip(t, in)
	n.add(t, key, text, s.Blocks)
}

func (n *tally) worksheet(t *testing.T, key string, w *models.Worksheet) {
	t.Helper()
	in := directive.Worksheet{Instructions: w.Instructions, Prompts: w.Prompts, Answers: w.AnswerKey}
	text := worksheetRoundTrip(t, in)
	n.add(t, key, text, w.Instructions)
	for _, a := range w.AnswerKey {
		n.add(t, key, "", a.Blocks)
	}
	w.Prompts.Walk(func(models.Prompt, int) { n.prompts++ })
}

func (n *tally) add(t *testing.T, key, text string, bs models.Blocks) {
	bs.Walk(func(models.Block, int) bool { n.blocks++; return true })
	if count := strings.Count(text, "```lectern\n"); count > 0 {
		n.json += count
		t.Logf("%s: %d as JSON", key, count)
	}
}
