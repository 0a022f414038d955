package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Is tells whether a file system holds an export, a damaged one too: at the top, or in the one folder at the top.
func Is(fsys fs.FS) bool {
	_, ok := find(fsys)
	return ok
}

// find gives the folder of an export.
func find(fsys fs.FS) (fs.FS, bool) {
	if holds(fsys) {
		return fsys, true
	}
	there, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, false
	}
	there = slices.DeleteFunc(there, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") })
	if len(there) != 1 || !there[0].IsDir() {
		return nil, false
	}
	below, err := fs.Sub(fsys, there[0].Name())
	return below, err == nil && holds(below)
}

// holds tells whether there is an export at the top: by the format that the manifest names, or by the other files.
func holds(fsys fs.FS) bool {
	if head, err := beginning(fsys, manifestFile); err == nil && bytes.Contains(head, []byte(`"`+Format+`"`)) {
		return true
	}
	return !slices.ContainsFunc(recordFiles, func(f struct {
		name string
		kind models.Kind
	}) bool {
		_, err := fs.Stat(fsys, f.name)
		return err != nil
	})
}

// beginning reads as much of a file as tells what it is.
func beginning(fsys fs.FS, name string) ([]byte, error) {
	const much = 4 << 10
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, much))
}

// Replaceable tells whether a folder or an archive is an export and nothing else, so that another one may take its
// place: it is nil then, and names what is in the way otherwise.
func Replaceable(fsys fs.FS) error {
	m, err := readManifest(fsys)
	if err != nil {
		return err
	}
	return m.nothingElse(fsys)
}

// nothingElse fails when there is a file that the manifest does not name.
func (m *Manifest) nothingElse(fsys fs.FS) error {
	named := map[string]bool{manifestFile: true}
	for _, f := range m.Files {
		named[f.Name] = true
	}
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return models.Malformed("can't read "+name, reason(err))
		case d.IsDir() && (name == "." || name == path.Clean(assetFolder)):
			return nil
		case !named[name] || !d.Type().IsRegular():
			return models.Malformed(name+" is no file of the export: the manifest does not name it", nil)
		}
		return nil
	})
}

// readManifest reads the manifest and looks whether it can be right.
func readManifest(fsys fs.FS) (*Manifest, error) {
	f, err := fsys.Open(manifestFile)
	if err != nil {
		return nil, models.Malformed("can't read "+manifestFile+", without which an export is not whole", reason(err))
	}
	data, err := io.ReadAll(io.LimitReader(f, maxManifestBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, models.Malformed("can't read "+manifestFile, reason(err))
	}
	if len(data) > maxManifestBytes {
		return nil, models.Malformed(fmt.Sprintf("%s has more than %d MiB", manifestFile, maxManifestBytes>>20), nil)
	}
	if err := known(data); err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := models.Decode(data, m); err != nil {
		return nil, models.Malformed(manifestFile, err)
	}
	return m, m.check()
}

// known looks at the version first: a later one may have other fields.
func known(data []byte) error {
	var about struct {
		Format  string         `json:"format"`
		Version int            `json:"version"`
		Rest    map[string]any `json:",embed"`
	}
	if err := models.Decode(data, &about); err != nil {
		return models.Malformed(manifestFile, err)
	}
	switch {
	case about.Format != Format:
		return models.Malformed(fmt.Sprintf("%s: /format is %q, and not %q", manifestFile, about.Format, Format), nil)
	case about.Version > Version:
		return models.Malformed(fmt.Sprintf("%s: /version is %d, made by a newer Lectern; this one reads versions up to %d: use the newer program",
			manifestFile, about.Version, Version), nil)
	case about.Version < 1:
		return models.Malformed(fmt.Sprintf("%s: /version is %d, and begins at 1", manifestFile, about.Version), nil)
	}
	return nil
}

// check looks whether the manifest can be that of an export.
func (m *Manifest) check() error {
	bad := func(format string, args ...any) error {
		return models.Malformed(manifestFile+": "+fmt.Sprintf(format, args...), nil)
	}
	if !m.Course.ID.Valid() {
		return bad("/course/id %q is no UUID", m.Course.ID)
	}
	if m.Public && m.Revisions {
		return bad("/revisions: a public export has none")
	}
	parts := m.parts()
	if len(m.Files) > len(parts)+MaxFiles {
		return bad("/files names more than %d files", len(parts)+MaxFiles)
	}
	seen := map[string]bool{}
	for n, f := range m.Files {
		sum, asset := strings.CutPrefix(f.Name, assetFolder)
		switch {
		case seen[f.Name]:
			return bad("/files/%d: %q is there twice", n, f.Name)
		case asset && sum != f.Sha256, !asset && !slices.Contains(parts, f.Name):
			return bad("/files/%d: %q is no file that an export has", n, f.Name)
		case !validSum(f.Sha256):
			return bad("/files/%d/sha256: %q is no SHA-256 in lower-case hexadecimal", n, f.Sha256)
		case f.Bytes < 0, f.Records < 0, f.Records > MaxRecords:
			return bad("/files/%d: %d bytes and %d records can't be: there are at most %d records", n, f.Bytes, f.Records, MaxRecords)
		}
		seen[f.Name] = true
	}
	for _, name := range parts {
		if !seen[name] {
			return bad("/files: %s is missing", name)
		}
	}
	return nil
}

// validSum tells whether a text is a SHA-256 in lower-case hexadecimal.
func validSum(sum string) bool {
	return len(sum) == 64 && strings.Trim(sum, "0123456789abcdef") == ""
}

// reason is the cause without the path, which the message has already.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
