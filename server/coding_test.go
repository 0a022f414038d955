package server

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

func TestChoose(t *testing.T) {
	const large = minCoded
	for accept, want := range map[string]string{
		"":                                 "",
		"gzip":                             "gzip",
		"br":                               "br",
		"gzip, deflate, br":                "br",
		"gzip;q=1, br;q=0.5":               "gzip",
		"gzip;q=0.5, br;q=0.5":             "br",
		"gzip; q=0, br; q=0":               "",
		"*":                                "br",
		"*;q=0":                            "",
		"br;q=0, *":                        "gzip",
		"identity":                         "",
		"identity;q=0.5, gzip":             "gzip",
		"identity;q=0.9, gzip;q=0.8":       "",
		"GZIP":                             "gzip",
		"gzip;q=2":                         "",
		"gzip;q=many":                      "",
		"deflate, zstd":                    "",
		",,;;=,gzip":                       "gzip",
		"br;q=0.001, gzip;q=0.0001, *;q=1": "br",
	} {
		if got := codings[choose(accept, large)].name; got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
		if got := choose(accept, large-1); got != identity {
			t.Errorf("%q: a short answer is in %q", accept, codings[got].name)
		}
	}
}

func TestCodedAnswersAreTheSame(t *testing.T) {
	s := newSite(t)
	s.teach()
	const path = "/v1/sections?body=blocks,html"
	plain := s.get(path).want(t, http.StatusOK)
	tag := strings.Trim(plain.header.Get("ETag"), `"`)
	for name, tt := range map[string]struct {
		suffix string
		decode func(io.Reader) (io.Reader, error)
	}{
		"gzip": {"-gz", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		"br":   {"-br", func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil }},
	} {
		got := s.coded(path, name).want(t, http.StatusOK)
		if got.header.Get("Content-Encoding") != name || got.header.Get("ETag") != `"`+tag+tt.suffix+`"` {
			t.Errorf("%s: %v", name, got.header)
		}
		r, err := tt.decode(strings.NewReader(got.body))
		check(t, err)
		body, err := io.ReadAll(r)
		check(t, err)
		if !bytes.Equal(body, []byte(plain.body)) || len(got.body) >= len(plain.body) {
			t.Errorf("%s: another body, or no smaller one", name)
		}
		for _, known := range []string{`"` + tag + `"`, got.header.Get("ETag")} {
			s.get(path, "Accept-Encoding", name, "If-None-Match", known).want(t, http.StatusNotModified)
			s.get(path, "If-None-Match", known).want(t, http.StatusNotModified)
		}
	}
	for _, answer := range []answer{plain, s.get(path, "If-None-Match", "*")} {
		if !strings.Contains(answer.header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("Vary is %q", answer.header.Get("Vary"))
		}
	}
}

// coded asks for a coding. What comes can't be held against the contract, which says what is in it.
func (s *site) coded(path, coding string) answer {
	s.t.Helper()
	plain := *s
	plain.client = &http.Client{Transport: s.client.Transport.(*contractTransport).next}
	return plain.do(s.t.Context(), http.MethodGet, path, "Accept-Encoding", coding)
}

func TestLastModified(t *testing.T) {
	s := newSite(t)
	const path = "/v1/courses"
	if got := s.get(path).header.Get("Last-Modified"); got != "" {
		t.Errorf("before anything was published: %q", got)
	}
	s.fill("garden", 1)
	if got := s.get(path).header.Get("Last-Modified"); got != "" {
		t.Errorf("just after a publish: %q", got)
	}
	published := s.newest()
	time.Sleep(time.Until(published.Add(settled + 10*time.Millisecond)))
	got := s.get(path).header.Get("Last-Modified")
	if want := published.UTC().Format(httpDate); got != want {
		t.Fatalf("Last-Modified is %q, want %q", got, want)
	}
	s.get(path, "If-Modified-Since", got).want(t, http.StatusNotModified)
	s.get(path, "If-Modified-Since", time.Now().UTC().Format(httpDate)).want(t, http.StatusNotModified)
	s.get(path, "If-Modified-Since", published.Add(-time.Second).UTC().Format(httpDate)).want(t, http.StatusOK)
	s.get(path, "If-Modified-Since", "yesterday").want(t, http.StatusOK)
	s.get(path, "If-Modified-Since", got, "If-None-Match", `"other"`).want(t, http.StatusOK) // the tag counts
	s.fill("balcony", 1)
	s.get(path, "If-Modified-Since", got).want(t, http.StatusOK)
}

func TestCacheTagsNameTheRecords(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	tags := strings.Split(s.get("/v1/sections/"+string(l.page.ID)).header.Get("Cache-Tag"), ",")
	for _, id := range []string{"lectern", string(l.page.ID), string(l.course.ID), string(l.module.ID), string(l.source.ID), string(l.sheet.ID)} {
		found := 0
		for _, tag := range tags {
			if tag == id {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s is there %d times: %v", id, found, tags)
		}
	}
	s.fill("garden", 100)
	if got := s.get("/v1/sections?limit=100").header.Get("Cache-Tag"); got != "lectern,lectern-many" {
		t.Errorf("an answer with many records has the tags %q", got)
	}
}
