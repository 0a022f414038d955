package seed

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// kitchen is a site whose pages include files.
const kitchen = `
-- _config.yml --
baker: Ada
-- _includes/licence.html --
<p>Free to share.</p>
<!-- ask Bo of interview KIT_07 -->
-- _includes/tip.html --
<p>{{ include.text }} says {{ site.baker }} on {{ page.title }}.</p>
-- _includes/deep/outer.html --
<p>Outer.</p>
{% include deep/inner.html %}
-- _includes/deep/inner.html --
<div class="reflection"><p>What rises</p><p>Why does dough rise?</p></div>
-- _includes/loop.html --
<p>Round.</p>
{% include loop.html %}
-- modules/bread/beside.html --
<p>Beside.</p>
-- modules/bread/index.md --
---
layout: module
title: Overview
module_name: bread
---
{% include licence.html %}

{% include tip.html text="Knead" %}
-- modules/bread/section-1.md --
---
layout: module
title: 1. Dough
module_name: bread
---
{% include licence.html %}

{% include tip.html text="Knead" %}

{% include tip.html text="Rest" %}

{% include_relative beside.html %}

{% include deep/outer.html %}

{% include nowhere.html %}
`

func TestIncludesBecomeFragments(t *testing.T) {
	site := readSite(t, folder(kitchen))
	first, second := site.sectionAt(t, "modules/bread/index.md"), site.sectionAt(t, "modules/bread/section-1.md")
	same(t, "the first page's blocks", "fragment, fragment", kindsOf(first.Record.Blocks))
	same(t, "the second page's blocks", "fragment, fragment, fragment, fragment, fragment", kindsOf(second.Record.Blocks))
	same(t, "fragments of the first page", `
_includes/licence.html: Licence /licence: Free to share.
_includes/tip.html text="Knead" of modules/bread/index.md: Tip /tip: Knead says Ada on Overview.
`, sketchFragments(first))
	same(t, "fragments that no page before included", `
_includes/tip.html text="Knead" of modules/bread/section-1.md: Tip /tip: Knead says Ada on 1. Dough.
_includes/tip.html text="Rest" of modules/bread/section-1.md: Tip /tip: Rest says Ada on 1. Dough.
modules/bread/beside.html: Beside /beside: Beside.
_includes/deep/outer.html: Outer /outer: Outer. [What rises]
`, sketchFragments(second))
	same(t, "warnings", `
modules/bread/section-1.md:16: the include "nowhere.html" is not in the source: its tag was taken out
`, alerts(site))
}

// sketchFragments draws the fragments of a page, a line each: key, title, slug, paragraphs, worksheets.
func sketchFragments(s *Section) string {
	var b strings.Builder
	for _, f := range s.Fragments {
		b.WriteString(f.Key + ": " + f.Record.Title + " /" + f.Record.Slug + ":")
		f.Record.Blocks.Walk(func(block models.Block, _ int) bool {
			if p, ok := block.(*models.Paragraph); ok {
				b.WriteString(" " + string(p.Text))
			}
			return true
		})
		for _, w := range f.Worksheets {
			b.WriteString(" [" + w.Label() + "]")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestCommentsOfIncludesArePrivate(t *testing.T) {
	c, files := lectern(t)
	report := bring(t, c, files, folder(kitchen))
	if n := report.Totals.Created; n[models.KindFragment] != 6 || n[models.KindWorksheet] != 1 {
		t.Errorf("created %v", n)
	}
	fragments, err := c.Fragments(t.Context(), content.ListRequest{Limit: 100, Body: content.BodySet{content.BodyHTML: true}})
	if err != nil || len(fragments.Items) != 6 {
		t.Fatalf("%d live fragments, %v", len(fragments.Items), err)
	}
	seen := 0
	for _, f := range fragments.Items {
		if strings.Contains(string(encode(f)), "KIT_07") {
			t.Errorf("a comment is public: %s", encode(f))
		}
		draft, err := c.Draft(t.Context(), models.Ref{Type: models.KindFragment, ID: f.ID})
		if err != nil {
			t.Fatal(err)
		}
		seen += strings.Count(string(encode(draft)), "KIT_07")
	}
	if seen != 1 {
		t.Errorf("the comment stands in %d drafts, want 1", seen)
	}
}

func TestALicenceThatIsIncludedIsTheModules(t *testing.T) {
	site := readSite(t, folder(kitchen))
	if m := site.Trees[0].Modules[0]; m.Record.License != "Free to share." {
		t.Errorf("licence %q", m.Record.License)
	}
}

func TestIncludesThatIncludeThemselves(t *testing.T) {
	site := readSite(t, with(folder(kitchen), folder("-- modules/bread/section-2.md --\n---\nlayout: module\ntitle: 2. Rolls\n---\n{% include loop.html %}\n")))
	got := sketchFragments(site.sectionAt(t, "modules/bread/section-2.md"))
	if strings.Count(got, "Round.") != maxIncludeDepth+1 {
		t.Errorf("%s", got)
	}
	if !strings.Contains(alerts(site), "_includes/loop.html:2: loop.html is included too deep, or includes itself") {
		t.Errorf("warnings: %s", alerts(site))
	}
}

// What is on a page once for each use, variables for instance, is what its own page says, also when the file was
// included before.
func TestFragmentsSayWhatTheirPagesSay(t *testing.T) {
	site := readSite(t, folder(kitchen))
	uses := func(path string) (out []models.ID) {
		for _, b := range site.sectionAt(t, path).Record.Blocks {
			out = append(out, b.(*models.FragmentUse).Fragment.ID)
		}
		return out
	}
	first, second := uses("modules/bread/index.md"), uses("modules/bread/section-1.md")
	if first[0] != second[0] {
		t.Error("the licence, which says the same on both pages, is two fragments")
	}
	if first[1] == second[1] {
		t.Error("the tip, which shows the page's title, is one fragment: it says another title on the second page")
	}
}

func TestPathsOfIncludesStayInTheSource(t *testing.T) {
	for _, tag := range []string{
		"{% include ../../etc/passwd %}", "{% include_relative ../../../../etc/passwd %}", "{% include /etc/passwd %}", "{% include ../_includes %}",
	} {
		pages := with(folder(kitchen), fstest.MapFS{"modules/bread/section-3.md": {Data: []byte("---\nlayout: module\ntitle: 3. X\n---\n" + tag + "\n")}})
		site := readSite(t, pages)
		if got := sketchFragments(site.sectionAt(t, "modules/bread/section-3.md")); got != "" || !strings.Contains(alerts(site), "is not in the source") {
			t.Errorf("%s: %s%s", tag, got, alerts(site))
		}
	}
}
