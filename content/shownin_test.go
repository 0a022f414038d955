package content_test

import (
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// A worksheet names the live sections that show it: not those that link to it, and not drafts.
func TestWorksheetsNameTheSectionsThatShowThem(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		c := course("bread")
		m := module(c, "dough")
		sheet, alone, other := worksheet(m, "sheet"), worksheet(m, "alone"), worksheet(m, "other")
		frag, hidden := fragment(c, "frag", uses(sheet)), fragment(c, "hidden", uses(sheet))
		direct := section(m, "direct", uses(sheet), uses(other))
		twice := section(m, "twice", uses(sheet), includes(frag), includes(frag))
		around := section(m, "around", includes(frag))
		linked := section(m, "linked", link(sheet), link(alone))
		s.create(c, m, sheet, alone, other, frag, hidden, direct, twice, around, linked)
		s.publish(c)
		s.create(section(m, "draft", uses(alone)))
		s.publish(hidden)
		page, err := s.Worksheets(t.Context(), content.ListRequest{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for _, w := range page.Items {
			got[w.Slug] = names(w.ShownIn)
		}
		wantEqual(t, got, map[string][]string{
			"sheet": {"section direct", "section twice", "section around"}, "alone": nil, "other": {"section direct"},
		})
		s.unpublish(direct)
		one, err := s.Worksheet(t.Context(), sheet.ID, content.ReadRequest{})
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, names(one.Data.ShownIn), []string{"section twice", "section around"})
	})
}

// The notes of a worksheet's marks come along when they are asked for.
func TestWorksheetsIncludeTheNotesOfTheirMarks(t *testing.T) {
	s := newSite(t)
	c := course("bread")
	m := module(c, "dough")
	src := source(c, "s")
	sheet := worksheet(m, "sheet", text("As they say[^1]."))
	sec := citing(section(m, "page", uses(sheet)), "1", src)
	s.create(c, m, src, sheet, sec)
	s.publish(c)
	in, err := content.ParseInclude(models.KindWorksheet, "shown_in.citations")
	if err != nil {
		t.Fatal(err)
	}
	one, err := s.Worksheet(t.Context(), sheet.ID, content.ReadRequest{Include: in})
	if err != nil {
		t.Fatal(err)
	}
	citations := one.Included["citations"]
	if len(citations) != 1 || citations[0].(content.CitationView).Label != "1" || len(one.Included["sections"]) != 1 {
		t.Errorf("included: %+v", one.Included)
	}
}

// Every heading that is served says its anchor: in sections the id in their HTML.
func TestHeadingsHaveTheirAnchors(t *testing.T) {
	s := newSite(t)
	c := course("bread")
	m := module(c, "dough")
	heading := func(text, anchor string) models.Block {
		return &models.Heading{BlockBase: id(), Level: 2, Text: models.Text(text), Anchor: anchor}
	}
	blocks := func() models.Blocks {
		return models.Blocks{heading("Mix", ""), heading("Mix", ""), heading("Other", "mix"), heading("?!", ""), heading("Own", "my own")}
	}
	want := []string{"mix", "mix-1", "mix-2", "section", "my-own"}
	sheet, frag, sec := worksheet(m, "sheet", blocks()...), fragment(c, "frag", blocks()...), section(m, "page", blocks()...)
	sec.Blocks = append(sec.Blocks, uses(sheet), includes(frag))
	s.create(c, m, sheet, frag, sec)
	s.publish(c)
	page := s.section(sec)
	wantEqual(t, anchorsOf(blocksOf(t, page.Blocks)), want)
	for _, anchor := range want {
		wantParts(t, "html", *page.HTML, ` id="`+anchor+`"`)
	}
	all := content.ReadRequest{Body: allBodies}
	w, err := s.Worksheet(t.Context(), sheet.ID, all)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, anchorsOf(*w.Data.Instructions), want)
	f, err := s.Fragment(t.Context(), frag.ID, all)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, anchorsOf(blocksOf(t, f.Data.Blocks)), want)
}

func anchorsOf(bs models.Blocks) (out []string) {
	bs.Walk(func(b models.Block, _ int) bool {
		if h, ok := b.(*models.Heading); ok {
			out = append(out, h.Anchor)
		}
		return true
	})
	return out
}
