package markdown_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/markdown"
)

// discard is a target that keeps nothing, and looks at how much memory is in use.
type discard struct {
	files int
	most  uint64
}

func (d *discard) Create(string) (io.Writer, error) {
	if d.files++; d.files%100 == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		d.most = max(d.most, m.HeapAlloc)
	}
	return io.Discard, nil
}

// mostPerPage is what an export may keep of each page in memory, in bytes; its bodies have more, most of it in blocks.
const mostPerPage = 1_000

// TestExportsDontGrowWithTheCourse writes a course of many pages.
func TestExportsDontGrowWithTheCourse(t *testing.T) {
	if testing.Short() {
		t.Skip("many pages")
	}
	const pages, perModule = 1500, 100
	l := newLectern(t)
	d := dir{"lectern.yml": golden(t)["lectern.yml"]}
	body := strings.Repeat("A paragraph of some words, and *some* more of them.\n\n", 15)
	for n := range pages {
		module := fmt.Sprintf("modules/%d-module-%d/", n/perModule*10, n/perModule)
		d[module+"module.md"] = fmt.Sprintf("---\ntitle: Module %d\n---\n", n/perModule)
		d[fmt.Sprintf("%s%04d-page-%d.md", module, n%perModule*10, n)] = fmt.Sprintf("---\ntitle: Page %d\n---\n\n%s", n, body)
	}
	l.load(d, false)
	course, before := l.course(), &discard{files: 99}
	if _, err := before.Create(""); err != nil {
		t.Fatal(err)
	}
	out := &discard{}
	if err := markdown.Write(context.Background(), l.Service, l.files, content.ExportRequest{Course: course}, out); err != nil {
		t.Fatal(err)
	}
	n, err := l.CountDrafts(t.Context(), models.KindSection)
	if err != nil || n != pages || out.files != pages+pages/perModule+1 {
		t.Fatalf("%d pages, %d files, %v", n, out.files, err)
	}
	grown := int64(out.most) - int64(before.most)
	t.Logf("%d pages: %d kB more in memory", pages, grown>>10)
	if grown > pages*mostPerPage {
		t.Errorf("%d bytes are kept for %d pages", grown, pages)
	}
}
