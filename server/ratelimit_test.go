package server

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

// limited starts a site with limits, whose minutes pass when the site's clock is moved on.
func limited(t testing.TB, limits RateLimits, change ...func(*Config)) *site {
	t.Helper()
	s := newSite(t, append(change, func(cfg *Config) {
		cfg.RateLimits = limits
		cfg.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})...)
	begin := time.Now()
	for _, l := range []*limiter{s.server.limits.read, s.server.limits.search, s.server.limits.admin} {
		if l != nil {
			l.now = s.clock.from(func() time.Time { return begin })
		}
	}
	return s
}

// refusals are the requests that a limit has refused.
func (s *site) refusals(limit string) string {
	_, after, _ := strings.Cut(s.get("/metrics").body, fmt.Sprintf("lectern_http_requests_limited_total{limit=%q} ", limit))
	n, _, _ := strings.Cut(after, "\n")
	return n
}

func from(address string) []string { return []string{fiber.HeaderXForwardedFor, address} }

func TestReadsAreLimited(t *testing.T) {
	s := limited(t, RateLimits{Read: 3})
	page := models.Href(models.KindSection, s.teach().page.ID)
	tag := s.get(page, from("192.0.2.1")...).want(t, http.StatusOK).header.Get("ETag")
	s.get(page, append(from("192.0.2.1"), "If-None-Match", tag)...).want(t, http.StatusNotModified)
	last := s.do(t.Context(), http.MethodHead, page, from("192.0.2.1")...).want(t, http.StatusOK)
	if got, policy := last.header.Get(headerRateLimit), last.header.Get(headerRateLimitPolicy); got != `"read";r=0;t=20` || policy != `"read";q=3;w=60` {
		t.Errorf("%s, %s", got, policy)
	}
	for _, path := range []string{page, "/v1/nothing", "/v1/sections?limit=0", "/v1/changes"} {
		over := s.wrong(http.MethodGet, path, from("192.0.2.1")...)
		p := over.problem(t, http.StatusTooManyRequests)
		if p.Detail != "too many requests: 3 a minute are allowed" || over.header.Get("Retry-After") != "20" || over.header.Get(headerRateLimit) != `"read";r=0;t=20` ||
			over.header.Get("ETag") != "" || !strings.Contains(over.header.Get("Access-Control-Expose-Headers"), headerRateLimit) {
			t.Errorf("%s: %+v, %v", path, p, over.header)
		}
	}
	if n := s.refusals("read"); n != "4" {
		t.Errorf("%s were refused", n)
	}
	s.get(page, from("192.0.2.2")...).want(t, http.StatusOK)
	s.get(page).want(t, http.StatusOK)
	for range 4 {
		for _, path := range []string{"/healthz", "/readyz", "/metrics", "/docs", "/openapi.yaml"} {
			if got := s.get(path, from("192.0.2.1")...).want(t, http.StatusOK); got.header.Get(headerRateLimit) != "" {
				t.Errorf("%s counts", path)
			}
		}
		s.do(t.Context(), http.MethodOptions, page, from("192.0.2.1")...).want(t, http.StatusNoContent)
	}
	s.clock.advance(19 * time.Second)
	s.get(page, from("192.0.2.1")...).problem(t, http.StatusTooManyRequests)
	s.clock.advance(time.Second)
	s.get(page, from("192.0.2.1")...).want(t, http.StatusOK)
	s.get(page, from("192.0.2.1")...).problem(t, http.StatusTooManyRequests)
}

func TestANetworkOfIPv6IsOneClient(t *testing.T) {
	s := limited(t, RateLimits{Read: 2})
	for _, address := range []string{"2001:db8:0:1::1", "2001:db8:0:1:ffff::2"} {
		s.get("/v1/courses", from(address)...).want(t, http.StatusOK)
	}
	s.get("/v1/courses", from("2001:db8:0:1::3")...).problem(t, http.StatusTooManyRequests)
	s.get("/v1/courses", from("2001:db8:0:2::1")...).want(t, http.StatusOK)
	for _, address := range []string{"::ffff:192.0.2.9", "192.0.2.9"} { // which are the same
		s.get("/v1/courses", from(address)...).want(t, http.StatusOK)
	}
	s.get("/v1/courses", from("192.0.2.9")...).problem(t, http.StatusTooManyRequests)
}

// What a client writes into X-Forwarded-For makes it nobody else.
func TestLimitsBelieveNoStranger(t *testing.T) {
	s := limited(t, RateLimits{Read: 2}, func(cfg *Config) { cfg.TrustedProxies = nil })
	s.server.TrustedProxies = nil
	for n := range 3 {
		got := s.get("/v1/courses", from("192.0.2."+strconv.Itoa(n))...)
		if want := []int{200, 200, 429}[n]; got.status != want {
			t.Errorf("request %d: %d, want %d", n, got.status, want)
		}
	}
}

func TestSearchesAreLimited(t *testing.T) {
	s := limited(t, RateLimits{Read: 100, Search: 2})
	page := models.Href(models.KindSection, s.teach().page.ID)
	got := s.get("/v1/search?q=kettle").want(t, http.StatusOK)
	if states, policies := got.header.Values(headerRateLimit), got.header.Values(headerRateLimitPolicy); strings.Join(states, ", ") != `"read";r=99;t=1, "search";r=1;t=30` ||
		strings.Join(policies, ", ") != `"read";q=100;w=60, "search";q=2;w=60` {
		t.Errorf("%q, %q", states, policies)
	}
	s.get("/v1/suggest?q=ket").want(t, http.StatusOK)
	for _, path := range []string{"/v1/search?q=tea", "/v1/suggest?q=te", "/v1/search/export?q=tea&format=csv", "/v1/search/feed?q=tea&format=json", page + "/similar"} {
		if over := s.get(path); over.header.Get("Retry-After") != "30" {
			t.Errorf("%s: %d, %v", path, over.status, over.header)
		}
		s.get(path).problem(t, http.StatusTooManyRequests)
	}
	s.get("/v1/search?q=kettle").want(t, http.StatusOK) // from memory
	s.get(page).want(t, http.StatusOK)
	s.get("/v1/search?q=tea", from("192.0.2.1")...).want(t, http.StatusOK)
	if n := s.refusals("search"); n != "10" {
		t.Errorf("%s were refused", n)
	}
}

func TestChangesByAdminsAreLimited(t *testing.T) {
	s := limited(t, RateLimits{Admin: 2})
	ada, zoe := s.with("ada"), s.with("zoe") // who have signed in, from one address
	s.clock.advance(rateWindow)
	const renamed = `{"name":"Ada"}`
	me := ada.send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
	edit := func(v *visitor) answer {
		return v.send(http.MethodPatch, "/v1/admin/me", renamed, "If-Match", v.send(http.MethodGet, "/v1/admin/me", nil).header.Get("ETag"))
	}
	if me.header.Get(headerRateLimit) != "" {
		t.Error("reads count")
	}
	edit(ada).want(t, http.StatusOK)
	last := edit(ada.tokenOrSession()) // another session of the same user
	if last.want(t, http.StatusOK).header.Get(headerRateLimit) != `"admin";r=0;t=30` {
		t.Errorf("%v", last.header)
	}
	edit(ada).problem(t, http.StatusTooManyRequests)
	edit(zoe).want(t, http.StatusOK)
	edit(s.tokenFor(ada.user, accounts.NewToken{Scopes: []access.Scope{access.Admin}})).problem(t, http.StatusForbidden) // which takes a session, and was counted by itself
	if n := s.refusals("admin"); n != "1" {
		t.Errorf("%s were refused", n)
	}

	s.clock.advance(rateWindow)
	forger := &visitor{site: s, token: "lec_" + strings.Repeat("x", 43)}
	for range 2 {
		forger.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusUnauthorized)
	}
	forger.send(http.MethodGet, "/v1/admin/me", nil).problem(t, http.StatusTooManyRequests)
	s.nobody().send(http.MethodPost, "/v1/admin/session", `{"login":"ada","password":"x"}`).problem(t, http.StatusTooManyRequests)
	edit(ada).want(t, http.StatusOK)
}

func TestBehindAKeyTokensAreTheClients(t *testing.T) {
	s := limited(t, RateLimits{Read: 2}, func(cfg *Config) { cfg.ContentKey = true })
	ada := s.with("ada")
	one, other := s.tokenFor(ada.user, accounts.NewToken{Scopes: []access.Scope{access.ContentRead}}), s.tokenFor(ada.user, accounts.NewToken{Scopes: []access.Scope{access.ContentRead}})
	for _, address := range []string{"192.0.2.1", "192.0.2.2"} {
		one.send(http.MethodGet, "/v1/courses", nil, from(address)...).want(t, http.StatusOK)
	}
	one.send(http.MethodGet, "/v1/courses", nil, from("192.0.2.3")...).problem(t, http.StatusTooManyRequests)
	for _, v := range []*visitor{other, ada} {
		v.send(http.MethodGet, "/v1/courses", nil, from("192.0.2.1")...).want(t, http.StatusOK)
	}
	for n := range 3 {
		want := []int{http.StatusUnauthorized, http.StatusUnauthorized, http.StatusTooManyRequests}[n]
		s.get("/v1/courses", from("192.0.2.4")...).problem(t, want)
	}
}

func TestPreviewsAreLimited(t *testing.T) {
	s := limited(t, RateLimits{Read: 2})
	l := s.previewable()
	path := s.owner().previewOf(l.page, `{}`) + "/sections/" + string(l.page.ID)
	for n := range 3 {
		if got := s.get(path, from("192.0.2.1")...); got.status != []int{200, 200, 429}[n] {
			t.Errorf("preview %d: %d", n, got.status)
		}
	}
	s.get(previewPath+"guess/sections/"+string(l.page.ID), from("192.0.2.1")...).problem(t, http.StatusTooManyRequests)
}

// A client never gets more than what a minute has and what has come back since, and never less than that.
func TestLimitsAreExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		perMinute := rapid.SampledFrom([]int{1, 7, 60, 600}).Draw(rt, "per minute")
		l := newLimiter("read", perMinute, prometheus.NewCounter(prometheus.CounterOpts{Name: "refused"}))
		begin := time.Unix(1_800_000_000, 0)
		now := begin
		l.now = func() time.Time { return now }
		each := rateWindow / time.Duration(perMinute)
		left, since := perMinute, begin // what is left, and since when the next one is on its way
		for range rapid.IntRange(1, 300).Draw(rt, "requests") {
			now = now.Add(time.Duration(rapid.Int64Range(0, 3*int64(each)).Draw(rt, "passes")))
			if rest := now.Sub(since) % each; rest < time.Microsecond || each-rest < time.Microsecond { // limits reckon with floating point
				now = now.Add(2 * time.Microsecond)
			}
			back := int(now.Sub(since) / each)
			since = since.Add(time.Duration(back) * each)
			if left += back; left >= perMinute {
				left, since = perMinute, now
			}
			var ctx fasthttp.RequestCtx
			err := l.take(&ctx, requester{addr: netip.MustParseAddr("192.0.2.1")})
			if (err == nil) != (left > 0) {
				rt.Fatalf("%d are left, and it says %v", left, err)
			}
			left = max(0, left-1)
			if want := fmt.Sprintf(`"read";r=%d;`, left); !bytes.HasPrefix(ctx.Response.Header.Peek(headerRateLimit), []byte(want)) {
				rt.Fatalf("%s, want %s", ctx.Response.Header.Peek(headerRateLimit), want)
			}
		}
	})
}

// However many clients there are, a bounded number is remembered, and one that asks without end stays limited.
func TestClientsAreBounded(t *testing.T) {
	l := newLimiter("read", 100, prometheus.NewCounter(prometheus.CounterOpts{Name: "refused"}))
	begin := time.Now()
	l.now = func() time.Time { return begin }
	var ctx fasthttp.RequestCtx
	greedy, refused := requester{addr: netip.MustParseAddr("2001:db8::")}, 0
	for n := range 5 * maxClients {
		if err := l.take(&ctx, requester{addr: netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})}); err != nil {
			t.Fatal(err)
		}
		if n%100 == 0 && l.take(&ctx, greedy) != nil {
			refused++
		}
		ctx.Response.Reset()
	}
	l.clients.CleanUp()
	if n := l.clients.EstimatedSize(); n > maxClients || n < maxClients/2 {
		t.Errorf("%d clients are remembered", n)
	}
	if want := 5*maxClients/100 - 100; refused < want*9/10 {
		t.Errorf("%d requests of one without end were refused, want about %d", refused, want)
	}
}

// Limits that are far away cost no allocation.
func TestLimitedHotRequestsAllocateLittle(t *testing.T) {
	s := newSite(t, logged, func(cfg *Config) { cfg.RateLimits = RateLimits{Read: 1_000_000, Search: 1_000_000, Admin: 1_000_000} })
	for name, request := range hotRequests(s.teach()) {
		allocatesLittle(t, s, name, request)
	}
}

func BenchmarkHotLimited(b *testing.B) {
	for name, limits := range map[string]RateLimits{"off": {}, "far away": {Read: 1_000_000_000}, "refused": {Read: 1}} {
		s := newSite(b, func(cfg *Config) { cfg.LogRequest, cfg.RateLimits = RequestLog(io.Discard, false), limits })
		hot(s, []string{models.Href(models.KindSection, s.teach().page.ID)}, func(ask func() int) {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					ask()
				}
			})
		})
	}
}
