package cli

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// twoCourses writes a site of two courses: pages with citations, worksheets, an image, and links from one course to
// the other.
func twoCourses(t *testing.T) string {
	t.Helper()
	const pages = 25
	root := t.TempDir()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("img/bed.png", picture.String())
	for _, at := range []struct{ course, other string }{{"beds", "ponds"}, {"ponds", "beds"}} {
		for n := range pages {
			write(fmt.Sprintf("courses/%s/soil/_posts/2001-01-%02d-page.md", at.course, n+1), fmt.Sprintf("---\ntitle: Page %d\n---\n%s\n\n"+
				"![A bed](/img/bed.png)\n\nSee [there](/courses/%s/soil/2001/01/01/page.html).<sup>1</sup>\n\n"+
				"<div class=\"reflection\"><p>Sheet %d</p><p>Why dig?</p></div>\n\n<a name=\"fn1\">1</a>: Spade, A. (2001). _Digging %d_. Leeds: Plot Press.\n",
				n, strings.Repeat("Dig the bed over in autumn. ", 100), at.other, n, n))
		}
	}
	return root
}

// coursesIn says for each course in a data folder how many drafts of each kind it has and how many live records. All
// files of its assets must be there.
func coursesIn(t *testing.T, data string) map[string]string {
	t.Helper()
	in(t, data, "migrate").mustBe(t, ExitOK) // the next start
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(data, databaseFile)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	folder, err := files.Open(filepath.Join(data, filesFolder))
	if err != nil {
		t.Fatal(err)
	}
	var courses []models.Record
	err = s.View(t.Context(), func(tx *store.Tx) error {
		courses, err = tx.Draft.List(store.Query{Kind: models.KindCourse})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c := content.New(s, slog.New(slog.DiscardHandler), time.Now)
	out := map[string]string{}
	for _, course := range courses {
		for _, public := range []bool{false, true} {
			counts := map[models.Kind]int{}
			err := c.Export(t.Context(), content.ExportRequest{Course: course.Base().ID, Public: public}, func(e content.Exported) error {
				counts[e.Record.Kind()]++
				if a, ok := e.Record.(*models.Asset); ok && !folder.Has(a.File.Sha256) {
					t.Errorf("the file of %s is not there", a.File.Name)
				}
				return nil
			})
			if err != nil {
				out[course.Name()] += err.Error() // drafts of which nothing is live are half an import
			}
			for _, kind := range slices.Sorted(maps.Keys(counts)) {
				out[course.Name()] += fmt.Sprintf("%d %s, ", counts[kind], kind)
			}
			out[course.Name()] += "| "
		}
	}
	return out
}

// leftOvers lists what a data folder holds that only an import under way needs.
func leftOvers(t *testing.T, data string) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{filepath.Join(stagingFolder, "*"), filepath.Join(filesFolder, ".new-*"), ".writable-*"} {
		found, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, found...)
	}
	return out
}

// aDayLater makes files look as if they were written before yesterday: what an import left that was killed.
func aDayLater(t *testing.T, names []string) {
	t.Helper()
	then := time.Now().Add(-48 * time.Hour)
	for _, name := range names {
		if err := os.Chtimes(name, then, then); err != nil {
			t.Fatal(err)
		}
	}
}

// An import of a site with several courses is killed at any moment: each course is there as a whole, or not at all; the
// next import completes it; the one after that finds nothing to do.
func TestAKilledImportLeavesWholeCourses(t *testing.T) {
	root, whole := twoCourses(t), t.TempDir()
	begin := time.Now()
	killAfter(t, whole, root, time.Minute)
	takes := time.Since(begin)
	want := coursesIn(t, whole)
	if len(want) != 2 || !strings.Contains(want["beds"], "25 section") || !strings.Contains(want["ponds"], "25 worksheet") {
		t.Fatalf("the whole import: %v", want)
	}
	found := map[int]int{} // how many kills left how many courses
	for range proof.Kills() {
		data := t.TempDir()
		after := time.Duration(rand.Int64N(int64(takes)))
		killAfter(t, data, root, after)
		got := coursesIn(t, data)
		found[len(got)]++
		for slug, has := range got {
			if has != want[slug] {
				t.Fatalf("killed after %s: the course %s has %s, want %s or nothing", after, slug, has, want[slug])
			}
		}
		aDayLater(t, leftOvers(t, data))
		in(t, data, "import", "--publish", root).mustBe(t, ExitOK)
		if diff := cmp.Diff(want, coursesIn(t, data)); diff != "" {
			t.Fatalf("killed after %s and imported again (-want +got):\n%s", after, diff)
		}
		if left := leftOvers(t, data); len(left) > 0 {
			t.Fatalf("killed after %s: after the next start there are %v", after, left)
		}
		again := in(t, data, "import", "--publish", root)
		again.mustBe(t, ExitOK, "nothing new, nothing changed", "readers see it all as it is")
		if strings.Count(again.out, "nothing new, nothing changed") != 2 {
			t.Fatalf("killed after %s: the third import did something:\n%s", after, again.out)
		}
	}
	t.Logf("an import takes %s; courses that were there after a kill: %v", takes, found)
}

func TestWhatKilledImportsLeftIsRemoved(t *testing.T) {
	data := t.TempDir()
	in(t, data, "import", file(t, "beans.md", beans)).mustBe(t, ExitOK)
	names := []string{filepath.Join(data, stagingFolder, "import-1"), filepath.Join(data, filesFolder, ".new-1")}
	for _, name := range names {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in(t, data, "import", file(t, "peas.md", beans)).mustBe(t, ExitOK)
	if got := leftOvers(t, data); len(got) != len(names) {
		t.Errorf("files of an import that may be under way: %v", got)
	}
	aDayLater(t, names)
	in(t, data, "import", file(t, "kale.md", beans)).mustBe(t, ExitOK)
	if got := leftOvers(t, data); len(got) != 0 {
		t.Errorf("after the next start there are %v", got)
	}
}
