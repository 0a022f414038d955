package server

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"
)

// minCoded is the size below which an answer is sent as it is: it fits into one packet in any case.
const minCoded = 1 << 10

// coding is a way to make an answer smaller.
type coding struct {
	name   string // in Accept-Encoding and Content-Encoding
	suffix string // of the tag
	encode func([]byte) []byte
}

// codings are those that we have, the best first.
var codings = []coding{
	{"br", "-br", func(b []byte) []byte {
		return encoded(b, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotliLevel) })
	}},
	{"gzip", "-gz", func(b []byte) []byte {
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
	return out.Bytes()
}

// choose finds the coding for an answer: the one that the client likes most, of equals the best; none for short
// answers, and for clients that name none (RFC 9110, 12.5.3).
func choose(accept string, size int) coding {
	best, most := coding{}, 0.0
	if size < minCoded {
		return best
	}
	weights := weightsOf(accept)
	for _, c := range codings {
		q, named := weights[c.name]
		if !named {
			q = weights["*"]
		}
		if q > most {
			best, most = c, q
		}
	}
	if identity, named := weights["identity"]; named && identity > most {
		return coding{}
	}
	return best
}

// weightsOf reads what a client accepts. What can't be read counts as not accepted.
func weightsOf(accept string) map[string]float64 {
	out := map[string]float64{}
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
		out[strings.TrimSpace(name)] = q
	}
	return out
}

// sendCoded sends a body in a coding.
func sendCoded(c *fiber.Ctx, body []byte, in coding) error {
	if in.name == "" {
		return c.Send(body)
	}
	c.Set(fiber.HeaderContentEncoding, in.name)
	return c.Send(in.encode(body))
}
