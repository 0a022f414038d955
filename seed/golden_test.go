package seed

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads small sources of each kind. The golden files show the trees in short: look at them for what a
// source becomes.
func TestGolden(t *testing.T) {
	for _, kind := range []string{"site", "box", "outline"} {
		t.Run(kind, func(t *testing.T) {
			tree := readTree(t, filepath.Join("testdata", kind))
			checkTree(t, tree)
			got := describe(tree)
			name := filepath.Join("testdata", kind+".golden")
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// TestSameIDs reads a source twice: what is not minted is the same both times.
func TestSameIDs(t *testing.T) {
	for _, kind := range []string{"site", "box", "outline"} {
		dir := filepath.Join("testdata", kind)
		if diff := cmp.Diff(describe(readTree(t, dir)), describe(readTree(t, dir))); diff != "" {
			t.Errorf("%s changes from one reading to the next:\n%s", kind, diff)
		}
	}
}

// describer writes a tree for people.
type describer struct{ strings.Builder }

func describe(tree *Tree) string {
	var d describer
	for _, m := range tree.Modules {
		r := m.Record
		d.line(0, "MODULE %s %q /%s %s", m.Key, r.Title, r.Slug, minutesOf(r.DurationMinutes))
		for _, o := range r.Objectives {
			d.line(1, "objective %s %s", o.ID, o.Text)
		}
		for _, s := range m.Sections {
			d.section(1, s)
		}
	}
	for _, w := range tree.Warnings {
		d.line(0, "WARNING %s:%d %s", w.Path, w.Line, w.Message)
	}
	return minted.ReplaceAllString(d.String(), "(minted)")
}

// minted finds ids that are new every time.
var minted = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func minutesOf(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n, " minutes")
}

func (d *describer) line(depth int, format string, args ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "⏎")
	d.WriteString(strings.TrimRight(strings.Repeat("  ", depth)+text, " ") + "\n")
}

func (d *describer) section(depth int, s *Section) {
	r := s.Record
	d.line(depth, "SECTION %d %s %q /%s (%s)", r.Position, r.Number, r.Title, r.Slug, s.Key)
	if r.Origin != nil {
		d.line(depth+1, "facts %s", encode(s.Facts))
	}
	for _, key := range sortedKeys(r.Extra) {
		d.line(depth+1, "extra %s = %s", key, r.Extra[key])
	}
	for _, b := range r.Blocks {
		d.line(depth+1, "%s", encode(models.Blocks{b}))
	}
	for _, w := range s.Worksheets {
		d.line(depth+1, "worksheet %s", encode(w))
	}
	for i, c := range r.Citations {
		d.line(depth+1, "citation %s %s [%s, %s]", c.Label, c.Written, s.Sources[i].Key, s.Sources[i].CSL.Type)
	}
	for _, n := range r.EditorNotes {
		d.line(depth+1, "note %s after %q: %s", n.ID, n.After, n.Text)
	}
	for _, child := range s.Children {
		d.section(depth+1, child)
	}
}

func sortedKeys(extra models.Extra) []string {
	return slices.Sorted(maps.Keys(extra))
}

// encode writes a value of package models, which can always be written.
func encode(v any) []byte {
	data, err := models.Encode(v)
	if err != nil {
		panic(err)
	}
	return data
}
