package corpus

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/backup"
	"github.com/lectern-cms/lectern/seed/target"
)

// Export writes each course as an export of Lectern, published, into a folder below folder: lectern import restores it.
// It gives the names of the folders.
func Export(ctx context.Context, folder string, from Records) (out []string, err error) {
	for course := range from.Courses() {
		name := filepath.Join(folder, CourseSlug(course))
		to, err := target.Open(name, backup.Replaceable)
		if err != nil {
			return nil, err
		}
		b := content.Backup{Records: func(visit func(content.Exported) error) error { return records(ctx, from, course, visit) }}
		if err := backup.WriteBackup(ctx, b, nil, to); err != nil {
			return nil, errors.Join(err, to.Abort())
		}
		if err := to.Commit(); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}

// CourseSlug is the slug of a course from 0.
func CourseSlug(course int) string { return fmt.Sprintf("course-%03d", course+1) }

// ID is the id that a record of a kind and number has in Lectern: a UUID in the form of version 7 (RFC 9562, section 5.7)
// whose time grows with the number, as those of records do that are made one after the other.
func ID(kind models.Kind, n int) models.ID {
	ms := made(n).UnixMilli()
	return models.ID(fmt.Sprintf("%08x-%04x-7%03x-8000-%012x", ms>>16, ms&0xffff, kindCode[kind], n))
}

var kindCode = func() map[models.Kind]int {
	out := map[models.Kind]int{models.KindCitation: 0xfff}
	for i, kind := range models.StoredKinds() {
		out[kind] = i + 1
	}
	return out
}()

// made is when the record of a number was made.
func made(n int) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
}

// records visits the records of a course in the order of an export.
func records(ctx context.Context, from Records, course int, visit func(content.Exported) error) error {
	id := ID(models.KindCourse, course)
	live := func(r models.Record, n int) error {
		m := r.Base()
		one, at := int64(1), made(n)
		m.ID, m.CreatedAt, m.UpdatedAt, m.Extra = ID(r.Kind(), n), at, at, models.Extra{}
		m.Version, m.LiveVersion = 1, &one
		return errors.Join(ctx.Err(), visit(content.Exported{Record: r, PublishedAt: &at}))
	}
	err := live(&models.Course{
		Slug: CourseSlug(course), Title: fmt.Sprintf("Course %d", course+1), Language: "en", Numbering: models.NumberAsWritten,
	}, course)
	if err != nil {
		return err
	}
	position := 0
	err = from.Modules(course, func(m Module) error {
		position++
		return live(&models.Module{
			CourseID: id, Position: position - 1, Slug: m.Slug, Title: m.Title, InMenu: true, Summary: models.Text(m.Description), Level: []string{m.Level},
		}, m.ID)
	})
	if err != nil {
		return err
	}
	err = from.Sources(course, func(s Source) error {
		return live(&models.Source{
			CourseID: id, Key: s.Key, Written: models.Text(s.Text), Parse: models.ParsePartial, CSL: models.CSL{Type: "document", Title: s.Key, URL: s.URL},
		}, s.ID)
	})
	if err != nil {
		return err
	}
	err = from.Lessons(course, func(l Lesson) error {
		for i, w := range l.Worksheets {
			body, err := blocks(w.Body)
			if err != nil {
				return err
			}
			sheet := &models.Worksheet{
				ModuleID: ID(models.KindModule, l.Module), Position: l.Ordinal - 1 + i, Slug: w.Slug, Word: models.WordWorksheet, Title: w.Title,
				Instructions: body,
			}
			if err := live(sheet, w.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return from.Lessons(course, func(l Lesson) error {
		s, err := section(id, l)
		if err != nil {
			return err
		}
		return live(s, l.ID)
	})
}

func section(course models.ID, l Lesson) (*models.Section, error) {
	body, err := blocks(l.Body)
	if err != nil {
		return nil, err
	}
	for _, w := range l.Worksheets {
		body = append(body, &models.WorksheetUse{
			BlockBase: models.BlockBase{ID: w.Slug, Kind: models.BlockWorksheet},
			Worksheet: models.NewRef(models.KindWorksheet, ID(models.KindWorksheet, w.ID)), Role: models.RoleFirst,
		})
	}
	out := &models.Section{
		CourseID: course, ModuleID: ID(models.KindModule, l.Module), Position: l.Ordinal - 1, Slug: l.Slug, Title: l.Title, InMenu: true,
		Summary: models.Text(l.Summary), Blocks: body,
	}
	for _, c := range l.Citations {
		source := c.Source
		if source == 0 {
			source = c.ID
		}
		out.Citations = append(out.Citations, models.Citation{
			ID: ID(models.KindCitation, c.ID), Label: fmt.Sprint(c.Position), Written: models.Text(c.Text),
			Source: models.NewRef(models.KindSource, ID(models.KindSource, source)),
		})
	}
	return out, nil
}
