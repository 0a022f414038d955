package server

import (
	"io"
	"net/http"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/models"
)

// hotAllocations is how many allocations a request may cost whose answer is kept, with its id, its line in the log and its
// numbers in the metrics. docs/performance.md has the figure, and what they are.
const hotAllocations = 1

// hotRequests are reads whose answers are kept.
func hotRequests(l *lesson) map[string][]string {
	page := models.Href(models.KindSection, l.page.ID)
	return map[string][]string{
		"section":  {page},
		"included": {page + "?include=citations.source,worksheets"},
		"list":     {"/v1/sections"},
		"tree":     {"/v1/courses/tea/modules/brewing/tree"},
		"brotli":   {page, "Accept-Encoding", "gzip, deflate, br, zstd"},
		"search":   {"/v1/search?q=kettle"},
	}
}

// hot lets do make one request again and again, with a function that gives the status. A request is its path and header fields.
func hot(s *site, request []string, do func(ask func() int)) {
	handler := s.server.Handler()
	inRequest(http.MethodGet, request[0], request[1:], func(ctx *fasthttp.RequestCtx) {
		do(func() int {
			ctx.ResetUserValues()
			ctx.Response.Reset()
			handler(ctx)
			return ctx.Response.StatusCode()
		})
	})
}

// logged makes the server write lines of requests, as it does when it serves.
func logged(cfg *Config) { cfg.LogRequest = RequestLog(io.Discard, false) }

func BenchmarkHot(b *testing.B) {
	s := newSite(b, logged)
	for name, request := range hotRequests(s.teach()) {
		tag := direct(s.server, http.MethodGet, request[0]).header["Etag"]
		for name, request := range map[string][]string{name: request, name + "/304": {request[0], "If-None-Match", tag}} {
			hot(s, request, func(ask func() int) {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						ask()
					}
				})
			})
		}
	}
}

func TestHotRequestsAllocateLittle(t *testing.T) {
	s := newSite(t, logged)
	for name, request := range hotRequests(s.teach()) {
		allocatesLittle(t, s, name, request)
	}
}

func allocatesLittle(t *testing.T, s *site, name string, request []string) {
	t.Helper()
	hot(s, request, func(ask func() int) {
		if status := ask(); status != http.StatusOK {
			t.Fatalf("%s: status %d", name, status)
		}
		if n := testing.AllocsPerRun(200, func() { ask() }); n > hotAllocations+raceAllocations {
			t.Errorf("%s: %v allocations, want %d at most", name, n, hotAllocations+raceAllocations)
		}
	})
}
