package archive

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// readZip lists a zip archive. Its entries are read from the file when they are asked for.
func (a *Archive) readZip() error {
	about, err := a.file.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", a.name, err)
	}
	if about.Size() > a.index.limits.bytes {
		return models.Malformed(fmt.Sprintf("%s has more than %d bytes", a.name, a.index.limits.bytes), nil)
	}
	directory := &directoryReader{ReaderAt: a.file, limits: a.index.limits}
	r, err := zip.NewReader(directory, about.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return models.Malformed(a.name+" is no whole zip archive", err)
	}
	directory.opened = true
	m := &meter{limits: a.index.limits}
	r.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser {
		return unpackedReader{flate.NewReader(packedReader{r, m}), m}
	})
	r.RegisterDecompressor(zip.Store, func(r io.Reader) io.ReadCloser {
		return unpackedReader{io.NopCloser(packedReader{r, m}), m}
	})
	a.Commit = commit(r.Comment)
	for _, f := range r.File {
		if err := a.zipEntry(f); err != nil {
			return err
		}
	}
	return nil
}

// The flags of encrypted entries: the classic kind, the strong kind, and a masked directory.
const zipEncrypted = 1 | 1<<6 | 1<<13

func (a *Archive) zipEntry(f *zip.File) error {
	n := &node{mode: fileMode, size: int64(min(f.UncompressedSize64, math.MaxInt64)), modified: f.Modified, open: f.Open}
	mode := f.Mode()
	switch {
	case strings.HasSuffix(f.Name, "/") || mode.IsDir():
		n.mode = folderMode
	case !mode.IsRegular():
		n.mode = fs.ModeIrregular
		a.index.skip(f.Name, kindOfMode(mode))
	case f.Flags&zipEncrypted != 0:
		return a.index.malformed(f.Name, "is encrypted", nil)
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return a.index.malformed(f.Name, fmt.Sprintf("is packed by method %d, which can't be read: pack it with deflate", f.Method), nil)
	}
	return a.index.add(f.Name, n)
}

func kindOfMode(mode fs.FileMode) string {
	if mode&fs.ModeSymlink != 0 {
		return "a symbolic link"
	}
	return "a device, pipe or socket"
}

// directoryReader keeps archive/zip from reading a directory without end when it opens an archive: it takes as many
// entries as follow each other, whatever number of them the archive declares.
type directoryReader struct {
	io.ReaderAt
	limits limits
	opened bool // from then on it reads entries

	bytes   int64
	headers int
	next    int64  // where the last read ended
	tail    []byte // the last bytes of that, for a signature that begins in them
}

var entrySignature = []byte("PK\x01\x02")

const minHeaderBytes = 46 // of an entry in the directory

// searchBytes is what archive/zip may read, two times, to find the directory at the end of an archive.
const searchBytes = 66 << 10

func (d *directoryReader) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 { // an entry says that it begins before the archive
		return 0, zip.ErrFormat
	}
	n, err := d.ReaderAt.ReadAt(b, off)
	if d.opened {
		return n, err
	}
	if off != d.next {
		d.tail = nil
	}
	read := slices.Concat(d.tail, b[:n])
	d.bytes += int64(n)
	d.headers += bytes.Count(read, entrySignature)
	d.tail = bytes.Clone(read[max(0, len(read)-len(entrySignature)+1):])
	d.next = off + int64(n)
	found := 2 * searchBytes / minHeaderBytes
	if d.bytes > d.limits.directoryBytes+2*searchBytes || d.headers > d.limits.entries+found {
		return 0, errEntries
	}
	return n, err
}
