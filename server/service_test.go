package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestHealth(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/healthz": `{"status":"ok","version":"0.0.0-test"}`,
		"/readyz":  `{"status":"ok","version":"0.0.0-test","checks":{"database":"ok","search":"ok"}}`,
	} {
		if got := s.get(path).want(t, http.StatusOK); got.body != want || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s is %s, cached %q", path, got.body, got.header.Get("Cache-Control"))
		}
	}
}

func TestMetrics(t *testing.T) {
	s := newSite(t)
	s.teach()
	s.get("/v1/courses/tea")
	s.get("/v1/courses/coffee")
	s.wrong(http.MethodGet, "/nowhere/at/all")
	got := s.get("/metrics").want(t, http.StatusOK).body
	for _, want := range []string{
		`lectern_http_requests_total{method="GET",route="/v1/courses/:course",status="200"} 1`,
		`lectern_http_requests_total{method="GET",route="/v1/courses/:course",status="404"} 1`,
		`lectern_http_requests_total{method="GET",route="unmatched",status="404"} 1`,
		`lectern_http_request_duration_seconds_count{route="/v1/courses/:course"} 2`,
		`lectern_build_info{version="0.0.0-test"} 1`, "lectern_search_behind_revisions 0", "go_goroutines ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if n := regexp.MustCompile(`(?m)^lectern_sql_statements_total (\S+)$`).FindStringSubmatch(got); n == nil || n[1] == "0" {
		t.Errorf("statements are %v", n)
	}
}

func TestEveryRequestIsLoggedOnce(t *testing.T) {
	s := newSite(t)
	for id, path := range map[string]string{
		"log-200": "/v1/courses", "log-404": "/v1/courses/none", "log-400": "/v1/courses?x=1", "log-302": "/", "log-docs": "/docs",
	} {
		got := s.wrong(http.MethodGet, path, "X-Request-Id", id)
		lines := s.log.with(id)
		if len(lines) != 1 {
			t.Fatalf("%s has %d lines in the log: %v", path, len(lines), lines)
		}
		line := lines[0]
		if line.text("msg") != "request" || line.text("method") != "GET" || line.text("ip") != "127.0.0.1" ||
			line["status"] != float64(got.status) || line["bytes"] != float64(len(got.body)) || line["ms"] == nil {
			t.Errorf("%s is logged as %v", path, line)
		}
		if strings.Contains(line.text("path"), "?") {
			t.Errorf("the log has a query: %v", line)
		}
	}
	tag := s.get("/v1/courses").header.Get("ETag")
	s.get("/v1/courses", "If-None-Match", tag, "X-Request-Id", "log-304")
	if line := s.log.with("log-304")[0]; line["bytes"] != 0. {
		t.Errorf("a 304 is logged as %v", line)
	}
}

func TestHomeLeadsToTheDocumentation(t *testing.T) {
	s := newSite(t)
	if got := s.get("/"); got.status != http.StatusFound || got.header.Get("Location") != "/docs" {
		t.Errorf("/ is %d to %q", got.status, got.header.Get("Location"))
	}
}

// The page runs no script, loads only its style sheet, and all its inner links lead somewhere.
func TestDocumentation(t *testing.T) {
	s := newSite(t)
	got := s.get("/docs").want(t, http.StatusOK)
	if got.header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(got.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers are %v", got.header)
	}
	page, err := html.Parse(strings.NewReader(got.body))
	check(t, err)
	ids, links, elements := map[string]bool{}, map[string]bool{}, map[string]int{}
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		elements[n.Data]++
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				if ids[a.Val] {
					t.Errorf("two elements have the id %q", a.Val)
				}
				ids[a.Val] = true
			case "href", "src":
				links[a.Val] = true
			case "style":
				t.Errorf("a <%s> has a style", n.Data)
			}
		}
	}
	for link := range links {
		if id, ok := strings.CutPrefix(link, "#"); ok && !ids[id] {
			t.Errorf("%s leads nowhere", link)
		} else if !ok && link != "/docs/docs.css" && link != "/openapi.yaml" {
			t.Errorf("the page links to %s", link)
		}
	}
	if elements["script"]+elements["img"]+elements["iframe"] > 0 || elements["h1"] != 1 || elements["main"] != 1 {
		t.Errorf("the page has %v", elements)
	}
	doc := readContract(t)
	for name := range doc.Components.Schemas {
		if !ids[schemaAnchor(name)] {
			t.Errorf("the page lacks the schema %s", name)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if !ids[op.OperationID] {
				t.Errorf("the page lacks %s %s", method, path)
			}
		}
	}
}

func TestDocumentationOfWrites(t *testing.T) {
	page := newSite(t).get("/docs").want(t, http.StatusOK).body
	for _, want := range []string{
		"curl -X PATCH -H &#39;Authorization: Bearer lec_…&#39; -H &#39;If-Match: &#34;7&#34;&#39; -H &#39;Content-Type: application/merge-patch&#43;json&#39; " +
			"-d &#39;{&#34;disabled&#34;:true}&#39; &#39;https://cms.example.org/v1/admin/users/",
		`The body is <a href="#schema-Credentials">Credentials</a>`, "<code>curl &#39;https://cms.example.org/v1/courses&#39;</code>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestBrokenContractIsAnInternalError(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.Contract = []byte("{") })
	s.get("/docs").problem(t, http.StatusInternalServerError)
	if len(s.log.with("openapi.yaml")) == 0 {
		t.Error("the log does not say why")
	}
}

func TestStopBeforeServe(t *testing.T) {
	s := newSite(t)
	s.stop() // perhaps before the server listens; it must come back
}

func TestTheClientBehindProxies(t *testing.T) {
	for name, tt := range map[string]struct{ trusted, header, want string }{
		"no proxies":                         {"", "192.0.2.7", "127.0.0.1"},
		"a proxy that is not trusted":        {"10.0.0.0/8", "192.0.2.7", "127.0.0.1"},
		"a trusted proxy":                    {"127.0.0.0/8", "192.0.2.7", "192.0.2.7"},
		"several":                            {"127.0.0.0/8,10.0.0.0/8", "203.0.113.9, 192.0.2.7, 10.0.0.2", "192.0.2.7"},
		"a client that claims to be another": {"127.0.0.0/8", "10.9.9.9, 192.0.2.7", "192.0.2.7"},
		"nonsense":                           {"127.0.0.0/8", "someone", "127.0.0.1"},
		"nothing":                            {"127.0.0.0/8", "", "127.0.0.1"},
		"IPv6":                               {"127.0.0.0/8", "2001:db8::7", "2001:db8::7"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			s := newSite(t, func(cfg *Config) {
				cfg.Log = slog.New(slog.NewJSONHandler(&log, nil))
				for part := range strings.SplitSeq(tt.trusted, ",") {
					if part != "" {
						cfg.TrustedProxies = append(cfg.TrustedProxies, netip.MustParsePrefix(part))
					}
				}
			})
			s.get("/v1/courses", "X-Forwarded-For", tt.header)
			s.stop()
			if !strings.Contains(log.String(), `"ip":"`+tt.want+`"`) {
				t.Errorf("the log has not %s: %s", tt.want, log.String())
			}
		})
	}
}

func TestTheDocumentationNamesTheServer(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.BaseURL = "https://library.example.net" })
	if page := s.get("/docs").body; !strings.Contains(page, "curl &#39;https://library.example.net/v1/courses") {
		t.Error("the examples name another server")
	}
	if contract := s.get("/openapi.yaml").body; !strings.Contains(contract, "\n  - url: https://library.example.net\n") {
		t.Error("the contract names another server")
	}
}
