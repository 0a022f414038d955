package seed

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

// bakery is a site that is imported again and again.
const bakery = `
-- modules/bread/section-1-1.md --
---
layout: module
module_name: bread
module_full_name: Bread
section: 1. Dough
title: 1.1 Flour
---
Rye is dark and keeps for long.

Wheat is light and rises well.<sup>1</sup>

Oats hold no gluten at all.

<div class="reflection"><p>What you bake</p><ul><li>Which flour do you use?</li><li>Which one is missing?</li></ul></div>

<hr/>

<a name="fn1" href="#1">1</a>: Miller, A. (2010). _Wheat_. Leeds: Plot Press.
-- modules/bread/section-1-2.md --
---
layout: module
module_name: bread
module_full_name: Bread
section: 1. Dough
title: 1.2 Water
---
Water wakes the flour. See [flour](section-1-1.html).
-- modules/bread/section-2.md --
---
layout: module
module_name: bread
module_full_name: Bread
section: 2. Ovens
title: 2. Ovens
---
Heat the oven well.
`

const (
	flourPage = "modules/bread/section-1-1.md"
	waterPage = "modules/bread/section-1-2.md"
	ovensPage = "modules/bread/section-2.md"
)

func TestTheSameSourceAgainWritesNothing(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), strings.Repeat("a", 40))
	before := s.dump()
	for _, table := range []string{"draft_sections", "live_sections", "revisions", "import_items", "import_addresses"} {
		if len(before[table]) == 0 {
			t.Errorf("nothing is in %s: the tables are %v", table, slices.Sorted(maps.Keys(before)))
		}
	}
	for _, commit := range []string{strings.Repeat("a", 40), strings.Repeat("b", 40)} { // the newer one left all pages alone
		report := s.load(folder(bakery), commit)
		if n := report.Totals; total(n.Created)+total(n.Updated) != 0 || doings(report) != "" {
			t.Errorf("%+v, %s", n, doings(report))
		}
		if diff := cmp.Diff(before, s.dump()); diff != "" {
			t.Errorf("tables (-before +after):\n%s", diff)
		}
	}
}

func TestOnlyWhatChangedInTheSourceIsUpdated(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), strings.Repeat("a", 40))
	before := s.page("Flour")
	report := s.load(replaced(t, folder(bakery), flourPage, "Oats hold", "Barley and oats hold"), strings.Repeat("b", 40))
	same(t, "what was done", "updated section Flour", doings(report))
	after := s.page("Flour")
	if after.ID != before.ID || after.Version != 2 || s.page("Water").Version != 1 || after.Origin.Commit != strings.Repeat("b", 40) {
		t.Errorf("%+v, %+v", after.Meta, after.Origin)
	}
	for n := range before.Blocks {
		if before.Blocks[n].Base().ID != after.Blocks[n].Base().ID {
			t.Errorf("block %d has another id", n)
		}
	}
	if before.Citations[0].ID != after.Citations[0].ID {
		t.Error("the citation has another id")
	}
}

// The ids of blocks are what editors' links and comments hold on to: they follow the text, not the place.
func TestBlockIDsFollowTheirBlocks(t *testing.T) {
	s := newShop(t)
	s.load(folder(bakery), "")
	ids := func() map[string]string {
		out := map[string]string{}
		for _, b := range s.page("Flour").Blocks {
			if p, ok := b.(*models.Paragraph); ok {
				out[strings.Fields(string(p.Text))[0]] = p.ID
			}
		}
		return out
	}
	before := ids()
	pages := replaced(t, folder(bakery), flourPage, "Rye is dark and keeps for long.\n", "Corn came late.\n\nRye is dark.\n")
	s.load(replaced(t, pages, flourPage, "Oats hold no gluten at all.\n", "Oats hold no gluten, though.\n"), "")
	after := ids()
	corn := after["Corn"]
	delete(after, "Corn")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("ids (-before +after):\n%s", diff)
	}
	if slices.Contains(slices.Collect(maps.Values(before)), corn) || corn == "" {
		t.Errorf("the new block has the id %q", corn)
	}
}

func TestEditsOfOtherPartsAreMerged(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(*shop)
		want func(*shop) string // what both changes have made
		text string
	}{
		"another paragraph": {
			func(s *shop) {
				edited(s, s.page("Flour"), func(p *models.Section) { p.Blocks[0].(*models.Paragraph).Text = "Rye is dark." })
			},
			func(s *shop) string { return texts(s.page("Flour").Blocks)[0] },
			"Rye is dark.",
		},
		"a new paragraph": {
			func(s *shop) {
				edited(s, s.page("Flour"), func(p *models.Section) {
					p.Blocks = append(p.Blocks, &models.Paragraph{BlockBase: models.BlockBase{ID: "mine"}, Text: "By the editor."})
				})
			},
			func(s *shop) string { all := texts(s.page("Flour").Blocks); return all[len(all)-1] },
			"By the editor.",
		},
		"a title": {
			func(s *shop) { edited(s, s.page("Flour"), func(p *models.Section) { p.Title = "All flour" }) },
			func(s *shop) string { return s.page("All flour").Title },
			"All flour",
		},
		"a citation": {
			func(s *shop) {
				edited(s, s.page("Flour"), func(p *models.Section) { p.Citations[0].Written = "Miller, _Wheat_, 2010." })
			},
			func(s *shop) string { return string(s.page("Flour").Citations[0].Written) },
			"Miller, _Wheat_, 2010.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.load(folder(bakery), "")
			id := s.page("Flour").ID
			tt.edit(s)
			report := s.load(replaced(t, folder(bakery), flourPage, "Oats hold no gluten at all.", "Oats hold no gluten."), "")
			if got := doings(report); !strings.HasPrefix(got, "merged section ") || strings.Contains(got, "conflict") {
				t.Errorf("what was done: %s", got)
			}
			if got := tt.want(s); got != tt.text {
				t.Errorf("the editor's change is %q, want %q", got, tt.text)
			}
			merged, err := s.Draft(t.Context(), models.Ref{Type: models.KindSection, ID: id})
			if err != nil || !slices.Contains(texts(merged.(*models.Section).Blocks), "Oats hold no gluten.") {
				t.Errorf("the source's change is not there: %v", err)
			}
			before := s.dump()
			s.load(replaced(t, folder(bakery), flourPage, "Oats hold no gluten at all.", "Oats hold no gluten."), "")
			if diff := cmp.Diff(before, s.dump()); diff != "" {
				t.Errorf("a third import writes (-before +after):\n%s", diff)
			}
		})
	}
}
