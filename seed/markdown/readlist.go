package markdown

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed"
)

// readList reads the records of a list in full.
func (r *reader) readList(ctx context.Context, of listOf) error {
	number := 0
	return r.eachEntry(ctx, of, func(e *entry) error {
		exact := e.record.Base().ID != ""
		e.record.Base().ID = r.index.entries[of.kind][number]
		number++
		key := ""
		switch record := e.record.(type) {
		case *models.Source:
			record.CourseID = r.course.ID
			key = of.file + " " + record.Key
		case *models.Asset:
			record.CourseID = r.course.ID
			key = of.file + " " + e.paths[0].path
			for i, f := range filesOf(record) {
				if err := r.keep(f, e.paths[i]); err != nil {
					return err
				}
			}
		}
		if err := sound(e.record, of.file, e.head, e.line); err != nil {
			return err
		}
		return r.add(e.record, e.header, exact, key)
	})
}

// keep keeps the bytes of a file, and completes what its entry says of it.
func (r *reader) keep(f *models.File, p filePath) error {
	wrong := func(format string, args ...any) error {
		return &badField{p.line, p.field + "." + pathKey, fmt.Sprintf(format, args...)}
	}
	if p.path == "" {
		if f.Sha256 != "" && r.options.Files != nil && r.options.Files.Has(f.Sha256) {
			return nil
		}
		return wrong("is missing: it says where the file is")
	}
	if !strings.HasPrefix(p.path, filesDir+"/") || !fs.ValidPath(p.path) {
		return wrong("must be a path in %s/", filesDir)
	}
	there, err := seed.DescribeFile(r.fsys, p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return wrong("there is no file %s", p.path)
	}
	if err != nil {
		return wrong("%v", unreadable(p.path, err))
	}
	if f.Sha256 != "" && f.Sha256 != there.Sha256 {
		return wrong("%s holds other bytes than its sha256 says: if the file has been changed, leave out sha256, bytes, width and height", p.path)
	}
	complete(f, there)
	r.files[p.path] = true
	if r.options.DryRun || r.options.Files == nil || r.options.Files.Has(f.Sha256) {
		return nil
	}
	in, err := r.fsys.Open(p.path)
	if err != nil {
		return unreadable(p.path, err)
	}
	sum, _, err := r.options.Files.Put(in)
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	if sum != f.Sha256 {
		return wrong("%s changed while it was read", p.path)
	}
	return nil
}

// complete gives a file what its entry does not say. Of a file that is new, that is everything.
func complete(f *models.File, there models.File) {
	if f.Sha256 == "" {
		f.Sha256, f.Bytes, f.Width, f.Height = there.Sha256, there.Bytes, there.Width, there.Height
	}
	if f.Bytes == 0 {
		f.Bytes = there.Bytes
	}
	if f.Name == "" {
		f.Name = path.Base(there.Name)
	}
	if f.MediaType == "" {
		f.MediaType = there.MediaType
	}
}
