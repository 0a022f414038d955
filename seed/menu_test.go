package seed

import "testing"

// plots is a module site of two modules with menus, and what such sites have beside: pages that no menu leads to, and a
// copy of a module that was left behind.
const plots = `
-- _includes/soil_nav.html --
<ul>
  <li class="sectionhead"><a href="{{site.baseurl}}/modules/soil/">Start here</a></li>
  <li class="sectionhead">1. Earth
    <ul>
      <li><a href="{{site.url}}{{site.baseurl}}/modules/soil/section-1-1.html">1.1 Clay</a></li>
      <li><a href="section-1-2.html">1.2 All about sand</a></li>
    </ul></li>
  <li><a href="../soil/section-2.html"><b>2.</b> Worms</a></li>
  <li><a href="section-9-9.html">9.9 Gone</a></li>
  <li><a href="https://example.org/">Elsewhere</a></li>
  <li><a name="end">no link</a></li>
</ul>
-- _includes/compost-menu.html --
<a href="section-1.html">Heaps</a> <!-- the title without its number is no other label -->
-- _includes/footer.html --
<a href="/modules/soil/section-1-3.html">in no menu for all that</a>
-- modules/soil/index.md --
---
layout: module
module_name: soil
module_full_name: Soil
section: Overview
title: Module Overview
---
Dig.
-- modules/soil/section-1-1.md --
---
layout: module
module_name: soil
section: 1. Earth
title: 1.1 Clay
---
Clay.
-- modules/soil/section-1-2.md --
---
layout: module
module_name: soil
section: 1. The earth
title: 1.2 Sand
---
Sand.
-- modules/soil/section-1-3.md --
---
layout: module
module_name: soil
section: 1. Earth
title: Additional Resources
---
More.
-- modules/soil/section-2.md --
---
layout: module
module_name: soil
section: 2. Worms
title: 2. Worms
---
Worms.
-- modules/compost/section-1.md --
---
layout: module
module_name: compost
title: 1. Heaps
---
Heaps.
-- modules/soil2/section-1-1.md --
---
layout: module
module_name: soil
section: 1. Earth
title: 1.1 Clay
---
Clay.
`

func TestMenusGiveLabelsAndSayWhatIsInThem(t *testing.T) {
	site := surveyed(t, folder(plots))
	same(t, "the site", `
COURSE Default course /default
 MODULE compost: Compost
  1. Heaps /heaps
 MODULE soil: Soil
  Module Overview /module-overview [Start here]
  1. Earth /earth (no page)
   1.1 Clay /clay
   1.2 Sand /sand [1.2 All about sand]
   Additional Resources /additional-resources (in no menu)
  2. Worms /worms
 MODULE soil2: Soil2 (in no menu)
  1. Earth /earth (no page) (in no menu)
   1.1 Clay /clay (in no menu)
`, sketch(site))
	same(t, "warnings", `
modules/soil2/section-1-1.md:3: module_name is soil, but the pages are in the folder of soil2
_includes/soil_nav.html:9: the menu leads to section-9-9.html, where no page of the module is
modules/soil/section-1-3.md: the page is in no menu
modules/soil2/section-1-1.md: the module soil2 is in no menu
`, alerts(site))
}

func TestWithoutMenusEverythingIsInTheMenu(t *testing.T) {
	pages := without(folder(plots), "_includes/soil_nav.html", "_includes/compost-menu.html")
	site := surveyed(t, pages)
	for _, m := range site.Trees[0].Modules {
		for key, s := range sections(&Tree{Modules: []*Module{m}}) {
			if !s.Record.InMenu || s.Record.MenuLabel != "" {
				t.Errorf("%s: in the menu %v, label %q", key, s.Record.InMenu, s.Record.MenuLabel)
			}
		}
	}
	same(t, "warnings", "modules/soil2/section-1-1.md:3: module_name is soil, but the pages are in the folder of soil2\n", alerts(site))
}

// Names that say nothing of their order are put in that of the menu; numbers in names are not overruled.
func TestTheMenuOrdersPagesWhoseNamesDoNot(t *testing.T) {
	const page = "---\nlayout: module\ntitle: "
	site := surveyed(t, folder("-- _includes/hedges_nav.html --\n"+
		"<a href=\"yew.html\">Yew</a><a href=\"beech.html\">Beech</a>\n"+
		"-- modules/hedges/beech.md --\n"+page+"Beech\n---\n"+
		"-- modules/hedges/apple.md --\n"+page+"Apple\n---\n"+
		"-- modules/hedges/yew.md --\n"+page+"Yew\n---\n"))
	same(t, "the site", `
COURSE Default course /default
 MODULE hedges: Hedges
  Yew /yew
  Beech /beech
  Apple /apple (in no menu)
`, sketch(site))

	site = surveyed(t, folder("-- _includes/hedges_nav.html --\n"+
		"<a href=\"section-2.html\">2. Two</a><a href=\"section-1.html\">1. One</a>\n"+
		"-- modules/hedges/section-1.md --\n"+page+"1. One\n---\n"+
		"-- modules/hedges/section-2.md --\n"+page+"2. Two\n---\n"))
	same(t, "the numbered site", `
COURSE Default course /default
 MODULE hedges: Hedges
  1. One /one
  2. Two /two
`, sketch(site))
}

func TestMenuFileNames(t *testing.T) {
	site := surveyed(t, folder(plots))
	for name, want := range map[string]string{
		"soil_nav.html":         "soil",
		"soil-nav.html":         "soil",
		"nav_soil.html":         "soil",
		"Soil_Navigation.htm":   "soil",
		"sidebar-compost.html":  "compost",
		"toc_compost.md":        "compost",
		"deep/soil_menu.html":   "soil",
		"nav.html":              "",
		"soil.html":             "",
		"soilnav.html":          "",
		"navigation_roses.html": "",
	} {
		got := ""
		if m := site.moduleOfMenu("_includes/" + name); m != nil {
			got = m.Key
		}
		if got != want {
			t.Errorf("%s is the menu of %q, want %q", name, got, want)
		}
	}
}

// Menus are written by hand: whatever is in one, it breaks nothing.
func TestBrokenMenus(t *testing.T) {
	for name, menu := range map[string]string{
		"empty":              "",
		"no links":           "<p>Soon.</p>",
		"links without ends": "<a href=\"section-1-1.html\">1.1 Clay<a href=\"section-1-2.html\">1.2 Sand",
		"no tag ends":        "<a href=\"section-1-1.html",
		"odd addresses":      "<a href=\"%zz\">a</a><a href=\"\">b</a><a href=\"mailto:a@example.org\">c</a><a href=\"#x\">d</a>",
		"twice":              "<a href=\"section-1-1.html\">1.1 Clay</a><a href=\"section-1-1.html\">Clay</a>",
	} {
		t.Run(name, func(t *testing.T) {
			site := surveyed(t, with(folder(plots), folder("-- _includes/soil_nav.html --\n"+menu+"\n")))
			clay := site.sectionAt(t, "modules/soil/section-1-1.md")
			if clay.Record.Title != "Clay" || clay.Record.MenuLabel != "" {
				t.Errorf("%+v", clay.Record)
			}
		})
	}
}
