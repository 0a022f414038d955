package directive_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

func golden(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestGoldenSection reads a section as a person would write it, and writes it as it was. Its record is a sound one.
func TestGoldenSection(t *testing.T) {
	text := golden(t, "section.md")
	s, err := directive.ParseSection(text, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, roundTrip(t, *s)); diff != "" {
		t.Error(diff)
	}
	record := &models.Section{Meta: models.Meta{ID: models.NewID()}, CourseID: models.NewID(), ModuleID: models.NewID(), Slug: "ice",
		Title: "Ice", Blocks: s.Blocks, EditorNotes: s.Notes}
	for _, d := range s.Definitions {
		record.Citations = append(record.Citations, models.Citation{ID: models.NewID(), Label: d.Label, Written: d.Text})
	}
	if err := models.Validate(record); err != nil {
		t.Error(err)
	}
	checkOutline(t, "section.txt", outline(s.Blocks))
	if len(s.Notes) != 1 || s.Notes[0].After != "b1" || len(s.Warnings) > 0 {
		t.Errorf("notes %v, warnings %v", s.Notes, s.Warnings)
	}
}

func TestGoldenWorksheet(t *testing.T) {
	text := golden(t, "worksheet.md")
	w, err := directive.ParseWorksheet(text, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, worksheetRoundTrip(t, *w)); diff != "" {
		t.Error(diff)
	}
	record := &models.Worksheet{Meta: models.Meta{ID: models.NewID()}, ModuleID: models.NewID(), Slug: "ice", Word: models.WordWorksheet,
		Instructions: w.Instructions, Prompts: w.Prompts, AnswerKey: w.Answers}
	if err := models.Validate(record); err != nil {
		t.Error(err)
	}
	out := outline(w.Instructions)
	w.Prompts.Walk(func(p models.Prompt, depth int) {
		out += line(depth, p.PromptFields().ID, string(p.PromptFields().Kind), models.PromptTexts(p))
	})
	for _, a := range w.Answers {
		out += "answers " + a.Prompt + "\n" + outline(a.Blocks)
	}
	checkOutline(t, "worksheet.txt", out)
}

// outline gives the blocks with their ids, kinds and texts, one on a line.
func outline(bs models.Blocks) string {
	out := ""
	bs.Walk(func(b models.Block, depth int) bool {
		out += line(depth, b.Base().ID, string(models.KindOfBlock(b)), models.Texts(b))
		return true
	})
	return out
}

func line(depth int, id, kind string, texts []*models.Text) string {
	out := ""
	for range depth {
		out += "  "
	}
	out += id + " " + kind
	for _, t := range texts {
		if *t != "" {
			out += " " + encodedText(*t)
		}
	}
	return out + "\n"
}

func encodedText(t models.Text) string {
	data, _ := models.Encode(t)
	return string(data)
}

// update is set on the command line: go test ./seed/directive -update
var update = flag.Bool("update", false, "write the golden outlines anew")

func checkOutline(t *testing.T, name, have string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", name), []byte(have), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(golden(t, name), have); diff != "" {
		t.Error(diff)
	}
}
