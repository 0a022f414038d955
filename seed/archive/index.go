package archive

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// index is what an archive holds, by path.
type index struct {
	archive string // what errors call it
	limits  limits
	nodes   map[string]*node // the skipped ones too, so that no other entry takes their paths
	bytes   int64            // that the entries declare
	skipped []string
	mac     bool // macFolder is in skipped
}

// node is a file or a folder of an archive.
type node struct {
	name     string
	mode     fs.FileMode // of type fs.ModeIrregular: skipped
	size     int64
	modified time.Time
	implied  bool    // a folder that only the paths of others name
	children []*node // sorted by name when the index is complete
	open     func() (io.ReadCloser, error)
}

const (
	fileMode   = 0o444
	folderMode = fs.ModeDir | 0o555
)

func newIndex(archive string, l limits) *index {
	root := &node{name: ".", mode: folderMode, implied: true}
	return &index{archive: archive, limits: l, nodes: map[string]*node{".": root}}
}

// malformed says what is wrong with an entry.
func (x *index) malformed(entry, what string, cause error) error {
	return models.Malformed(fmt.Sprintf("%s: entry %q %s", x.archive, shorten(entry), what), cause)
}

// shorten keeps a hostile name from filling a message.
func shorten(name string) string {
	const most = 200
	if len(name) <= most {
		return name
	}
	return strings.ToValidUTF8(name[:most], "") + "…"
}

// macFolder is where macOS puts what it knows of the files beside them: binary files with the names of pages.
const macFolder = "__MACOSX"

// add takes up an entry under the path that the archive gives it.
func (x *index) add(name string, n *node) error {
	p, err := cleanPath(name, x.limits)
	if err != nil {
		return x.malformed(name, "can't be read", err)
	}
	if p == macFolder || strings.HasPrefix(p, macFolder+"/") {
		x.skipMac()
		return nil
	}
	parent, err := x.folder(path.Dir(p), name)
	if err != nil {
		return err
	}
	if old := x.nodes[p]; old != nil {
		return x.again(name, old, n)
	}
	n.name = path.Base(p)
	if err := x.put(p, parent, n); err != nil {
		return x.malformed(name, "can't be read", err)
	}
	return x.measure(name, n)
}

// again takes up an entry for a path that is there already, as a folder that was only implied until now.
func (x *index) again(name string, old, n *node) error {
	switch {
	case !old.implied:
		return x.malformed(name, "is in the archive twice", nil)
	case old.mode.IsDir() && n.mode.IsRegular():
		return x.malformed(name, "is both a file and a folder", nil)
	case old.mode.IsDir() && !n.mode.IsDir():
		return x.malformed(name, "is both a folder and something else", nil)
	}
	old.implied, old.modified = false, n.modified
	return nil
}

// folder finds a folder, and makes it and those above it when nothing has named them.
func (x *index) folder(p, entry string) (*node, error) {
	if n := x.nodes[p]; n != nil {
		if !n.mode.IsDir() {
			return nil, x.malformed(entry, "lies in something that is no folder", nil)
		}
		return n, nil
	}
	parent, err := x.folder(path.Dir(p), entry)
	if err != nil {
		return nil, err
	}
	n := &node{name: path.Base(p), mode: folderMode, implied: true}
	if err := x.put(p, parent, n); err != nil {
		return nil, x.malformed(entry, "can't be read", err)
	}
	return n, nil
}

func (x *index) put(p string, parent, n *node) error {
	if len(x.nodes) > x.limits.entries { // the root is no entry
		return fmt.Errorf("the archive has more than %d files and folders", x.limits.entries)
	}
	x.nodes[p] = n
	if n.mode.Type() != fs.ModeIrregular {
		parent.children = append(parent.children, n)
	}
	return nil
}

// measure holds what an entry declares against the limits.
func (x *index) measure(name string, n *node) error {
	switch {
	case n.size < 0:
		return x.malformed(name, "has no size", nil)
	case n.mode.IsDir() && n.size > 0:
		return x.malformed(name, "is a folder with content", nil)
	case n.size > x.limits.entryBytes:
		return x.malformed(name, fmt.Sprintf("has more than %d bytes", x.limits.entryBytes), nil)
	}
	x.bytes += n.size
	if x.bytes > x.limits.bytes {
		return x.malformed(name, "can't be read", errBytes(x.limits.bytes))
	}
	return nil
}

// skip notes an entry that is left out.
func (x *index) skip(entry, reason string) {
	x.skipped = append(x.skipped, shorten(entry)+": "+reason)
}

// skipMac notes once that the files of macOS are left out.
func (x *index) skipMac() {
	if !x.mac {
		x.mac = true
		x.skip(macFolder, "what macOS keeps about the other files")
	}
}

// contentFolders are folders that mean something to the readers of sites: content begins above them.
var contentFolders = []string{"modules", "courses", "_posts", "_includes", "_data", "assets", "docs", "pages"}

// complete sorts the folders, and finds the path where content begins: inside the one folder that hosting sites and
// file managers put around a site.
func (x *index) complete() string {
	for _, n := range x.nodes {
		slices.SortFunc(n.children, func(a, b *node) int { return cmp.Compare(a.name, b.name) })
	}
	root, at := ".", x.nodes["."]
	for len(at.children) == 1 && at.children[0].mode.IsDir() && !slices.Contains(contentFolders, at.children[0].name) {
		at = at.children[0]
		root = path.Join(root, at.name)
	}
	return root
}

// find gives the file or folder under a path, fs.ErrNotExist for anything else.
func (x *index) find(p string) (*node, error) {
	if n := x.nodes[p]; n != nil && n.mode.Type() != fs.ModeIrregular {
		return n, nil
	}
	return nil, fs.ErrNotExist
}

// isDamage tells errors in what an archive holds from those of the disk that it lies on.
func isDamage(err error) bool {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return false
	}
	return !errors.Is(err, fs.ErrClosed)
}
