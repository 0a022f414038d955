package markdown

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// page is a file of the folder that holds one record.
type page struct {
	path   string
	kind   models.Kind
	module *page // of a section or worksheet

	// What its front matter says, once it is known.
	id    models.ID
	exact bool // the id is written there
	slug  string
	trash bool
	line  int // of the id, or of the front matter
}

// folder is what was found in a folder, each kind in order.
type folder struct {
	modules, fragments, worksheets, sections []*page
}

// all gives the pages in the order in which they are imported: what pages share before them.
func (f *folder) all() []*page {
	return slices.Concat(f.modules, f.worksheets, f.fragments, f.sections)
}

// passedOver are the files that have nothing to do with the course: hidden ones, and copies that editors leave.
func passedOver(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~")
}

// surveyor lists folders and counts what it lists.
type surveyor struct {
	*reader
	count int
	found *folder
}

// survey finds the files of the folder. One whose place means nothing is an error.
func (r *reader) survey() (*folder, error) {
	s := &surveyor{reader: r, found: &folder{}}
	err := s.dir(".", func(name string, isDir bool) error {
		switch {
		case isDir && name == fragmentsDir:
			return s.pages(name, models.KindFragment, nil, &s.found.fragments)
		case isDir && name == modulesDir:
			return s.modules(name, true)
		case isDir && name == filesDir:
			return s.listFiles()
		case !isDir && (name == courseFile || name == sourcesFile || name == assetsFile):
			return nil
		}
		return s.stranger(name)
	})
	r.pages = len(s.found.sections)
	return s.found, err
}

// stranger is the error of a file that is no part of a course.
func (s *surveyor) stranger(name string) error {
	return problem(name, 0, "", "is no part of a course: nothing is read from here, unless its name begins with a dot")
}

// dir visits what is in a folder, in order.
func (s *surveyor) dir(dir string, visit func(name string, isDir bool) error) error {
	entries, err := fs.ReadDir(s.fsys, dir)
	if err != nil {
		return unreadable(dir, err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return passedOver(e.Name()) })
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return compareNames(a.Name(), b.Name()) })
	if s.count += len(entries); s.count > maxFiles {
		return problem(dir, 0, "", fmt.Sprintf("the folder holds more than %d files", maxFiles))
	}
	for _, e := range entries {
		if err := visit(path.Join(dir, e.Name()), e.IsDir()); err != nil {
			return err
		}
	}
	return nil
}

// pages lists the pages of a kind in a folder, with those in its trash.
func (s *surveyor) pages(dir string, kind models.Kind, module *page, out *[]*page) error {
	return s.dir(dir, func(name string, isDir bool) error {
		if isDir && path.Base(name) == trashDir {
			return s.trash(name, kind, module, out)
		}
		return s.page(name, isDir, kind, module, out)
	})
}

func (s *surveyor) trash(dir string, kind models.Kind, module *page, out *[]*page) error {
	return s.dir(dir, func(name string, isDir bool) error { return s.page(name, isDir, kind, module, out) })
}

func (s *surveyor) page(name string, isDir bool, kind models.Kind, module *page, out *[]*page) error {
	if isDir || path.Ext(name) != pageSuffix {
		return s.stranger(name)
	}
	*out = append(*out, &page{path: name, kind: kind, module: module})
	return nil
}

// modules lists the folders of modules.
func (s *surveyor) modules(dir string, mayTrash bool) error {
	return s.dir(dir, func(name string, isDir bool) error {
		switch {
		case !isDir:
			return s.stranger(name)
		case mayTrash && path.Base(name) == trashDir:
			return s.modules(name, false)
		}
		return s.module(name)
	})
}

func (s *surveyor) module(dir string) error {
	m := &page{path: path.Join(dir, moduleFile), kind: models.KindModule}
	found := false
	err := s.dir(dir, func(name string, isDir bool) error {
		switch base := path.Base(name); {
		case isDir && base == worksheetsDir:
			return s.pages(name, models.KindWorksheet, m, &s.found.worksheets)
		case isDir && base == trashDir:
			return s.trash(name, models.KindSection, m, &s.found.sections)
		case !isDir && base == moduleFile:
			found = true
			return nil
		}
		return s.page(name, isDir, models.KindSection, m, &s.found.sections)
	})
	if err == nil && !found {
		return problem(dir, 0, "", "holds no "+moduleFile+", which says what the module is called")
	}
	s.found.modules = append(s.found.modules, m)
	return err
}

// listFiles lists the files that assets may have.
func (s *surveyor) listFiles() error {
	return s.dir(filesDir, func(name string, isDir bool) error {
		if isDir {
			return s.stranger(name)
		}
		s.files[name] = false
		return nil
	})
}

// readFile reads a file of text, with line ends as they are on Unix.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPageBytes+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	if len(data) > maxPageBytes {
		return nil, problem(name, 0, "", fmt.Sprintf("is larger than %d MiB, the most that a page may have", maxPageBytes>>20))
	}
	return unixLines(data), nil
}
