package seed

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/archive"
)

// Open makes a source of a folder, an archive (zip, tar.gz) or one page on disk. Links that lead out of a folder are
// not followed. The source must be closed.
func Open(name string) (Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Source{}, models.Malformed("can't read "+name, reason(err))
	}
	if info.IsDir() {
		return openFolder(name)
	}
	f, err := os.Open(name)
	if err != nil {
		return Source{}, models.Malformed("can't read "+name, reason(err))
	}
	defer f.Close()
	head := make([]byte, archiveHead)
	n, err := io.ReadFull(f, head)
	if err == nil && archive.Is(head[:n]) {
		a, err := archive.Open(name)
		if err != nil {
			return Source{}, err
		}
		return openArchive(a, name)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return Source{}, models.Malformed("can't read "+name, reason(err))
	}
	src, err := openOnePage(f, filepath.Base(name))
	src.Name = name
	return src, err
}

// archiveHead is how many bytes tell whether a file is an archive.
const archiveHead = 4

// OpenArchive makes a source of an archive on disk (zip, tar.gz), which reports and errors call by a name that is not its
// path: an upload for instance. The source must be closed.
func OpenArchive(path, name string) (Source, error) {
	a, err := archive.OpenAs(path, name)
	if err != nil {
		return Source{}, err
	}
	return openArchive(a, name)
}

func openArchive(a *archive.Archive, name string) (Source, error) {
	src, err := sourceOf(a.FS(), name)
	if err != nil {
		return Source{}, errors.Join(err, a.Close())
	}
	src.Commit, src.closer, src.skipped = a.Commit, a.Close, a.Skipped
	return src, nil
}

// sourceOf makes a source of all pages of a file system. There may be none: what holds no pages may be an export.
func sourceOf(fsys fs.FS, name string) (Source, error) {
	pages, err := FindPages(fsys)
	if err != nil {
		return Source{}, err
	}
	return Source{FS: fsys, Pages: pages, Name: name}, nil
}

// reason is the cause without the path, which the message has already.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

func openFolder(name string) (Source, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return Source{}, models.Malformed("can't read "+name, reason(err))
	}
	src, err := sourceOf(root.FS(), name)
	if err != nil {
		return Source{}, errors.Join(err, root.Close())
	}
	src.Commit, src.closer = headCommit(root.FS()), root.Close
	return src, nil
}

// OpenReader makes a source of an archive or of one page under a slash-separated path: standard input or an upload for
// instance. It fails when a page is larger than MaxPageBytes. The source must be closed.
func OpenReader(r io.Reader, name string) (Source, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(archiveHead)
	if err == nil && archive.Is(head) {
		a, err := archive.OpenReader(in, name)
		if err != nil {
			return Source{}, err
		}
		return openArchive(a, name)
	}
	return openOnePage(in, name)
}

func openOnePage(r io.Reader, name string) (Source, error) {
	name = path.Clean(filepath.ToSlash(name))
	if !fs.ValidPath(name) || name == "." {
		return Source{}, models.Malformed(fmt.Sprintf("%q is no path of a page: it must be relative and stay below where it begins", name), nil)
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxPageBytes+1))
	if err != nil {
		return Source{}, models.Malformed("can't read "+name, err)
	}
	if len(data) > MaxPageBytes {
		return Source{}, models.Malformed(fmt.Sprintf("%s is larger than %d MiB, the most that a page may have", name, MaxPageBytes>>20), nil)
	}
	return Source{FS: onePage{name, data}, Pages: []string{name}, Name: name}, nil
}

// onePage is a file system with one file.
type onePage struct {
	name string
	data []byte
}

// Open opens the one file.
func (p onePage) Open(name string) (fs.File, error) {
	if name != p.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openPage{p, bytes.NewReader(p.data)}, nil
}

type openPage struct {
	onePage
	*bytes.Reader
}

func (p *openPage) Stat() (fs.FileInfo, error) { return p, nil }
func (p *openPage) Close() error               { return nil }
func (p *openPage) Name() string               { return path.Base(p.name) }
func (p *openPage) Size() int64                { return int64(len(p.data)) }
func (p *openPage) Mode() fs.FileMode          { return 0o444 }
func (p *openPage) ModTime() time.Time         { return time.Time{} }
func (p *openPage) IsDir() bool                { return false }
func (p *openPage) Sys() any                   { return nil }

// Survey lets the reader of each page's kind say what it is and where it stands. The content of the pages is read later.
// It fails when there are none.
func Survey(ctx context.Context, src Source) (*Site, error) {
	if len(src.Pages) == 0 {
		return nil, models.Malformed(src.Name+" holds no pages: Markdown (.md, .markdown) or text (.txt) files", nil)
	}
	site := &Site{
		Source: src, Whole: len(src.Pages) > 1, addresses: newAddresses(), homes: map[models.ID]home{},
		fragments: map[string]*Fragment{}, files: map[string]*Asset{},
	}
	for _, entry := range src.skipped {
		site.Warn(src.Name, 0, "left out of the archive: "+entry)
	}
	if err := site.warnSetAside(); err != nil {
		return nil, err
	}
	readers, pages, err := sorted(src)
	if err != nil {
		return nil, err
	}
	site.loadConfig()
	for i, r := range readers {
		if len(pages[i]) == 0 {
			continue
		}
		site.Kinds = append(site.Kinds, KindCount{r.Name(), len(pages[i])})
		if err := r.Survey(ctx, site, pages[i]); err != nil {
			return nil, err
		}
	}
	site.describeMain()
	site.loadData()
	site.loadMenus()
	for _, t := range site.Trees {
		t.settle()
	}
	site.loadAddresses()
	return site, nil
}

// sorted gives each reader its pages.
func sorted(src Source) ([]Reader, [][]string, error) {
	readers := Readers()
	if src.As != "" {
		at := slices.IndexFunc(readers, func(r Reader) bool { return r.Name() == src.As })
		if at < 0 {
			return nil, nil, models.Malformed(fmt.Sprintf("%q is no kind of source: there are %s", src.As, strings.Join(Kinds(), ", ")), nil)
		}
		return readers[at : at+1], [][]string{src.Pages}, nil
	}
	pages := make([][]string, len(readers))
	for _, name := range src.Pages {
		head, err := headOf(src.FS, name)
		if err != nil {
			return nil, nil, models.Malformed("can't read "+name, reason(err))
		}
		at := slices.IndexFunc(readers, func(r Reader) bool { return r.Recognises(name, head) })
		if at < 0 {
			return nil, nil, models.Malformed(name+" is of no kind that can be read", nil)
		}
		pages[at] = append(pages[at], name)
	}
	return readers, pages, nil
}

// headOf reads the beginning of a page, as far as front matter can reach.
func headOf(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, headBytes))
}

// headBytes is how far front matter can reach.
const headBytes = 128 << 10

// Read reads a source of one course in full: for looking at, not for importing.
func Read(ctx context.Context, src Source) (*Tree, error) {
	site, err := Survey(ctx, src)
	if err != nil {
		return nil, err
	}
	if len(site.Trees) != 1 {
		return nil, models.Malformed(fmt.Sprintf("the source holds %d courses", len(site.Trees)), nil)
	}
	for _, m := range site.Trees[0].Modules {
		err := m.walk(func(s, _ *Section) error { return s.load(ctx) })
		if err != nil {
			return nil, err
		}
	}
	return site.Trees[0], nil
}

// load reads the page of a section.
func (s *Section) load(ctx context.Context) error {
	if s.read == nil {
		return ctx.Err()
	}
	return errors.Join(ctx.Err(), s.read())
}
