package archive

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/lectern-cms/lectern/models"
)

// spool is a file that an archive is read from.
type spool struct {
	*os.File
	remove string // the path of a temporary file, when it is still there
}

// newSpool makes a temporary file. Where the system can, the file loses its name at once, so that nothing stays behind
// however the process ends.
func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "lectern-archive-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	s := &spool{File: f}
	if err := os.Remove(f.Name()); err != nil {
		s.remove = f.Name()
	}
	return s, nil
}

// fill copies what is read into the file, which may be so many bytes.
func (s *spool) fill(r io.Reader, name string, most int64) error {
	n, err := io.Copy(s.File, io.LimitReader(r, most+1))
	if err != nil {
		return fmt.Errorf("keep %s in a temporary file: %w", name, err)
	}
	if n > most {
		return models.Malformed(fmt.Sprintf("%s has more than %d bytes", name, most), nil)
	}
	return nil
}

// Close closes the file, and removes it if it is temporary.
func (s *spool) Close() error {
	err := s.File.Close()
	if s.remove == "" {
		return err
	}
	err = errors.Join(err, os.Remove(s.remove))
	s.remove = ""
	return err
}
