package seed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/models"
)

// orchard is a site with something of each kind that a report tells of.
const orchard = `
-- _config.yml --
title: The Orchard
url: https://orchard.example.org
-- _data/courses.yml --
- id: cellar
-- _includes/trees_nav.html --
<a href="section-1-1.html">1.1 All apples</a>
<a href="section-1-2.html">1.2 Pears</a>
<a href="section-1-9.html">1.9 Gone</a>
-- _includes/tip.html --
<p>Prune in winter.</p>
</div>
-- img/pear.png --
-- modules/trees/index.md --
---
layout: module
module_name: trees
module_full_name: Fruit Trees
section: Overview
title: Module Overview
---
<p class="time">2 hours</p>

{% include tip.html %}
-- modules/trees/section-1-1.md --
---
layout: module
module_name: trees
module_full_name: Fruit Trees
section: 1. Kinds
title: 1.1 Apples
colour: <script>alert("red")</script>
---
# 1.1 Apples

Apples keep.<sup>1</sup> They store15 well.<sup><a href="#fn7">2</a></sup>

See [pears](section-1-2.html), [cider](../cellar/section-1.html) and [nothing]().

![](../../img/pear.png) ![Gone](gone.png)

{% include missing.html %} {{ page.weight }} <b>never closed

<div class="reflection"><p>Taste</p><p>Which one is sour?</p></div>

<!-- quote from TREE_001 -->

<hr/>

<a name="fn1">1</a>: Bramley, A. (2001). [_Apples_](https://example.org/apples). Leeds: Plot Press.

<a name="fn2">2</a>: Personal interview with Ada Bramley, April 7, 2017.
-- modules/trees/section-1-2.md --
---
layout: module
module_name: trees
module_full_name: Fruit Trees
section: 1. Kinds
title: 1.2 Pears
---
Pears are soft.<sup>1</sup>

Pears bruise in the [press](../press/section-1.html).

<hr/>

<a name="fn1">1</a>: [Apples](https://example.org/apples), by A. Bramley, 2001.
-- modules/trees/section-1-3.md --
---
layout: module
module_name: trees
module_full_name: Fruit Trees
section: 1. Kinds
title: <script>alert("plum")</script> & more
---
Plums.
-- modules/trees/section-1-4.md --
---
layout: module
module_name: trees
module_full_name: Fruit Trees
section: 1. Kinds
title: 1.4 Cherries
published: false
---
Cherries.
-- modules/trees2/section-1-1.md --
---
layout: module
module_name: trees
title: 1.1 Apples of old
---
Old apples.
`

// orchardReports are the reports of imports of the orchard: a dry run, the first import, one after editors and the
// source have changed things, and one of a page by itself that another links to.
func orchardReports(t *testing.T) []*Report {
	t.Helper()
	const apples, pears, quinces = "modules/trees/section-1-1.md", "modules/trees/section-1-2.md", "modules/trees/section-1-3.md"
	s := newShop(t)
	pages := with(folder(orchard), fstest.MapFS{"img/pear.png": {Data: picture(t)}})
	dry := s.o
	dry.DryRun, dry.Publish = true, true
	reports := []*Report{s.loadWith(pages, strings.Repeat("a", 40), dry), s.load(pages, strings.Repeat("a", 40))}

	s.course = "the-orchard"
	edited(s, s.page("Apples"), func(p *models.Section) {
		p.Title, p.Blocks[1].(*models.Paragraph).Text = "All apples", "Apples <i>keep</i> long.[^1] <script>alert('mine')</script>"
	})
	edited(s, s.page("Module Overview"), func(p *models.Section) { p.Title = "Start" })
	plums := s.page(`<script>alert("plum")</script> & more`)
	if err := s.Trash(t.Context(), models.Ref{Type: models.KindSection, ID: plums.ID}, plums.Version); err != nil {
		t.Fatal(err)
	}
	changed := replaced(t, pages, apples, "Apples keep.<sup>1</sup> They store15 well.", "Apples keep for <b>months</b>.<sup>1</sup>")
	changed = replaced(t, changed, pears, "Pears bruise", "Pears bruise[^9]")
	changed = replaced(t, changed, quinces, "Plums.", "Plums are blue.")
	changed = replaced(t, changed, "modules/trees/index.md", "2 hours", "3 hours")
	changed["modules/trees/section-1-5.md"] = changed["modules/trees/section-1-4.md"]
	changed = with(without(changed, "modules/trees/section-1-4.md", "modules/trees2/section-1-1.md"),
		folder("-- modules/cellar/section-1.md --\n---\nlayout: module\ntitle: 1. Cider\n---\nCider.\n"))
	last := with(folder("-- modules/press/section-1.md --\n---\nlayout: module\ntitle: 1. Juice\n---\nJuice.\n"),
		fstest.MapFS{configFile: pages[configFile]})
	return append(reports, s.load(changed, strings.Repeat("b", 40)), s.load(last, ""))
}

// TestReportsGolden shows what people and programs get to know of an import: look at the files.
func TestReportsGolden(t *testing.T) {
	reports := orchardReports(t)
	var text, page, data bytes.Buffer
	for _, r := range reports {
		if err := r.Summary(&text); err != nil {
			t.Fatal(err)
		}
	}
	if err := WriteHTML(&page, reports); err != nil {
		t.Fatal(err)
	}
	if err := WriteJSON(&data, reports); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"report.txt": text.Bytes(), "report.html": page.Bytes(), "report.json": lined(t, data.Bytes())} {
		name, got := filepath.Join("testdata", name), minted.ReplaceAllString(string(got), "(minted)")
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// lined is a JSON text with a line for each value.
func lined(t *testing.T, data []byte) []byte {
	t.Helper()
	value := jsontext.Value(data)
	if err := value.Indent(jsontext.WithIndent(" ")); err != nil {
		t.Fatal(err)
	}
	return append(value, '\n')
}

// A report shows the words of people's pages: none of them may become markup.
func TestReportPagesAreWellFormed(t *testing.T) {
	reports := orchardReports(t)
	reports[0].Source = `"><script>alert("source")</script>`
	reports[0].Commit = "<b>"
	reports[0].Warnings = append(reports[0].Warnings, Warning{Path: "a\"><img src=x onerror=alert(1)>.md", Message: "</table><script>alert(2)</script>"})
	var page bytes.Buffer
	if err := WriteHTML(&page, reports); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, page.Bytes())
	root, err := html.Parse(bytes.NewReader(page.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	allowed := strings.Fields("html head meta title style body h1 h2 h3 h4 section p table tbody tr th td code div ul li details summary")
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(allowed, n.Data) {
			t.Errorf("there is an element %s", n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains([]string{"lang", "charset", "name", "content", "class", "colspan"}, a.Key) {
				t.Errorf("%s has the attribute %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
}

// reVoid finds the elements that HTML has no end tags for.
var reVoid = regexp.MustCompile(`<meta [^<>]*>`)

// wellFormed checks that every element of a page is closed where it should be.
func wellFormed(t *testing.T, page []byte) {
	t.Helper()
	page = reVoid.ReplaceAll(bytes.TrimPrefix(page, []byte("<!DOCTYPE html>")), nil)
	d := xml.NewDecoder(bytes.NewReader(page))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What a person has to do is said in words, each with its place.
func TestReportsSayWhatToDo(t *testing.T) {
	var text, page strings.Builder
	reports := orchardReports(t)
	for _, r := range reports {
		if err := r.Summary(&text); err != nil {
			t.Fatal(err)
		}
	}
	if err := WriteHTML(&page, reports); err != nil {
		t.Fatal(err)
	}
	shown := html.UnescapeString(page.String())
	for _, words := range []string{
		"dry run: nothing was written",
		"modules/trees/section-1-1.md",
		"11",
		"leads to a page that is not in the source",
		"the page is in no menu",
		"the module trees2 is in no menu",
		"the course cellar is listed, and there is no folder of it",
		"check the rights",
		"was changed in the source: updated",
		"was changed in the source and in Lectern: both are in it",
		"is not in the source any more: kept",
		"has another path in the source: ",
		"here it is in the trash",
		"What is here was kept",
		"marks citation 9, which the section does not have",
		"may each be one work",
		"links that led nowhere lead to pages now",
	} {
		for form, report := range map[string]string{"summary": text.String(), "page": shown} {
			plain := strings.NewReplacer("<code>", "", "</code>", "", "</td><td>", ": ").Replace(report)
			if !strings.Contains(strings.ToLower(plain), strings.ToLower(words)) {
				t.Errorf("the %s does not say %q", form, words)
			}
		}
	}
}

// Names and texts of a source can't do things to a terminal.
func TestSummariesHoldNoControlCharacters(t *testing.T) {
	var b strings.Builder
	r := Report{Source: "a\x1b[2J", Warnings: []Warning{{Path: "b\r\x07.md", Line: 1, Message: "c\u009b\n\xff"}}}
	if err := r.Summary(&b); err != nil {
		t.Fatal(err)
	}
	if want := "b\uFFFD\uFFFD.md:1: c\uFFFD\n\uFFFD\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
