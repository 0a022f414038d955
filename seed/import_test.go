package seed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// lectern is content and files in a folder of the test's own.
func lectern(t *testing.T) (*content.Service, *files.Folder) {
	t.Helper()
	return lecternAt(t, t.TempDir())
}

// lecternAt is content and files in a folder.
func lecternAt(t *testing.T, dir string) (*content.Service, *files.Folder) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(dir, databaseName)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	folder, err := files.Open(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	return content.New(s, slog.New(slog.DiscardHandler), time.Now), folder
}

const databaseName = "lectern.db"

// bring imports and publishes a folder of pages.
func bring(t *testing.T, c *content.Service, folder *files.Folder, pages fstest.MapFS) *Report {
	t.Helper()
	return bringWith(t, c, pages, Options{Publish: true, Files: folder})
}

func bringWith(t *testing.T, c *content.Service, pages fstest.MapFS, o Options) *Report {
	t.Helper()
	names, err := FindPages(pages)
	if err != nil {
		t.Fatal(err)
	}
	site, err := Survey(t.Context(), Source{FS: pages, Pages: names})
	if err != nil {
		t.Fatal(err)
	}
	report, err := Import(t.Context(), c, site, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// warned lists what a report warns of.
func warned(r *Report) string {
	var out []string
	for _, p := range r.Pages {
		for _, w := range p.Warnings {
			out = append(out, fmt.Sprintf("%s:%d: %s", w.Path, w.Line, w.Message))
		}
	}
	for _, w := range r.Warnings {
		out = append(out, fmt.Sprintf("%s:%d: %s", w.Path, w.Line, w.Message))
	}
	return strings.Join(out, "\n")
}

func total(by map[models.Kind]int) (n int) {
	for _, v := range by {
		n += v
	}
	return n
}

func TestTheSampleCourseIsLoadedOnce(t *testing.T) {
	c, folder := lectern(t)
	for i, want := range []bool{true, false} {
		loaded, err := LoadSample(t.Context(), c, folder)
		if err != nil || loaded != want {
			t.Fatalf("load %d: %v, %v", i+1, loaded, err)
		}
	}
	read, err := c.CourseBySlug(t.Context(), "reading-the-web-well", content.ReadRequest{})
	if err != nil {
		t.Fatal(err)
	}
	course := read.Data
	if len(course.Modules) != 2 || *course.Modules[0].Title != "Judging Sources" || *course.Modules[1].Title != "Teaching at the Desk" {
		t.Errorf("modules: %+v", course.Modules)
	}
	all := content.ListRequest{Limit: 100, Body: content.BodySet{content.BodyBlocks: true}}
	sections, err := c.Sections(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	kinds, citations := map[models.BlockKind]int{}, 0
	for _, s := range sections.Items {
		var cited []models.Citation
		var blocks models.Blocks
		if err := errors.Join(readServed(s.Citations, &cited), readServed(s.Blocks, &blocks)); err != nil {
			t.Fatal(err)
		}
		citations += len(cited)
		blocks.Walk(func(b models.Block, _ int) bool {
			kinds[models.KindOfBlock(b)]++
			return true
		})
	}
	if len(sections.Items) != 12 || citations != 14 {
		t.Errorf("%d sections, %d citations", len(sections.Items), citations)
	}
	for kind, n := range map[models.BlockKind]int{
		models.BlockQuote: 2, models.BlockDefinition: 1, models.BlockVideo: 1, models.BlockImage: 1, models.BlockWorksheet: 4,
		models.BlockTable: 1, models.BlockRawHTML: 0,
	} {
		if kinds[kind] != n {
			t.Errorf("%d blocks of kind %s, want %d", kinds[kind], kind, n)
		}
	}
	assets, err := c.Assets(t.Context(), all)
	if err != nil || len(assets.Items) != 1 {
		t.Fatalf("assets: %+v, %v", assets.Items, err)
	}
	if !folder.Has(assets.Items[0].File.Sha256) {
		t.Error("the image's file is not there")
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func garden(t *testing.T) fstest.MapFS {
	t.Helper()
	page := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"modules/beds/section-1-1.md": page("---\nlayout: module\nmodule_name: beds\nmodule_full_name: Beds\nsection: 1. Soil\ntitle: 1.1 Digging\n---\n" +
			"Dig deep.\n\n![A spade](../../img/spade.png)\n\n![A rake](rake.png)\n\n![Far](https://example.org/far.png)\n\n![No image](section-1-1.md)\n"),
		"modules/beds/section-1-2.md": page("---\nlayout: module\nmodule_name: beds\nmodule_full_name: Beds\nsection: 1. Soil\ntitle: 1.2 Raking\n---\n![A spade again](/img/spade.png)\n"),
		"img/spade.png":               {Data: picture(t)},
	}
}

func TestImagesBesideThePagesBecomeAssets(t *testing.T) {
	c, folder := lectern(t)
	report := bring(t, c, folder, garden(t))
	assets, err := c.Assets(t.Context(), content.ListRequest{Limit: 100})
	if err != nil || len(assets.Items) != 1 {
		t.Fatalf("%d assets (%v), want the one image that two pages show", len(assets.Items), err)
	}
	a := assets.Items[0]
	if a.File.MediaType != "image/png" || *a.File.Width != 4 || *a.File.Height != 3 || a.Alt != "A spade" {
		t.Errorf("asset: %+v", a)
	}
	if got := warned(report); !strings.Contains(got, "rake.png") || strings.Contains(got, "far.png") || strings.Contains(got, "spade") {
		t.Errorf("warnings:\n%s", got)
	}
	sections, err := c.Sections(t.Context(), content.ListRequest{Limit: 100, Body: content.BodySet{content.BodyHTML: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sections.Items {
		if strings.Contains(*s.HTML, "A spade") && !strings.Contains(*s.HTML, `src="`+models.FileHref(a.ID)+`"`) {
			t.Errorf("%s: %s", s.Title, *s.HTML)
		}
	}
}

func TestImportingTheSameAgainChangesNothing(t *testing.T) {
	c, folder := lectern(t)
	bring(t, c, folder, garden(t))
	revision, err := c.ContentRevision(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	again := bring(t, c, folder, garden(t))
	if total(again.Totals.Created)+total(again.Totals.Updated)+len(again.Courses[0].Changes) != 0 || again.Courses[0].Revision != 0 {
		t.Errorf("the second import: %+v", again.Courses)
	}
	pages := garden(t)
	pages["modules/beds/section-1-2.md"].Data = append(pages["modules/beds/section-1-2.md"].Data, "\nRake lightly.\n"...)
	changed := bring(t, c, folder, pages)
	if n := changed.Totals; total(n.Created) != 0 || total(n.Updated) != 1 || n.Updated[models.KindSection] != 1 || changed.Courses[0].Revision != revision+1 {
		t.Errorf("an import with one changed page: %+v", changed)
	}
}

func TestWhatIsNotPublishedInTheSourceStaysADraft(t *testing.T) {
	c, folder := lectern(t)
	page := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	report := bring(t, c, folder, fstest.MapFS{
		"modules/beds/_posts/2001-01-01-soil.md": page("---\ntitle: Soil\ntags: ['sectionHead']\npublished: false\n---\nClay.<sup>1</sup>\n\n" +
			"<details><summary>References</summary>\n1. Loam, A. (2001). _Soil_. Leeds: Plot Press.\n</details>\n"),
		"modules/beds/_posts/2001-02-01-digging.md": page("---\ntitle: Digging\n---\nDig deep.\n"),
		"_drafts/raking.md":                         page("---\ntitle: Raking\n---\nRake.\n"),
	})
	if n := report.Totals.Created[models.KindSection]; n != 2 {
		t.Errorf("%d sections, want the two that are no _drafts", n)
	}
	if diff := cmp.Diff([]Warning{{Path: "_drafts", Message: "the folder holds 1 page that the site does not publish: not imported"}}, report.Warnings); diff != "" {
		t.Error(diff)
	}
	sections, err := c.Sections(t.Context(), content.ListRequest{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	if len(sections.Items) != 1 || sections.Items[0].Title != "Digging" || sections.Items[0].Parent != nil {
		t.Errorf("live sections: %+v", sections.Items)
	}
	sources, err := c.Sources(t.Context(), content.ListRequest{Limit: 100})
	if err != nil || len(sources.Items) != 0 {
		t.Errorf("live sources: %+v, %v", sources.Items, err)
	}
}

func TestAPageKeepsItsPlaceWhenItsTitleChanges(t *testing.T) {
	c, folder := lectern(t)
	page := func(title string) fstest.MapFS {
		return fstest.MapFS{"digging.md": {Data: []byte("---\ntitle: " + title + "\n---\nDig deep.\n")}}
	}
	bring(t, c, folder, page("Digging"))
	again := bring(t, c, folder, page("Digging deep"))
	if n := again.Totals; total(n.Created) != 0 || n.Updated[models.KindSection] != 1 || n.Updated[models.KindModule] != 1 {
		t.Errorf("the page with another title: %+v", again)
	}
}

func TestProgressCountsEveryPage(t *testing.T) {
	c, folder := lectern(t)
	var counted []int
	report := bringWith(t, c, garden(t), Options{Files: folder, Progress: func(done, total int) {
		if total != 2 {
			t.Errorf("total %d, want 2", total)
		}
		counted = append(counted, done)
	}})
	if !slices.Equal(counted, []int{1, 2}) || report.Totals.Pages != 2 {
		t.Errorf("counted %v of %d pages", counted, report.Totals.Pages)
	}
}

func readServed(served models.Written, into any) error {
	data, err := served.AppendJSON(nil)
	return errors.Join(err, json.Unmarshal(data, into))
}
