package backup_test

import (
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/internal/proof"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/backup"
)

// Whatever editors do with a course, its export is restored to the same course, and importing it where it comes from
// changes nothing.
func TestWhateverWasDoneComesBack(t *testing.T) {
	if !proof.Full() { // the full size takes half a minute
		if err := flag.Set("rapid.checks", "12"); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		l, to := install(t, "sqlite"), install(t, "sqlite")
		l.t, to.t = rt, rt // a failure says what was done, and how to do it again
		l.bring(garden())
		for n := range rapid.IntRange(1, 8).Draw(rt, "actions") {
			kind := rapid.SampledFrom([]models.Kind{models.KindCourse, models.KindModule, models.KindSection, models.KindSource, models.KindWorksheet, models.KindFragment}).Draw(rt, "kind")
			r := rapid.SampledFrom(sorted(l.drafts(kind))).Draw(rt, "record")
			act(rt, l, r, fmt.Sprintf("word%d", n))
		}
		req := content.ExportRequest{Course: l.course(), Revisions: rapid.Bool().Draw(rt, "revisions")}
		first := l.export(req)
		to.mustLoad(first, backup.Options{})
		wantSame(rt, to.export(req), first)
		to.mustLoad(first, backup.Options{})
		wantSame(rt, to.export(req), first)
		l.mustLoad(first, backup.Options{})
		wantSame(rt, l.export(req), first)
	})
}

// sorted lists records by id.
func sorted(by map[string]models.Record) []models.Record {
	var out []models.Record
	for _, r := range by {
		out = append(out, r)
	}
	for i := range out { // few
		for j := i; j > 0 && out[j].Base().ID < out[j-1].Base().ID; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// act does something with a record. What is not allowed, publishing below the trash for instance, does nothing.
func act(rt *rapid.T, l *lectern, r models.Record, word string) {
	ref := models.Ref{Type: r.Kind(), ID: r.Base().ID}
	ctx := l.t.Context()
	switch rapid.SampledFrom([]string{"edit", "rename", "publish", "unpublish", "trash", "import"}).Draw(rt, "action") {
	case "edit":
		_, _ = l.Update(ctx, ref, r.Base().Version, func(d models.Record) error {
			d.Base().Extra = models.Extra{"note": []byte(`"` + word + `"`), "_private": []byte(`["` + word + `"]`)}
			return nil
		}, content.Save{Author: "zoe", Message: word})
	case "rename":
		_, _ = l.Update(ctx, ref, r.Base().Version, func(d models.Record) error {
			switch d := d.(type) {
			case *models.Module:
				d.Slug, d.Title = word, word
			case *models.Section:
				d.Slug, d.Title = word, word
			case *models.Worksheet:
				d.Slug, d.Title = word, word
			}
			return nil
		}, content.Save{Author: "zoe"})
	case "publish":
		_, _, _ = l.Publish(ctx, content.PublishRequest{Targets: []models.Ref{ref}})
	case "unpublish":
		_, _, _ = l.Unpublish(ctx, ref)
	case "trash":
		if r.Kind() != models.KindCourse {
			_ = l.Trash(ctx, ref, r.Base().Version)
		}
	case "import":
		l.bring(garden())
	}
}
