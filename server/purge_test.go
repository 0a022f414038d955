package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/models"
)

// cdn is a CDN that notes what it is told.
type cdn struct {
	*httptest.Server
	mu      sync.Mutex
	failing bool
	calls   [][]string // tags of those that were answered well
	failed  int
	last    *http.Request
}

func newCDN(t *testing.T) *cdn {
	c := &cdn{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Tags []string }
		err := json.NewDecoder(r.Body).Decode(&body)
		c.mu.Lock()
		defer c.mu.Unlock()
		if err != nil || c.failing {
			c.failed++
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		c.calls, c.last = append(c.calls, body.Tags), r
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *cdn) fails(failing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failing = failing
}

// told waits for so many calls and gives their tags.
func (c *cdn) told(t *testing.T, n int) [][]string {
	t.Helper()
	get := func() [][]string {
		c.mu.Lock()
		defer c.mu.Unlock()
		return slices.Clone(c.calls)
	}
	waitFor(t, "the CDN is not told", func() bool { return len(get()) >= n })
	return get()
}

func TestTheCDNIsTold(t *testing.T) {
	c := newCDN(t)
	s := newSite(t, func(cfg *Config) {
		cfg.Purge = Purge{URL: c.URL + "/purge", Method: "PURGE", Header: http.Header{"Key": {"secret"}, "Surrogate-Key": {"a {tags}"}}}
	})
	if got := c.told(t, 1); !slices.Equal(got[0], []string{allTag}) {
		t.Errorf("at the start: %v", got)
	}
	s.teach()
	if got := c.told(t, 2); !slices.Equal(got[1], []string{allTag}) {
		t.Errorf("after a publish: %v", got)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.last.Header; c.last.Method != "PURGE" || c.last.URL.Path != "/purge" || h.Get("Key") != "secret" || h.Get("Surrogate-Key") != "a lectern" ||
		h.Get(headerCacheTag) != allTag {
		t.Errorf("the call is %s %s %v", c.last.Method, c.last.URL, h)
	}
}

func TestTheCDNIsToldOnlyWhatHasChanged(t *testing.T) {
	c := newCDN(t)
	s := newSite(t, func(cfg *Config) { cfg.Purge = Purge{URL: c.URL, Method: http.MethodPost, Changed: true} })
	c.told(t, 1)
	l := s.teach()
	c.told(t, 2)
	s.rename(l.last, func(r models.Record) { r.(*models.Section).Title = "Leaves of all kinds" })
	if got := c.told(t, 3)[2]; !slices.Equal(got, []string{manyTag, string(l.last.ID)}) {
		t.Errorf("of one section: %v", got)
	}
	s.fill("garden", 2*purgeTags)
	all := c.told(t, 7)[3:]
	for _, tags := range all {
		if len(tags) > purgeTags {
			t.Errorf("%d tags in one call", len(tags))
		}
	}
	s.fill("park", purgeTags*purgeCalls)
	waitFor(t, "too much for single tags", func() bool { got := c.told(t, 1); return slices.Equal(got[len(got)-1], []string{allTag}) })
}

func TestTheCDNIsToldAgainAfterAFailure(t *testing.T) {
	c := newCDN(t)
	c.fails(true)
	s := newSite(t, func(cfg *Config) { cfg.Purge = Purge{URL: c.URL, Method: http.MethodPost, Changed: true} })
	l := s.teach()
	waitFor(t, "no call has failed", func() bool { return s.metric("lectern_purge_failures_total") > 0 })
	if lines := s.log.with("the CDN was not told"); len(lines) == 0 || !strings.Contains(lines[0].text("error"), "502") {
		t.Errorf("the log says %v", lines)
	}
	c.fails(false)
	c.told(t, 1)
	c.fails(true)
	s.rename(l.last, func(r models.Record) { r.(*models.Section).Title = "Once" })
	s.rename(l.course, func(r models.Record) { r.(*models.Course).Title = "Twice" })
	time.Sleep(10 * time.Millisecond)
	c.fails(false)
	waitFor(t, "what changed meanwhile is not told", func() bool {
		told := slices.Concat(c.told(t, 1)...)
		return slices.Contains(told, string(l.last.ID)) && slices.Contains(told, string(l.course.ID))
	})
}
