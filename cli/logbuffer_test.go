package cli

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/lectern-cms/lectern/config"
)

// shared is a writer that a test may look at while others write.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes what is written.
func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Split(strings.TrimSuffix(s.b.String(), "\n"), "\n")
}

func TestTheLogIsWrittenSoonAndInOrder(t *testing.T) {
	var out shared
	lines := newLineBuffer(&out)
	log := slog.New(bufferedLog{newLog(config.Config{}, lines), lines})
	log.Info("first")
	eventually(t, "a line is written by itself", func() bool { return strings.Contains(out.lines()[0], "first") })
	log.Info("second")
	eventually(t, "and so is the next", func() bool { return len(out.lines()) == 2 })

	log.With("by", "a test").WithGroup("about").Info("third")
	log.Warn("fourth")
	if got := out.lines(); len(got) != 4 || !strings.Contains(got[2], "third") || !strings.Contains(got[3], "fourth") {
		t.Errorf("a warning is not written at once: %q", got)
	}
	log.Info("fifth")
	lines.close()
	if got := out.lines(); len(got) != 5 || !strings.Contains(got[4], "fifth") {
		t.Errorf("in the end: %q", got)
	}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for range 1_000 {
				log.Info("many", "text", strings.Repeat("x", 100))
			}
		})
	}
	wg.Wait()
	lines.close()
	for i, line := range out.lines()[5:] {
		if !strings.HasSuffix(line, strings.Repeat("x", 100)) || strings.Count(line, "msg=") != 1 {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	if n := len(out.lines()); n != 10_005 {
		t.Errorf("%d lines", n)
	}
}
