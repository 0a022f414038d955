package target

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is a target that is a folder. What is written goes into a folder beside it, which takes its name at the end.
type Folder struct {
	place
	root  *os.Root // of the folder beside it
	tmp   string
	file  *os.File
	out   *bufio.Writer
	names map[string]bool
	done  bool
}

// OpenFolder makes a target that is a folder. It fails with KindConflict when there is a file of that name, or a folder
// with something in it that is not ours.
func OpenFolder(name string, ours Ours) (*Folder, error) {
	p, err := placeOf(name)
	if err != nil {
		return nil, err
	}
	if err := replaceable(p.name, ours); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(p.folder, p.unfinished()+"*")
	if err != nil {
		return nil, fmt.Errorf("export to %s: %w", name, err)
	}
	root, err := os.OpenRoot(tmp)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("export to %s: %w", name, err), os.RemoveAll(tmp))
	}
	return &Folder{place: p, root: root, tmp: tmp, names: map[string]bool{}}, nil
}

// replaceable tells whether a folder may take a name.
func replaceable(name string, ours Ours) error {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("export to %s: %w", name, err)
	}
	if !info.IsDir() {
		return inTheWay(name, nil)
	}
	there, err := os.ReadDir(name)
	if err != nil {
		return fmt.Errorf("export to %s: %w", name, err)
	}
	if len(there) == 0 {
		return nil
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return fmt.Errorf("export to %s: %w", name, err)
	}
	if err := errors.Join(ours(root.FS()), root.Close()); err != nil {
		return inTheWay(name, err)
	}
	return nil
}

// Create begins a file.
func (f *Folder) Create(name string) (io.Writer, error) {
	if err := f.end(); err != nil {
		return nil, err
	}
	if err := checkName(name, f.names); err != nil {
		return nil, err
	}
	local := filepath.FromSlash(name)
	if err := f.root.MkdirAll(filepath.Dir(local), folderMode); err != nil {
		return nil, fmt.Errorf("export %s: %w", name, err)
	}
	file, err := f.root.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", name, err)
	}
	f.file, f.out = file, bufio.NewWriterSize(file, writeBuffer)
	return f.out, nil
}

// writeBuffer spares system calls for files of many short lines.
const writeBuffer = 64 << 10

// end closes the file that is being written.
func (f *Folder) end() error {
	if f.file == nil {
		return nil
	}
	file := f.file
	f.file = nil
	if err := errors.Join(f.out.Flush(), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("export to %s: %w", f.name, err)
	}
	return nil
}

// Commit gives the folder its name.
func (f *Folder) Commit() error {
	if err := f.end(); err != nil {
		return err
	}
	if err := f.syncAll(); err != nil {
		return fmt.Errorf("export to %s: %w", f.name, err)
	}
	if err := f.root.Close(); err != nil {
		return fmt.Errorf("export to %s: %w", f.name, err)
	}
	f.done = true
	if err := f.exchange(); err != nil {
		return errors.Join(fmt.Errorf("export to %s: %w", f.name, err), os.RemoveAll(f.tmp))
	}
	return nil
}

// syncAll makes sure that the names of all files survive the loss of power, and gives the folder the rights of one that
// is not temporary.
func (f *Folder) syncAll() error {
	err := filepath.WalkDir(f.tmp, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return sync(path)
	})
	return errors.Join(err, os.Chmod(f.tmp, folderMode))
}

// exchange puts the new folder in place of the old one. A process that is killed between the two steps leaves both
// beside the name; the next one puts the old one back.
func (f *Folder) exchange() error {
	err := os.Rename(f.name, f.replaced())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	had := err == nil
	if err := os.Rename(f.tmp, f.name); err != nil {
		if had {
			err = errors.Join(err, os.Rename(f.replaced(), f.name))
		}
		return err
	}
	return errors.Join(sync(f.folder), os.RemoveAll(f.replaced()))
}

// Abort takes away what was written.
func (f *Folder) Abort() error {
	if f.done {
		return nil
	}
	f.done = true
	var err error
	if f.file != nil {
		err, f.file = f.file.Close(), nil
	}
	return errors.Join(err, f.root.Close(), os.RemoveAll(f.tmp))
}
