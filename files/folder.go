// Package files keeps the bytes of assets, named by their hash, in a folder on disk.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lectern-cms/lectern/models"
)

// MaxBytes is the most that one file may have.
const MaxBytes = 64 << 20

// Folder is the folder of files. It is safe for concurrent use, by several processes too.
type Folder struct {
	dir string
}

// Open makes the folder if need be.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	return &Folder{dir}, nil
}

// Put keeps what r gives, durably, and tells its SHA-256 in lower-case hexadecimal and its size. Bytes that are there
// already are kept once. It fails with KindMalformed when there are more than MaxBytes.
func (f *Folder) Put(r io.Reader) (sum string, size int64, err error) {
	tmp, err := os.CreateTemp(f.dir, ".new-*")
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

// Get reads a whole file by its hash. It fails with KindNotFound when it is not there.
func (f *Folder) Get(sum string) ([]byte, error) {
	if len(sum) != hex.EncodedLen(sha256.Size) {
		return nil, models.NotFound(models.KindAsset, sum)
	}
	data, err := os.ReadFile(f.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, models.NotFound(models.KindAsset, sum)
	}
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	return data, nil
}
