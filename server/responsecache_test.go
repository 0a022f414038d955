package server

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/valyala/fasthttp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

// asked is what a server's handler said, without a network between.
type asked struct {
	status int
	header map[string]string
	body   string
}

var nowhere = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}

// direct asks a server's handler. Headers come in pairs of name and value.
func direct(s *Server, method, path string, headers ...string) asked {
	var out asked
	inRequest(method, path, headers, func(ctx *fasthttp.RequestCtx) {
		s.Handler()(ctx)
		out = asked{ctx.Response.StatusCode(), map[string]string{}, string(ctx.Response.Body())}
		ctx.Response.Header.VisitAll(func(name, value []byte) { out.header[string(name)] += string(value) })
	})
	return out
}

// inRequest does something with a request that fasthttp has read.
func inRequest(method, path string, headers []string, do fasthttp.RequestHandler) {
	request := method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	for i := 0; i < len(headers); i += 2 {
		request += headers[i] + ": " + headers[i+1] + "\r\n"
	}
	server := fasthttp.Server{Handler: do, NoDefaultServerHeader: true}
	if err := server.ServeConn(&pretended{request: strings.NewReader(request + "\r\n")}); err != nil {
		panic(err)
	}
}

// pretended is a connection that has one request, and takes what is said to it.
type pretended struct {
	net.Conn
	request *strings.Reader
}

func (p *pretended) Read(into []byte) (int, error)  { return p.request.Read(into) }
func (*pretended) Write(data []byte) (int, error)   { return len(data), nil }
func (*pretended) Close() error                     { return nil }
func (*pretended) RemoteAddr() net.Addr             { return nowhere }
func (*pretended) LocalAddr() net.Addr              { return nowhere }
func (*pretended) SetDeadline(time.Time) error      { return nil }
func (*pretended) SetReadDeadline(time.Time) error  { return nil }
func (*pretended) SetWriteDeadline(time.Time) error { return nil }

// twin is a server of the same content that keeps no answers.
func (s *site) twin() *Server {
	cfg := s.server.Config
	cfg.CacheBytes, cfg.Index = 0, s.index
	return New(cfg)
}

func (s *site) hits() float64 { return s.metric("lectern_cache_hits_total") }

func (s *site) metric(name string) float64 {
	s.t.Helper()
	families, err := s.server.metrics.registry.Gather()
	check(s.t, err)
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue() + f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	s.t.Fatalf("there is no metric %s", name)
	return 0
}

// anHourAgo is a clock by which everything was published long enough ago to have a date.
func anHourAgo() time.Time { return time.Now().Add(-time.Hour) }

// databases are the two engines.
var databases = map[string]func(t *testing.T) store.Config{
	"sqlite":   func(t *testing.T) store.Config { return store.Config{Path: t.TempDir() + "/lectern.db"} },
	"postgres": func(t *testing.T) store.Config { return store.Config{PostgresURL: pgtest.URL(t)} },
}

// Whatever is published and withdrawn in whatever order, a server that keeps answers gives those of one that does not.
func TestKeptAnswersAreThoseOfNow(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			s := startSiteOn(t, t.TempDir(), database(t), anHourAgo)
			l := s.teach()
			plain := s.twin()
			paths := append(append(l.addresses(), lists...), "/v1/sections?include=citations.source,worksheets&limit=5", "/v1/sections?limit=5&include=citations.source,worksheets",
				"/v1/courses/tea/modules/brewing/tree?body=html", "/v1/search?q=kettle", "/v1/search/feed?format=atom&q=water", "/v1/search/export?q=water&format=csv",
				"/v1/suggest?q=wat", "/v1/sections/"+string(l.page.ID)+"/similar", "/v1/resolve?path=/tea", "/v1/courses/tea/sitemap", "/v1/changes", "/v1/sections?limit=0",
				"/v1/sections?filter[title][contains]=a&body=text", "/v1/sections?body=text&filter%5Btitle%5D%5Bcontains%5D=a", "/v1/courses/te%61", "/v1/nothing")
			number := 0
			small(t)
			rapid.Check(t, func(rt *rapid.T) {
				var tags []string
				for range rapid.IntRange(3, 12).Draw(rt, "steps") {
					number++
					s.step(rt, l, number)
					for range rapid.IntRange(1, 8).Draw(rt, "reads") {
						path := rapid.SampledFrom(paths).Draw(rt, "path")
						headers := []string{"X-Request-Id", "same"}
						if coding := rapid.SampledFrom([]string{"", "gzip", "br", "gzip, br"}).Draw(rt, "coding"); coding != "" {
							headers = append(headers, "Accept-Encoding", coding)
						}
						if len(tags) > 0 && rapid.Bool().Draw(rt, "conditional") {
							headers = append(headers, "If-None-Match", rapid.SampledFrom(tags).Draw(rt, "tag"))
						}
						if rapid.IntRange(0, 9).Draw(rt, "dated") == 0 {
							headers = append(headers, "If-Modified-Since", time.Now().UTC().Format(httpDate))
						}
						method := rapid.SampledFrom([]string{"GET", "GET", "HEAD"}).Draw(rt, "method")
						got, want := direct(s.server, method, path, headers...), direct(plain, method, path, headers...)
						if diff := cmp.Diff(want, got, cmp.AllowUnexported(asked{})); diff != "" {
							rt.Fatalf("%s %s %q: as it is -, as it was kept +\n%s", method, path, headers, diff)
						}
						if tag := got.header["Etag"]; tag != "" {
							tags = append(tags, tag)
						}
					}
				}
			})
			if s.hits() == 0 {
				t.Error("no answer came from the cache")
			}
		})
	}
}

// step does one thing that readers may see.
func (s *site) step(rt *rapid.T, l *lesson, number int) {
	title := fmt.Sprintf("Kettle %d", number)
	var err error
	switch rapid.SampledFrom([]string{"rename", "page", "save", "withdraw", "bring back", "follow", "nothing"}).Draw(rt, "step") {
	case "rename":
		s.rename(l.course, func(r models.Record) { r.(*models.Course).Title = title })
	case "page":
		s.rename(l.last, func(r models.Record) {
			r.(*models.Section).Title, r.(*models.Section).Slug = title, fmt.Sprintf("leaves-%d", number%3)
		})
	case "save":
		s.change(l.page, func(r models.Record) { r.(*models.Section).Title = title })
	case "withdraw":
		if _, _, err = s.content.Unpublish(s.t.Context(), *ref(l.page)); models.KindOf(err) == models.KindNotFound {
			err = nil // it is withdrawn already
		}
	case "bring back":
		s.publish(l.page)
	case "follow":
		err = s.follower.CatchUp(s.t.Context())
	}
	if err != nil {
		rt.Fatal(err)
	}
}

func TestHitsAskTheDatabaseNothing(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	for _, path := range append(append(l.addresses(), lists...), "/v1/search?q=kettle", "/v1/courses/tea/modules/brewing/tree?body=html") {
		first := s.get(path).want(t, http.StatusOK)
		before, hits := s.store.Statements(), s.hits()
		if again := s.get(path).want(t, http.StatusOK); again.body != first.body {
			t.Errorf("%s: another answer", path)
		}
		s.get(path, "If-None-Match", first.header.Get("ETag")).want(t, http.StatusNotModified)
		s.do(t.Context(), http.MethodHead, path).want(t, http.StatusOK)
		if n := s.store.Statements() - before; n != 0 || s.hits() != hits+3 {
			t.Errorf("%s: %d statements, %v hits", path, n, s.hits()-hits)
		}
	}
}

// Parameters in another order, or written in another way, ask for the same answer.
func TestQueriesHaveANormalForm(t *testing.T) {
	s := newSite(t)
	s.teach()
	first := s.get("/v1/sections?filter%5Btitle%5D%5Bcontains%5D=e&limit=5&sort=-title")
	for _, query := range []string{"sort=-title&limit=5&filter%5Btitle%5D%5Bcontains%5D=e", "filter[title][contains]=e&sort=%2Dtitle&limit=5"} {
		hits := s.hits()
		if got := s.get("/v1/sections?" + query); got.body != first.body || s.hits() != hits+1 {
			t.Errorf("%s is another question", query)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		values := rapid.MapOfN(rapid.StringN(1, 5, -1), rapid.StringN(0, 5, -1), 1, 4).Draw(rt, "values")
		var forwards []parameter
		for _, name := range slices.Sorted(maps.Keys(values)) {
			forwards = append(forwards, parameter{escape(name), escape(values[name])})
		}
		normal := joined(slices.Clone(forwards))
		if !isNormal([]byte(normal)) {
			rt.Fatalf("%q is not taken for normal", normal)
		}
		slices.Reverse(forwards)
		var args fasthttp.Args
		args.Parse(normal)
		got := map[string]string{}
		args.VisitAll(func(name, value []byte) { got[string(name)] = string(value) })
		if diff := cmp.Diff(values, got); diff != "" || joined(forwards) != normal {
			rt.Fatalf("%q: %s", normal, diff)
		}
	})
}

func TestWhatIsNeverKept(t *testing.T) {
	s := newSite(t)
	l := s.teach()
	owner := s.owner()
	size := s.server.cache.answers.EstimatedSize()
	for range 2 {
		s.get("/v1/changes").want(t, http.StatusOK)
		s.get("/v1/changes?since=1&wait=1").want(t, http.StatusOK)
		s.get(models.FileHref(l.picture.ID)).want(t, http.StatusOK)
		s.get("/v1/courses/none").want(t, http.StatusNotFound)
		s.wrong(http.MethodGet, "/v1/courses?x=1").want(t, http.StatusBadRequest)
		for _, path := range []string{"/v1/admin/sections", "/v1/admin/sections/" + string(l.page.ID), "/v1/admin/me"} {
			if got := owner.send(http.MethodGet, path, nil).want(t, http.StatusOK); got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %v", path, got.header)
			}
		}
	}
	if s.hits() != 0 || s.server.cache.answers.EstimatedSize() != size {
		t.Errorf("%v hits, %d answers are kept", s.hits(), s.server.cache.answers.EstimatedSize()-size)
	}
}

// Answers to those with a key are apart from those that are open to all.
func TestScopesAreApart(t *testing.T) {
	s := newSite(t)
	s.teach()
	const path = "/v1/courses/tea"
	owner := s.owner()
	key := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.ContentRead}})
	other := s.tokenFor(owner.user, accounts.NewToken{Scopes: []access.Scope{access.DraftsRead}})
	s.get(path)
	s.server.ContentKey = true
	hits := s.hits()
	first := key.send(http.MethodGet, path, nil).want(t, http.StatusOK)
	if s.hits() != hits {
		t.Error("an open answer was given to someone with a key")
	}
	second := key.send(http.MethodGet, path, nil).want(t, http.StatusOK)
	for _, got := range []answer{first, second} {
		if !strings.HasPrefix(got.header.Get("Cache-Control"), "private, ") || !strings.Contains(got.header.Get("Vary"), "Authorization") {
			t.Errorf("headers are %v", got.header)
		}
	}
	if s.hits() != hits+1 {
		t.Error("the second answer was made again")
	}
	s.nobody().send(http.MethodGet, path, nil).want(t, http.StatusUnauthorized)
	other.send(http.MethodGet, path, nil).want(t, http.StatusForbidden)
	s.server.ContentKey = false
	if got := s.get(path); !strings.HasPrefix(got.header.Get("Cache-Control"), "public, ") || got.header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("open again, headers are %v", got.header)
	}
}

func TestTheCacheKeepsToItsBound(t *testing.T) {
	const bound = 1 << 20
	s := newSite(t, func(cfg *Config) { cfg.CacheBytes = bound })
	s.fill("garden", 40)
	for limit := range 40 {
		for _, body := range []string{"", "&body=html", "&body=blocks,text"} {
			path := fmt.Sprintf("/v1/sections?limit=%d%s", limit+1, body)
			for _, coding := range []string{"", "gzip", "br"} {
				direct(s.server, http.MethodGet, path, "Accept-Encoding", coding)
			}
		}
		if got := s.metric("lectern_cache_bytes"); got > bound+bound/largestShare {
			t.Fatalf("the cache has %v bytes, %d are allowed", got, bound)
		}
	}
	s.server.cache.answers.CleanUp()
	if got := s.metric("lectern_cache_bytes"); got > bound || got < bound/4 {
		t.Errorf("the cache has %v bytes, %d are allowed", got, bound)
	}
	if s.metric("lectern_cache_evictions_total") == 0 {
		t.Error("nothing was dropped")
	}
	var bytes int
	for _, v := range s.server.cache.answers.All() {
		bytes += len(v.body.plain) + int(v.body.size.Load())
		for in := range v.body.coded {
			if n := len(v.body.coded[in].bytes); cap(v.body.coded[in].bytes) > n+n/4+64 {
				t.Errorf("a body of %d bytes takes %d", n, cap(v.body.coded[in].bytes))
			}
		}
	}
	if float64(bytes) > s.metric("lectern_cache_bytes") {
		t.Errorf("bodies have %d bytes, counted are %v", bytes, s.metric("lectern_cache_bytes"))
	}
}

func TestALargeAnswerIsNotKept(t *testing.T) {
	s := newSite(t)
	s.fill("garden", 5)
	s.server.cache.largest = 500
	s.get("/v1/sections")
	if s.get("/v1/sections"); s.hits() != 0 {
		t.Error("it was kept")
	}
}

func TestCacheControlOfContentIsASetting(t *testing.T) {
	s := newSite(t, func(cfg *Config) { cfg.CacheControl = "public, s-maxage=600, max-age=0, proxy-revalidate" })
	s.teach()
	for range 2 {
		if got := s.get("/v1/courses/tea").header.Get("Cache-Control"); got != "public, s-maxage=600, max-age=0, proxy-revalidate" {
			t.Errorf("Cache-Control is %q", got)
		}
	}
	s.server.ContentKey = true
	owner := s.owner()
	if got := owner.send(http.MethodGet, "/v1/courses/tea", nil).header.Get("Cache-Control"); got != "private, max-age=0" {
		t.Errorf("behind a key Cache-Control is %q", got)
	}
}

// A preview is neither kept nor answered with what is kept: it shows drafts to those who have its address, as they are now.
func TestPreviewsAreNotKept(t *testing.T) {
	s := newSite(t)
	l := s.previewable()
	base := s.with("ines", access.Grant{Role: access.Editor}).previewOf(l.module, map[string]any{})
	page := "/sections/" + string(l.page.ID)
	live := s.get("/v1"+page).want(t, http.StatusOK)
	size, hits := s.server.cache.answers.EstimatedSize(), s.hits()
	for n := range 3 {
		title := fmt.Sprintf("Draft %d", n)
		s.change(l.page, func(r models.Record) { r.(*models.Section).Title = title })
		got := direct(s.server, http.MethodGet, base+page)
		if got.status != http.StatusOK || !strings.Contains(got.body, title) || got.header["Cache-Control"] != previewControl || got.header[headerRevision] != "" {
			t.Errorf("%d: %d %v %s", n, got.status, got.header, got.body)
		}
	}
	if s.hits() != hits || s.server.cache.answers.EstimatedSize() != size {
		t.Errorf("%v hits, %d answers are kept", s.hits()-hits, s.server.cache.answers.EstimatedSize()-size)
	}
	if again := s.get("/v1" + page); again.body != live.body || s.hits() != hits+1 {
		t.Error("what readers see is another")
	}
}
