package server

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

// A server that has too much to do refuses more at once, and still gives what it keeps.
func TestTooManyRequestsAreRefused(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.MaxRequests = 2 })
	l := s.teach()
	kept := models.Href(models.KindCourse, l.course.ID)
	s.get(kept).want(t, http.StatusOK)
	var made atomic.Int64
	release := make(chan struct{})
	s.server.slow(&made, release, func() error { return nil })
	answers := make(chan asked, 2)
	for n := range cap(answers) {
		go func() { answers <- direct(s.server, http.MethodGet, "/v1/slow?n="+strconv.Itoa(n)) }()
	}
	waitFor(t, "the requests do not come", func() bool { return made.Load() == int64(cap(answers)) })

	got := s.get(models.Href(models.KindModule, l.module.ID))
	if p := got.problem(t, http.StatusServiceUnavailable); !strings.HasPrefix(p.Detail, "the server has as much to do") || got.header.Get("Retry-After") != strconv.Itoa(retryAfter) {
		t.Errorf("the answer is %+v, %v", p, got.header)
	}
	s.nobody().send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusServiceUnavailable)
	for _, path := range []string{kept, "/healthz", "/readyz", "/metrics", "/docs", "/v1/changes"} {
		s.get(path).want(t, http.StatusOK)
	}
	if n := s.metric("lectern_http_requests_shed_total"); n != 2 || s.metric("lectern_http_requests_working") != 2 {
		t.Errorf("%v requests were refused", n)
	}
	if lines := s.log.with("request failed"); len(lines) > 0 {
		t.Errorf("the log has %v", lines)
	}
	close(release)
	for range cap(answers) {
		if got := <-answers; got.status != http.StatusOK {
			t.Errorf("one that was taken on: %d %s", got.status, got.body)
		}
	}
	s.get(models.Href(models.KindModule, l.module.ID)).want(t, http.StatusOK)
}
