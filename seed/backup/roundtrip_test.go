package backup_test

import (
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/backup"
)

// moves are from which engine to which a course goes.
var moves = []struct{ from, to string }{{"sqlite", "sqlite"}, {"sqlite", "postgres"}, {"postgres", "postgres"}, {"postgres", "sqlite"}}

func TestARestoredCourseIsExportedAsTheSameBytes(t *testing.T) {
	for _, move := range moves {
		t.Run(move.from+" to "+move.to, func(t *testing.T) {
			from := worked(t, move.from)
			for name, req := range map[string]content.ExportRequest{
				"with revisions":    {Course: from.course(), Revisions: true},
				"without revisions": {Course: from.course()},
			} {
				t.Run(name, func(t *testing.T) {
					first := from.export(req)
					wantSame(t, from.export(req), first)
					to := install(t, move.to)
					report := to.mustLoad(first, backup.Options{})
					if report.Courses[0].Created[models.KindSection] != 7 {
						t.Errorf("created: %v", report.Courses[0].Created)
					}
					wantSame(t, to.export(req), first)
				})
			}
		})
	}
}
