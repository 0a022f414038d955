package archive

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"time"
)

// fileSystem shows an index from a folder on.
type fileSystem struct {
	index *index
	root  string
}

// Open opens a file or a folder. What is wrong with the content of a file is found out when it is read.
func (f fileSystem) Open(name string) (fs.File, error) {
	n, err := f.find("open", name)
	if err != nil {
		return nil, err
	}
	about := info{node: n, name: path.Base(name)}
	if n.mode.IsDir() {
		return &openFolder{info: about, path: name}, nil
	}
	content, err := n.open()
	if err != nil {
		return nil, f.index.readError(path.Join(f.root, name), err)
	}
	return &openFile{info: about, index: f.index, path: path.Join(f.root, name), content: content}, nil
}

// ReadDir lists a folder.
func (f fileSystem) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := f.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if !n.mode.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return entries(n.children), nil
}

// ReadFile reads a file. It takes memory for what the file holds, not for what its entry claims.
func (f fileSystem) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// Stat tells about a file or a folder.
func (f fileSystem) Stat(name string) (fs.FileInfo, error) {
	n, err := f.find("stat", name)
	if err != nil {
		return nil, err
	}
	return info{node: n, name: path.Base(name)}, nil
}

func (f fileSystem) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n, err := f.index.find(path.Join(f.root, name))
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return n, nil
}

// readError names the entry when what it holds is at fault.
func (x *index) readError(entry string, err error) error {
	if isDamage(err) {
		return x.malformed(entry, "is damaged or too large", err)
	}
	return err
}

// info tells about a node.
type info struct {
	node *node
	name string
}

func (i info) Name() string               { return i.name }
func (i info) Size() int64                { return i.node.size }
func (i info) Mode() fs.FileMode          { return i.node.mode }
func (i info) ModTime() time.Time         { return i.node.modified }
func (i info) IsDir() bool                { return i.node.mode.IsDir() }
func (i info) Sys() any                   { return nil }
func (i info) Stat() (fs.FileInfo, error) { return i, nil }

// openFile is a file being read.
type openFile struct {
	info
	index   *index
	path    string // in the archive
	content io.ReadCloser
}

func (o *openFile) Read(b []byte) (int, error) {
	n, err := o.content.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = o.index.readError(o.path, err)
	}
	return n, err
}

func (o *openFile) Close() error { return o.content.Close() }

// openFolder is a folder being listed.
type openFolder struct {
	info
	path string
	at   int
}

func (o *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: o.path, Err: fs.ErrInvalid}
}

func (o *openFolder) Close() error { return nil }

// ReadDir gives the next n entries, all that are left when n is not positive.
func (o *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	left := o.node.children[o.at:]
	if n > 0 && len(left) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(left) {
		left = left[:n]
	}
	o.at += len(left)
	return entries(left), nil
}

func entries(nodes []*node) []fs.DirEntry {
	out := make([]fs.DirEntry, len(nodes))
	for i, n := range nodes {
		out[i] = fs.FileInfoToDirEntry(info{node: n, name: n.name})
	}
	return out
}
