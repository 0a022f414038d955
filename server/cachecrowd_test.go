package server

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
)

// slow adds a route whose answers are made when they are released.
func (s *Server) slow(made *atomic.Int64, release <-chan struct{}, fails func() error) {
	s.app.Handler() // which waits for the routes that were made for the listener
	s.app.Get("/v1/slow", s.caching(func(c *fiber.Ctx) error {
		made.Add(1)
		<-release
		readingOf(c).Revision = s.fresh.now.Load().revision
		if err := fails(); err != nil {
			return err
		}
		return sendJSON(c, one[string]{Data: "slowly made"})
	}))
	s.app.Handler() // which makes the routes anew
}

func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(requestTimeout); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

func TestOneMakesTheAnswerForAll(t *testing.T) {
	const crowd = 50
	for name, tt := range map[string]struct {
		fails  func() error
		status int
	}{
		"an answer": {func() error { return nil }, http.StatusOK},
		"an error":  {func() error { return models.Unavailable("the tea", nil) }, http.StatusServiceUnavailable},
		"a panic":   {func() error { panic("the kettle") }, http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			waitFor(t, "the server does not look at the database", func() bool { return s.server.fresh.now.Load() != nil })
			s.get("/healthz") // it listens
			var made atomic.Int64
			release := make(chan struct{})
			s.server.slow(&made, release, tt.fails)
			answers := make(chan asked, 2*crowd)
			ask := func(n int) {
				before := s.metric("lectern_cache_misses_total")
				for range n {
					go func() { answers <- direct(s.server, http.MethodGet, "/v1/slow") }()
				}
				waitFor(t, "not all have come", func() bool { return s.metric("lectern_cache_misses_total") == before+float64(n) })
			}
			ask(crowd)
			waitFor(t, "nobody makes the answer", func() bool { return made.Load() == 1 })
			// Who comes after a publish must not get what is being made: it may have been read before.
			s.server.fresh.advance(s.server.fresh.now.Load().revision + 1)
			ask(crowd)
			waitFor(t, "nobody makes the new answer", func() bool { return made.Load() == 2 })
			time.Sleep(10 * time.Millisecond) // for the last ones to come to where they wait
			close(release)
			for range 2 * crowd {
				if got := <-answers; got.status != tt.status || got.status == http.StatusOK && !strings.Contains(got.body, "slowly made") {
					t.Fatalf("status %d: %s", got.status, got.body)
				}
			}
			if made.Load() != 2 {
				t.Errorf("the answer was made %d times", made.Load())
			}
		})
	}
}
