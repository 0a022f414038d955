package server

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// newest is when content was last published.
func (s *site) newest() time.Time {
	s.t.Helper()
	var m content.Moment
	_, err := s.content.Courses(content.NoteMoment(s.t.Context(), &m), content.ListRequest{Limit: 1})
	check(s.t, err)
	return m.At
}

func TestAnswersNameTheirRevision(t *testing.T) {
	s := newSite(t)
	if got := s.get("/v1/courses").header.Get(headerRevision); got != "0" {
		t.Errorf("before anything was published: %q", got)
	}
	l := s.teach()
	paths := append(append(l.addresses(), lists...), "/v1/search?q=kettle", "/v1/changes", "/v1/courses/tea/sitemap", "/v1/courses/tea/same-sources",
		"/v1/resolve?path=/tea", "/v1/courses/tea/modules/brewing/tree", models.FileHref(l.picture.ID))
	for _, want := range []string{"1", "2"} {
		for _, path := range paths {
			got := s.get(path).want(t, http.StatusOK)
			again := s.get(path, "If-None-Match", got.header.Get("ETag")).want(t, http.StatusNotModified)
			if got.header.Get(headerRevision) != want || again.header.Get(headerRevision) != want {
				t.Errorf("%s: revision %q, and %q unchanged, want %s", path, got.header.Get(headerRevision), again.header.Get(headerRevision), want)
			}
		}
		s.fill("garden-"+want, 1)
		check(t, s.follower.CatchUp(t.Context()))
	}
	for _, path := range []string{"/docs", "/openapi.yaml", "/healthz"} {
		if got := s.get(path).header.Get(headerRevision); got != "" {
			t.Errorf("%s has a revision: %q", path, got)
		}
	}
}

// What an answer shows is of the revision that it names, while others publish.
func TestRevisionIsThatOfTheAnswer(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	const publishes = 30
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range publishes {
			s.rename(l.course, func(r models.Record) { r.(*models.Course).Title = strconv.Itoa(i + 2) })
		}
	}()
	seen := map[string]bool{}
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		got := s.get("/v1/courses/tea")
		revision, title := got.header.Get(headerRevision), got.data(t).text("title")
		if revision != title && revision != "1" {
			t.Fatalf("revision %s shows that of %s", revision, title)
		}
		seen[revision] = true
	}
	if !seen[strconv.Itoa(publishes+1)] {
		t.Errorf("the last revision was not seen: %v", seen)
	}
}

// Noting the revision is one statement, as asking for the time of the last publish was.
func TestRevisionCostsOneStatement(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	count := func(read func()) int64 {
		before := s.store.Statements()
		read()
		return s.store.Statements() - before
	}
	bare := count(func() {
		_, err := s.content.Source(t.Context(), l.source.ID, content.ReadRequest{})
		check(t, err)
	})
	served := count(func() { s.get(models.Href(models.KindSource, l.source.ID)).want(t, http.StatusOK) })
	if served != bare+1 {
		t.Errorf("%d statements, and %d without a revision", served, bare)
	}
}
