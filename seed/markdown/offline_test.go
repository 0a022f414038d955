package markdown_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/store"
)

// id is one of the golden course.
func id(n int) models.ID { return models.ID(fmt.Sprintf("0190a1b2-0000-7000-8000-%012d", n)) }

// toured is an installation with the golden course, and the course as it was exported.
func toured(t *testing.T) (*lectern, dir) {
	t.Helper()
	l := newLectern(t)
	l.load(golden(t), true)
	return l, l.exported(false)
}

// edit changes a record as an editor does.
func edit[R models.Record](l *lectern, id models.ID, change func(R)) {
	l.t.Helper()
	var none R
	ref := models.Ref{Type: none.Kind(), ID: id}
	r, err := l.Draft(context.Background(), ref)
	if err != nil {
		l.t.Fatal(err)
	}
	_, err = l.Update(context.Background(), ref, r.Base().Version, func(r models.Record) error { change(r.(R)); return nil }, content.Save{Author: "editor"})
	if err != nil {
		l.t.Fatal(err)
	}
}

func section(l *lectern, id models.ID) *models.Section {
	l.t.Helper()
	r, err := l.Draft(context.Background(), models.Ref{Type: models.KindSection, ID: id})
	if err != nil {
		l.t.Fatal(err)
	}
	return r.(*models.Section)
}

func paragraph(s *models.Section, n int) *models.Text { return &s.Blocks[n].(*models.Paragraph).Text }

// changes lists what an import did with records that were there.
func changes(r *seed.Report) []string {
	out := []string{}
	for _, c := range r.Courses[0].Changes {
		line := fmt.Sprintf("%s %s %s", c.Action, c.Record.Type, *c.Record.Title)
		for _, conflict := range c.Conflicts {
			line += fmt.Sprintf("; %s: %s, not %s", conflict.Field, conflict.Here, conflict.Source)
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// titles lists the pages of a module in order, those below another one further in.
func (l *lectern) titles(module models.ID) []string {
	l.t.Helper()
	var out []string
	err := l.store.View(context.Background(), func(tx *store.Tx) error {
		rs, err := tx.Draft.List(store.Query{Kind: models.KindSection, Module: module})
		for _, r := range rs {
			s := r.(*models.Section)
			depth := 0
			for up := s; up.ParentID != nil; depth++ {
				up = section(l, *up.ParentID)
			}
			out = append(out, strings.Repeat("  ", depth)+s.Title)
		}
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return out
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// wantStill checks that importing again what was imported changes nothing, and that an export of it does neither.
func wantStill(t *testing.T, l *lectern, d dir) {
	t.Helper()
	before := l.state()
	again := l.load(d, false)
	wantEqual(t, l.state(), before)
	for _, c := range again.Courses[0].Changes {
		if c.Action == content.ImportUpdated || c.Action == content.ImportRenamed {
			t.Errorf("importing the same again reports %+v", c)
		}
	}
	l.load(l.exported(false), false)
	wantEqual(t, l.state(), before)
}

func TestAuthorAndEditorChangeDifferentParagraphs(t *testing.T) {
	l, d := toured(t)
	d.change(t, "at-the-desk", "Bring your card.", "Bring your green card.")
	edit(l, id(13), func(s *models.Section) { *paragraph(s, 1) += " In time." })
	report := l.load(d, false)
	wantEqual(t, changes(report), []string{"merged section At the desk"})
	s := section(l, id(13))
	wantEqual(t, []models.Text{*paragraph(s, 0), *paragraph(s, 1)}, []models.Text{"Bring your green card.", "Bring your book back, too. In time."})
	wantStill(t, l, d)
}

func TestAuthorAndEditorChangeTheSameParagraph(t *testing.T) {
	l, d := toured(t)
	d.change(t, "at-the-desk", "Bring your card.", "Bring your green card.")
	edit(l, id(13), func(s *models.Section) { *paragraph(s, 0) = "Bring your red card." })
	report := l.load(d, false)
	wantEqual(t, changes(report), []string{"merged section At the desk; block b1 (paragraph): Bring your red card., not Bring your green card."})
	wantEqual(t, *paragraph(section(l, id(13)), 0), models.Text("Bring your red card."))

	// The author sees what is here now, and changes that: it is no conflict any more.
	d = l.exported(false)
	d.change(t, "at-the-desk", "Bring your red card.", "Bring your red card, please.")
	wantEqual(t, changes(l.load(d, false)), []string{"updated section At the desk"})
	wantEqual(t, *paragraph(section(l, id(13)), 0), models.Text("Bring your red card, please."))
	wantStill(t, l, d)
}

func TestAPageIsAddedBetweenTwoOthers(t *testing.T) {
	l, d := toured(t)
	d["modules/10-finding/0025-the-green-door.md"] = "---\ntitle: The green door\nparent: first-steps\n---\n\nKnock[^1] twice.\n\n[^1]: Said Dana.\n"
	report := l.load(d, false)
	wantEqual(t, report.Courses[0].Created, map[models.Kind]int{models.KindSection: 1})
	wantEqual(t, l.titles(id(2)), []string{"First steps", "  Call numbers", "  The green door", "On the shelf"})
	wantStill(t, l, d)

	// Its file may get another name as long as its title stays.
	d.move("modules/10-finding/0025-the-green-door.md", "modules/10-finding/0035-door.md")
	wantEqual(t, changes(l.load(d, false)), []string{"renamed section The green door"})
	wantEqual(t, l.titles(id(2)), []string{"First steps", "  Call numbers", "  The green door", "On the shelf"})
	wantStill(t, l, d)

	// The next export has it with its id.
	d = l.exported(false)
	if name := d.find(t, "the-green-door"); name != "modules/10-finding/0030-the-green-door.md" || !strings.Contains(d[name], "in_menu") == false {
		t.Errorf("exported as %s:\n%s", name, d[name])
	}
	wantStill(t, l, d)
}

func TestPagesGetAnotherOrder(t *testing.T) {
	l, d := toured(t)
	d.move("modules/10-finding/0030-on-the-shelf.md", "modules/10-finding/0005-on-the-shelf.md")
	d.change(t, "call-numbers", "parent: "+string(id(10))+"\n", "")
	wantEqual(t, changes(l.load(d, false)), []string{})
	want := []string{"On the shelf", "First steps", "Call numbers"}
	wantEqual(t, l.titles(id(2)), want)
	wantStill(t, l, d)

	// An editor's order stays, and the author is told.
	edit(l, id(2), func(m *models.Module) { m.Title = "Found" })
	d.move("modules/10-finding/0005-on-the-shelf.md", "modules/10-finding/0030-on-the-shelf.md")
	wantEqual(t, changes(l.load(d, false)), []string{"merged module Found; order: On the shelf, not First steps"})
	wantEqual(t, l.titles(id(2)), want)
}

func TestModulesGetAnotherOrder(t *testing.T) {
	l, d := toured(t)
	for _, name := range d.names() {
		if rest, ok := strings.CutPrefix(name, "modules/20-"); ok {
			d.move(name, "modules/05-"+rest)
		}
	}
	wantEqual(t, changes(l.load(d, false)), []string{})
	out := l.exported(false)
	out.find(t, "modules/10-lending/module.md")
	out.find(t, "modules/20-finding/module.md")
	wantStill(t, l, d)
}

func TestAPageMovesToAnotherModule(t *testing.T) {
	l, d := toured(t)
	d.move("modules/10-finding/0030-on-the-shelf.md", "modules/20-lending/0005-on-the-shelf.md")
	edit(l, id(12), func(s *models.Section) { s.Title = "On the shelves" })
	wantEqual(t, changes(l.load(d, false)), []string{"merged section On the shelves"})
	wantEqual(t, l.titles(id(2)), []string{"First steps", "  Call numbers"})
	wantEqual(t, l.titles(id(3)), []string{"On the shelves", "At the desk"})
	wantStill(t, l, d)
}

func TestAPageWithPagesBelowMoves(t *testing.T) {
	l, d := toured(t)
	d.move("modules/10-finding/0010-first-steps.md", "modules/20-lending/0020-first-steps.md")
	_, err := l.tryLoad(d.fs(), false)
	wantError(t, err, "modules/10-finding/0020-call-numbers.md:4: parent: modules/20-lending/0020-first-steps.md is a page of another module")

	d.move("modules/10-finding/0020-call-numbers.md", "modules/20-lending/0030-call-numbers.md")
	wantEqual(t, changes(l.load(d, false)), []string{"updated section Call numbers", "updated section First steps"})
	wantEqual(t, l.titles(id(3)), []string{"At the desk", "First steps", "  Call numbers"})
	wantStill(t, l, d)
}

func TestAPageIsRemoved(t *testing.T) {
	l, d := toured(t)
	delete(d, "modules/10-finding/0030-on-the-shelf.md")
	for range 2 {
		wantEqual(t, changes(l.load(d, false)), []string{"gone section On the shelf"})
	}
	wantEqual(t, l.titles(id(2)), []string{"First steps", "  Call numbers", "On the shelf"})
}

// TestWhatEditorsHaveMadeIsGoneOrNew tells a page that an author has taken out from one that is newer than the export.
func TestWhatEditorsHaveMadeIsGoneOrNew(t *testing.T) {
	l, _ := toured(t)
	l.create(&models.Section{CourseID: id(1), ModuleID: id(3), Slug: "made", Title: "Made in Lectern"})
	d := l.exported(false)
	l.create(&models.Section{CourseID: id(1), ModuleID: id(3), Slug: "later", Title: "Made later"})
	delete(d, d.find(t, "-made"))
	wantEqual(t, changes(l.load(d, false)), []string{"gone section Made in Lectern"})
	wantEqual(t, l.titles(id(3)), []string{"At the desk", "Made in Lectern", "Made later"})
}

func TestAWorksheetACitationAndASourceAreAdded(t *testing.T) {
	l, d := toured(t)
	d["modules/20-lending/worksheets/days.md"] = "---\ntitle: Days\n---\n\n::question[How long may you keep a book?]\n"
	d["sources.yml"] += "- key: rules-2024\n  csl:\n    type: report\n    title: Rules of the library\n"
	d["fragments/hours.md"] = "---\ntitle: Hours\n---\n\n9 to 5.\n"
	d["files/door.txt"] = "knock"
	d["assets.yml"] += "- file:\n    path: files/door.txt\n"
	d.change(t, "at-the-desk", "Bring your card.\n", strings.Join([]string{"Bring your card.[^a]", "::worksheet{ref=days}", "::fragment{ref=hours}",
		"::download[How]{asset=files/door.txt}", "[^a]: Rules, 2024, p. 3.\n"}, "\n\n"))
	d.change(t, "at-the-desk", "title: At the desk\n", "title: At the desk\ncitations:\n- label: a\n  source: rules-2024\n")
	report := l.load(d, true)
	wantEqual(t, changes(report), []string{"updated section At the desk"})
	wantEqual(t, report.Courses[0].Created, map[models.Kind]int{models.KindWorksheet: 1, models.KindSource: 1, models.KindFragment: 1, models.KindAsset: 1})
	if n := len(report.Courses[0].Blockers); n > 0 {
		t.Errorf("%d blockers", n)
	}
	s := section(l, id(13))
	if len(s.Citations) != 1 || s.Citations[0].Source == nil || s.Citations[0].Written != "Rules, 2024, p. 3." {
		t.Errorf("citations %+v", s.Citations)
	}
	wantStill(t, l, d)
	text := l.exported(false)["assets.yml"]
	if !strings.Contains(text, "name: door.txt\n") || !strings.Contains(text, "media_type: text/plain\n") {
		t.Errorf("the new asset:\n%s", text)
	}
}

func TestFieldsAreCleared(t *testing.T) {
	l, d := toured(t)
	d.change(t, "first-steps", "summary: What a catalogue is for.\n", "")
	d.change(t, "10-finding/module", "\nWhere books stand, and *why*.\n", "")
	d.change(t, "10-finding/module", "duration_minutes: 40\n", "")
	d.change(t, "0020-call-numbers", "  locator:\n    label: page\n    value: 12-14\n", "")
	d.change(t, "on-the-shelf", "in_menu: false\n", "")
	l.load(d, false)
	m, err := l.Draft(t.Context(), models.Ref{Type: models.KindModule, ID: id(2)})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, m.(*models.Module).Summary, models.Text(""))
	wantEqual(t, m.(*models.Module).DurationMinutes, (*int)(nil))
	wantEqual(t, section(l, id(10)).Summary, models.Text(""))
	wantEqual(t, section(l, id(11)).Citations[0].Locator, (*models.Locator)(nil))
	wantEqual(t, section(l, id(12)).InMenu, true)
	wantStill(t, l, d)
}

func TestASlugIsChanged(t *testing.T) {
	l, d := toured(t)
	d.change(t, "on-the-shelf", "slug: on-the-shelf", "slug: shelves")
	wantEqual(t, changes(l.load(d, false)), []string{"updated section On the shelf"})
	wantEqual(t, section(l, id(12)).Slug, "shelves")
	wantStill(t, l, d)
}

func wantError(t *testing.T, err error, part string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), part) {
		t.Errorf("got %v, want %s", err, part)
	}
}
