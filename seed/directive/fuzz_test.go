package directive_test

import (
	"errors"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/seed/directive"
)

// tooLong is what no text of the size that fuzzing makes may take, even with coverage counted.
const tooLong = time.Minute

// seeds gives the fuzzer texts of our own: the golden ones, and what is at the edge of the syntax.
func seeds(f *testing.F) {
	for _, text := range []string{
		"- {#x}\n  a\n\n  ```\n  b\n  ```\n* c\n\n> d\n> ::attribution[e]\n", "a\nb\n---\n\n| a | \\| |\n|:--|--:|\n| b\n",
		":::box[a]{kind=tip .b}\n- :::box\n  :::\n:::\n", "::::table\n:::row\n::cell[a]{header}\n:::\n::::\n", "\\# a\n1\\. b\n&#32;c&#32;\n",
		"<!-- {#x} a\n\nb -->\n\n[^1]: c\n    d\n", "```lectern\n{\"id\":\"x\",\"kind\":\"rule\"}\n```\n", "\t- a\n\t\t- b\r\n", "![a](b)\n\n\\![a](b)\n",
		":::grid\n| | a |\n|-|-|\n| b |\n:::\n\n:::group\n::field[a]{#b}\n:::\n\n:::answers{prompt=b}\nc\n:::\n",
	} {
		f.Add(text)
	}
	for _, name := range []string{"section.md", "worksheet.md"} {
		f.Add(golden(&testing.T{}, name))
	}
}

// checkFuzzed checks what comes of any text: an error with a line of it, in time.
func checkFuzzed(t *testing.T, start time.Time, err error) {
	t.Helper()
	if took := time.Since(start); took > tooLong {
		t.Errorf("took %v", took)
	}
	if err == nil {
		return
	}
	if e, ok := errors.AsType[*directive.Error](err); !ok || e.Line < 1 {
		t.Errorf("a text that can't be read is malformed on a line, not: %v", err)
	}
}

// FuzzSection: what can be read is read the same again when it has been written.
func FuzzSection(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		s, err := directive.ParseSection(text, 1)
		checkFuzzed(t, start, err)
		if err == nil {
			roundTrip(t, *s)
		}
	})
}

func FuzzWorksheet(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		w, err := directive.ParseWorksheet(text, 1)
		checkFuzzed(t, start, err)
		if err == nil {
			worksheetRoundTrip(t, *w)
		}
	})
}
