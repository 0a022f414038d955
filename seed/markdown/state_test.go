package markdown_test

import (
	"context"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
)

func (l *lectern) trash(kind models.Kind, id models.ID) {
	l.t.Helper()
	ref := models.Ref{Type: kind, ID: id}
	r, err := l.Draft(context.Background(), ref)
	if err == nil {
		err = l.Trash(context.Background(), ref, r.Base().Version)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lectern) create(r models.Record) {
	l.t.Helper()
	if err := l.Create(context.Background(), r, content.Save{Author: "editor"}); err != nil {
		l.t.Fatal(err)
	}
}

// untidy is the golden course, live, with drafts, changes that are not live, and things of every kind in the trash,
// some of which have the slugs of others.
func untidy(l *lectern) {
	l.load(golden(l.t), true)
	edit(l, id(10), func(s *models.Section) { s.Title = "Very first steps" })
	edit(l, id(2), func(m *models.Module) { m.Cover, m.Objectives = nil, nil }) // what they lead to goes into the trash
	l.trash(models.KindSection, id(12))
	l.create(&models.Section{CourseID: id(1), ModuleID: id(2), Slug: "on-the-shelf", Title: "On the new shelf"})
	l.create(&models.Worksheet{ModuleID: id(2), Slug: "a-second", Word: models.WordQuiz, Title: "A second"})
	l.create(&models.Worksheet{ModuleID: id(2), Slug: "a-third", Word: models.WordWorksheet})
	l.trash(models.KindWorksheet, id(60))
	l.trash(models.KindModule, id(3))
	l.create(&models.Module{CourseID: id(1), Slug: "lending", Title: "Lending, again"})
	l.trash(models.KindFragment, id(40))
	l.trash(models.KindSource, id(21))
	l.trash(models.KindAsset, id(30))
	parent := id(11)
	l.create(&models.Section{CourseID: id(1), ModuleID: id(2), ParentID: &parent, Slug: "deeper", Title: "Deeper"})
	l.trash(models.KindSection, id(11)) // with what is below it
}

func TestDraftsAndTheTrashAreExportedToo(t *testing.T) {
	onBoth(t, func(t *testing.T, fresh func() *lectern) {
		l := fresh()
		untidy(l)
		d := l.exported(false)
		wantEqual(t, d.names(), []string{
			"assets.yml", "files/a-dot-6b7fa434f92a.png", "fragments/trash/how-to-ask-" + string(id(40)) + ".md", "lectern.yml",
			"modules/10-finding/0010-first-steps.md", "modules/10-finding/0020-on-the-shelf.md", "modules/10-finding/0030-deeper.md",
			"modules/10-finding/module.md", "modules/10-finding/trash/call-numbers-" + string(id(11)) + ".md",
			"modules/10-finding/trash/on-the-shelf-" + string(id(12)) + ".md",
			"modules/10-finding/worksheets/0010-a-second.md", "modules/10-finding/worksheets/0020-a-third.md",
			"modules/10-finding/worksheets/trash/your-shelf-" + string(id(60)) + ".md",
			"modules/20-lending/module.md", "modules/trash/lending-" + string(id(3)) + "/0010-at-the-desk.md",
			"modules/trash/lending-" + string(id(3)) + "/module.md", "sources.yml",
		})
		for part, want := range map[string]string{
			"0020-on-the-shelf": "draft: true\n", "trash/on-the-shelf": "trashed: true\n", "0010-a-second": "draft: true\n", "assets.yml": "  trashed: true\n",
			"20-lending/module": "draft: true\n",
		} {
			if text := d[d.find(t, part)]; !strings.Contains(text, want) {
				t.Errorf("%s does not say %s:\n%s", part, want, text)
			}
		}
		if text := d[d.find(t, "first-steps")]; strings.Contains(text, "draft") {
			t.Errorf("what is live is called a draft:\n%s", text)
		}
		// What was live of the trash is not live elsewhere, and the drafts stay drafts.
		l.load(d, false)
		wantSame(t, l.exported(false), d)
		other := fresh()
		other.load(d, true)
		wantSame(t, other.exported(false), d)
		live, err := other.Section(t.Context(), id(12), content.ReadRequest{})
		if models.KindOf(err) != models.KindNotFound {
			t.Errorf("what is in the trash is live: %v, %v", live, err)
		}
	})
}

func TestAPublicExportHoldsWhatReadersSee(t *testing.T) {
	l := newLectern(t)
	untidy(l)
	d := l.exported(true)
	wantEqual(t, d.names(), []string{
		"assets.yml", "files/a-dot-6b7fa434f92a.png", "fragments/how-to-ask.md", "lectern.yml", "modules/10-finding/0010-first-steps.md",
		"modules/10-finding/0020-call-numbers.md", "modules/10-finding/0030-on-the-shelf.md", "modules/10-finding/module.md",
		"modules/10-finding/worksheets/0010-your-shelf.md", "modules/20-lending/0010-at-the-desk.md", "modules/20-lending/module.md", "sources.yml",
	})
	for name, text := range d {
		for _, private := range []string{"version: 1\nid", "Very first", "new shelf", "A second", "Dana wants", "_comments", "ask the archive", "dana@example.org",
			"answers", "draft", "trash"} {
			if strings.Contains(text, private) {
				t.Errorf("%s holds %q:\n%s", name, private, text)
			}
		}
	}
	if text := d[d.find(t, "call-numbers")]; !strings.Contains(text, "difficulty: 2.50") || strings.Contains(text, "version:") {
		t.Errorf("the page:\n%s", text)
	}

	// Elsewhere it makes a course, and here it changes nothing.
	other := newLectern(t)
	other.load(d, true)
	wantSame(t, other.exported(true), d)
	before := l.state()
	l.load(d, false)
	wantEqual(t, l.state(), before)
}

// TestNothingPrivateOfTheSampleIsPublic looks for the notes and answers of the sample.
func TestNothingPrivateOfTheSampleIsPublic(t *testing.T) {
	l := newLectern(t)
	src, err := seed.Sample()
	if err != nil {
		t.Fatal(err)
	}
	l.site(src, true)
	all, public := l.exported(false), l.exported(true)
	private := 0
	for name, text := range all {
		if strings.Contains(text, "<!--") || strings.Contains(text, ":::answers") || strings.Contains(text, "\n  _") {
			private++
		}
		for _, mark := range []string{"<!--", ":::answers", "\n  _", "\nowners:", "\nversion:"} {
			if name != "lectern.yml" && strings.Contains(public[name], mark) {
				t.Errorf("%s holds %q:\n%s", name, mark, public[name])
			}
		}
	}
	if private == 0 {
		t.Error("the sample holds nothing private")
	}
}

func TestACourseInTheTrashStaysThere(t *testing.T) {
	l := newLectern(t)
	l.load(golden(t), true)
	l.trash(models.KindCourse, id(1))
	d := l.exported(false)
	if !strings.Contains(d["lectern.yml"], "\n  trashed: true\n") {
		t.Errorf("the course:\n%s", d["lectern.yml"])
	}
	other := newLectern(t)
	if report := other.load(d, true); report.Courses[0].Revision > 0 {
		t.Error("something of it went live")
	}
	wantSame(t, other.exported(false), d)
	_, err := l.tryLoad(d.fs(), false)
	wantError(t, err, "is in the trash: restore it")
}
