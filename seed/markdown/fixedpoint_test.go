package markdown_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
)

// wantFixedPoint checks that a course that was exported is the same when it is imported, here and elsewhere.
func wantFixedPoint(t *testing.T, l *lectern, fresh func() *lectern, course models.ID, publish bool) dir {
	t.Helper()
	first, before := l.exportedCourse(course, false), l.state()
	report := l.load(first, publish)
	if diff := cmp.Diff(before, l.state()); diff != "" {
		t.Fatalf("importing what was exported has changed records:\n%s", diff)
	}
	if c := report.Courses[0]; len(c.Changes)+len(c.Created)+len(c.Updated)+len(report.Warnings) > 0 {
		t.Errorf("importing what was exported reports %+v, %+v", c, report.Warnings)
	}
	for _, page := range report.Pages {
		if len(page.Warnings) > 0 {
			t.Errorf("%s: %+v", page.Path, page.Warnings)
		}
	}
	other := fresh()
	other.load(first, publish)
	wantSame(t, other.exportedCourse(course, false), first)
	there := other.state()
	other.load(first, publish)
	if diff := cmp.Diff(there, other.state()); diff != "" {
		t.Fatalf("importing twice has changed records:\n%s", diff)
	}
	return first
}

func TestTheSampleIsAFixedPoint(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() *lectern) {
		for _, publish := range []bool{false, true} {
			l := fresh()
			src, err := seed.Sample()
			if err != nil {
				t.Fatal(err)
			}
			l.site(src, publish)
			wantFixedPoint(t, l, fresh, l.course(), publish)
		}
	})
}

// TestSharedSitesAreFixedPoints does the same with real sites, and with the pages that this project was given first.
func TestSharedSitesAreFixedPoints(t *testing.T) {
	root := sharedDir(t)
	for _, name := range []string{"corpora", "seeds"} {
		t.Run(name, func(t *testing.T) {
			entries, err := os.ReadDir(filepath.Join(root, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if name == "seeds" || e.IsDir() {
					t.Run(e.Name(), func(t *testing.T) { sharedSite(t, filepath.Join(root, name, e.Name())) })
				}
			}
		})
	}
}

func sharedSite(t *testing.T, dir string) {
	src, err := seed.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	l := newLectern(t)
	l.site(src, true)
	pages := 0
	for _, course := range l.courses() {
		d := wantFixedPoint(t, l, func() *lectern { return newLectern(t) }, course, true)
		pages += len(d)
	}
	if pages == 0 {
		t.Error("nothing was exported")
	}
	t.Logf("%d files", pages)
}
