package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/target"
)

// Write writes a course, all of one moment, with the files of its assets. The same course gives the same bytes. What it
// keeps in memory are the hashes of the assets' files. The target is left to be committed, or aborted when Write fails:
// with NotFound when there is no such course, or a file of an asset is not in the folder.
func Write(ctx context.Context, s *content.Service, folder *files.Folder, req content.ExportRequest, to target.Target) error {
	w := newWriter(folder, req, to)
	if err := s.Backup(ctx, req, w.lines); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return w.rest(ctx)
}

// WriteBackup writes a course that comes from anywhere, as Write writes one from the database. Parts that are nil are
// written as empty ones.
func WriteBackup(ctx context.Context, b content.Backup, folder *files.Folder, to target.Target) error {
	if b.Memory == nil {
		b.Memory = nothing[content.Memory]
	}
	if b.Redirects == nil {
		b.Redirects = nothing[models.Redirect]
	}
	if b.Settings == nil {
		b.Settings = nothing[content.KeptSettings]
	}
	w := newWriter(folder, content.ExportRequest{Revisions: b.Revisions != nil}, to)
	if err := w.lines(b); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return w.rest(ctx)
}

func nothing[T any](func(T) error) error { return nil }

func newWriter(folder *files.Folder, req content.ExportRequest, to target.Target) *writer {
	return &writer{
		public: req.Public, target: to, folder: folder, assets: map[string]string{},
		manifest: Manifest{Format: Format, Version: Version, Public: req.Public, Revisions: req.Revisions && !req.Public, Files: []File{}},
	}
}

// rest writes what follows the lines: the files of assets, and the manifest.
func (w *writer) rest(ctx context.Context) error {
	for _, sum := range slices.Sorted(maps.Keys(w.assets)) {
		if err := errors.Join(ctx.Err(), w.file(sum)); err != nil {
			return fmt.Errorf("export the file %s: %w", w.assets[sum], err)
		}
	}
	return w.end()
}

type writer struct {
	public   bool
	target   target.Target
	folder   *files.Folder
	manifest Manifest
	assets   map[string]string // the files to write: their names by their hashes

	part *part
}

// part is the file that is being written.
type part struct {
	File
	out  io.Writer
	hash hash.Hash
}

// lines writes the files of lines.
func (w *writer) lines(b content.Backup) error {
	at := 0
	err := b.Records(func(x content.Exported) error {
		for recordFiles[at].kind != x.Record.Kind() {
			at++
			if err := w.begin(recordFiles[at].name); err != nil {
				return err
			}
		}
		return w.record(x)
	})
	if err != nil {
		return err
	}
	for _, f := range recordFiles[at+1:] {
		if err := w.begin(f.name); err != nil {
			return err
		}
	}
	if b.Memory != nil {
		if err := each(w, importsFile, b.Memory); err != nil {
			return err
		}
	}
	if b.Redirects != nil {
		if err := each(w, redirectsFile, b.Redirects); err != nil {
			return err
		}
	}
	if b.Settings != nil {
		if err := each(w, settingsFile, b.Settings); err != nil {
			return err
		}
	}
	if b.Revisions != nil {
		return each(w, revisionsFile, b.Revisions)
	}
	return nil
}

// each writes a file with a line for each thing.
func each[T any](w *writer, name string, visit func(func(T) error) error) error {
	if err := w.begin(name); err != nil {
		return err
	}
	return visit(func(thing T) error {
		data, err := models.Encode(thing)
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		return w.line(data)
	})
}

func (w *writer) record(x content.Exported) error {
	switch r := x.Record.(type) {
	case *models.Course:
		w.manifest.Course = Course{ID: r.ID, Slug: r.Slug, Title: r.Title}
		if err := w.begin(recordFiles[0].name); err != nil {
			return err
		}
	case *models.Asset:
		w.keep(r)
		if live, ok := x.Live.(*models.Asset); ok {
			w.keep(live)
		}
	}
	data, err := lineOf(x, w.public)
	if err != nil {
		return fmt.Errorf("write the %s %s: %w", x.Record.Kind(), x.Record.Base().ID, err)
	}
	return w.line(data)
}

func (w *writer) keep(a *models.Asset) {
	for _, f := range assetFiles(a) {
		w.assets[f.Sha256] = f.Name
	}
}

// begin ends the file before and begins another.
func (w *writer) begin(name string) error {
	w.finish()
	out, err := w.target.Create(name)
	if err != nil {
		return err
	}
	w.part = &part{File: File{Name: name}, out: out, hash: sha256.New()}
	return nil
}

// finish notes the file that was written.
func (w *writer) finish() {
	if w.part != nil {
		w.part.Sha256 = hex.EncodeToString(w.part.hash.Sum(nil))
		w.manifest.Files = append(w.manifest.Files, w.part.File)
	}
	w.part = nil
}

// Write adds to the file.
func (p *part) Write(data []byte) (int, error) {
	n, err := p.out.Write(data)
	p.hash.Write(data[:n])
	p.Bytes += int64(n)
	return n, err
}

func (w *writer) line(data []byte) error {
	w.part.Records++
	if _, err := w.part.Write(append(data, '\n')); err != nil {
		return fmt.Errorf("write %s: %w", w.part.Name, err)
	}
	return nil
}

// file writes the bytes of an asset.
func (w *writer) file(sum string) error {
	f, _, err := w.folder.Get(sum)
	if err != nil {
		return err
	}
	if err := w.begin(assetFolder + sum); err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = io.Copy(w.part, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if got := hex.EncodeToString(w.part.hash.Sum(nil)); got != sum {
		return fmt.Errorf("the file is damaged: its hash should be %s and is %s", sum, got)
	}
	return nil
}

// end writes the manifest.
func (w *writer) end() error {
	w.finish()
	data, err := models.Encode(w.manifest)
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	value := jsontext.Value(data)
	if err := value.Indent(jsontext.WithIndent("  ")); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	out, err := w.target.Create(manifestFile)
	if err != nil {
		return err
	}
	if _, err := out.Write(append(value, '\n')); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}
