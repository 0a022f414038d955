package frontmatter

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const page = `---
title: "1.10 Rye &#58; a beginning"
number: 1.10
versions: [1.20, 0x1f, {of: 3.0}]
tags: ['sectionHead', dark]
tile: Rye
oven: {hot: true, degrees: 220, unit: .nan}
nothing:
---
Dough.
`

func TestParse(t *testing.T) {
	yaml, line, body, bodyLine := Split(page)
	if body != "Dough.\n" || bodyLine != 10 || line != 2 {
		t.Errorf("body %q on line %d, front matter on line %d", body, bodyLine, line)
	}
	m, err := Parse(yaml, line)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"title", "number", "versions", "tags", "tile", "oven", "nothing"}, m.Keys()); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	for key, want := range map[string]string{
		"number": "1.10", "versions": `[1.20,"0x1f",{"of":3.0}]`, "tags": `["sectionHead","dark"]`, "tile": `"Rye"`, "oven": `{"degrees":220,"hot":true,"unit":"NaN"}`, "nothing": "null", "none": "",
	} {
		if got := string(m.JSON(key)); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if m.Text("number") != "1.10" || m.Text("tags") != "" || m.Text("nothing") != "" || m.Line("tile") != 6 {
		t.Errorf("number %q, tags %q, line %d", m.Text("number"), m.Text("tags"), m.Line("tile"))
	}
}

func TestSplit(t *testing.T) {
	for name, tt := range map[string]struct {
		page, yaml, body string
		line             int
	}{
		"none":       {"Dough\n---\n", "", "Dough\n---\n", 1},
		"empty":      {"---\n---\nDough", "", "Dough", 3},
		"unclosed":   {"---\ntitle: a\n", "", "---\ntitle: a\n", 1},
		"no body":    {"---\ntitle: a\n---", "title: a", "", 3},
		"blank line": {"\n---\ntitle: a\n---\nDough", "title: a", "Dough", 5},
	} {
		t.Run(name, func(t *testing.T) {
			yaml, _, body, line := Split(tt.page)
			if yaml != tt.yaml || body != tt.body || line != tt.line {
				t.Errorf("got %q, %q, line %d", yaml, body, line)
			}
		})
	}
}

func TestMalformed(t *testing.T) {
	for name, tt := range map[string]struct {
		yaml string
		line int
	}{
		"unclosed list": {"title: a\nlist: [a", 3},
		"a list":        {"- a", 2},
		"an odd tag":    {"! 000", 2},
		"too deep":      {"a: " + strings.Repeat("[", 100), 2},
		"too long":      {strings.Repeat("#\n", maxBytes), 2},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(tt.yaml, 2)
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Line != tt.line {
				t.Errorf("error %v, want one on line %d", err, tt.line)
			}
		})
	}
}

func FuzzFrontMatter(f *testing.F) {
	for _, s := range []string{page, "---\na: &x 1\nb: *x\n---\n", "---\n? [a]\n: b\n---\n", "---\na: |\n  b\n---\n", "---\n---\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) {
		yaml, line, body, _ := Split(page)
		if !strings.HasSuffix(page, body) {
			t.Errorf("the body %q is not the end of the page", body)
		}
		m, err := Parse(yaml, line)
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		for _, key := range m.Keys() {
			if !m.JSON(key).IsValid() {
				t.Errorf("%q is no JSON: %s", key, m.JSON(key))
			}
		}
	})
}
