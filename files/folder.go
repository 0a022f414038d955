// Package files keeps the bytes of assets, named by their hash, in a folder on disk.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// MaxBytes is the most that one file may have.
const MaxBytes = 64 << 20

// Folder is the folder of files. It is safe for concurrent use, by several processes too.
type Folder struct {
	dir string
}

// unfinished is how a file is called that is being written, and abandoned is after what time its writer was killed.
const (
	unfinished = ".new-*"
	abandoned  = 24 * time.Hour
)

// Open makes the folder if need be, and removes what killed processes left unfinished.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	if err := syncFolder(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	left, err := filepath.Glob(filepath.Join(dir, unfinished))
	if err != nil {
		return nil, fmt.Errorf("look for unfinished files: %w", err)
	}
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(name) // another process may have done so
		}
	}
	return &Folder{dir}, nil
}

// Put keeps what r gives, durably, and tells its SHA-256 in lower-case hexadecimal and its size. Bytes that are there
// already are kept once. It fails with KindMalformed when there are more than MaxBytes.
func (f *Folder) Put(r io.Reader) (sum string, size int64, err error) {
	tmp, err := os.CreateTemp(f.dir, unfinished)
	if err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tmp.Close(), os.Remove(tmp.Name()))
		}
	}()
	hash := sha256.New()
	size, err = io.Copy(io.MultiWriter(tmp, hash), io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", err)
	}
	if size > MaxBytes {
		return "", 0, models.Malformed(fmt.Sprintf("the file is larger than %d MiB", MaxBytes>>20), nil)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	return sum, size, f.settle(tmp, sum)
}

// Sum is the hash and the size that Put would give, without keeping anything.
func Sum(r io.Reader) (sum string, size int64, err error) {
	hash := sha256.New()
	if size, err = io.Copy(hash, io.LimitReader(r, MaxBytes+1)); err != nil {
		return "", 0, fmt.Errorf("read a file: %w", err)
	}
	if size > MaxBytes {
		return "", 0, models.Malformed(fmt.Sprintf("the file is larger than %d MiB", MaxBytes>>20), nil)
	}
	return hex.EncodeToString(hash.Sum(nil)), size, nil
}

// settle gives a written file its name, and makes sure that both survive the loss of power.
func (f *Folder) settle(tmp *os.File, sum string) error {
	if err := tmp.Sync(); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	name := f.path(sum)
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	if err := os.Rename(tmp.Name(), name); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	if err := syncFolder(filepath.Dir(name)); err != nil {
		return err
	}
	if err := syncFolder(f.dir); err != nil {
		return err
	}
	return tmp.Close()
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// path spreads the files over folders, so that none gets too long to list.
func (f *Folder) path(sum string) string {
	return filepath.Join(f.dir, sum[:2], sum)
}

// Has tells whether the bytes with a hash are there.
func (f *Folder) Has(sum string) bool {
	if !validSum(sum) {
		return false
	}
	info, err := os.Stat(f.path(sum))
	return err == nil && info.Mode().IsRegular()
}

// Get opens a file by its hash, for reading, and tells its size. It fails with KindNotFound when it is not there.
func (f *Folder) Get(sum string) (*os.File, int64, error) {
	if !f.Has(sum) {
		return nil, 0, models.NotFound(models.KindAsset, sum)
	}
	file, err := os.Open(f.path(sum))
	if err != nil {
		return nil, 0, fmt.Errorf("read a file: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// validSum tells whether a text is a SHA-256 in lower-case hexadecimal: nothing else becomes a path.
func validSum(sum string) bool {
	data, err := hex.DecodeString(sum)
	return err == nil && len(data) == sha256.Size && strings.ToLower(sum) == sum
}
