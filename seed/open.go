package seed

import (
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
	"time"

	"github.com/lectern-cms/lectern/models"
)

// Open makes a source of a file or a folder on disk. Links that lead out of the folder are not followed.
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
	return OpenReader(f, filepath.Base(name))
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
	pages, err := FindPages(root.FS())
	if err != nil {
		return Source{}, err
	}
	if len(pages) == 0 {
		return Source{}, models.Malformed(name+" holds no pages: Markdown (.md, .markdown) or text (.txt) files", nil)
	}
	return Source{FS: root.FS(), Pages: pages}, nil
}

// OpenReader makes a source of one page, standard input for instance, under a slash-separated path. It fails when the
// page is larger than MaxPageBytes.
func OpenReader(r io.Reader, name string) (Source, error) {
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
	return Source{FS: onePage{name, data}, Pages: []string{name}}, nil
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

// Read lets the reader of each page's kind read it, and gives the tree of all.
func Read(ctx context.Context, src Source) (*Tree, error) {
	readers := Readers()
	pages := make([][]string, len(readers))
	for _, name := range src.Pages {
		data, err := fs.ReadFile(src.FS, name)
		if err != nil {
			return nil, models.Malformed("can't read "+name, reason(err))
		}
		at := slices.IndexFunc(readers, func(r Reader) bool { return r.Recognises(name, data) })
		if at < 0 {
			return nil, models.Malformed(name+" is of no kind that can be read", nil)
		}
		pages[at] = append(pages[at], name)
	}
	done := 0
	src.pageDone = func() {
		done++
		if src.Progress != nil {
			src.Progress(done, len(src.Pages))
		}
	}
	tree := &Tree{}
	for i, r := range readers {
		if len(pages[i]) == 0 {
			continue
		}
		if err := r.Read(ctx, src, pages[i], tree); err != nil {
			return nil, err
		}
	}
	return tree, nil
}
