package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeadIsGetWithoutBody(t *testing.T) {
	s := newSite(t)
	paths := append(s.teach().addresses(), lists...)
	for _, path := range append(paths, "/healthz", "/readyz", "/openapi.yaml", "/docs", "/docs/docs.css", "/v1/search?q=kettle") {
		get, head := s.get(path), s.do(t.Context(), http.MethodHead, path)
		if head.status != http.StatusOK || head.body != "" {
			t.Errorf("HEAD %s is %d with %d bytes", path, head.status, len(head.body))
		}
		for _, h := range []http.Header{get.header, head.header} {
			h.Del("X-Request-Id")
			h.Del("Date")
			h.Del("Last-Modified") // which may have settled in between
		}
		if diff := cmp.Diff(get.header, head.header); diff != "" {
			t.Errorf("HEAD %s: GET -, HEAD +\n%s", path, diff)
		}
	}
	s.do(t.Context(), http.MethodHead, "/v1/courses/coffee").want(t, http.StatusNotFound)
}

func TestOtherMethodsAreRefused(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace} {
		for _, path := range append(l.addresses(), "/", "/healthz", "/docs", "/v1/search?q=x") {
			got := s.wrong(method, path)
			if allow := got.want(t, http.StatusMethodNotAllowed).header.Get("Allow"); allow != "GET, HEAD" {
				t.Errorf("%s %s: Allow is %q", method, path, allow)
			}
			if p := got.problem(t, http.StatusMethodNotAllowed); p.Type != "/problems/method-not-allowed" {
				t.Errorf("%s %s: %+v", method, path, p)
			}
		}
	}
	s.get("/v1/courses/tea").want(t, http.StatusOK)
}

// Methods that Fiber has never heard of are problems, too.
func TestUnknownMethods(t *testing.T) {
	s := newSite(t)
	for _, method := range []string{"PROPFIND", "BREW"} {
		got := s.wrong(method, "/v1/courses")
		if got.problem(t, http.StatusMethodNotAllowed); got.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: Allow is %q", method, got.header.Get("Allow"))
		}
	}
}

func TestCORS(t *testing.T) {
	const ours, theirs = "https://learn.example.org", "https://elsewhere.example.org"
	for name, tt := range map[string]struct {
		origins       []string
		origin        string
		allow, varyBy string
	}{
		"any origin":            {[]string{"*"}, theirs, "*", ""},
		"any origin, not asked": {[]string{"*"}, "", "*", ""},
		"a listed origin":       {[]string{"https://a.example.org", ours}, ours, ours, "Origin"},
		"another origin":        {[]string{ours}, theirs, "", "Origin"},
		"no origin":             {[]string{ours}, "", "", "Origin"},
		"the null origin":       {[]string{ours}, "null", "", "Origin"},
		"none are listed":       {nil, ours, "", "Origin"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(cfg *Config) { cfg.Origins = tt.origins })
			headers := []string{"Accept", "*/*"}
			if tt.origin != "" {
				headers = append(headers, "Origin", tt.origin)
			}
			tag := s.get("/v1/courses").header.Get("ETag")
			for what, got := range map[string]answer{
				"200":       s.get("/v1/courses", headers...).want(t, http.StatusOK),
				"304":       s.get("/v1/courses", append(headers, "If-None-Match", tag)...).want(t, http.StatusNotModified),
				"404":       s.get("/v1/courses/none", headers...).want(t, http.StatusNotFound),
				"405":       s.wrong(http.MethodPost, "/v1/courses", headers...).want(t, http.StatusMethodNotAllowed),
				"preflight": s.preflight(headers...).want(t, http.StatusNoContent),
			} {
				if allow := got.header.Get("Access-Control-Allow-Origin"); allow != tt.allow {
					t.Errorf("%s: the allowed origin is %q, want %q", what, allow, tt.allow)
				}
				vary := strings.Trim(strings.TrimSuffix(got.header.Get("Vary"), "Accept-Encoding"), ", ")
				if vary != tt.varyBy {
					t.Errorf("%s: Vary is %q, want %q", what, vary, tt.varyBy)
				}
				if got.header.Get("Access-Control-Expose-Headers") != corsExposed {
					t.Errorf("%s: the exposed headers are %q", what, got.header.Get("Access-Control-Expose-Headers"))
				}
				if _, ok := got.header["Access-Control-Allow-Credentials"]; ok {
					t.Errorf("%s: credentials are allowed", what)
				}
			}
		})
	}
}

func (s *site) preflight(headers ...string) answer {
	s.t.Helper()
	return s.do(s.t.Context(), http.MethodOptions, "/v1/courses", append(headers,
		"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "if-none-match,x-request-id")...)
}

func TestPreflight(t *testing.T) {
	s := newSite(t)
	got := s.preflight("Origin", "https://learn.example.org").want(t, http.StatusNoContent)
	for name, want := range map[string]string{
		"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Max-Age": "86400", "Allow": "GET, HEAD, OPTIONS",
	} {
		if value := got.header.Get(name); value != want {
			t.Errorf("%s is %q, want %q", name, value, want)
		}
	}
	for _, name := range []string{"if-none-match", "x-request-id"} {
		if !strings.Contains(strings.ToLower(got.header.Get("Access-Control-Allow-Headers")), name) {
			t.Errorf("%s is not allowed: %q", name, got.header.Get("Access-Control-Allow-Headers"))
		}
	}
	plain := s.do(t.Context(), http.MethodOptions, "/v1/courses").want(t, http.StatusNoContent)
	if plain.header.Get("Allow") != "GET, HEAD, OPTIONS" || plain.header.Get("Access-Control-Allow-Methods") != "" || plain.body != "" {
		t.Errorf("OPTIONS without CORS: %v %q", plain.header, plain.body)
	}
}
