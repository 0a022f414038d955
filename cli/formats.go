package cli

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

// exportFormat is a form in which Lectern writes courses and reads them again.
type exportFormat struct {
	name  string // on the command line
	kind  string // of source, in reports and for --as
	is    func(fs.FS) bool
	write func(context.Context, *content.Service, *files.Folder, content.ExportRequest, target.Target) error
	load  func(context.Context, fs.FS, string, string, seed.Options) (exported, error)

	replaceable func(fs.FS) error // nil for a folder that may be replaced with a new export
	edited      bool              // authors edit it: a new export does not take its place unasked
}

// exported is an export that was read.
type exported interface {
	loaded
	CourseID() models.ID
}

var exportFormats = []exportFormat{
	{
		name: "json", kind: backup.Format, is: backup.Is, write: backup.Write, replaceable: backup.Replaceable,
		load: func(ctx context.Context, fsys fs.FS, name, course string, o seed.Options) (exported, error) {
			return backup.Load(ctx, fsys, backup.Options{Options: o, Name: name, Course: course})
		},
	},
	{
		name: "markdown", kind: markdown.Format, is: markdown.Is, replaceable: markdown.Replaceable, edited: true,
		write: func(ctx context.Context, c *content.Service, folder *files.Folder, req content.ExportRequest, to target.Target) error {
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

// formatOf finds a format by its name on the command line, which kong has checked.
func formatOf(name string) exportFormat {
	for _, f := range exportFormats {
		if f.name == name {
			return f
		}
	}
	panic("no format " + name)
}

// formatIn finds the format of an export; false when a source is none.
func formatIn(fsys fs.FS) (exportFormat, bool) {
	for _, f := range exportFormats {
		if f.is(fsys) {
			return f, true
		}
	}
	return exportFormat{}, false
}

// exportKinds names the formats as kinds of source.
func exportKinds() []string {
	var out []string
	for _, f := range exportFormats {
		out = append(out, f.kind)
	}
	return out
}
