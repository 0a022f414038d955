package seed

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// paths is a site with addresses of several kinds, to which a page is added that links to them.
const paths = `
-- _config.yml --
url: https://garden.example.org
baseurl: /kit
permalink: /:categories/:title/
-- modules/ponds/_posts/2001-01-01-start.md --
---
title: Start
permalink: /modules/ponds/
---
Start.
-- modules/ponds/_posts/2001-01-02-ice.md --
---
title: Ice
---
## Thin ice
-- modules/roses/_posts/2001-01-02-ice.md --
---
title: Ice on Roses
---
Brrr.
-- modules/roses/_posts/2001-01-03-ducks-&-geese.md --
---
title: Ducks and Geese
---
Quack.
-- plans/plan.pdf --
%PDF-1.4
-- img/My pond.png --
no image at all
`

// linking reads the site with a page of the module of ponds whose body is given, and looks for what of it is in no
// record.
func linking(t *testing.T, body string) (*Site, *Section) {
	t.Helper()
	const page = "modules/ponds/_posts/2001-01-09-links.md"
	site := readSite(t, with(folder(paths), folder("-- "+page+" --\n---\ntitle: Links\n---\n"+body+"\n")))
	s := site.sectionAt(t, page)
	for _, m := range site.Trees[0].Modules {
		_ = m.walk(func(found, parent *Section) error {
			if found == s {
				site.cover(m, parent, s, s.text)
			}
			return nil
		})
	}
	return site, s
}

func TestLinksLeadToRecords(t *testing.T) {
	const (
		start    = "section modules/ponds/_posts/2001-01-01-start.md"
		ice      = "section modules/ponds/_posts/2001-01-02-ice.md"
		roseIce  = "section modules/roses/_posts/2001-01-02-ice.md"
		ducks    = "section modules/roses/_posts/2001-01-03-ducks-&-geese.md"
		pdf      = "asset plans/plan.pdf"
		noImage  = "asset img/My pond.png"
		noRecord = ""
	)
	for address, want := range map[string]string{
		"../ice/":                             ice,
		"../ice":                              ice,
		"../ICE/index.html":                   ice,
		"../ice/#thin-ice":                    ice,
		"../ice/?print=1#thin-ice":            ice,
		"/modules/ponds/ice/":                 ice,
		"/kit/modules/ponds/ice/":             ice,
		"../":                                 start,
		"/modules/ponds/":                     start,
		"../../roses/":                        "module roses",
		"/modules/roses/index.html":           "module roses",
		"../../roses/ice/":                    roseIce,
		"../../roses/ducks-&-geese/":          ducks,
		"../../roses/ducks-%26-geese/":        ducks,
		"{{site.baseurl}}/modules/ponds/ice/": ice,
		"{{ site.url }}{{ site.baseurl }}/modules/ponds/ice/":                     ice,
		"{{ '/modules/ponds/ice/' | relative_url }}":                              ice,
		"{{ \"/modules/ponds/ice/\" | prepend: site.baseurl }}#thin-ice":          ice,
		"{{ '/modules/ponds/ice/' | prepend: site.baseurl | prepend: site.url }}": ice,
		"{% link modules/ponds/_posts/2001-01-02-ice.md %}":                       ice,
		"{{ site.baseurl }}{% link modules/roses/_posts/2001-01-02-ice.md %}#x":   roseIce,
		"{% post_url 2001-01-02-ice %}":                                           ice, // the one beside the page
		"{{site.baseurl}}{% post_url /modules/roses/2001-01-02-ice %}":            roseIce,
		"{% link plans/plan.pdf %}":                                               pdf,
		"https://garden.example.org/kit/modules/ponds/ice/":                       ice,
		"//garden.example.org/kit/modules/ponds/ice/":                             ice,
		"/plans/plan.pdf":                                     pdf,
		"{{site.baseurl}}/plans/plan.pdf#page=40":             pdf,
		"/img/My%20pond.png":                                  noImage,
		"https://garden.example.org/elsewhere/":               noRecord,
		"https://example.org/modules/ponds/ice/?a=1&uuid=2#b": noRecord,
		"mailto:a@example.org":                                noRecord,
		"#thin-ice":                                           noRecord,
	} {
		for _, body := range []string{"[It](" + address + ").", "<p><a href='" + strings.ReplaceAll(address, "'", `"`) + "'>It</a>.</p>"} {
			site, page := linking(t, body)
			got := strings.TrimSpace(site.links(page))
			written, to, _ := strings.Cut(got, " -> ")
			if to != want || strings.ContainsAny(written, "{}") {
				t.Errorf("%s leads to %q, written %q, want %q", body, to, written, want)
			}
			if said := strings.Join(messagesOf(site, page), "\n"); said != "" {
				t.Errorf("%s: %s", body, said)
			}
		}
	}
}

// messagesOf lists the warnings of a page.
func messagesOf(site *Site, s *Section) []string {
	var out []string
	for _, w := range site.Warnings {
		if w.Path == s.Key {
			out = append(out, w.Message)
		}
	}
	return out
}

func TestALinkKeepsItsFragment(t *testing.T) {
	_, page := linking(t, "[It](../ice/#thin-ice).")
	text := page.Record.Blocks[0].(*models.Paragraph).Text
	l, ok := render.ParseRecordLink(render.Links(text)[0].URL)
	if !ok || l.Fragment != "thin-ice" || l.Written != "../ice/#thin-ice" {
		t.Errorf("%s: %+v", text, l)
	}
}

// Each dead link is reported once, with its line; all of them keep their addresses.
func TestDeadLinks(t *testing.T) {
	site, page := linking(t, "See [here](/ponds/).\n\nOr [there](../../herbs/#x), [there](../../herbs/#x)\nand "+
		"[where]({{site.baseurl}}/lost/?a=1), or\n<a href=\"plan.docx\">take it</a>. [Nowhere]() {% post_url 1999-01-01-x %}")
	same(t, "links", "/ponds/\n../../herbs/#x\n../../herbs/#x\n/lost/?a=1\nplan.docx", site.links(page))
	var lines []string
	for _, w := range site.Warnings {
		if w.Path == page.Key && strings.Contains(w.Message, "leads to") {
			lines = append(lines, w.place()[len(page.Key):]+" "+w.Message)
		}
	}
	same(t, "warnings", `
:4 the link to /ponds/ leads to a page that is not in the source
:6 the link to ../../herbs/#x leads to a page that is not in the source
:7 the link to /lost/?a=1 leads to a page that is not in the source
:8 the link to plan.docx leads to a file that is not in the source
`, strings.Join(lines, "\n"))
	var dead []string
	for _, d := range page.DeadLinks {
		dead = append(dead, d.Written+" "+d.Path)
	}
	same(t, "what is remembered", "/ponds/ ponds\n../../herbs/#x modules/herbs\n/lost/?a=1 lost", strings.Join(dead, "\n"))
	if said := strings.Join(messagesOf(site, page), "\n"); !strings.Contains(said, "post_url 1999-01-01-x") {
		t.Errorf("no word of the post that is not there: %s", said)
	}
}

// The missing page may come with a later import of the same site; an editor's changes stay.
func TestDeadLinksComeAlive(t *testing.T) {
	c, files := lectern(t)
	const from, to = "modules/ponds/section-1.md", "modules/herbs/section-1.md"
	head := "---\nlayout: module\ntitle: "
	first := folder("-- " + from + " --\n" + head + "1. Ponds\n---\nSee [herbs](../herbs/section-1.html#mint).\n\nStay.\n" +
		"-- modules/ponds/section-2.md --\n" + head + "2. Ducks\n---\nQuack.\n")
	report := bring(t, c, files, first)
	if !strings.Contains(warned(report), from+":5: the link to ../herbs/section-1.html#mint leads to a page") {
		t.Errorf("warnings: %s", warned(report))
	}
	second := with(first, folder("-- "+to+" --\n"+head+"1. Herbs\n---\n## Mint\n"))
	if report = bring(t, c, files, second); warned(report) != "" {
		t.Errorf("warnings: %s", warned(report))
	}
	page := liveAt(t, c, "ponds", "ponds")
	if want := `/v1/sections/` + string(liveAt(t, c, "herbs", "herbs").ID) + `#mint`; !strings.Contains(*page.HTML, want) {
		t.Errorf("the link does not lead to %s: %s", want, *page.HTML)
	}
	if again := bring(t, c, files, second); total(again.Totals.Updated)+total(again.Totals.Created) > 0 {
		t.Errorf("a third import changes %+v", again.Totals)
	}
}

// The page comes with an import of its own, without the one that links to it.
func TestDeadLinksComeAliveInPagesThatAreNotThere(t *testing.T) {
	c, files := lectern(t)
	head := "---\nlayout: module\ntitle: "
	bring(t, c, files, folder("-- modules/ponds/section-1.md --\n"+head+"1. Ponds\n---\nSee [herbs](../herbs/section-1.html), [all](../herbs/).\n"))
	report := bring(t, c, files, folder("-- modules/herbs/section-1.md --\n"+head+"1. Herbs\n---\nMint.\n"))
	if len(report.Courses) != 1 || len(report.Courses[0].Changes) != 1 || report.Courses[0].Changes[0].Action != content.ImportRevived {
		t.Fatalf("changes: %+v", report.Courses)
	}
	if got := *liveAt(t, c, "ponds", "ponds").HTML; strings.Count(got, `href="/v1/`) != 2 || !strings.Contains(got, string(liveAt(t, c, "herbs", "herbs").ID)) {
		t.Errorf("the link leads nowhere: %s", got)
	}
}

// liveAt reads a live section of the default course with its HTML.
func liveAt(t *testing.T, c *content.Service, module, slug string) content.SectionView {
	t.Helper()
	v, err := c.SectionBySlug(t.Context(), DefaultCourse, module, slug, content.ReadRequest{Body: content.BodySet{content.BodyHTML: true, content.BodyBlocks: true}})
	if err != nil {
		t.Fatal(err)
	}
	return v.Data
}

// What an editor has changed in a page stays when a dead link in it comes alive, and does not go live with it.
func TestDeadLinksComeAliveBesideEdits(t *testing.T) {
	s := newShop(t)
	head := "---\nlayout: module\ntitle: "
	ponds := folder("-- modules/ponds/section-1.md --\n" + head + "1. Ponds\n---\nSee [herbs](../herbs/section-1.html).\n\nStay.\n")
	s.load(ponds, "")
	edited(s, s.page("Ponds"), func(p *models.Section) { p.Blocks[1].(*models.Paragraph).Text = "Stay here." })
	s.load(folder("-- modules/herbs/section-1.md --\n"+head+"1. Herbs\n---\nMint.\n"), "")
	page := s.page("Ponds")
	if l := render.RecordLinks(page.Blocks[0].(*models.Paragraph).Text); len(l) != 1 || l[0].ID != s.page("Herbs").ID {
		t.Errorf("the link leads to %v", l)
	}
	if got := texts(page.Blocks)[1]; got != "Stay here." {
		t.Errorf("the editor's words are %q", got)
	}
	if v := liveAt(t, s.Service, "ponds", "ponds"); strings.Contains(*v.HTML, "Stay here.") {
		t.Errorf("the editor's draft went live: %s", *v.HTML)
	}
	before := s.dump()
	if got := doings(s.load(ponds, "")); got != "" || !cmp.Equal(before, s.dump()) {
		t.Errorf("the same again: %s%s", got, cmp.Diff(before, s.dump()))
	}
}
