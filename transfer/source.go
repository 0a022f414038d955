// Package transfer brings courses in and out: what the command line does at once, and the admin API after the request that
// asked for it.
package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
)

// ErrSaysItself is in the error of an export for which a module or a commit was named.
var ErrSaysItself = errors.New("an export says itself what --module and --commit say of pages")

// Choices say how a source is to be read.
type Choices struct {
	As     string `json:"as"`     // kind of all its pages, or of the export; empty: as it is recognised
	Course string `json:"course"` // slug of the course to import into; empty: as the source says
	Module string `json:"module"` // title of the module for pages that name none; empty: one named after the page
	Commit string `json:"commit"` // of the source; empty: as the archive or repository says
}

// Loaded is a source that was read and waits to be saved.
type Loaded interface {
	Name() string
	Save(ctx context.Context, c *content.Service) (*seed.Report, error)
	Close() error
}

// Source is a source that was looked at: a site with pages, or an export of Lectern.
type Source struct {
	seed.Source
	Site   *seed.Site // nil for an export
	course string
	format Format
}

// Survey looks at a source, which stays its caller's to close.
func Survey(ctx context.Context, src seed.Source, c Choices) (*Source, error) {
	out := &Source{Source: src, course: c.Course}
	isExport, err := out.isExport(c)
	if err != nil || isExport {
		return out, err
	}
	out.Module, out.Course, out.As = c.Module, c.Course, c.As
	if c.Commit != "" {
		out.Commit = c.Commit
	}
	out.Site, err = seed.Survey(ctx, out.Source)
	return out, err
}

// isExport tells whether a source is an export of Lectern. A kind that was named is believed, and must be so.
func (s *Source) isExport(c Choices) (is bool, err error) {
	s.format, is = formatIn(s.FS)
	for _, f := range Formats() {
		if c.As == f.Kind && s.format.Kind != f.Kind {
			return false, models.Malformed(fmt.Sprintf("%s is no export of Lectern as %s (%s)", s.Name, f.Name, f.Kind), nil)
		}
	}
	if !is || c.As != "" && c.As != s.format.Kind {
		return false, nil
	}
	if c.Module != "" || c.Commit != "" {
		return false, models.Malformed(s.Name+" is an export of Lectern", ErrSaysItself)
	}
	return true, nil
}

// Load reads the source. course is that of an export, empty for a site.
func (s *Source) Load(ctx context.Context, o seed.Options) (l Loaded, course models.ID, err error) {
	if s.Site != nil {
		loaded, err := seed.Load(ctx, s.Site, o)
		if err != nil {
			return nil, "", err
		}
		return loaded, "", nil
	}
	export, err := s.format.load(ctx, s.FS, s.Name, s.course, o)
	if err != nil {
		return nil, "", err
	}
	return export, export.CourseID(), nil
}
