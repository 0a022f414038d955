package seed

import (
	"strings"
	"testing"
)

// boxes is a course-in-a-box: the modules are folders, made-up dates order their pages, a tag starts a section.
const boxes = `
-- _config.yml --
title: The Garden Toolkit
description: Grow *it* yourself.
lang: de
license: CC BY 4.0
repository: https://example.org/garden.git
-- index.md --
---
title: Home
---
[Ponds](/modules/ponds/) and [roses]({{site.baseurl}}/modules/roses/), then [herbs](modules/herbs/).
-- modules/herbs/_posts/2000-01-01-start.md --
---
title: Herbs at Home
permalink: /modules/herbs/
tags: ['sectionHead']
---
Start.
-- modules/herbs/_posts/2000-02-01-basil.md --
---
title: Basil
---
Basil.
-- modules/herbs/_posts/2001-01-01-drying.md --
---
title: Drying
tags: sectionHead
---
Dry.
-- modules/ponds/_posts/2000-01-01-water.md --
---
title: Water
---
Water.
-- modules/roses/_posts/2000-01-01-pruning.md --
---
tile: Pruning
excerpt: Cut.
---
Prune.
`

func TestAListOfModulesOrdersThem(t *testing.T) {
	site := surveyed(t, with(folder(boxes), folder("-- _data/course.yml --\ntitle: Gardening\nmodules:\n  - roses\n  - orchids\n  - herbs\n")))
	same(t, "the site", `
COURSE Gardening /gardening
 MODULE roses: Roses
  Pruning /pruning
 MODULE herbs: Herbs at Home
  Herbs at Home /herbs-at-home
   Basil /basil
  Drying /drying
 MODULE ponds: Ponds (in no menu)
  Water /water
 MODULE index.md: Home (in no menu)
  Home /home
`, sketch(site))
	same(t, "warnings", `
modules/roses/_posts/2000-01-01-pruning.md: the page has no title: "Pruning" was made from its file name
_data/course.yml: the module orchids is listed, and there is no folder of it
modules/ponds/_posts/2000-01-01-water.md: the module ponds is in no menu: _data/course.yml does not list it
`, alerts(site))
}

func TestWithoutAListTheLandingPageOrdersTheModules(t *testing.T) {
	site := surveyed(t, folder(boxes))
	var keys []string
	for _, m := range site.Trees[0].Modules {
		keys = append(keys, m.Key)
	}
	if got := strings.Join(keys, " "); got != "ponds roses herbs index.md" {
		t.Errorf("modules %s", got)
	}
	r := site.Trees[0].record()
	if r.Title != "The Garden Toolkit" || r.Slug != "the-garden-toolkit" || r.Summary != "Grow *it* yourself." || r.Language != "de" ||
		r.License != "CC BY 4.0" || r.Source.Repository != "https://example.org/garden.git" {
		t.Errorf("the course by the settings of the site: %+v", r)
	}
}

func TestUnknownKeysOfFrontMatterAreKept(t *testing.T) {
	site := readSite(t, folder(boxes))
	extra := site.sectionAt(t, "modules/roses/_posts/2000-01-01-pruning.md").Record.Extra
	if string(extra["tile"]) != `"Pruning"` || string(extra["excerpt"]) != `"Cut."` {
		t.Errorf("extra: %s", encode(extra))
	}
	extra = site.sectionAt(t, "modules/herbs/_posts/2000-01-01-start.md").Record.Extra
	if string(extra["permalink"]) != `"/modules/herbs/"` || string(extra["tags"]) != `["sectionHead"]` || extra["title"] != nil {
		t.Errorf("extra: %s", encode(extra))
	}
}

// school has a level of courses above the modules.
const school = `
-- courses/web/html/_posts/2000-01-01-check-in.md --
---
title: Check-in
---
Hello.
-- courses/web/css/_posts/2000-01-01-check-in.md --
---
title: Check-in
---
Hello.
-- courses/web/css/_posts/2000-01-01-colour.md --
---
title: Colour
---
Red.
-- courses/radio/sound/_posts/2000-01-01-check-in.md --
---
title: Check-in
---
Hello.
`

func TestCoursesAboveModules(t *testing.T) {
	site := surveyed(t, folder(school))
	same(t, "the site", `
COURSE Radio /radio
 MODULE radio/sound: Sound
  Check-in /check-in
COURSE Web /web
 MODULE web/css: Css
  Check-in /check-in
   Colour /colour
 MODULE web/html: Html
  Check-in /check-in
`, sketch(site))
	for _, tree := range site.Trees {
		for _, m := range tree.Modules {
			if strings.Contains(m.Record.Slug, "web") {
				t.Errorf("the course is in the slug of its module: %s", m.Record.Slug)
			}
		}
	}
}

// All ways of saying the same: a list with keys, an object by folder, addresses in the place of keys.
func TestTheListOfCourses(t *testing.T) {
	const want = `
COURSE The Web /web
 MODULE web/html: Html
  Check-in /check-in
 MODULE web/css: Css
  Check-in /check-in
   Colour /colour
COURSE On Air /radio
 MODULE radio/sound: Sound
  Check-in /check-in
`
	for name, data := range map[string]string{
		"by id":      "- id: web\n  title: The Web\n  modules: [html, css]\n- id: radio\n  name: On Air\n",
		"by url":     "- url: /courses/web/\n  title: The Web\n  modules: [web/html, web/css]\n- url: /courses/radio\n  title: On Air\n",
		"by folder":  "- folder: web\n  title: The Web\n  modules: [html/, css/]\n- folder: courses/radio\n  title: On Air\n",
		"an object":  "web:\n  title: The Web\n  modules: [html, css]\nradio:\n  title: On Air\n  colour: red\n",
		"with extra": "- id: web\n  title: The Web\n  colour: [1, 2]\n  modules: [html, css]\n- id: radio\n  title: On Air\n",
	} {
		t.Run(name, func(t *testing.T) {
			site := surveyed(t, with(folder(school), folder("-- _data/courses.yml --\n"+data)))
			same(t, "the site", want, sketch(site))
			same(t, "warnings", "", alerts(site))
		})
	}
	site := surveyed(t, with(folder(school), folder("-- _data/courses.yml --\n- id: film\n  title: Film\n")))
	same(t, "warnings", "_data/courses.yml: the course film is listed, and there is no folder of it\n", alerts(site))
}

// Data files that say something else, or can't be read, change nothing; the report says so.
func TestBrokenDataFiles(t *testing.T) {
	plain := surveyed(t, folder(boxes))
	for name, tt := range map[string]struct{ data, warning string }{
		"empty":                 {"", ""},
		"only a comment":        {"# soon\n", ""},
		"no modules":            {"colour: red\n", ""},
		"not YAML":              {"modules: [roses\n  - : }\n", "the file can't be used"},
		"another shape":         {"modules:\n  roses: 1\n", "the file can't be used"},
		"a list":                {"- roses\n- herbs\n", "the file can't be used"},
		"a crash of the parser": {"! 000\n", "the file can't be used"},
		"nested":                {strings.Repeat("[", 10_000), "nested more than"},
		"too long":              {"# " + strings.Repeat("x", maxDataBytes), "the file can't be used: it has more than"},
	} {
		t.Run(name, func(t *testing.T) {
			site := surveyed(t, with(folder(boxes), folder("-- _data/course.yml --\n"+tt.data)))
			same(t, "the site", sketch(plain), sketch(site))
			got := strings.TrimPrefix(alerts(site), alerts(plain))
			if tt.warning == "" && got != "" || !strings.Contains(got, tt.warning) || strings.Count(got, "\n") > 1 {
				t.Errorf("warnings %q, want %q", got, tt.warning)
			}
		})
	}
}
