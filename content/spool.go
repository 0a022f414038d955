package content

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
)

// ImportItem is one record of an import. Key names it in the source, the same at every import. References and links of
// the record to others of the import hold the ids that the reader gave them.
type ImportItem struct {
	Key    string
	Record models.Record
	Draft  bool // not published in its source, and so not by the import
	Trash  bool // in the trash of its source: it is made there when it is new

	// Exact says that the record comes from Lectern: it keeps its id, and it was read in the version that its Meta
	// names.
	Exact bool

	Addresses []string   // of a page: its public paths in its site, without a slash at either end
	DeadLinks []DeadLink // to pages of its site that the source does not hold
}

// DeadLink is a link to a page that is not there.
type DeadLink struct {
	Path    string `json:"path"`    // of the page, in its site
	Written string `json:"written"` // the address in the link
}

// Spool keeps the records of an import until they are saved. They are in a temporary file, so that memory does not grow
// with them; what it holds in memory is a few hundred bytes for each.
type Spool struct {
	file    *os.File
	out     *bufio.Writer
	size    int64
	entries []*entry
}

// entry is what is known of an item without reading it.
type entry struct {
	kind    models.Kind
	key     string
	id      models.ID // that the reader gave it
	module  models.ID // of a section or worksheet, as the reader calls it
	parent  models.ID // of a section below another
	title   string    // of a section
	version int64
	draft   bool
	trash   bool
	exact   bool
	at      int64
	length  int
}

// spooled is an item in the file.
type spooled struct {
	Record    jsontext.Value `json:"record"`
	Addresses []string       `json:"addresses"`
	DeadLinks []DeadLink     `json:"dead_links"`
}

// NewSpool makes a spool with its file in a folder, from which it removes what killed imports left; "" is the system's
// folder for temporary files. Where the system allows it, the file has no name any more, so that nothing stays of it
// whatever happens.
func NewSpool(folder string) (*Spool, error) {
	if folder != "" {
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return nil, fmt.Errorf("make a folder for imports: %w", err)
		}
		removeAbandoned(folder)
	}
	f, err := os.CreateTemp(folder, spoolFiles)
	if err != nil {
		return nil, fmt.Errorf("make a file for an import: %w", err)
	}
	_ = os.Remove(f.Name()) // fails on Windows: Close removes it there
	return &Spool{file: f, out: bufio.NewWriter(f)}, nil
}

// spoolFiles is how the files of spools are called, and abandonedAfter is after what time the import of one was killed.
const (
	spoolFiles     = "import-*"
	abandonedAfter = 24 * time.Hour
)

// removeAbandoned removes the files of imports that were killed while those had a name.
func removeAbandoned(folder string) {
	left, err := filepath.Glob(filepath.Join(folder, spoolFiles))
	if err != nil {
		return // the folder's name is no pattern: nothing is lost but space
	}
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > abandonedAfter {
			_ = os.Remove(name) // another process may have done so
		}
	}
}

// Add writes an item to the spool. The record may be changed or dropped afterwards.
func (s *Spool) Add(item ImportItem) error {
	record, err := models.Encode(item.Record)
	if err != nil {
		return fmt.Errorf("import %s: %w", item.Key, err)
	}
	line, err := models.Encode(spooled{Record: record, Addresses: item.Addresses, DeadLinks: item.DeadLinks})
	if err != nil {
		return fmt.Errorf("import %s: %w", item.Key, err)
	}
	n, err := s.out.Write(line)
	if err != nil {
		return fmt.Errorf("write the file of an import: %w", err)
	}
	e := &entry{
		kind: item.Record.Kind(), key: item.Key, id: item.Record.Base().ID, version: item.Record.Base().Version,
		draft: item.Draft, trash: item.Trash, exact: item.Exact, at: s.size, length: n,
	}
	switch r := item.Record.(type) {
	case *models.Section:
		e.module, e.title = r.ModuleID, r.Title
		if r.ParentID != nil {
			e.parent = *r.ParentID
		}
	case *models.Worksheet:
		e.module = r.ModuleID
	}
	s.entries = append(s.entries, e)
	s.size += int64(n)
	return nil
}

// Len is the number of items.
func (s *Spool) Len() int { return len(s.entries) }

// Close removes the file.
func (s *Spool) Close() error {
	err := s.file.Close()
	if gone := os.Remove(s.file.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// item reads an item again.
func (s *Spool) item(e *entry) (ImportItem, error) {
	line := make([]byte, e.length)
	if err := s.out.Flush(); err != nil {
		return ImportItem{}, fmt.Errorf("write the file of an import: %w", err)
	}
	if _, err := s.file.ReadAt(line, e.at); err != nil {
		return ImportItem{}, fmt.Errorf("read the file of an import: %w", err)
	}
	var in spooled
	if err := models.Decode(line, &in); err != nil {
		return ImportItem{}, fmt.Errorf("import %s: %w", e.key, err)
	}
	r := models.NewRecord(e.kind)
	if err := models.Decode(in.Record, r); err != nil {
		return ImportItem{}, fmt.Errorf("import %s: %w", e.key, err)
	}
	r.Base().Version = e.version
	return ImportItem{
		Key: e.key, Record: r, Draft: e.draft, Trash: e.trash, Exact: e.exact, Addresses: in.Addresses, DeadLinks: in.DeadLinks,
	}, nil
}
