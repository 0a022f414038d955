package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"

	"github.com/lectern-cms/lectern/models"
)

// readTar unpacks a tar.gz archive in one pass into a temporary file, which takes the place of the archive.
func (a *Archive) readTar() error {
	packed := a.file
	out, err := newSpool()
	if err != nil {
		return err
	}
	a.file = out
	t := tarReader{archive: a, out: out}
	return errors.Join(t.read(packed), packed.Close())
}

// tarReader is one pass over a tar.gz archive.
type tarReader struct {
	*tar.Reader
	archive *Archive
	out     *spool
	files   *meter // apart from the stream: a sparse file has more bytes than it takes there
	offset  int64  // that the next file will have in out
}

func (t *tarReader) read(packed io.ReaderAt) error {
	l := t.archive.index.limits
	stream := &meter{limits: l, most: l.bytes}
	t.files = &meter{limits: l, most: l.bytes}
	whole := io.NewSectionReader(packed, 0, math.MaxInt64)
	unzip, err := gzip.NewReader(packedReader{packedReader{whole, stream}, t.files})
	if err != nil {
		return t.error("", err)
	}
	content := unpackedReader{unzip, stream}
	t.Reader = tar.NewReader(content)
	for last := ""; ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return t.error(last, err)
		}
		last = h.Name
		if err := t.entry(h); err != nil {
			return err
		}
	}
	return t.rest(content)
}

// error tells after which entry an archive can't be read.
func (t *tarReader) error(last string, err error) error {
	if !isDamage(err) {
		return fmt.Errorf("read %s: %w", t.archive.name, err)
	}
	if last == "" {
		return models.Malformed(t.archive.name+" is no whole tar.gz archive", err)
	}
	return models.Malformed(fmt.Sprintf("%s is no whole tar.gz archive: it can't be read after entry %q", t.archive.name, shorten(last)), err)
}

func (t *tarReader) entry(h *tar.Header) error {
	x := t.archive.index
	n := &node{mode: fs.ModeIrregular, size: h.Size, modified: h.ModTime}
	switch h.Typeflag {
	case tar.TypeXGlobalHeader:
		if t.archive.Commit == "" {
			t.archive.Commit = commit(h.PAXRecords["comment"])
		}
		return nil
	case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
		n.mode = fileMode
	case tar.TypeDir:
		n.mode, n.size = folderMode, 0 // some tools declare what the folder takes on disk
	default:
		n.size = 0
		x.skip(h.Name, kindOfEntry(h.Typeflag))
	}
	if err := x.add(h.Name, n); err != nil || !n.mode.IsRegular() {
		return err
	}
	return t.unpack(h.Name, n)
}

func (t *tarReader) unpack(name string, n *node) error {
	size, err := io.Copy(t.out.File, unpackedReader{io.NopCloser(t.Reader), t.files})
	if err != nil && isDamage(err) {
		return t.archive.index.malformed(name, "is damaged or too large", err)
	}
	if err != nil {
		return fmt.Errorf("unpack %s: %w", t.archive.name, err)
	}
	at, file := t.offset, t.out
	n.size = size
	n.open = func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(file, at, size)), nil
	}
	t.offset += size
	return nil
}

// rest reads what follows the end mark of a tar archive: zeros that fill it up, whose checksum is still to be seen.
func (t *tarReader) rest(content io.Reader) error {
	block := make([]byte, 4096)
	zeros := make([]byte, len(block))
	for {
		n, err := content.Read(block)
		if !bytes.Equal(block[:n], zeros[:n]) {
			return models.Malformed(t.archive.name+" goes on after the end of its tar archive", nil)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return t.error("", err)
		}
	}
}

func kindOfEntry(flag byte) string {
	switch flag {
	case tar.TypeSymlink:
		return "a symbolic link"
	case tar.TypeLink:
		return "a hard link"
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return "a device or pipe"
	}
	return fmt.Sprintf("an entry of type %q, which is no file", flag)
}
