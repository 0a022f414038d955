package seed

import (
	"context"
	"embed"
	"io/fs"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
)

// sample is a short course of our own in the format of a Jekyll module site, so that loading it shows what an import
// does.
//
//go:embed all:sample/site
var sample embed.FS

// Sample is the bundled sample course as a source.
func Sample() (Source, error) {
	site, err := fs.Sub(sample, "sample/site")
	if err != nil {
		return Source{}, err
	}
	pages, err := FindPages(site)
	return Source{FS: site, Pages: pages, Name: "the sample"}, err
}

// LoadSample imports and publishes the sample course. It does nothing when there is any course already, and tells
// whether it did something.
func LoadSample(ctx context.Context, s *content.Service, folder *files.Folder) (bool, error) {
	if n, err := s.CountDrafts(ctx, models.KindCourse); err != nil || n > 0 {
		return false, err
	}
	src, err := Sample()
	if err != nil {
		return false, err
	}
	site, err := Survey(ctx, src)
	if err != nil {
		return false, err
	}
	_, err = Import(ctx, s, site, Options{Publish: true, Files: folder, By: content.Save{Author: "lectern", Message: "the sample course"}})
	return err == nil, err
}
