package transfer

import (
	"context"
	"io/fs"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
	"github.com/lectern-cms/lectern/seed/backup"
	"github.com/lectern-cms/lectern/seed/markdown"
	"github.com/lectern-cms/lectern/seed/target"
)

// Format is a form in which Lectern writes courses and reads them again.
type Format struct {
	Name   string // by which people choose it: json, markdown
	Kind   string // of source, in reports
	Edited bool   // authors edit it: a new export does not take its place unasked; it has no room for revisions

	Write       func(context.Context, *content.Service, *files.Folder, content.ExportRequest, target.Target) error
	Replaceable func(fs.FS) error // nil for a folder that may be replaced with a new export

	is   func(fs.FS) bool
	load func(context.Context, fs.FS, string, string, seed.Options) (exported, error)
}

// exported is an export that was read.
type exported interface {
	Loaded
	CourseID() models.ID
}

// Formats lists the formats.
func Formats() []Format {
	return []Format{
		{
			Name: "json", Kind: backup.Format, is: backup.Is, Write: backup.Write, Replaceable: backup.Replaceable,
			load: func(ctx context.Context, fsys fs.FS, name, course string, o seed.Options) (exported, error) {
				return backup.Load(ctx, fsys, backup.Options{Options: o, Name: name, Course: course})
			},
		},
		{
			Name: "markdown", Kind: markdown.Format, is: markdown.Is, Replaceable: markdown.Replaceable, Edited: true,
			Write: func(ctx context.Context, c *content.Service, folder *files.Folder, req content.ExportRequest, to target.Target) error {
				return markdown.Write(ctx, c, folder, req, to)
			},
			load: func(ctx context.Context, fsys fs.FS, name, course string, o seed.Options) (exported, error) {
				if course != "" {
					return nil, models.Malformed("--course can't be given for "+name+": the slug of its course is in lectern.yml", nil)
				}
				return markdown.Load(ctx, fsys, markdown.Options{Options: o, Name: name})
			},
		},
	}
}

// FormatNamed finds a format by its name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// formatIn finds the format of an export; false when a source is none.
func formatIn(fsys fs.FS) (Format, bool) {
	for _, f := range Formats() {
		if f.is(fsys) {
			return f, true
		}
	}
	return Format{}, false
}

// Kinds names all kinds of source: those of pages, and the formats.
func Kinds() []string {
	out := seed.Kinds()
	for _, f := range Formats() {
		out = append(out, f.Kind)
	}
	return out
}
