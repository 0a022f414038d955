package directive_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

// mostJSON is the share of random blocks and prompts that may be written as JSON. Their texts are made of little else
// than what must be protected.
const mostJSON = 0.03

func TestAnySectionIsReadBack(t *testing.T) {
	blocks, json := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		d := newDraws(rt)
		in := directive.Section{Blocks: d.blocks(5)}
		in.Notes = d.notes(in.Blocks)
		for i := range d.upTo(2) {
			in.Definitions = append(in.Definitions, directive.Definition{Label: fmt.Sprintf("%d%s", i, d.one("", "a", " b", "]")), Text: d.inline()})
		}
		text := roundTrip(rt, in)
		in.Blocks.Walk(func(models.Block, int) bool { blocks++; return true })
		json += blocksAsJSON(text)
	})
	t.Logf("%d of %d blocks were written as JSON", json, blocks)
	if float64(json) > mostJSON*float64(blocks) {
		t.Errorf("%d of %d blocks were written as JSON, at most %v may be", json, blocks, mostJSON)
	}
}

// blocksAsJSON counts the blocks and prompts that a text has as JSON. Notes and definitions are not among them, and
// code that looks like it is.
func blocksAsJSON(text string) int {
	return strings.Count(text, "```lectern\n") - strings.Count(text, `{"kind":"editor_note"`) - strings.Count(text, `{"kind":"note_definition"`)
}

func TestAnyWorksheetIsReadBack(t *testing.T) {
	prompts, json := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		d := newDraws(rt)
		in := directive.Worksheet{Prompts: d.prompts(5)}
		d.count = 0
		in.Instructions = d.blocks(2)
		for range d.upTo(2) {
			in.Answers = append(in.Answers, models.Answer{Prompt: d.one("", "p1", `my "p"`), Blocks: d.blocks(2)})
		}
		text := worksheetRoundTrip(rt, in)
		in.Prompts.Walk(func(models.Prompt, int) { prompts++ })
		json += blocksAsJSON(text)
	})
	t.Logf("%d JSON for %d prompts", json, prompts)
	if float64(json) > mostJSON*float64(prompts) {
		t.Errorf("%d JSON for %d prompts, at most %v may be", json, prompts, mostJSON)
	}
}

// TestWhateverIsReadIsReadBack puts markup together in any order: most of it is malformed, and the rest is something.
func TestWhateverIsReadIsReadBack(t *testing.T) {
	marks := append([]string{"\n", "\n", "\n\n", "  ", "\n:::\n", "\n:::box[T]{kind=tip}\n", "\n::::box\n", "\n::::\n", "\n::cell[a]\n", "\n:::row\n",
		"\n:::table\n", "\n:::field[a]\n", "\n::help[b]\n", "\n:::grid\n", "\n:::group\n", "\n:::answers\n", "\n<!-- a -->\n", "\n| a | b |\n|---|---|\n",
		"\n{#x}\n", "\n[^1]: ", "\n- ", "\n  - ", "\n> ", "\n    ", "\n\t", "\n1. ", "\n```\n", "\n---\n", "\n## "}, pieces...)
	read := 0
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(marks), 0, 12).Draw(rt, "text"), "")
		if s, err := directive.ParseSection(text, 1); err == nil {
			roundTrip(rt, *s)
			read++
		}
		if w, err := directive.ParseWorksheet(text, 1); err == nil {
			worksheetRoundTrip(rt, *w)
			read++
		}
	})
	if read == 0 {
		t.Error("nothing was read")
	}
	t.Logf("%d were read", read)
}
