package backup

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// at names a line of a file in an error.
func at(name string, n int, detail string, cause error) error {
	return models.Malformed(fmt.Sprintf("%s, line %d: %s", name, n, detail), cause)
}

// counted reads a file and takes its hash.
type counted struct {
	in    io.Reader
	hash  hash.Hash
	bytes int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	c.hash.Write(b[:n])
	c.bytes += int64(n)
	return n, err
}

// verified opens a file of the export, lets read read it to its end, and fails when it is not what the manifest says.
func (l *Loaded) verified(f File, read func(io.Reader) error) error {
	in, err := l.fs.Open(f.Name)
	if err != nil {
		return models.Malformed("can't read "+f.Name+", which the manifest names", reason(err))
	}
	c := &counted{in: io.LimitReader(in, f.Bytes+1), hash: sha256.New()} // one more tells that there is more
	if err := errors.Join(read(c), in.Close()); err != nil {
		return err
	}
	sum := hex.EncodeToString(c.hash.Sum(nil))
	switch {
	case c.bytes > f.Bytes:
		return models.Malformed(fmt.Sprintf("%s has more than the %d bytes that the manifest says", f.Name, f.Bytes), nil)
	case c.bytes < f.Bytes:
		return models.Malformed(fmt.Sprintf("%s has %d bytes, and the manifest says %d", f.Name, c.bytes, f.Bytes), nil)
	case sum != f.Sha256:
		return models.Malformed(fmt.Sprintf("%s is not what was written: its SHA-256 is %s, and the manifest says %s", f.Name, sum, f.Sha256), nil)
	}
	return nil
}

// lines visits the lines of a file of the export, from 1, without their ends.
func (l *Loaded) lines(f File, visit func(n int, data []byte) error) error {
	records := 0
	err := l.verified(f, func(r io.Reader) error {
		in := bufio.NewReaderSize(r, 64<<10)
		for {
			data, err := oneLine(in)
			switch {
			case errors.Is(err, io.EOF):
				return nil
			case errors.Is(err, errLong), errors.Is(err, io.ErrUnexpectedEOF):
				return at(f.Name, records+1, err.Error(), nil)
			case err != nil:
				return models.Malformed("can't read "+f.Name, reason(err))
			}
			records++
			if err := errors.Join(l.ctx.Err(), visit(records, data)); err != nil {
				return err
			}
		}
	})
	if err == nil && records != f.Records {
		err = models.Malformed(fmt.Sprintf("%s has %d records, and the manifest says %d", f.Name, records, f.Records), nil)
	}
	return err
}

var errLong = fmt.Errorf("the line has more than %d MiB", MaxLineBytes>>20)

// oneLine reads a line without its end. The last one has an end too, so that one sees when it is cut off.
func oneLine(in *bufio.Reader) ([]byte, error) {
	var out []byte
	for {
		part, err := in.ReadSlice('\n')
		out = append(out, part...)
		switch {
		case len(out) > MaxLineBytes:
			return nil, errLong
		case err == nil:
			return out[:len(out)-1], nil
		case errors.Is(err, io.EOF) && len(out) > 0:
			return nil, fmt.Errorf("the line is cut off: %w", io.ErrUnexpectedEOF)
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// record reads a record from a line.
func (l *Loaded) record(f File, kind models.Kind, n int, data []byte) (content.Exported, error) {
	var in line
	if err := models.Decode(data, &in); err != nil {
		return content.Exported{}, at(f.Name, n, "is malformed", err)
	}
	x := content.Exported{Record: models.NewRecord(kind), PublishedAt: in.PublishedAt, GoneAt: in.GoneAt}
	if err := models.Decode(in.Record, x.Record); err != nil {
		return content.Exported{}, at(f.Name, n, "/record", err)
	}
	m := x.Record.Base()
	m.Version, m.LiveVersion, m.TrashedAt = in.Version, in.LiveVersion, in.TrashedAt
	if in.Live != nil && in.Live.Kind() != 'n' {
		x.Live = models.NewRecord(kind)
		if err := models.Decode(in.Live, x.Live); err != nil {
			return content.Exported{}, at(f.Name, n, "/live", err)
		}
	}
	return x, nil
}

// records visits the records of the export.
func (l *Loaded) records(visit func(content.Exported) error) error {
	for _, part := range recordFiles {
		f := l.files[part.name]
		err := l.lines(f, func(n int, data []byte) error {
			x, err := l.record(f, part.kind, n, data)
			if err != nil {
				return err
			}
			return visit(x)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// things visits the things that are a line each.
func things[T any](l *Loaded, name string, visit func(n int, thing T) error) error {
	return l.lines(l.files[name], func(n int, data []byte) error {
		var thing T
		if err := models.Decode(data, &thing); err != nil {
			return at(name, n, "is malformed", err)
		}
		if bytes.Contains(data, []byte(`\u0000`)) {
			return at(name, n, "holds the character U+0000", nil)
		}
		return visit(n, thing)
	})
}

// again visits things that were looked at when the export was loaded.
func again[T any](l *Loaded, name string) func(visit func(T) error) error {
	return func(visit func(T) error) error {
		return things(l, name, func(_ int, thing T) error { return visit(thing) })
	}
}
