package markdown

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
)

// listOf is a file that lists all records of a kind.
type listOf struct {
	file string
	kind models.Kind
}

var lists = []listOf{{sourcesFile, models.KindSource}, {assetsFile, models.KindAsset}}

// entry is a record of a list.
type entry struct {
	record models.Record
	header
	head *node
	line int
}

// entryMark begins an entry of a list. It stands at the beginning of a line, so that the entries can be read one by one,
// however many there are.
const entryMark = "-"

// eachEntry reads the entries of a list. There need not be one.
func (r *reader) eachEntry(ctx context.Context, of listOf, visit func(*entry) error) error {
	f, err := r.fsys.Open(of.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unreadable(of.file, err)
	}
	defer f.Close()
	count := 0
	err = cutEntries(bufio.NewReader(f), func(text string, line int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if count++; count > maxEntries {
			return &parseError{line, fmt.Sprintf("the list has more than %d entries", maxEntries)}
		}
		e, err := parseEntry(text, line, of.kind)
		if err != nil {
			return err
		}
		return visit(e)
	})
	if err != nil {
		return inFile(of.file, err)
	}
	return nil
}

// cutEntries cuts a list into its entries.
func cutEntries(in *bufio.Reader, visit func(text string, line int) error) error {
	var text strings.Builder
	began := 0 // the line on which the entry begins; 0: none has yet
	end := func() error {
		if began == 0 {
			return nil
		}
		s := text.String()
		text.Reset()
		return visit(s, began)
	}
	for number := 1; ; number++ {
		line, err := readLine(in)
		if err != nil {
			return &parseError{number, err.Error()}
		}
		if line == nil {
			return end()
		}
		if number == 1 {
			line = bytes.TrimPrefix(line, byteOrderMark)
		}
		s := strings.TrimRight(string(line), "\r\n")
		switch {
		case s == entryMark || strings.HasPrefix(s, entryMark+" "):
			if err := end(); err != nil {
				return err
			}
			began = number
		case s == "[]" && began == 0, strings.TrimSpace(s) == "", strings.HasPrefix(s, "#"):
			if began == 0 {
				continue
			}
		case !strings.HasPrefix(s, " ") || began == 0:
			return &parseError{number, `each entry of the list begins with "- " at the beginning of a line, and its other lines stand further in`}
		}
		if text.Len()+len(s) > maxHeadBytes {
			return &parseError{began, fmt.Sprintf("the entry has more than %d MiB", maxHeadBytes>>20)}
		}
		text.WriteString(s + "\n")
	}
}

// readLine reads a line with its end, nil when there is none.
func readLine(in *bufio.Reader) ([]byte, error) {
	var out []byte
	for {
		part, err := in.ReadSlice('\n')
		out = append(out, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if len(out) > maxLineBytes {
				return nil, fmt.Errorf("the line has more than %d MiB", maxLineBytes>>20)
			}
			continue
		case err != nil && len(out) == 0 && isEOF(err):
			return nil, nil
		case err != nil && !isEOF(err):
			return nil, err
		}
		return out, nil
	}
}

// parseEntry reads one entry.
func parseEntry(s string, line int, kind models.Kind) (*entry, error) {
	if !utf8.ValidString(s) {
		return nil, &parseError{line, "is not UTF-8"}
	}
	n, err := parseYAML(s, line)
	if err != nil {
		return nil, err
	}
	if n.kind != list || len(n.items) != 1 || n.items[0].kind != object {
		return nil, &parseError{line, "an entry must be keys with values"}
	}
	head := n.items[0]
	record, h, err := readHead(head, kind)
	if err != nil {
		return nil, err
	}
	return &entry{record, h, head, line}, nil
}

// indexList notes the ids and names of the entries of a list.
func (r *reader) indexList(ctx context.Context, of listOf) error {
	return r.eachEntry(ctx, of, func(e *entry) error {
		id := e.record.Base().ID
		if id == "" {
			id = models.NewID()
		}
		r.index.entries[of.kind] = append(r.index.entries[of.kind], id)
		if err := r.index.take(id, place{of.file, e.head.lineOf(idKey)}); err != nil || e.trashed {
			return err
		}
		switch record := e.record.(type) {
		case *models.Source:
			if record.Key == "" {
				return &badField{e.line, "key", "is missing: it is what the source is called in pages"}
			}
			return r.index.call(name{models.KindSource, "", record.Key}, id, "key", place{of.file, e.head.lineOf("key")})
		case *models.Asset: // two assets may have one file, and the first is meant
			n := name{models.KindAsset, "", e.paths[0].path}
			if _, again := r.index.names[n]; !again {
				r.index.names[n] = id
			}
		}
		return nil
	})
}
