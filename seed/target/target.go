// Package target is where exports go: a folder or a zip archive that appears under its name when it is whole, and not
// before. A process that is killed leaves what was there as it was.
package target

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/archive"
)

// Target takes the files of an export, one after the other. It must be committed or aborted; an Abort after a Commit
// does nothing.
type Target interface {
	// Create begins a file and ends the one before. The name is slash-separated, and each name comes once. The writer is
	// good until the next call of the target. It fails with KindMalformed when a name could mean a place outside.
	Create(name string) (io.Writer, error)

	// Commit puts the whole under its name, in place of the earlier export that is there, and makes sure that it
	// survives the loss of power.
	Commit() error

	// Abort takes away what was written. What is under the name stays.
	Abort() error
}

// Ours tells whether what is under the name of a target may be replaced: it is nil for an earlier export, and says
// otherwise what is in the way.
type Ours func(fsys fs.FS) error

// ZipName tells whether a target of this name is a zip archive.
func ZipName(name string) bool { return strings.EqualFold(filepath.Ext(name), ".zip") }

// Open makes a target: a zip archive for names that end in .zip, else a folder. It fails with KindConflict when
// something is there that is not ours; an empty folder may be replaced.
func Open(name string, ours Ours) (Target, error) {
	if ZipName(name) {
		return OpenZip(name, ours)
	}
	return OpenFolder(name, ours)
}

// How things are called beside a target while it is written. They are in the same folder, so that they can be renamed.
const (
	unfinished = ".lectern-new-" // then a random number
	replaced   = ".lectern-old"  // the earlier export, while the new one takes its place
	abandoned  = 24 * time.Hour  // after what time its writer was killed
	folderMode = fs.FileMode(0o755)
)

// place is a target's name and the folder that it is in.
type place struct {
	name   string // absolute
	folder string
	base   string
}

func placeOf(name string) (place, error) {
	full, err := filepath.Abs(name)
	if err != nil {
		return place{}, fmt.Errorf("export to %s: %w", name, err)
	}
	p := place{name: full, folder: filepath.Dir(full), base: filepath.Base(full)}
	if p.folder == p.name {
		return place{}, models.Malformed(name+" can't be the name of an export", nil)
	}
	if err := os.MkdirAll(p.folder, folderMode); err != nil {
		return place{}, fmt.Errorf("export to %s: %w", name, err)
	}
	return p, p.heal()
}

func (p place) unfinished() string { return "." + p.base + unfinished }
func (p place) replaced() string   { return filepath.Join(p.folder, "."+p.base+replaced) }

// heal ends what a killed process left: an exchange that was half done, and files and folders that nobody writes any
// more.
func (p place) heal() error {
	_, gone := os.Lstat(p.name)
	_, kept := os.Lstat(p.replaced())
	var err error
	switch {
	case kept != nil:
	case errors.Is(gone, fs.ErrNotExist):
		err = os.Rename(p.replaced(), p.name)
	default:
		err = os.RemoveAll(p.replaced())
	}
	if err != nil {
		return fmt.Errorf("end an earlier export to %s: %w", p.name, err)
	}
	there, err := os.ReadDir(p.folder)
	if err != nil {
		return fmt.Errorf("look for unfinished exports: %w", err)
	}
	for _, entry := range there {
		info, err := entry.Info()
		if err == nil && strings.HasPrefix(entry.Name(), p.unfinished()) && time.Since(info.ModTime()) > abandoned {
			_ = os.RemoveAll(filepath.Join(p.folder, entry.Name())) // another process may have done so
		}
	}
	return nil
}

// sync makes sure that the names in a folder survive the loss of power.
func sync(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// inTheWay says why a target can't be made.
func inTheWay(name string, cause error) error {
	return models.Conflict(name+" is there and is no earlier export that could be replaced: export to another name", cause)
}

// checkName refuses names that could mean a place outside, and those that came before.
func checkName(name string, seen map[string]bool) error {
	if !fs.ValidPath(name) || name == "." || !filepath.IsLocal(filepath.FromSlash(name)) || strings.ContainsAny(name, "\\\x00") {
		return models.Malformed(fmt.Sprintf("%q is no path of a file in an export", name), nil)
	}
	if seen[name] {
		return models.Malformed(fmt.Sprintf("the export has two files %q", name), nil)
	}
	seen[name] = true
	return nil
}

// oursZip asks whether the archive under a name is ours.
func oursZip(name string, ours Ours) error {
	a, err := archive.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(ours(a.FS()), a.Close())
}
