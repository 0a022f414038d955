package target

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/archive"
)

// Zip is a target that is a zip archive. The same files give the same bytes. What package archive would not read again
// is refused.
type Zip struct {
	place
	file  *os.File // beside it, until the end
	zip   *zip.Writer
	names map[string]bool
	bytes int64
	done  bool
}

// zipTime is when all files of an archive were changed, as it says: the first moment that the format knows.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// OpenZip makes a target that is a zip archive. It fails with KindConflict when there is something of that name that is
// not ours.
func OpenZip(name string, ours Ours) (*Zip, error) {
	p, err := placeOf(name)
	if err != nil {
		return nil, err
	}
	switch info, err := os.Lstat(p.name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("export to %s: %w", name, err)
	case !info.Mode().IsRegular():
		return nil, inTheWay(name, nil)
	default:
		if err := oursZip(p.name, ours); err != nil {
			return nil, inTheWay(name, err)
		}
	}
	file, err := os.CreateTemp(p.folder, p.unfinished()+"*")
	if err != nil {
		return nil, fmt.Errorf("export to %s: %w", name, err)
	}
	return &Zip{place: p, file: file, zip: zip.NewWriter(file), names: map[string]bool{}}, nil
}

// Create begins a file.
func (z *Zip) Create(name string) (io.Writer, error) {
	if err := checkName(name, z.names); err != nil {
		return nil, err
	}
	if len(z.names) > archive.MaxEntries/2 { // folders count too
		return nil, z.tooLarge(fmt.Sprintf("it has more than %d files", archive.MaxEntries/2))
	}
	w, err := z.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime})
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", name, err)
	}
	return &entry{zip: z, name: name, out: w}, nil
}

// tooLarge refuses an export that could not be read again.
func (z *Zip) tooLarge(why string) error {
	return models.Malformed(fmt.Sprintf("the export is too large for a zip archive that can be imported again: %s; export to a folder", why), nil)
}

// entry is a file of an archive.
type entry struct {
	zip   *Zip
	name  string
	out   io.Writer
	bytes int64
}

// Write adds to the file.
func (e *entry) Write(data []byte) (int, error) {
	e.bytes += int64(len(data))
	e.zip.bytes += int64(len(data))
	switch {
	case e.bytes > archive.MaxEntryBytes:
		return 0, e.zip.tooLarge(fmt.Sprintf("%s has more than %d MiB", e.name, archive.MaxEntryBytes>>20))
	case e.zip.bytes > archive.MaxBytes:
		return 0, e.zip.tooLarge(fmt.Sprintf("it has more than %d MiB", archive.MaxBytes>>20))
	}
	return e.out.Write(data)
}

// Commit gives the archive its name.
func (z *Zip) Commit() error {
	if err := z.finish(); err != nil {
		return err
	}
	z.done = true
	err := errors.Join(z.file.Chmod(0o644), z.file.Sync(), z.file.Close())
	if err == nil {
		err = os.Rename(z.file.Name(), z.name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("export to %s: %w", z.name, err), os.Remove(z.file.Name()))
	}
	return sync(z.folder)
}

// finish writes the directory of the archive, and looks whether it is packed too tightly to be trusted.
func (z *Zip) finish() error {
	if err := z.zip.Close(); err != nil {
		return fmt.Errorf("export to %s: %w", z.name, err)
	}
	info, err := z.file.Stat()
	if err != nil {
		return fmt.Errorf("export to %s: %w", z.name, err)
	}
	if z.bytes > ratioFrom && z.bytes/info.Size() >= archive.MaxRatio {
		return z.tooLarge(fmt.Sprintf("it is packed more than %d times", archive.MaxRatio))
	}
	return nil
}

// ratioFrom is from how many bytes on readers look at how tightly an archive is packed.
const ratioFrom = 10 << 20

// Abort takes away what was written.
func (z *Zip) Abort() error {
	if z.done {
		return nil
	}
	z.done = true
	return errors.Join(z.file.Close(), os.Remove(z.file.Name()))
}
