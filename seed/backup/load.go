package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
)

// Options say how to import an export.
type Options struct {
	seed.Options
	Name   string // of the export, for reports and errors
	Course string // the slug to restore the course under; empty: its own
}

// Loaded is an export that was looked at from end to end. Its records are read again when they are saved, so the file
// system must stay open until then.
type Loaded struct {
	ctx      context.Context
	options  Options
	fs       fs.FS
	manifest *Manifest
	files    map[string]File
	index    map[models.ID]*place
	assets   map[string]models.File // that assets name, by hash
	report   seed.KindCount
}

// Load looks whether an export is whole and sound, every record and every file of it, and writes nothing. What it keeps
// in memory is a hundred bytes for each record. It fails with KindMalformed or KindInvalid, naming file and line.
func Load(ctx context.Context, fsys fs.FS, o Options) (*Loaded, error) {
	if o.Course != "" && !models.ValidSlug(o.Course) {
		return nil, models.Malformed(fmt.Sprintf("%q is no slug: lower-case letters, digits and hyphens", o.Course), nil)
	}
	inside, ok := find(fsys)
	if !ok {
		return nil, models.Malformed(o.Name+" is no export of Lectern: it holds no "+manifestFile+" of the format "+Format, nil)
	}
	l := &Loaded{
		ctx: ctx, options: o, fs: inside, files: map[string]File{}, index: map[models.ID]*place{}, assets: map[string]models.File{},
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Loaded) load() (err error) {
	if l.manifest, err = readManifest(l.fs); err != nil {
		return err
	}
	if err := l.manifest.nothingElse(l.fs); err != nil {
		return err
	}
	for _, f := range l.manifest.Files {
		l.files[f.Name] = f
	}
	for _, step := range []func() error{l.checkRecords, l.checkPlaces, l.checkMemory, l.checkRedirects, l.checkSettings, l.checkRevisions, l.checkFiles} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checkFiles looks whether the files of the assets are there, and no others.
func (l *Loaded) checkFiles() error {
	for _, f := range l.manifest.Files {
		sum, ok := strings.CutPrefix(f.Name, assetFolder)
		if !ok {
			continue
		}
		asset, ok := l.assets[sum]
		if !ok {
			return models.Malformed(f.Name+" is the file of no asset", nil)
		}
		if asset.Bytes != f.Bytes {
			return models.Malformed(fmt.Sprintf("%s has %d bytes, and its asset %s says %d", f.Name, f.Bytes, asset.Name, asset.Bytes), nil)
		}
		delete(l.assets, sum)
		err := l.verified(f, func(r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return errors.Join(err, l.ctx.Err())
		})
		if err != nil {
			return err
		}
	}
	for _, asset := range l.assets {
		return models.Malformed(fmt.Sprintf("%s%s, the file of the asset %s, is missing", assetFolder, asset.Sha256, asset.Name), nil)
	}
	return nil
}

// Name is what the export is called.
func (l *Loaded) Name() string { return l.options.Name }

// CourseID is the id of the course of the export.
func (l *Loaded) CourseID() models.ID { return l.manifest.Course.ID }

// Close lets go of what was loaded. The file system is its owner's to close.
func (l *Loaded) Close() error {
	l.index = nil
	return nil
}

// Save restores the course, or merges it with the course when that is here already: what was changed in the export
// since it was written is taken over, and nothing that was changed here is lost. The files of the assets are kept
// first: they are named by what is in them, and nothing refers to them yet.
func (l *Loaded) Save(ctx context.Context, s *content.Service) (*seed.Report, error) {
	l.ctx = ctx
	there, err := s.Draft(ctx, models.Ref{Type: models.KindCourse, ID: l.manifest.Course.ID})
	isThere := err == nil
	if err != nil && models.KindOf(err) != models.KindNotFound {
		return nil, err
	}
	if isThere && l.options.Course != "" && l.options.Course != there.Name() {
		return nil, models.Conflict(fmt.Sprintf("the course %q of %s is here already, under the slug %q: leave --course out to merge the export with it",
			there.Label(), l.options.Name, there.Name()), nil)
	}
	if err := l.keepFiles(); err != nil {
		return nil, err
	}
	var result *content.ImportResult
	if isThere {
		result, err = l.merge(s)
	} else {
		result, err = l.restore(s)
	}
	if err != nil {
		return nil, err
	}
	return seed.ReportOf(l.options.Name, l.report, l.options.Options, result), nil
}

func (l *Loaded) restore(s *content.Service) (*content.ImportResult, error) {
	in := content.Restore{
		Backup: content.Backup{Records: l.records}, Course: l.manifest.Course.ID, Slug: l.options.Course,
		Public: l.manifest.Public, Publish: l.options.Publish, DryRun: l.options.DryRun, By: l.options.By,
	}
	if !l.manifest.Public {
		in.Memory = again[content.Memory](l, importsFile)
		in.Redirects = again[models.Redirect](l, redirectsFile)
	}
	if l.manifest.hasSettings() {
		in.Settings = again[content.KeptSettings](l, settingsFile)
	}
	if l.manifest.Revisions {
		in.Revisions = again[content.Revision](l, revisionsFile)
	}
	return s.Restore(l.ctx, in)
}

// merge imports the records into the course that is here. What is in the trash of the export stays out, with what is
// under it.
func (l *Loaded) merge(s *content.Service) (result *content.ImportResult, err error) {
	spool, err := content.NewSpool(l.options.Staging)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, spool.Close()) }()
	in := content.Import{
		Items: spool, Exact: true, Public: l.manifest.Public, Publish: l.options.Publish, DryRun: l.options.DryRun, By: l.options.By,
	}
	err = l.records(func(x content.Exported) error {
		if course, ok := x.Record.(*models.Course); ok {
			in.Course = course
			return nil
		}
		id := x.Record.Base().ID
		if l.trashed(id) {
			return nil
		}
		return spool.Add(content.ImportItem{Key: content.ExactKey(id), Record: x.Record, Exact: true})
	})
	if err != nil {
		return nil, err
	}
	return s.Import(l.ctx, in)
}

// keepFiles keeps the files of the assets.
func (l *Loaded) keepFiles() error {
	for _, f := range l.manifest.Files {
		sum, ok := strings.CutPrefix(f.Name, assetFolder)
		if !ok || l.options.DryRun || l.options.Files.Has(sum) {
			continue
		}
		err := l.verified(f, func(r io.Reader) error {
			_, _, err := l.options.Files.Put(r)
			return errors.Join(err, l.ctx.Err())
		})
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}
