package backup_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/backup"
)

// counts adds up what an import did.
func counts(by map[models.Kind]int) (n int) {
	for _, v := range by {
		n += v
	}
	return n
}

func TestImportingTheSameExportAgainWritesNothing(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			from := worked(t, engine)
			first := from.export(from.everything())
			for name, l := range map[string]*lectern{"where it comes from": from, "where it was restored": install(t, engine)} {
				l.mustLoad(first, backup.Options{})
				report := l.mustLoad(first, backup.Options{})
				if n := report.Totals; counts(n.Created)+counts(n.Updated)+n.Conflicts > 0 || counts(n.Unchanged) == 0 {
					t.Errorf("%s: %+v", name, n)
				}
				if changes := report.Courses[0].Changes; len(changes) > 0 {
					t.Errorf("%s: %+v", name, changes)
				}
				wantSame(t, l.export(l.everything()), first)
			}
		})
	}
}

// Settings come back with the course, and stay as they are where the course is already.
func TestSettingsOfACourseComeBack(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			from, to := worked(t, engine), install(t, engine)
			first := from.export(from.everything())
			to.mustLoad(first, backup.Options{})
			severity := func() content.Severity {
				t.Helper()
				reader := access.Subject{Name: "vera", Grants: []access.Grant{{Role: access.Viewer}}}
				s, err := to.As(reader, access.Origin{}).CourseSettings(t.Context(), to.course())
				if err != nil {
					t.Fatal(err)
				}
				return s.Rules[content.RuleDeadLink]
			}
			if got := severity(); got != content.SeverityError {
				t.Errorf("restored, dead links are %q", got)
			}
			to.settle(3, content.SeverityOff)
			to.mustLoad(first, backup.Options{})
			if got := severity(); got != content.SeverityOff {
				t.Errorf("merged, dead links are %q", got)
			}
			for name := range from.export(content.ExportRequest{Course: from.course(), Public: true}).MapFS {
				if name == "settings.jsonl" {
					t.Error("a public export has settings")
				}
			}

			before := first.clone()
			delete(before.MapFS, "settings.jsonl")
			before.manifest(t, func(m *backup.Manifest) {
				m.Version = 1
				m.Files = slices.DeleteFunc(m.Files, func(f backup.File) bool { return f.Name == "settings.jsonl" })
			})
			to = install(t, engine)
			to.mustLoad(before, backup.Options{})
			if got := severity(); got != content.SeverityWarning {
				t.Errorf("of an export of before, dead links are %q", got)
			}
		})
	}
}

func TestTheSiteCanBeImportedAgainAfterAMove(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			from := worked(t, engine)
			for _, req := range []content.ExportRequest{{Course: from.course()}, {Course: from.course(), Revisions: true}} {
				to := install(t, engine)
				to.mustLoad(from.export(req), backup.Options{})
				site := garden()
				site["modules/crops/section-1-0.md"].Data = []byte("---\nlayout: module\ntitle: 1. Beans\nsection: 1. Beans\n---\nRunner beans climb up a pole.\n")
				before := to.export(to.everything())
				pages, err := seed.FindPages(site)
				if err != nil {
					t.Fatal(err)
				}
				surveyed, err := seed.Survey(t.Context(), seed.Source{FS: site, Pages: pages, Name: "the site"})
				if err != nil {
					t.Fatal(err)
				}
				report, err := seed.Import(t.Context(), to.Service, surveyed, seed.Options{Files: to.files})
				if err != nil {
					t.Fatal(err)
				}
				if n := report.Totals; counts(n.Created)+counts(n.Updated)+n.Conflicts > 0 || len(report.Courses[0].Changes) > 0 {
					t.Errorf("%+v, %+v", n, report.Courses[0].Changes)
				}
				wantSame(t, to.export(to.everything()), before)
			}
		})
	}
}

func TestADeadLinkLivesAfterAMove(t *testing.T) {
	from, to := install(t, "sqlite"), install(t, "sqlite")
	from.bring(garden())
	to.mustLoad(from.export(content.ExportRequest{Course: from.course()}), backup.Options{})
	site := fstest.MapFS{"_config.yml": garden()["_config.yml"]} // and only the page that was missing
	site["modules/barn/index.md"] = &fstest.MapFile{Data: []byte("---\nlayout: module\nmodule_full_name: The barn\ntitle: The barn\n---\nHang up the spade.\n")}
	var revived []string
	for _, c := range to.bring(site).Courses[0].Changes {
		revived = append(revived, string(c.Action)+" "+*c.Record.Title)
	}
	if want := []string{"revived Soil"}; !slices.Equal(revived, want) {
		t.Errorf("changes %v, want %v", revived, want)
	}
}

func TestAnEditedExportIsMerged(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			l := worked(t, engine)
			whole := l.export(content.ExportRequest{Course: l.course()})
			edited := whole.clone()
			edited.change(t, "sections.jsonl", "Plant in rows.", "Plant in straight rows.")
			edited.change(t, "sections.jsonl", "Peas climb too.", "Peas climb as well.")
			edited.change(t, "sections.jsonl", "Kale stands the frost.", "Kale stands frost.")
			edited.signed(t)
			edit(l, "Crops", func(s *models.Section) { s.Summary = "Of rows." })
			edit(l, "Peas", func(s *models.Section) { s.Blocks[0].(*models.Paragraph).Text = "Peas climb on sticks." })

			report := l.mustLoad(edited, backup.Options{})
			var did []string
			for _, c := range report.Courses[0].Changes {
				did = append(did, string(c.Action)+" "+*c.Record.Title)
			}
			if want := []string{"merged Crops", "merged Peas", "updated Kale"}; !slices.Equal(did, want) {
				t.Errorf("changes %v, want %v", did, want)
			}
			sections := l.drafts(models.KindSection)
			for title, want := range map[string]models.Text{
				"Crops": "Plant in straight rows.", "Kale": "Kale stands frost.", "Peas": "Peas climb on sticks.", // a conflict: ours
			} {
				if got := sections[title].(*models.Section).Blocks[0].(*models.Paragraph).Text; got != want {
					t.Errorf("%s says %q, want %q", title, got, want)
				}
			}
			if sections["Crops"].(*models.Section).Summary != "Of rows." {
				t.Error("the editor's change is lost")
			}
			before := l.export(l.everything())
			l.mustLoad(edited, backup.Options{})
			wantSame(t, l.export(l.everything()), before)
			l.mustLoad(whole, backup.Options{}) // and the export as it was says nothing new
			wantSame(t, l.export(l.everything()), before)
			if changes := l.bring(garden()).Courses[0].Changes; slices.ContainsFunc(changes, func(c seed.Change) bool { return c.Action == content.ImportGone }) {
				t.Errorf("records of the export are missed in the site: %+v", changes)
			}
		})
	}
}

func TestAnExportBringsBackWhatIsNewInIt(t *testing.T) {
	l := worked(t, "sqlite")
	other := install(t, "sqlite")
	other.mustLoad(l.export(l.everything()), backup.Options{})
	crops := l.drafts(models.KindModule)["Crops"].Base().ID
	leeks := &models.Section{CourseID: l.course(), ModuleID: crops, Slug: "leeks", Title: "Leeks"}
	if err := l.Create(t.Context(), leeks, content.Save{}); err != nil {
		t.Fatal(err)
	}
	report := other.mustLoad(l.export(l.everything()), backup.Options{Options: seed.Options{Publish: true}})
	if report.Totals.Created[models.KindSection] != 1 {
		t.Errorf("%+v", report.Totals)
	}
	got := other.drafts(models.KindSection)["Leeks"]
	if got == nil || got.Base().ID != leeks.ID || got.Base().LiveVersion == nil {
		t.Errorf("leeks: %+v", got)
	}
}

func TestARecordOfAnotherCourseIsNamedAndNothingIsWritten(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			from, to := worked(t, engine), install(t, engine)
			whole := from.export(from.everything())
			other := &models.Course{Slug: "the-orchard", Title: "The orchard", Language: "en", Numbering: models.NumberAsWritten}
			if err := to.Create(t.Context(), other, content.Save{}); err != nil {
				t.Fatal(err)
			}
			spade := from.drafts(models.KindFragment)["Spade"].(*models.Fragment)
			spade.CourseID, spade.LiveVersion = other.ID, nil
			if err := to.Create(t.Context(), spade, content.Save{}); err != nil {
				t.Fatal(err)
			}
			before := to.export(content.ExportRequest{Course: other.ID, Revisions: true})
			_, err := to.load(whole, backup.Options{})
			if models.KindOf(err) != models.KindConflict || !strings.Contains(err.Error(), `the fragment "Spade" (`+string(spade.ID)+`) is here already, in the course "The orchard"`) {
				t.Errorf("got %v", err)
			}
			wantSame(t, to.export(content.ExportRequest{Course: other.ID, Revisions: true}), before)
			if n := len(to.drafts(models.KindCourse)); n != 1 {
				t.Errorf("there are %d courses", n)
			}
		})
	}
}

func TestARestoreIsAnnouncedAndInTheChangeLog(t *testing.T) {
	from, to := worked(t, "sqlite"), install(t, "sqlite")
	var heard []int64
	to.OnPublish(func(revision int64) { heard = append(heard, revision) })
	whole := from.export(from.everything())
	report := to.mustLoad(whole, backup.Options{Options: seed.Options{DryRun: true}})
	if !report.DryRun || counts(report.Totals.Created) == 0 || len(heard) > 0 {
		t.Errorf("dry run: %+v, %v", report.Totals, heard)
	}
	to.mustBeEmpty()
	to.mustLoad(whole, backup.Options{})
	if !slices.Equal(heard, []int64{1}) {
		t.Errorf("revisions %v were announced, want 1", heard)
	}
	problems, err := to.Check(t.Context())
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	for _, l := range []*lectern{from, to} {
		peas, err := l.Section(t.Context(), from.drafts(models.KindSection)["Peas"].Base().ID, content.ReadRequest{})
		if models.KindOf(err) != models.KindGone {
			t.Errorf("what had left is %v, %v; want it gone", peas, err)
		}
	}
}

// stopping is a file system that does something when a file is opened the second time: the first time it is looked at.
type stopping struct {
	fs.FS
	name   string
	opened int
	do     func()
}

func (s *stopping) Open(name string) (fs.File, error) {
	if name == s.name {
		if s.opened++; s.opened == 2 {
			s.do()
		}
	}
	return s.FS.Open(name)
}

func TestAStoppedRestoreLeavesNothing(t *testing.T) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) {
			from, to := worked(t, "sqlite"), install(t, engine)
			whole := from.export(from.everything())
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			loaded, err := backup.Load(ctx, &stopping{FS: whole, name: "redirects.jsonl", do: stop}, backup.Options{Options: seed.Options{Files: to.files}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := loaded.Save(ctx, to.Service); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want it cancelled", err)
			}
			to.mustBeEmpty()
			to.mustLoad(whole, backup.Options{})
		})
	}
}

func TestAnExportThatChangesWhileItIsRestoredIsRefused(t *testing.T) {
	from, to := worked(t, "sqlite"), install(t, "sqlite")
	whole := from.export(from.everything())
	change := func() { whole.change(t, "sections.jsonl", "Plant in rows", "Plant in cows") }
	_, err := to.load(&stopping{FS: whole, name: "sections.jsonl", do: change}, backup.Options{})
	if models.KindOf(err) != models.KindMalformed || !strings.Contains(err.Error(), "sections.jsonl is not what was written") {
		t.Errorf("got %v", err)
	}
	to.mustBeEmpty()
}
