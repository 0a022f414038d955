package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/lectern-cms/lectern/models"
)

// indexFormat changes with everything that makes indexes unlike: what of a record is found, fields, stop words, stemmers,
// folding, bleve's own format. An index of another format is built anew.
const indexFormat = 4

// Names inside the folder.
const (
	pointerName      = "current.json"
	lockName         = "lock"
	generationPrefix = "index-"
)

// errNewFolder says that there never was an index.
var errNewFolder = errors.New("the folder is new")

// folder is where generations live. A pointer names the current one; all others are leftovers.
type folder struct {
	dir    string
	lock   *bbolt.DB
	number int // of the newest generation
}

// pointer is what the pointer file holds. It is replaced in one step, format and generation together.
type pointer struct {
	Format     int    `json:"format"`
	Generation string `json:"generation"`
}

// lockFolder opens a folder for this process alone, and makes it if need be. A process that dies lets go of it.
func lockFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := takeLock(dir)
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, held(dir, err)
	}
	if err != nil {
		return nil, err
	}
	f := &folder{dir: dir, lock: lock}
	for _, name := range f.generations() {
		f.number = max(f.number, generationNumber(name))
	}
	return f, nil
}

// takeLock uses an empty bolt database as the lock: it works alike on every system. Its content does not matter, so one
// that is damaged is made anew.
func takeLock(dir string) (*bbolt.DB, error) {
	path := filepath.Join(dir, lockName)
	options := &bbolt.Options{Timeout: boltTimeout}
	lock, err := bbolt.Open(path, 0o600, options)
	damaged := errors.Is(err, bolterrors.ErrInvalid) || errors.Is(err, bolterrors.ErrChecksum) || errors.Is(err, bolterrors.ErrVersionMismatch)
	if !damaged {
		return lock, err
	}
	if err := os.Remove(path); err != nil {
		return nil, err
	}
	return bbolt.Open(path, 0o600, options)
}

// held is the error for a folder that another process works in.
func held(dir string, cause error) error {
	return models.Unavailable("search index", fmt.Errorf("another process holds the index in %s: %w", dir, cause))
}

func (f *folder) unlock() error {
	return f.lock.Close()
}

// current gives the path of the generation that the pointer names.
func (f *folder) current() (string, error) {
	data, err := os.ReadFile(filepath.Join(f.dir, pointerName))
	if errors.Is(err, fs.ErrNotExist) && f.number == 0 {
		return "", errNewFolder
	}
	if err != nil {
		return "", err
	}
	var p pointer
	if err := json.Unmarshal(data, &p); err != nil {
		return "", fmt.Errorf("read %s: %w", pointerName, err)
	}
	if p.Format != indexFormat {
		return "", fmt.Errorf("the index has format %d, this program reads %d", p.Format, indexFormat)
	}
	if generationNumber(p.Generation) == 0 {
		return "", fmt.Errorf("read %s: %q is no generation", pointerName, p.Generation)
	}
	return filepath.Join(f.dir, p.Generation), nil
}

// next gives the path of a generation that is not there yet.
func (f *folder) next() string {
	f.number++
	return filepath.Join(f.dir, fmt.Sprintf("%s%06d", generationPrefix, f.number))
}

// pointTo makes a generation the current one, in one step that survives a crash.
func (f *folder) pointTo(generation string) error {
	data, err := json.Marshal(pointer{Format: indexFormat, Generation: filepath.Base(generation)})
	if err != nil {
		return err
	}
	path := filepath.Join(f.dir, pointerName)
	if err := writeSynced(path+".new", data); err != nil {
		return err
	}
	if err := syncDir(generation); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(f.dir)
}

// sweep removes all generations but one: what a crash or a rebuild left behind.
func (f *folder) sweep(keep string) error {
	var errs []error
	for _, name := range f.generations() {
		if name != filepath.Base(keep) {
			errs = append(errs, os.RemoveAll(filepath.Join(f.dir, name)))
		}
	}
	return errors.Join(errs...)
}

// generations lists the names of all generations, whole or not.
func (f *folder) generations() []string {
	// A pattern of ours without special characters is never malformed, and the folder's own name may have some.
	names, _ := fs.Glob(os.DirFS(f.dir), generationPrefix+"*")
	return names
}

// generationNumber is 0 for what is no generation's name.
func generationNumber(name string) int {
	digits, ok := strings.CutPrefix(name, generationPrefix)
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

func writeSynced(path string, data []byte) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncDir makes the names in a folder durable. Windows does so by itself, and knows no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
