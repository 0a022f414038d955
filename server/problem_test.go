package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/lectern-cms/lectern/models"
)

func TestProblemOfErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		err    error
		status int
		kind   string
		detail string
	}{
		"malformed":        {models.Malformed("no JSON", nil), 400, "malformed-request", "no JSON"},
		"not found":        {models.NotFound(models.KindCourse, "tea"), 404, "not-found", `no course "tea"`},
		"wrapped":          {fmt.Errorf("read: %w", models.Gone(models.KindModule, "m")), 410, "gone", `module "m" is no longer published`},
		"conflict":         {models.Conflict("the slug is taken", errors.New("UNIQUE")), 409, "conflict", "the slug is taken"},
		"stale":            {models.Stale("changed meanwhile"), 412, "precondition-failed", "changed meanwhile"},
		"invalid":          {models.Invalid("rules", []models.FieldError{{Detail: "x"}}), 422, "rules-broken", "rules"},
		"unavailable":      {models.Unavailable("search index", errors.New("disk")), 503, "unavailable", "search index is not available"},
		"a careless one":   {&models.Error{Message: "password"}, 500, "internal-error", ""},
		"a secret":         {errors.New("password for user cms rejected"), 500, "internal-error", ""},
		"one with no name": {&teapotError{}, 500, "internal-error", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := problemOf(tt.err)
			if p.Status != tt.status || p.Type != "/problems/"+tt.kind || p.Detail != tt.detail || p.Title == "" || p.Errors == nil {
				t.Errorf("problemOf(%v) = %+v", tt.err, p)
			}
		})
	}
}

type teapotError struct{}

func (*teapotError) Error() string { return "short and stout" }

func TestProblemDocument(t *testing.T) {
	s := newSite(t)
	got := s.get("/v1/courses/a%20b%C3%A9", "X-Request-Id", "my-request.1")
	want := Problem{
		Type: "/problems/not-found", Title: "Not found", Status: 404, Detail: `no course "a bé"`,
		Instance: "/v1/courses/a%20b%C3%A9", RequestID: "my-request.1", Errors: []models.FieldError{},
	}
	if diff := cmp.Diff(want, got.problem(t, http.StatusNotFound)); diff != "" {
		t.Error(diff)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/problem+json", "Cache-Control": "no-store", "X-Request-Id": "my-request.1", "ETag": "",
		"X-Content-Type-Options": "nosniff",
	} {
		if got.header.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, got.header.Get(name), value)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	s := newSite(t)
	for id, kept := range map[string]bool{
		"A-b_c.9": true, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false, "": false, "a b": false, "é": false,
		"<script>": false, "a\tb": false, `"quoted"`: false,
	} {
		got := s.get("/v1/courses", "X-Request-Id", id).header.Get("X-Request-Id")
		if kept != (got == id) {
			t.Errorf("the id %q became %q", id, got)
		}
		if !kept && uuid.Validate(got) != nil {
			t.Errorf("the id %q became %q, which is no UUID", id, got)
		}
	}
	one, two := s.get("/healthz").header.Get("X-Request-Id"), s.get("/healthz").header.Get("X-Request-Id")
	if one == two {
		t.Error("two requests have the same id")
	}
}

func TestInternalErrorsAreHidden(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	check(t, s.store.Close())
	for _, path := range append(l.addresses(), lists...) {
		got := s.get(path, "X-Request-Id", "broken")
		if p := got.problem(t, http.StatusInternalServerError); p.Detail != "" || strings.Contains(got.body, "closed") {
			t.Errorf("%s says too much: %s", path, got.body)
		}
	}
	lines := s.log.with("request failed")
	if len(lines) == 0 || !strings.Contains(lines[0].text("error"), "database is closed") || lines[0].text("request_id") != "broken" {
		t.Errorf("the log has %v", lines)
	}
	s.get("/healthz").want(t, http.StatusOK)
	if p := s.get("/readyz").problem(t, http.StatusServiceUnavailable); p.Detail != "the database is not available" {
		t.Errorf("readyz says %q", p.Detail)
	}
}

func TestPanicsAreHidden(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.Ping = func(context.Context) error { panic(private) } })
	s.get("/readyz").problem(t, http.StatusInternalServerError)
	if lines := s.log.with(private); len(lines) != 1 || !strings.Contains(lines[0].text("error"), "problem_test.go") {
		t.Errorf("the log does not say where: %v", lines)
	}
}

// A deadline ends the work down to SQL: the store is asked with a context that is over.
func TestDeadline(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.RequestTimeout = time.Nanosecond })
	for _, path := range append([]string{"/v1/courses/tea", "/v1/search?q=tea"}, lists...) {
		got := s.get(path)
		if p := got.problem(t, http.StatusServiceUnavailable); p.Detail != "an answer in time is not available" {
			t.Errorf("%s: %q", path, p.Detail)
		}
		if got.header.Get("Retry-After") != "5" {
			t.Errorf("%s: Retry-After is %q", path, got.header.Get("Retry-After"))
		}
	}
}

func TestTooLargeBody(t *testing.T) {
	s := newSite(t)
	for size, status := range map[int]int{maxBody: http.StatusMethodNotAllowed, maxBody + 1: http.StatusRequestEntityTooLarge} {
		req, err := http.NewRequestWithContext(wrongly(t.Context()), http.MethodPost,
			s.url+"/v1/courses", bytes.NewReader(make([]byte, size)))
		check(t, err)
		got := s.send(req)
		if p := got.problem(t, status); p.RequestID == "" || p.RequestID != got.header.Get("X-Request-Id") {
			t.Errorf("%d bytes: the request id is %q, the header's %q", size, p.RequestID, got.header.Get("X-Request-Id"))
		}
	}
}

func TestTooLargeHeaders(t *testing.T) {
	s := newSite(t)
	s.wrong(http.MethodGet, "/v1/courses", "X-Filler", strings.Repeat("x", maxHeader/2)).want(t, http.StatusOK)
	p := s.wrong(http.MethodGet, "/v1/courses", "X-Filler", strings.Repeat("x", maxHeader)).problem(t, http.StatusRequestHeaderFieldsTooLarge)
	if p.Type != "/problems/request-headers-too-large" {
		t.Errorf("the problem is %+v", p)
	}
}

func TestGarbageIsAProblem(t *testing.T) {
	s := newSite(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	check(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "hello\r\n\r\n")
	check(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	check(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusBadRequest || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("garbage gives %s %v", res.Status, res.Header)
	}
}

func TestSearchDown(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	check(t, s.index.Close())
	got := s.get("/v1/search?q=kettle")
	if p := got.problem(t, http.StatusServiceUnavailable); p.Detail != "search index is not available" {
		t.Errorf("the problem says %q", p.Detail)
	}
	if got.header.Get("Retry-After") != "5" {
		t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
	}
	for _, path := range append(l.addresses(), lists...) {
		s.get(path).want(t, http.StatusOK)
	}
	s.get("/readyz").want(t, http.StatusOK)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { s.follower.Run(ctx); close(done) }()
	defer func() { cancel(); <-done }()
	for s.get("/readyz").body != `{"status":"ok","version":"0.0.0-test","checks":{"database":"ok","search":"failing"}}` {
		if t.Context().Err() != nil {
			t.Fatal("readyz never says that search is failing")
		}
	}
}
