package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// RequestLine is what the log says of a request.
type RequestLine struct {
	At     time.Time // when it was answered
	Method string
	Path   string // without the query, which may hold what people search for
	Status int
	Bytes  int // of the body
	Took   time.Duration
	IP     netip.Addr // of the client
	ID     string     // of the request
}

// requestMessage is the message of the lines of requests.
const requestMessage = "request"

// attrs are the parts of a line, in its order.
func (l RequestLine) attrs() []slog.Attr {
	return []slog.Attr{
		slog.String("method", l.Method), slog.String("path", l.Path), slog.Int("status", l.Status), slog.Int("bytes", l.Bytes),
		slog.Float64("ms", l.milliseconds()), slog.String("ip", l.IP.String()), slog.String("request_id", l.ID),
	}
}

// milliseconds is how long the request took, to the microsecond.
func (l RequestLine) milliseconds() float64 { return float64(l.Took.Microseconds()) / 1000 }

// requestsTo writes lines of requests to a log.
func requestsTo(log *slog.Logger) func(RequestLine) {
	return func(l RequestLine) {
		log.LogAttrs(context.Background(), slog.LevelInfo, requestMessage, l.attrs()...)
	}
}

// requestLog writes the lines of requests as slog would. A busy server writes so many of them that slog's ways would take a
// third of its time.
type requestLog struct {
	out    io.Writer
	inJSON bool
	lines  sync.Pool // of *[]byte
	second atomic.Pointer[writtenSecond]
}

// writtenSecond is a second as it stands in lines: those that follow each other mostly have the same.
type writtenSecond struct {
	unix       int64
	date, zone string // before the milliseconds, and after them
}

// RequestLog gives what writes the lines of requests, as text or JSON. out is given a line at once.
func RequestLog(out io.Writer, inJSON bool) func(RequestLine) {
	l := &requestLog{out: out, inJSON: inJSON, lines: sync.Pool{New: func() any { return new([]byte) }}}
	return l.write
}

func (l *requestLog) write(r RequestLine) {
	line := l.lines.Get().(*[]byte) //nolint:forcetypeassert // it is
	if l.inJSON {
		*line = appendJSONLine((*line)[:0], r)
	} else {
		*line = l.appendTextLine((*line)[:0], r)
	}
	_, _ = l.out.Write(*line) // a log that nobody takes is no reason to stop
	l.lines.Put(line)
}

// appendTime writes a time with milliseconds, as slog does in text.
func (l *requestLog) appendTime(b []byte, t time.Time) []byte {
	s := l.second.Load()
	if s == nil || s.unix != t.Unix() {
		s = &writtenSecond{t.Unix(), t.Format("2006-01-02T15:04:05."), t.Format("Z07:00")}
		l.second.Store(s)
	}
	b = append(b, s.date...)
	b = appendThree(b, t.Nanosecond()/int(time.Millisecond))
	return append(b, s.zone...)
}

// appendThree writes a number below 1,000 with three digits.
func appendThree(b []byte, n int) []byte {
	return append(b, byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
}

// appendMilliseconds writes a time as a decimal number, to the microsecond and without zeros at its end.
func appendMilliseconds(b []byte, d time.Duration) []byte {
	b = strconv.AppendInt(b, d.Milliseconds(), 10)
	if rest := int(d.Microseconds() % 1000); rest > 0 {
		b = bytes.TrimRight(appendThree(append(b, '.'), rest), "0")
	}
	return b
}

func (l *requestLog) appendTextLine(b []byte, r RequestLine) []byte {
	b = append(b, "time="...)
	b = l.appendTime(b, r.At)
	b = append(b, " level=INFO msg="+requestMessage+" method="...)
	b = appendText(b, r.Method)
	b = append(b, " path="...)
	b = appendText(b, r.Path)
	b = append(b, " status="...)
	b = strconv.AppendInt(b, int64(r.Status), 10)
	b = append(b, " bytes="...)
	b = strconv.AppendInt(b, int64(r.Bytes), 10)
	b = append(b, " ms="...)
	b = appendMilliseconds(b, r.Took)
	b = append(b, " ip="...)
	b = r.IP.AppendTo(b)
	b = append(b, " request_id="...)
	b = appendText(b, r.ID)
	return append(b, '\n')
}

// appendText writes a value, in quotes when it would be misread without.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= utf8.RuneSelf || c == '"' || c == '=' {
			return appendUnusual(b, s)
		}
	}
	if s == "" {
		return append(b, `""`...)
	}
	return append(b, s...)
}

// appendUnusual writes a value that has more in it than letters and digits.
func appendUnusual(b []byte, s string) []byte {
	misread := func(r rune) bool {
		if r < utf8.RuneSelf {
			return r <= ' ' || r == '"' || r == '='
		}
		return r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsPrint(r)
	}
	if strings.ContainsFunc(s, misread) {
		return strconv.AppendQuote(b, s)
	}
	return append(b, s...)
}

func appendJSONLine(b []byte, r RequestLine) []byte {
	b = append(b, `{"time":"`...)
	b = r.At.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","level":"INFO","msg":"`+requestMessage+`","method":`...)
	b = appendJSON(b, r.Method)
	b = append(b, `,"path":`...)
	b = appendJSON(b, r.Path)
	b = append(b, `,"status":`...)
	b = strconv.AppendInt(b, int64(r.Status), 10)
	b = append(b, `,"bytes":`...)
	b = strconv.AppendInt(b, int64(r.Bytes), 10)
	b = append(b, `,"ms":`...)
	b = appendMilliseconds(b, r.Took)
	b = append(b, `,"ip":"`...)
	b = r.IP.AppendTo(b)
	b = append(b, `","request_id":`...)
	b = appendJSON(b, r.ID)
	return append(b, '}', '\n')
}

// appendJSON writes a JSON string. What is no UTF-8 in it is replaced.
func appendJSON(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // whose error speaks of what was replaced
	return b
}
