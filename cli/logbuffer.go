package cli

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// logDelay is how long lines of the log may wait: a busy server writes many at once then, which takes it a fraction of
	// the time.
	logDelay = 200 * time.Millisecond

	logBuffer = 64 << 10 // bytes that wait at most
)

// bufferedLog gathers lines of a log. Warnings and errors are written at once, with all that waits before them.
type bufferedLog struct {
	slog.Handler
	out *lineBuffer
}

// Handle writes a line.
func (l bufferedLog) Handle(ctx context.Context, r slog.Record) error {
	err := l.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn {
		l.out.flush()
	}
	return err
}

// WithAttrs implements slog.Handler.
func (l bufferedLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return bufferedLog{l.Handler.WithAttrs(attrs), l.out}
}

// WithGroup implements slog.Handler.
func (l bufferedLog) WithGroup(name string) slog.Handler {
	return bufferedLog{l.Handler.WithGroup(name), l.out}
}

// lineBuffer holds lines back for a moment.
type lineBuffer struct {
	mu    sync.Mutex
	w     *bufio.Writer
	timer *time.Timer // runs while lines wait
}

func newLineBuffer(w io.Writer) *lineBuffer {
	b := &lineBuffer{w: bufio.NewWriterSize(w, logBuffer)}
	b.timer = time.AfterFunc(logDelay, b.flush)
	return b
}

// Write takes a line.
func (b *lineBuffer) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.w.Buffered() == 0 {
		b.timer.Reset(logDelay)
	}
	return b.w.Write(line)
}

// flush writes what waits. That nobody takes the log is no reason to stop.
func (b *lineBuffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.w.Flush()
}

// close writes what waits, and ends the clock.
func (b *lineBuffer) close() {
	b.timer.Stop()
	b.flush()
}
