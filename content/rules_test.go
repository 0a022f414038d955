package content_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// What an editor has changed and not published stays unpublished when the same pages are imported again.
func TestAnImportPublishesOnlyWhatItBrings(t *testing.T) {
	s := newSite(t)
	in := reading(pages...)
	in.Publish = true
	s.load(in)
	byTitle, _ := s.drafts(models.KindSection)
	c, err := s.CourseBySlug(t.Context(), "bread", content.ReadRequest{})
	if err != nil {
		t.Fatal(err)
	}
	change(s, &models.Course{Meta: models.Meta{ID: c.Data.ID}}, func(d *models.Course) { d.Title = "Not yet" })
	change(s, byTitle["One"].(*models.Section), func(d *models.Section) { d.Slug = "not-yet" })

	again := reading(pages...)
	again.Publish = true
	wantEqual(t, s.load(again).Revision, int64(0))
	if c, err = s.CourseBySlug(t.Context(), "bread", content.ReadRequest{}); err != nil || c.Data.Title != "bread" {
		t.Errorf("the live course: %q, %v", c.Data.Title, err)
	}
	wantEqual(t, s.section(byTitle["One"].(*models.Section)).Slug, "one")
}

// Publishing and unpublishing at once never leave a section without its module.
func TestPublishAndUnpublishAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		b := baked(s)
		busy := content.New(s.store, slog.New(slog.DiscardHandler), time.Now) // its clock may be read by several
		for range 10 {
			s.unpublish(b.dough)
			s.publish(b.dough)
			change(s, b.mix, func(d *models.Section) { d.Title += "!" })
			var both sync.WaitGroup
			both.Go(func() {
				_, _, err := busy.Publish(t.Context(), content.PublishRequest{Targets: refs(b.mix)})
				if err != nil {
					t.Error(err)
				}
			})
			both.Go(func() {
				if _, _, err := busy.Unpublish(t.Context(), *ref(b.dough)); err != nil {
					t.Error(err)
				}
			})
			both.Wait()
			problems, err := s.Check(t.Context())
			wantEqual(t, problems, []string(nil))
			if err != nil {
				t.Fatal(err)
			}
			s.publish(b.dough)
		}
	})
}

func TestWhatGoesLiveIsShownOrLinkedAsAFile(t *testing.T) {
	b := bake(newSite(t))
	change(b.site, b.heat, func(d *models.Section) { d.Blocks = models.Blocks{link(b.photo), link(b.loaf)} })
	b.wantOutcome(t, one(b.heat), outcome{Put: []string{"asset photo", "course bread", "module oven", "section heat"}})
}

func TestAlsoMustNameWhatIsUsed(t *testing.T) {
	b := baked(newSite(t))
	change(b.site, b.mix, func(d *models.Section) { d.Blocks = models.Blocks{includes(b.licence)} })
	b.publish(b.mix)
	change(b.site, b.licence, func(d *models.Fragment) { d.Title = "new licence" })

	b.wantOutcome(t, one(b.course), outcome{Shared: []string{"fragment new licence"}})
	req := one(b.mix) // which has not changed itself
	req.Also = refs(b.licence)
	b.wantOutcome(t, req, outcome{Put: []string{"fragment new licence"}})
	req.Also = refs(b.photo)
	_, err := b.DryRun(t.Context(), req)
	wantKind(t, err, models.KindMalformed)
}

// Marks in what a section shows mean the section's citations.
func TestMarksInWorksheetsAndFragments(t *testing.T) {
	b := bake(newSite(t))
	change(b.site, b.loaf, func(d *models.Worksheet) { d.Instructions = models.Blocks{text("Weigh it.[^1]")} })
	change(b.site, b.mix, func(d *models.Section) { d.Blocks = models.Blocks{uses(b.loaf)} })
	b.wantBlocked(t, one(b.mix), `section mix marks citation 1 in the worksheet "loaf", which the section does not have`)

	change(b.site, b.mix, func(d *models.Section) { citing(d, "1", b.book) })
	b.publish(b.mix)
	if html := *b.section(b.mix).HTML; !strings.Contains(html, `Weigh it.<sup class="note-mark"><a href="#note:1" role="doc-noteref">1</a></sup>`) {
		t.Errorf("the mark in the worksheet leads nowhere: %s", html)
	}
	change(b.site, b.loaf, func(d *models.Worksheet) { d.Instructions = models.Blocks{text("Weigh it.[^2]")} })
	b.wantBlocked(t, one(b.loaf), `section mix marks citation 2 in the worksheet "loaf", which the section does not have`)
	change(b.site, b.mix, func(d *models.Section) { d.Citations[0].Written = "See.[^9]" })
	b.wantBlocked(t, one(b.mix), "section mix marks citation 9, which the section does not have")
}

// wantBlocked checks that one thing is in the way.
func (b *bread) wantBlocked(t *testing.T, req content.PublishRequest, why string) {
	t.Helper()
	plan, err := b.DryRun(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, inWords(plan).Blockers, []string{why})
}

func TestACitationMovesToAnotherSection(t *testing.T) {
	b := bake(newSite(t))
	change(b.site, b.knead, func(d *models.Section) { citing(d, "1", b.book) })
	b.publish(b.course)
	cite := b.draft(b.knead).(*models.Section).Citations
	change(b.site, b.knead, func(d *models.Section) { d.Citations, d.Blocks = nil, nil })
	change(b.site, b.mix, func(d *models.Section) { d.Citations = cite })
	b.publish(b.dough)
	wantEqual(t, len(citationsOf(t, b.section(b.mix).Citations)), 1)
}

func TestNoCommentGoesLive(t *testing.T) {
	const secret = "<!-- secret -->"
	b := bake(newSite(t))
	change(b.site, b.course, func(d *models.Course) { d.Summary = "S" + secret })
	change(b.site, b.dough, func(d *models.Module) {
		d.Summary = "S" + secret
		d.Objectives = []models.Objective{{ID: "o", Text: "O" + secret}}
	})
	change(b.site, b.book, func(d *models.Source) { d.Written = "W" + secret })
	change(b.site, b.mix, func(d *models.Section) {
		d.Summary = "S" + secret
		d.Blocks = models.Blocks{
			&models.Definition{BlockBase: id(), Term: "T" + secret, Text: "T" + secret},
			&models.RawHTML{BlockBase: id(), HTML: "<p>R" + secret + "</p>"},
		}
		d.Citations = []models.Citation{{ID: models.NewID(), Label: "1", Written: "W" + secret, Source: ref(b.book)}}
	})
	b.publish(b.course)
	served(t, b.site, func(what, json string) {
		if strings.Contains(json, "secret") {
			t.Errorf("the %s has a comment: %s", what, json)
		}
	})
}

func TestOwnersMustAgree(t *testing.T) {
	b := bake(newSite(t))
	other := course("other")
	b.create(other)
	for name, r := range map[string]models.Record{
		"a course that is not there":       module(course("x"), "a"),
		"a module that is not there":       worksheet(module(b.course, "x"), "a"),
		"a module of another course":       &models.Section{Meta: base(), CourseID: other.ID, ModuleID: b.dough.ID, Slug: "a", Title: "a"},
		"a parent of another module":       &models.Section{Meta: base(), CourseID: b.course.ID, ModuleID: b.oven.ID, ParentID: &b.mix.ID, Slug: "a", Title: "a"},
		"a parent that is not there":       &models.Section{Meta: base(), CourseID: b.course.ID, ModuleID: b.oven.ID, ParentID: &other.ID, Slug: "a", Title: "a"},
		"a fragment of no course":          fragment(course("x"), "a"),
		"a module that is in no course":    section(module(course("x"), "a"), "a"),
		"an asset of a course that is not": asset(course("x"), "a"),
	} {
		t.Run(name, func(t *testing.T) { wantKind(t, b.Create(t.Context(), r, by), models.KindInvalid) })
	}
	b.trash(b.oven)
	wantKind(t, b.Create(t.Context(), section(b.oven, "a"), by), models.KindInvalid)
	_, err := b.Update(t.Context(), *ref(b.knead), 1, func(d models.Record) error {
		d.(*models.Section).ParentID = &b.fold.ID // which is below it
		return nil
	}, by)
	wantKind(t, err, models.KindInvalid)
}

// A move is part of what was previewed.
func TestAMoveChangesTheToken(t *testing.T) {
	b := bake(newSite(t))
	plan, err := b.DryRun(t.Context(), one(b.mix))
	if err != nil {
		t.Fatal(err)
	}
	err = b.store.InTx(t.Context(), func(tx *store.Tx) error { return tx.Draft.Place(b.mix, &b.knead.ID, 7) })
	if err != nil {
		t.Fatal(err)
	}
	req := one(b.mix)
	req.Token = plan.Token
	_, _, err = b.Publish(t.Context(), req)
	wantKind(t, err, models.KindStale)
}

// A worksheet of a module that leaves stays when the same publish puts it to use elsewhere.
func TestAWorksheetThatIsPutToUseStays(t *testing.T) {
	b := bake(newSite(t))
	change(b.site, b.mix, func(d *models.Section) { d.Blocks = models.Blocks{uses(b.loaf)} })
	b.publish(b.course)
	change(b.site, b.heat, func(d *models.Section) { d.Blocks = models.Blocks{uses(b.loaf)} })
	b.trash(b.dough)
	b.publish(b.course)
	blocks := blocksOf(t, b.section(b.heat).Blocks)
	sheet := blocks[0].(*models.WorksheetUse).Worksheet
	if sheet == nil {
		t.Fatal("the worksheet has left")
	}
	if sheet.Path != nil { // its module has left
		t.Errorf("the worksheet has the path %s", *sheet.Path)
	}
}

// A course's language says how all in it is read.
func TestAChangedCourseBringsAllItsDocuments(t *testing.T) {
	b := baked(newSite(t))
	docs, err := b.Documents(t.Context(), refs(b.course))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, len(docs), 7) // two modules, four sections, a worksheet
}
