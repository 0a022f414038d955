package directive_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

// example is Markdown shown in docs/markdown.md, between fences of four tildes.
type example struct {
	form string // "" for a section, "worksheet", "input" for what is no content but the form of some
	line int
	text string
}

func examples(t *testing.T) []example {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "markdown.md"))
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	var open *example
	for i, line := range strings.SplitAfter(string(data), "\n") {
		form, fence := strings.CutPrefix(strings.TrimSpace(line), "~~~~")
		switch {
		case open == nil && fence:
			out = append(out, example{form: strings.TrimSpace(strings.TrimPrefix(form, "markdown")), line: i + 2})
			open = &out[len(out)-1]
		case fence:
			open = nil
		case open != nil:
			open.text += line
		}
	}
	return out
}

func TestDocumentedExamplesAreWrittenAsTheyAre(t *testing.T) {
	blocks, prompts := map[models.BlockKind]bool{}, map[models.PromptKind]bool{}
	see := func(bs models.Blocks) {
		bs.Walk(func(b models.Block, _ int) bool { blocks[models.KindOfBlock(b)] = true; return true })
	}
	for _, e := range examples(t) {
		switch e.form {
		case "":
			s, err := directive.ParseSection(e.text, e.line)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e.text, roundTrip(t, *s)); diff != "" {
				t.Errorf("line %d: %s", e.line, diff)
			}
			if len(s.Warnings) > 0 {
				t.Errorf("line %d: warnings %v", e.line, s.Warnings)
			}
			see(s.Blocks)
		case "worksheet":
			w, err := directive.ParseWorksheet(e.text, e.line)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e.text, worksheetRoundTrip(t, *w)); diff != "" {
				t.Errorf("line %d: %s", e.line, diff)
			}
			see(w.Instructions)
			w.Prompts.Walk(func(p models.Prompt, _ int) { prompts[p.PromptFields().Kind] = true })
		case "input":
		default:
			t.Errorf("line %d: %q is no form of example", e.line, e.form)
		}
	}
	for _, kind := range blockKinds {
		if !blocks[kind] {
			t.Errorf("no example of the block %s", kind)
		}
	}
	for _, kind := range promptKinds {
		if !prompts[kind] {
			t.Errorf("no example of the prompt %s", kind)
		}
	}
}
