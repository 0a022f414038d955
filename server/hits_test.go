package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/models"
)

// An address with its scheme and host is answered by Fiber, one without before it: both say the same, and are logged and counted
// as the same.
func TestKeptAnswersAreTheSameBeforeFiber(t *testing.T) {
	var lines []RequestLine
	s := startSiteAt(t, t.TempDir(), anHourAgo, func(cfg *Config) {
		cfg.Origins = []string{"https://tea.example"}
		cfg.LogRequest = func(l RequestLine) { lines = append(lines, l) }
	})
	l := s.teach()
	page := models.Href(models.KindSection, l.page.ID)
	tag := direct(s.server, http.MethodGet, page).header["Etag"]
	for _, request := range [][]string{
		{page},
		{page, "Origin", "https://tea.example"},
		{page, "Origin", "https://other.example"},
		{page, "If-None-Match", tag},
		{page, "If-None-Match", `"other"`},
		{page, "If-Modified-Since", time.Now().Add(time.Hour).UTC().Format(httpDate)},
		{page, "If-Modified-Since", "Mon, 02 Jan 2006 15:04:05 GMT"},
		{page, "X-Request-Id", "mine"},
		{page, "X-Request-Id", "not fit"},
		{page, "X-Forwarded-For", "192.0.2.1"},
		{page + "?include=citations.source,worksheets", "Accept-Encoding", "br"},
		{"/v1/sections?limit=5", "Accept-Encoding", "gzip"},
		{"/v1/sections?"},
		{"/v1/courses/tea/modules/brewing/tree"},
		{"/v1/search?q=kettle"},
		{"/v1/search/feed?format=atom&q=water"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			direct(s.server, http.MethodGet, request[0]) // so that it is kept
			hits := s.hits()
			lines = nil
			first := direct(s.server, method, request[0], request[1:]...)
			later := direct(s.server, method, "http://127.0.0.1"+request[0], request[1:]...)
			if s.hits() != hits+2 {
				t.Errorf("%s %q: %v hits", method, request, s.hits()-hits)
			}
			if first.header["X-Request-Id"] != lines[0].ID {
				t.Errorf("%s %q: the log has another id than the answer", method, request)
			}
			if len(request) < 2 || request[1] != "X-Request-Id" || request[2] != "mine" {
				delete(first.header, "X-Request-Id")
				delete(later.header, "X-Request-Id")
				lines[0].ID, lines[1].ID = "", ""
			}
			if diff := cmp.Diff(later, first, cmp.AllowUnexported(asked{})); diff != "" {
				t.Errorf("%s %q: by Fiber -, before +\n%s", method, request, diff)
			}
			if diff := cmp.Diff(lines[1], lines[0], cmpopts.IgnoreFields(RequestLine{}, "At", "Took"), cmpopts.EquateComparable(lines[0].IP)); diff != "" {
				t.Errorf("%s %q: line of the log by Fiber -, before +\n%s", method, request, diff)
			}
		}
	}
	if n := len(*s.server.metrics.rows.Load()); n > 14 {
		t.Errorf("requests are counted in %d rows, more than their routes and statuses have", n)
	}
}

// What is not plain goes on to Fiber, which looks closer.
func TestOnlyPlainRequestsAreAnsweredBeforeFiber(t *testing.T) {
	open := newSite(t)
	l := open.teach()
	page := models.Href(models.KindSection, l.page.ID)
	search := "/v1/sections?filter%5Btitle%5D%5Bcontains%5D=e&limit=5&sort=-title"
	brackets := "/v1/sections?sort=-title&limit=5&filter[title][contains]=e"
	for _, path := range []string{page, search, brackets} {
		direct(open.server, http.MethodGet, path)
	}
	keyed := newSite(t, func(cfg *Config) { cfg.ContentKey = true })
	for _, test := range []struct {
		site         *site
		method, path string
		body         string
		before       bool
	}{
		{open, http.MethodGet, page, "", true},
		{open, http.MethodHead, page, "", true},
		{open, http.MethodGet, search, "", true},
		{open, http.MethodGet, strings.ReplaceAll(search, "%5B", "["), "", false},
		{open, http.MethodGet, brackets, "", true}, // which was asked before
		{open, http.MethodGet, brackets + "#top", "", false},
		{open, http.MethodGet, page + "?body=text", "", false}, // which is not kept
		{open, http.MethodGet, page, "text", false},
		{open, http.MethodOptions, page, "", false},
		{open, http.MethodPost, page, "", false},
		{open, http.MethodGet, strings.Replace(page, "s", "%73", 1), "", false},
		{open, http.MethodGet, "http://127.0.0.1" + page, "", false},
		{open, http.MethodGet, page + "#top", "", false},
		{open, http.MethodGet, "/healthz", "", false},
		{open, http.MethodGet, "*", "", false},
		{open, http.MethodGet, "", "", false},
		{keyed, http.MethodGet, "/v1/sections", "", false},
	} {
		went := false
		handler := test.site.server.keptFirst(func(*fasthttp.RequestCtx) { went = true })
		var req fasthttp.Request
		req.Header.SetMethod(test.method)
		req.SetRequestURI(test.path)
		var ctx fasthttp.RequestCtx
		ctx.Init(&req, nowhere, nil)
		if test.body != "" {
			ctx.Request.SetBodyStream(strings.NewReader(test.body), len(test.body))
		}
		if handler(&ctx); went == test.before {
			t.Errorf("%s %s with body %q: went on to Fiber: %v", test.method, test.path, test.body, went)
		}
	}
}

// A panic on the way ends in an answer, as it does behind Fiber.
func TestPanicsBeforeFiberAreAnswered(t *testing.T) {
	var lines []RequestLine
	s := newSite(t, func(cfg *Config) { cfg.LogRequest = func(l RequestLine) { lines = append(lines, l) } })
	s.teach()
	want := direct(s.server, http.MethodGet, "/v1/sections")
	a := s.server.find(cacheKey{path: "/v1/sections", scope: scopeOpen})
	a.sent = func(*fasthttp.RequestCtx) { panic("nobody may know") }
	var got [2]asked
	for i, path := range []string{"/v1/sections", "http://127.0.0.1/v1/sections"} {
		lines = nil
		got[i] = direct(s.server, http.MethodGet, path)
		if got[i].status != http.StatusInternalServerError || !strings.Contains(got[i].body, `"title":"Internal error"`) || strings.Contains(got[i].body, "nobody") {
			t.Errorf("%s: %d %s", path, got[i].status, got[i].body)
		}
		id := got[i].header["X-Request-Id"]
		if len(lines) != 1 || lines[0].Status != http.StatusInternalServerError || lines[0].ID != id || !strings.Contains(got[i].body, id) {
			t.Errorf("%s has the id %s, and lines %+v", path, id, lines)
		}
		got[i].body = strings.ReplaceAll(got[i].body, id, "ID")
		delete(got[i].header, "X-Request-Id")
	}
	if diff := cmp.Diff(got[1], got[0], cmp.AllowUnexported(asked{})); diff != "" {
		t.Errorf("by Fiber -, before +\n%s", diff)
	}
	a.sent = nil
	if got := direct(s.server, http.MethodGet, "/v1/sections"); got.status != http.StatusOK || got.body != want.body {
		t.Errorf("after a panic: %d", got.status)
	}
}

// A limit counts requests on both ways together, and refuses on both.
func TestReadsAreLimitedBeforeFiber(t *testing.T) {
	var lines []RequestLine
	s := newSite(t, func(cfg *Config) {
		cfg.RateLimits.Read = 4
		cfg.LogRequest = func(l RequestLine) { lines = append(lines, l) }
	})
	s.teach()
	var got []int
	for _, path := range []string{"/v1/sections", "/v1/sections", "http://127.0.0.1/v1/sections", "/v1/sections", "/v1/sections", "http://127.0.0.1/v1/sections"} {
		a := direct(s.server, http.MethodGet, path)
		got = append(got, a.status)
		if a.header["Ratelimit"] == "" || (a.status == http.StatusTooManyRequests) != (a.header["Retry-After"] != "") {
			t.Errorf("%s: %d with %v", path, a.status, a.header)
		}
		if id := a.header["X-Request-Id"]; lines[len(lines)-1].ID != id || a.status == http.StatusTooManyRequests && !strings.Contains(a.body, id) {
			t.Errorf("%s has the id %s, and the line %+v", path, id, lines[len(lines)-1])
		}
	}
	if s.hits() != 3 {
		t.Errorf("%v hits, want those that were not refused", s.hits())
	}
	for labels := range *s.server.metrics.rows.Load() {
		if (labels.status == http.StatusTooManyRequests) != (labels.route == contentGroup) {
			t.Errorf("counted as %+v", labels)
		}
	}
	if diff := cmp.Diff([]int{200, 200, 200, 200, 429, 429}, got); diff != "" {
		t.Error(diff)
	}
}
