// Package archive shows a zip or tar.gz archive as a read-only file system. Nothing is unpacked to paths that an
// archive names: a zip archive is read where it lies, a tar.gz archive goes into one temporary file without a name.
package archive

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"

	"github.com/lectern-cms/lectern/models"
)

// Archive is an open archive. It may be read from several goroutines at once.
type Archive struct {
	Commit  string   // of git, in hexadecimal, which the archive is made of; empty when it names none
	Skipped []string // entries that are no files or folders, links for instance, each with the reason

	name  string
	index *index
	root  string
	file  *spool
}

var (
	zipHead      = []byte("PK\x03\x04")
	zipEmptyHead = []byte("PK\x05\x06")
	gzipHead     = []byte{0x1f, 0x8b, 8}
)

func isZip(head []byte) bool {
	return bytes.HasPrefix(head, zipHead) || bytes.HasPrefix(head, zipEmptyHead)
}

// Is tells by the first bytes, four are enough, whether a file is an archive that Open reads. Whether a gzip file
// holds a tar archive is left to Open.
func Is(head []byte) bool {
	return isZip(head) || bytes.HasPrefix(head, gzipHead)
}

// Open opens an archive on disk: zip or tar.gz, whatever its name. It fails with KindMalformed if there is none, or
// if the archive is damaged, encrypted, over a limit, or names a path that could leave it.
func Open(name string) (*Archive, error) {
	return OpenAs(name, name)
}

// OpenAs opens an archive that errors call by another name than its path.
func OpenAs(path, name string) (*Archive, error) {
	return openPath(path, name, standardLimits())
}

func openPath(path, name string, l limits) (*Archive, error) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, models.Malformed("can't read "+name, reason(err))
	}
	if !about.Mode().IsRegular() {
		return nil, models.Malformed(name+" is no file", nil)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, models.Malformed("can't read "+name, reason(err))
	}
	return open(&spool{File: f}, name, l)
}

// OpenReader opens an archive that is no file, an upload or standard input for instance. It is kept in a temporary
// file until Close, and may have MaxBytes. The name is what errors call it.
func OpenReader(r io.Reader, name string) (*Archive, error) {
	return openReader(r, name, standardLimits())
}

func openReader(r io.Reader, name string, l limits) (*Archive, error) {
	s, err := newSpool()
	if err != nil {
		return nil, err
	}
	if err := s.fill(r, name, l.spoolBytes); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return open(s, name, l)
}

// open takes over the file, and closes it when it fails.
func open(s *spool, name string, l limits) (*Archive, error) {
	a := &Archive{name: name, index: newIndex(name, l), file: s}
	if err := a.read(); err != nil {
		return nil, errors.Join(err, a.file.Close())
	}
	a.root = a.index.complete()
	a.Skipped = a.index.skipped
	return a, nil
}

func (a *Archive) read() error {
	head := make([]byte, 4)
	n, err := a.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return models.Malformed("can't read "+a.name, reason(err))
	}
	switch {
	case isZip(head[:n]):
		return a.readZip()
	case Is(head[:n]):
		return a.readTar()
	}
	return models.Malformed(a.name+" is neither a zip nor a tar.gz archive", nil)
}

// FS is the content of the archive. Its root is where the content begins: while an archive has nothing at the top
// but one folder, as those of hosting sites do, and the name of that folder means nothing to readers of sites, the
// root is in that folder.
//
// A file that is damaged, or holds more than it claims, gives an error when it is read, which names archive and entry.
func (a *Archive) FS() fs.FS { return fileSystem{a.index, a.root} }

// Close lets go of the archive and its temporary files. Nothing can be read from it any more.
func (a *Archive) Close() error { return a.file.Close() }

var commitID = regexp.MustCompile(`\A[0-9a-fA-F]{40}\z`)

// commit gives a comment that is a git commit, and nothing for another.
func commit(comment string) string {
	return commitID.FindString(comment)
}

// reason is the cause without the path, which the message has already.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
