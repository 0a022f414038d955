package server

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// minCoded is the size below which an answer is sent as it is: it fits into one packet in any case.
const minCoded = 1 << 10

// coding is a way to make an answer smaller.
type coding int

// The codings that we have, the best of those that make answers smaller first.
const (
	identity coding = iota
	brotliCoding
	gzipCoding
	numCodings
)

// codings say what each coding is.
var codings = [numCodings]struct {
	name   string // in Accept-Encoding and Content-Encoding
	suffix string // of the tag
	encode func([]byte) []byte
}{
	brotliCoding: {"br", "-br", func(b []byte) []byte {
		return encoded(b, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotliLevel) })
	}},
	gzipCoding: {"gzip", "-gz", func(b []byte) []byte {
		return encoded(b, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	}},
}

// brotliLevel makes answers smaller than gzip does in about its time.
const brotliLevel = 4

func encoded(b []byte, writer func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := writer(&out)
	_, err := w.Write(b)
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err) // a buffer takes everything
	}
	return bytes.Clone(out.Bytes()) // without the room that the buffer kept free
}

// weights are what a client thinks of codings, from 0 to 1.
type weights struct {
	of    [numCodings]float64
	named [numCodings]bool
	other float64 // of those that are not named
}

// choose finds the coding for an answer: the one that the client likes most, of equals the best; none for short
// answers, and for clients that name none (RFC 9110, 12.5.3).
func choose(accept string, size int) coding {
	if size < minCoded || accept == "" {
		return identity
	}
	best, most, w := identity, 0.0, weightsOf(accept)
	for in := brotliCoding; in < numCodings; in++ {
		q := w.of[in]
		if !w.named[in] {
			q = w.other
		}
		if q > most {
			best, most = in, q
		}
	}
	if w.named[identity] && w.of[identity] > most {
		return identity
	}
	return best
}

// weightsOf reads what a client accepts. What can't be read counts as not accepted.
func weightsOf(accept string) (w weights) {
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		name, parameter, _ := strings.Cut(part, ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q="); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil || n < 0 || n > 1 {
				n = 0
			}
			q = n
		}
		switch name = strings.TrimSpace(name); name {
		case "*":
			w.other = q
		case "identity":
			w.of[identity], w.named[identity] = q, true
		default:
			for in := brotliCoding; in < numCodings; in++ {
				if codings[in].name == name {
					w.of[in], w.named[in] = q, true
				}
			}
		}
	}
	return w
}

// codedBody is a body in all codings. Each is made when it is first asked for, once for all who ask.
type codedBody struct {
	plain []byte
	coded [numCodings]struct {
		once  sync.Once
		bytes []byte
	}
	size  atomic.Int64 // of what was made
	grown func()       // called when it was; nil for nobody
}

// in gives the body in a coding. It must not be changed.
func (b *codedBody) in(in coding) []byte {
	if in == identity {
		return b.plain
	}
	c := &b.coded[in]
	c.once.Do(func() {
		c.bytes = codings[in].encode(b.plain)
		b.size.Add(int64(len(c.bytes)))
		if b.grown != nil {
			b.grown()
		}
	})
	return c.bytes
}
