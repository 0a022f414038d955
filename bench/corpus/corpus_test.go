package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

func generated(t *testing.T, sections int) Generated {
	t.Helper()
	g, err := Generate(sections)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// all visits all records.
func all(t *testing.T, from Records, visit func(any) error) {
	t.Helper()
	for course := range from.Courses() {
		for _, err := range []error{
			from.Modules(course, func(m Module) error { return visit(m) }),
			from.Sources(course, func(s Source) error { return visit(s) }),
			from.Lessons(course, func(l Lesson) error { return visit(l) }),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func hashOf(t *testing.T, from Records) string {
	t.Helper()
	h := sha256.New()
	out := json.NewEncoder(h)
	all(t, from, func(r any) error { return out.Encode(r) })
	return hex.EncodeToString(h.Sum(nil))[:16]
}

func TestTheSameContentEachTime(t *testing.T) {
	// Figures of benchmarks can only be compared while the content is the same.
	const want = "b28d910b8ee65fbf"
	if got := hashOf(t, generated(t, 130)); got != want {
		t.Errorf("the content has changed: its hash is %s, and was %s", got, want)
	}
}

func TestTheSizesOfTheContent(t *testing.T) {
	for _, n := range []int{1, 40, 41, 2000, 2001} {
		g := generated(t, n)
		ids := map[string]bool{}
		var lessons, sheets, words int
		all(t, g, func(r any) error {
			switch r := r.(type) {
			case Lesson:
				lessons++
				sheets += len(r.Worksheets)
				words += len(strings.Fields(r.Body))
				for i, c := range r.Citations {
					if !strings.Contains(r.Body, fmt.Sprintf("[^%d]", i+1)) {
						return fmt.Errorf("%s does not mark its citation %d", r.Slug, i+1)
					}
					if g.Source(c.Source).Text != c.Text || c.Source > n || (c.Source-1)/SectionsOfModule+1 != r.Module {
						return fmt.Errorf("%s cites the source %d as %q", r.Slug, c.Source, c.Text)
					}
				}
				ids[r.Slug] = true
			case Module:
				ids[r.Slug] = true
			case Source:
				ids[r.Key] = true
			}
			return nil
		})
		if want := n + n + g.ModuleCount(); lessons != n || len(ids) != want || sheets != (n+SectionsPerSheet-1)/SectionsPerSheet {
			t.Errorf("%d sections: %d lessons, %d worksheets, %d names, want %d", n, lessons, sheets, len(ids), want)
		}
		if each := words / n; each < 450 || each > 550 {
			t.Errorf("sections have %d words, want about 500", each)
		}
	}
	for _, n := range []int{-1, 0, MaxSections + 1} {
		if _, err := Generate(n); err == nil {
			t.Errorf("%d sections are generated", n)
		}
	}
}

func TestARecordIsTheSameInAnySize(t *testing.T) {
	if diff := cmp.Diff(generated(t, 2000).Lesson(17), generated(t, MaxSections).Lesson(17)); diff != "" {
		t.Error(diff)
	}
}

func TestLinesAreReadAsTheyWereWritten(t *testing.T) {
	g := generated(t, 90)
	folder := t.TempDir()
	if err := WriteLines(folder, g); err != nil {
		t.Fatal(err)
	}
	if got, want := hashOf(t, Lines(folder)), hashOf(t, g); got != want {
		t.Errorf("read with the hash %s, written with %s", got, want)
	}
	change(t, filepath.Join(folder, citationsFile), func(s string) string { return strings.Replace(s, `"section":90`, `"section":91`, 1) })
	err := Lines(folder).Lessons(0, func(Lesson) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "of no section") {
		t.Errorf("a citation of no section: %v", err)
	}
	change(t, filepath.Join(folder, sectionsFile), func(s string) string { return s[:len(s)-20] })
	if err := Lines(folder).Lessons(0, func(Lesson) error { return nil }); err == nil || !strings.Contains(err.Error(), sectionsFile) {
		t.Errorf("a file that is cut off: %v", err)
	}
}

func TestCitationsWithoutSourcesAreSources(t *testing.T) {
	folder := t.TempDir()
	if err := WriteLines(folder, generated(t, 3)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, sourcesFile)); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := Lines(folder).Sources(0, func(s Source) error {
		n++
		if s.Key == "" || s.Text == "" {
			return fmt.Errorf("an empty source: %+v", s)
		}
		return nil
	})
	if err != nil || n != 3*CitationsOfEach {
		t.Errorf("%d sources, %v", n, err)
	}
}

func change(t *testing.T, name string, how func(string) string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(how(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBlocksOfASection(t *testing.T) {
	got, err := blocks("## Head\n\nText.[^1]\n\n- a\n- b\n\n> said\n\n3. c\n4. d")
	if err != nil {
		t.Fatal(err)
	}
	data, err := models.Encode(got)
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"id":"b1","kind":"heading","level":2,"text":"Head","anchor":""},{"id":"b2","kind":"paragraph","text":"Text.[^1]"},` +
		`{"id":"b3","kind":"list","ordered":false,"start":0,"items":[{"text":"a","blocks":[]},{"text":"b","blocks":[]}]},` +
		`{"id":"b4","kind":"quote","blocks":[{"id":"b4-1","kind":"paragraph","text":"said"}],"attribution":"","source":null},` +
		`{"id":"b5","kind":"list","ordered":true,"start":3,"items":[{"text":"c","blocks":[]},{"text":"d","blocks":[]}]}]`
	if string(data) != want {
		t.Error(cmp.Diff(string(data), want))
	}
	if _, err := blocks("- a\nb"); err == nil {
		t.Error("a line that is no item is taken for one")
	}
}

func TestIDsSortAsTheirNumbers(t *testing.T) {
	last := models.ID("")
	for _, n := range []int{1, 2, 40, 65_536, MaxSections * CitationsOfEach} {
		id := ID(models.KindCitation, n)
		if !id.Valid() || id <= last {
			t.Errorf("the id of %d is %q, after %q", n, id, last)
		}
		last = id
	}
}
