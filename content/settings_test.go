package content_test

import (
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

func TestCoursesSayWhatKeepsARecordFromGoingLive(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		page := section(d.a, "page", &models.Image{BlockBase: id(), URL: "https://example.org/x.png"})
		s.create(page)
		rules := func(ps []content.Problem) (out []content.Rule) {
			for _, p := range ps {
				out = append(out, p.Rule)
			}
			return out
		}
		for version, tt := range []struct {
			severity           content.Severity
			blockers, warnings []content.Rule
		}{
			{content.SeverityWarning, nil, []content.Rule{content.RuleImageWithoutAlt}},
			{content.SeverityError, []content.Rule{content.RuleImageWithoutAlt}, nil},
			{content.SeverityOff, nil, nil},
		} {
			edit := content.CourseSettingsEdit{Rules: map[content.Rule]content.Severity{content.RuleImageWithoutAlt: tt.severity}}
			set, err := e.SetCourseSettings(t.Context(), d.course.ID, int64(version+1), edit)
			if err != nil || set.Version != int64(version+2) || set.Rules[content.RuleImageWithoutAlt] != tt.severity || set.Rules[content.RuleDeadLink] != content.SeverityWarning {
				t.Fatalf("%s: %+v, %v", tt.severity, set, err)
			}
			plan, err := e.DryRun(t.Context(), one(page))
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, rules(plan.Blockers), tt.blockers)
			wantEqual(t, rules(plan.Warnings), tt.warnings)
			if tt.blockers != nil {
				_, _, err := e.Publish(t.Context(), one(page))
				wantKind(t, err, models.KindInvalid)
				wantEqual(t, s.live(), []string(nil))
			}
		}
		_, err := e.SetCourseSettings(t.Context(), d.course.ID, 3, content.CourseSettingsEdit{})
		wantKind(t, err, models.KindStale)
		_, err = e.SetCourseSettings(t.Context(), d.course.ID, 1, content.CourseSettingsEdit{})
		wantKind(t, err, models.KindStale)
		if _, _, err := e.Publish(t.Context(), one(page)); err != nil {
			t.Errorf("with the rule off: %v", err)
		}
		wantEqual(t, d.audited()[:3], []string{"zoe course.settings", "zoe course.settings", "zoe course.settings"})
	})
}

func TestSettingsThatAreRefused(t *testing.T) {
	d := newDesk(t, newSite(t))
	_, err := d.editor().SetCourseSettings(t.Context(), d.course.ID, 1, content.CourseSettingsEdit{Rules: map[content.Rule]content.Severity{
		content.RuleSlugClash: content.SeverityOff, "no/such": content.SeverityOff, content.RuleDeadLink: "loud",
	}})
	wantKind(t, err, models.KindInvalid)
	wantEqual(t, pointers(err), []string{"/rules/dead_link", "/rules/no~1such", "/rules/slug_clash"})
	reader := d.as("mia", access.Grant{Role: access.Viewer})
	_, err = reader.SetCourseSettings(t.Context(), d.course.ID, 1, content.CourseSettingsEdit{})
	wantKind(t, err, models.KindForbidden)
	if set, err := reader.CourseSettings(t.Context(), d.course.ID); err != nil || set.Version != 1 {
		t.Errorf("a reader reads %+v, %v", set, err)
	}
	_, err = d.as("mia").CourseSettings(t.Context(), d.course.ID)
	wantKind(t, err, models.KindNotFound)
}

// problem is one in words.
type problem struct {
	Rule     content.Rule
	Severity content.Severity
	What     string
}

func TestProblemsOfACourse(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		gone, later, there := section(d.b, "gone"), section(d.b, "later"), section(d.a, "there")
		links := section(d.a, "links", link(gone), link(later), link(there), link(later))
		skips := section(d.a, "skips",
			&models.Heading{BlockBase: id(), Level: 2, Text: "Two"}, &models.Heading{BlockBase: id(), Level: 4, Text: "Four"})
		skips.Blocks[1].(*models.Heading).ID = "deep"
		cited := section(d.a, "cited", text("So[^1]. And[^2]."))
		cited.Citations = []models.Citation{{ID: models.NewID(), Label: "1"}}
		bare := &models.Image{BlockBase: id(), URL: "https://example.org/x.png"}
		bare.ID = "bare"
		unused := fragment(d.course, "unused", bare)
		s.create(gone, later, there, links, skips, cited, unused)
		s.trash(gone)
		s.publish(there, skips) // what is live as it is is looked at all the same

		all, err := e.Problems(t.Context(), d.course.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []problem
		for _, p := range all.Items {
			got = append(got, problem{p.Rule, p.Severity, name(p.Ref.Type, *p.Ref.Title) + " " + p.Detail})
		}
		wantEqual(t, got, []problem{
			{content.RuleUnresolvedMark, content.SeverityError, "section cited marks citation 2, which the section does not have"},
			{content.RuleImageWithoutAlt, content.SeverityWarning, "fragment unused image bare has no alternative text and is not marked as decorative"},
			{content.RuleHeadingLevelSkipped, content.SeverityWarning, "section skips heading deep has level 4 below one of level 2"},
			{content.RuleCitationWithoutText, content.SeverityWarning, "section cited citation 1 has no text"},
			{content.RuleCitationWithoutSource, content.SeverityWarning, "section cited citation 1 has no source"},
			{content.RuleDeadLink, content.SeverityWarning, `section links links to the section "gone", which is in the trash`},
		})
		if all.Total != 6 || all.Counts[content.RuleDeadLink] != 1 {
			t.Errorf("counts %+v", all)
		}
		some, err := e.Problems(t.Context(), d.course.ID, content.RuleDeadLink)
		if err != nil || some.Total != 1 || len(some.Items) != 1 {
			t.Errorf("of one rule %+v, %v", some, err)
		}
		inB := d.as("mia", access.Grant{Role: access.Viewer, Limits: []access.Limit{{Course: d.course.ID, Module: &d.b.ID}}})
		if some, err := inB.Problems(t.Context(), d.course.ID, ""); err != nil || some.Total != 1 || some.Items[0].Ref.Type != models.KindFragment {
			t.Errorf("who reads another module sees %+v, %v", some, err)
		}

		// Published by itself, the page links to what is not live; with its course it does not.
		plan, err := e.DryRun(t.Context(), one(links))
		if err != nil || len(plan.Warnings) != 2 || plan.Warnings[1].Detail != `links to the section "later", which is not published` {
			t.Errorf("the page alone: %+v, %v", plan.Warnings, err)
		}
	})
}

// What an import found to lead nowhere is among the problems, until somebody takes the link out.
func TestDeadLinksOfImportsAreProblems(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		in := reading(page{"one.md", "One", "See the [barn](../barn/) and the [well](../well/)."}, page{"two.md", "Two", "Dig."})
		in.Site = "https://farm.example.org"
		in.items[2].DeadLinks = []content.DeadLink{{Path: "barn", Written: "../barn/"}, {Path: "well", Written: "../well/"}}
		s.load(in)
		e := s.As(zoe, access.Origin{})
		found := func() (out []string) {
			t.Helper()
			all, err := e.Problems(t.Context(), in.Course.ID, content.RuleDeadLink)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range all.Items {
				out = append(out, *p.Ref.Title+" "+p.Detail)
			}
			return out
		}
		const barn = `One links to "../barn/", a page of https://farm.example.org that was not imported`
		wantEqual(t, found(), []string{barn, `One links to "../well/", a page of https://farm.example.org that was not imported`})

		drafts, _ := s.drafts(models.KindSection)
		one := drafts["One"].(*models.Section)
		change(s, one, func(r *models.Section) { r.Blocks[0].(*models.Paragraph).Text = "See the [barn](../barn/)." })
		wantEqual(t, found(), []string{barn})

		edit := content.CourseSettingsEdit{Rules: map[content.Rule]content.Severity{content.RuleDeadLink: content.SeverityError}}
		if _, err := e.SetCourseSettings(t.Context(), in.Course.ID, 1, edit); err != nil {
			t.Fatal(err)
		}
		plan, err := e.DryRun(t.Context(), content.PublishRequest{Targets: []models.Ref{*ref(one)}})
		if err != nil || len(plan.Blockers) != 1 || plan.Blockers[0].Rule != content.RuleDeadLink {
			t.Errorf("a publish is blocked by %+v, %v", plan, err)
		}
	})
}
