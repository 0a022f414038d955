package directive_test

import (
	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/directive"
)

// fataler is a test of any sort.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// roundTrip writes a section, and checks that it is read back, and written the same again.
func roundTrip(t fataler, in directive.Section) string {
	t.Helper()
	text, err := directive.WriteSection(in)
	if err != nil {
		t.Fatalf("WriteSection: %v", err)
	}
	out, err := directive.ParseSection(text, 1)
	if err != nil {
		t.Fatalf("ParseSection: %v\n%s", err, text)
	}
	if diff := cmp.Diff(sectionJSON(t, in), sectionJSON(t, *out)); diff != "" {
		t.Fatalf("not read back:\n%s\n%s", diff, text)
	}
	again, err := directive.WriteSection(*out)
	if err != nil || again != text {
		t.Fatalf("written again: %v\n%s", err, cmp.Diff(text, again))
	}
	return text
}

func worksheetRoundTrip(t fataler, in directive.Worksheet) string {
	t.Helper()
	text, err := directive.WriteWorksheet(in)
	if err != nil {
		t.Fatalf("WriteWorksheet: %v", err)
	}
	out, err := directive.ParseWorksheet(text, 1)
	if err != nil {
		t.Fatalf("ParseWorksheet: %v\n%s", err, text)
	}
	if diff := cmp.Diff(worksheetJSON(t, in), worksheetJSON(t, *out)); diff != "" {
		t.Fatalf("not read back:\n%s\n%s", diff, text)
	}
	again, err := directive.WriteWorksheet(*out)
	if err != nil || again != text {
		t.Fatalf("written again: %v\n%s", err, cmp.Diff(text, again))
	}
	return text
}

// sectionJSON is a section in a form in which the same ones are the same.
func sectionJSON(t fataler, s directive.Section) string {
	t.Helper()
	for i := range s.Definitions {
		s.Definitions[i].Line = 0
	}
	return encoded(t, s.Blocks) + "\n" + encoded(t, s.Notes) + "\n" + encoded(t, s.Definitions)
}

func worksheetJSON(t fataler, w directive.Worksheet) string {
	t.Helper()
	return encoded(t, w.Instructions) + "\n" + encoded(t, w.Prompts) + "\n" + encoded(t, w.Answers)
}

func encoded(t fataler, v any) string {
	t.Helper()
	data, err := models.Encode(v)
	if err != nil {
		t.Fatalf("Encode: %v", err)
	}
	return string(data)
}
