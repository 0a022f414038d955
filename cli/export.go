package cli

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/target"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/transfer"
)

type exportCommand struct {
	Format    string `help:"Form of the export: json, which a Lectern restores exactly, or markdown, which authors edit." enum:"json,markdown" default:"json"`
	To        string `help:"Where to write: a folder, or a zip archive when the name ends in .zip. What is there is replaced only when it is an earlier export, of Markdown only with --replace." required:"" placeholder:"FOLDER|FILE.zip"`
	Replace   bool   `help:"Replace an earlier export of Markdown with all that was changed in it."`
	Revisions bool   `help:"All saves of each record too (json only)."`
	Public    bool   `help:"Only what readers may see."`
	Course    string `arg:"" help:"Slug or id of the course."`
}

// Run writes a course, all of one moment. What is under the name stays until the new export is whole. A server may be
// running on the same data folder.
func (cmd exportCommand) Run(j *job) error {
	if cmd.Public && cmd.Revisions {
		return usage{errors.New("--public and --revisions: what was saved before is not for readers")}
	}
	form, ok := transfer.FormatNamed(cmd.Format)
	if !ok {
		return usage{fmt.Errorf("there is no format %q", cmd.Format)}
	}
	if cmd.Revisions && form.Edited {
		return usage{fmt.Errorf("--revisions: %s has no room for them", form.Name)}
	}
	if err := j.existing(); err != nil {
		return err
	}
	folder, err := files.Open(j.path(filesFolder))
	if err != nil {
		return err
	}
	return j.with(func(_ *store.Store, c *content.Service) error {
		course, err := findCourse(j, c, cmd.Course)
		if err != nil {
			return err
		}
		to, err := target.Open(cmd.To, cmd.replaceable(form))
		if err != nil {
			return err
		}
		req := content.ExportRequest{Course: course.Base().ID, Public: cmd.Public, Revisions: cmd.Revisions}
		if err := form.Write(j.ctx, c, folder, req, to); err != nil {
			return errors.Join(err, to.Abort())
		}
		if err := to.Commit(); err != nil {
			return errors.Join(err, to.Abort())
		}
		j.printf("exported the course %q to %s\n", course.Label(), cmd.To)
		return nil
	})
}

// replaceable tells whether what is under the name may be replaced. What authors have written is not, unless they say so.
func (cmd exportCommand) replaceable(form transfer.Format) func(fs.FS) error {
	return func(fsys fs.FS) error {
		if err := form.Replaceable(fsys); err != nil {
			return err
		}
		if form.Edited && !cmd.Replace {
			return models.Conflict("it is an earlier export, in which an author may have written: import it first, and say --replace", nil)
		}
		return nil
	}
}

// findCourse finds a course by its slug, or by its id, in the trash too.
func findCourse(j *job, c *content.Service, name string) (models.Record, error) {
	ref := models.Ref{Type: models.KindCourse, ID: models.ID(name)}
	if !ref.ID.Valid() {
		var err error
		if ref, err = c.FindDraft(j.ctx, []string{name}); err != nil {
			return nil, err
		}
	}
	course, err := c.Draft(j.ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return course, nil
}
