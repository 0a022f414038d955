package corpus

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a folder of plain records: JSON Lines, one record a line, in the order of their ids. Citations and worksheets
// are in the order of their sections.
const (
	modulesFile    = "modules.ndjson"
	sourcesFile    = "sources.ndjson" // without it each citation is a source
	sectionsFile   = "sections.ndjson"
	moreFile       = "sections_large.ndjson" // more sections, without citations and worksheets; may be absent
	citationsFile  = "citations.ndjson"
	worksheetsFile = "worksheets.ndjson"
)

// WriteLines writes records into a folder, for servers other than Lectern.
func WriteLines(folder string, from Records) (err error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	out := map[string]*lineFile{}
	defer func() {
		for _, f := range out {
			err = errors.Join(err, f.buffer.Flush(), f.file.Close())
		}
	}()
	for _, name := range []string{modulesFile, sourcesFile, sectionsFile, citationsFile, worksheetsFile} {
		if out[name], err = create(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	for course := range from.Courses() {
		err := errors.Join(
			from.Modules(course, func(m Module) error { return out[modulesFile].put(m) }),
			from.Sources(course, func(s Source) error { return out[sourcesFile].put(s) }),
			from.Lessons(course, func(l Lesson) error {
				err := out[sectionsFile].put(l.Section)
				for _, c := range l.Citations {
					err = errors.Join(err, out[citationsFile].put(c))
				}
				for _, w := range l.Worksheets {
					err = errors.Join(err, out[worksheetsFile].put(w))
				}
				return err
			}))
		if err != nil {
			return err
		}
	}
	return nil
}

type lineFile struct {
	file   *os.File
	buffer *bufio.Writer
}

func create(name string) (*lineFile, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	return &lineFile{f, bufio.NewWriter(f)}, nil
}

func (f *lineFile) put(record any) error {
	data, err := json.Marshal(record)
	if err != nil {
		return err
	}
	_, err = f.buffer.Write(append(data, '\n'))
	return err
}

// Lines are the records of a folder, as one course. They are read as they are visited.
type Lines string

// Courses is 1.
func (Lines) Courses() int { return 1 }

// Modules visits all modules.
func (l Lines) Modules(_ int, visit func(Module) error) error {
	return l.read(modulesFile, each(visit))
}

// Sources visits all sources, or what citations say where there are none.
func (l Lines) Sources(_ int, visit func(Source) error) error {
	err := l.read(sourcesFile, each(visit))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return l.read(citationsFile, each(func(c Citation) error { return visit(Source{ID: c.ID, Key: c.Key, Text: c.Text, URL: c.URL}) }))
}

// Lessons visits all sections, with what belongs to them.
func (l Lines) Lessons(_ int, visit func(Lesson) error) error {
	citations, err := l.open(citationsFile)
	if err != nil {
		return err
	}
	defer citations.close()
	worksheets, err := l.open(worksheetsFile)
	if err != nil {
		return err
	}
	defer worksheets.close()
	var c following[Citation]
	var w following[Worksheet]
	lesson := each(func(s Section) error {
		out := Lesson{Section: s}
		if out.Citations, err = c.of(s.ID, citations, func(c Citation) int { return c.Section }); err != nil {
			return err
		}
		if out.Worksheets, err = w.of(s.ID, worksheets, func(w Worksheet) int { return w.Section }); err != nil {
			return err
		}
		return visit(out)
	})
	if err := l.read(sectionsFile, lesson); err != nil {
		return err
	}
	if c.next != nil || w.next != nil || citations.More() || worksheets.More() {
		return fmt.Errorf("%s: there are citations or worksheets of no section, or in another order than the sections", string(l))
	}
	if err := l.read(moreFile, lesson); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// following are the records that stand in a file in the order of their sections.
type following[T any] struct{ next *T }

// of gives those of a section.
func (f *following[T]) of(section int, in *reader, sectionOf func(T) int) (out []T, err error) {
	for {
		if f.next == nil {
			f.next = new(T)
			if err := in.Decode(f.next); errors.Is(err, io.EOF) {
				f.next = nil
				return out, nil
			} else if err != nil {
				return nil, fmt.Errorf("%s: %w", in.file.Name(), err)
			}
		}
		if sectionOf(*f.next) != section {
			return out, nil
		}
		out = append(out, *f.next)
		f.next = nil
	}
}

type reader struct {
	*json.Decoder
	file *os.File
}

func (r *reader) close() { _ = r.file.Close() }

func (l Lines) open(name string) (*reader, error) {
	f, err := os.Open(filepath.Join(string(l), name))
	if err != nil {
		return nil, err
	}
	return &reader{json.NewDecoder(bufio.NewReader(f)), f}, nil
}

func (l Lines) read(name string, next func(*reader) error) error {
	r, err := l.open(name)
	if err != nil {
		return err
	}
	defer r.close()
	for {
		if err := next(r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", r.file.Name(), err)
		}
	}
}

// each reads one record.
func each[T any](visit func(T) error) func(*reader) error {
	return func(r *reader) error {
		var record T
		if err := r.Decode(&record); err != nil {
			return err
		}
		return visit(record)
	}
}
