package seed

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// shed is a site with images and documents in all the ways that pages have of naming them.
func shed(t *testing.T) fstest.MapFS {
	t.Helper()
	png := picture(t)
	return with(folder(`
-- _config.yml --
baseurl: /kit
-- modules/tools/section-1.md --
---
layout: module
title: 1. Tools
---
![A spade]({{ site.baseurl }}/img/spade.png)

<IMG SRC="../../img/My%20r%C3%A2teau%20&amp;%20co.png" ALT="A rake">

![](https://example.org/far.png)

![Gone](gone.png)

![A list](list.docx)

[The list](list.docx) and [again](list.docx#page=2), [case](List.DOCX), [here](/kit/modules/tools/list.docx).

<a href="../../img/spade.png">The image itself</a>
-- modules/tools/section-2.md --
---
layout: module
title: 2. More
---
![The spade again](/img/spade.png)

<div class="reflection"><p>Plan</p><p>What will you dig?</p><p><a href="list.docx">Download worksheet (DOCX)</a></p></div>
-- modules/tools/list.docx --
spade, rake
`), fstest.MapFS{"img/spade.png": {Data: png}, "img/My râteau & co.png": {Data: png[:len(png)-1]}})
}

func TestFilesBecomeAssets(t *testing.T) {
	site := readSite(t, shed(t))
	var b strings.Builder
	for _, a := range site.Trees[0].Assets {
		f := a.Record.File
		fmt.Fprintf(&b, "%s: %s %s %d bytes, alt %q", a.Key, f.Name, f.MediaType, f.Bytes, a.Record.Alt)
		if f.Width != nil {
			fmt.Fprintf(&b, ", %d x %d", *f.Width, *f.Height)
		}
		b.WriteString("\n")
	}
	size := len(picture(t))
	same(t, "assets", fmt.Sprintf(`
modules/tools/list.docx: list.docx text/plain 12 bytes, alt ""
img/spade.png: spade.png image/png %d bytes, alt "A spade", 4 x 3
img/My râteau & co.png: My râteau & co.png image/png %d bytes, alt "A rake", 4 x 3
`, size, size-1), b.String())
	same(t, "warnings", `
modules/tools/section-1.md:15: the link to List.DOCX leads to a file that is not in the source
modules/tools/section-1.md:11: the image gone.png is not in the source, or is none: its address is kept
modules/tools/section-1.md:13: the image list.docx is not in the source, or is none: its address is kept
`, alerts(site))
	same(t, "links", `
list.docx -> asset modules/tools/list.docx
list.docx#page=2 -> asset modules/tools/list.docx
List.DOCX
/kit/modules/tools/list.docx -> asset modules/tools/list.docx
../../img/spade.png -> asset img/spade.png
`, site.links(site.sectionAt(t, "modules/tools/section-1.md")))
}

func TestFilesAreKeptOnceAndServed(t *testing.T) {
	c, files := lectern(t)
	pages := shed(t)
	report := bring(t, c, files, pages)
	if n := report.Totals.Created[models.KindAsset]; n != 3 {
		t.Errorf("%d assets, want 3", n)
	}
	assets, err := c.Assets(t.Context(), content.ListRequest{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range assets.Items {
		f, _, err := files.Get(a.File.Sha256)
		if err != nil {
			t.Fatalf("%s: %v", a.File.Name, err)
		}
		data, err := io.ReadAll(f)
		_ = f.Close()
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(data)) != a.File.Sha256 || int64(len(data)) != a.File.Bytes {
			t.Errorf("%s: %d bytes, %v", a.File.Name, len(data), err)
		}
	}
	// Another image under the same name is a changed asset, not a new one.
	pages["img/spade.png"] = &fstest.MapFile{Data: append(picture(t), 0)}
	if again := bring(t, c, files, pages); again.Totals.Updated[models.KindAsset] != 1 || total(again.Totals.Created) != 0 {
		t.Errorf("a changed image: %+v", again.Totals)
	}
}

func TestADryRunKeepsNoFiles(t *testing.T) {
	c, files := lectern(t)
	report := bringWith(t, c, shed(t), Options{DryRun: true, Publish: true, Files: files})
	if report.Totals.Created[models.KindAsset] != 3 {
		t.Errorf("created %v", report.Totals.Created)
	}
	for _, name := range []string{"img/spade.png", "modules/tools/list.docx"} {
		data := shed(t)[name].Data
		if files.Has(fmt.Sprintf("%x", sha256.Sum256(data))) {
			t.Errorf("%s was kept", name)
		}
	}
}

// Worksheets of a document know it.
func TestDocumentsOfWorksheets(t *testing.T) {
	site := readSite(t, shed(t))
	s := site.sectionAt(t, "modules/tools/section-2.md")
	if len(s.Worksheets) != 1 || s.Worksheets[0].Document == nil {
		t.Fatalf("worksheets: %s", encode(s.Worksheets))
	}
	d := s.Worksheets[0].Document
	if d.Asset == nil || site.namesOf()[d.Asset.ID] != "modules/tools/list.docx" || d.URL != "list.docx" {
		t.Errorf("document %s", encode(d))
	}
}
