// Package server is Lectern over HTTP: routes, decoding, problem documents, caching headers. It is the only package
// that knows Fiber.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/transfer"
	"github.com/lectern-cms/lectern/web/docs"
)

// Config is what a server needs.
type Config struct {
	Content   *content.Service
	Accounts  *accounts.Service
	Transfers *transfer.Service
	Files     *files.Folder
	Index     search.Index
	Follower  *search.Follower
	Searches  *content.SearchTally // counts searches; nil: nobody does
	Contract  []byte               // openapi.yaml
	Version   string
	Log       *slog.Logger

	LogRequest func(RequestLine) // writes the line of a request; nil: to Log

	BaseURL        string         // origin under which clients reach the server, for the documentation; empty: not known
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Origins        []string       // that browsers may read the content API from; "*" for all
	AdminOrigins   []string       // whose pages may use the admin API with a session; none by default
	ContentKey     bool           // the content API is only for those with a session, or a token for it
	CacheControl   string         // of content: how long caches between the server and its clients may keep it
	CacheBytes     int64          // memory for answers that are kept; 0: none are
	Purge          Purge          // how a CDN is told of what has changed
	RateLimits     RateLimits     // of each client
	MaxRequests    int            // that are worked for at once, those that wait for the database included; 0: any number
	RequestTimeout time.Duration  // for the work of one request, down to its SQL
	Patience       Patience       // with slow clients; the zero value is what a server has outside of tests
	Ping           func(context.Context) error
	Statements     func() int64 // SQL statements so far
}

// Server is the HTTP side of Lectern.
type Server struct {
	Config
	app     *fiber.App
	metrics *metrics
	docs    *documentation
	origins map[string]bool

	adminOrigins map[string]bool
	crossOrigin  *http.CrossOriginProtection

	bell  *bell // rings when something is published, and when the server stops
	fresh freshness
	cache *cache  // nil when no answers are kept
	purge *purger // nil when there is no CDN to tell

	publicControl, privateControl field // CacheControl of content that is open, and of content behind a key

	limits  limiters
	working atomic.Int64 // requests that are being worked for
	refused prometheus.Counter

	mu       sync.Mutex
	listener net.Listener // since Serve
	stopped  bool
}

// New makes a server. It listens when Serve is called.
func New(cfg Config) *Server {
	s := &Server{
		Config: cfg, metrics: newMetrics(cfg), docs: newDocumentation(servedAt(cfg.Contract, cfg.BaseURL)), bell: newBell(),
		origins: setOf(cfg.Origins), adminOrigins: setOf(cfg.AdminOrigins), crossOrigin: newCrossOrigin(cfg),
	}
	s.Index = measure(cfg.Index, cfg.Follower, s.metrics.registry)
	if s.LogRequest == nil {
		s.LogRequest = requestsTo(cfg.Log)
	}
	if s.CacheControl == "" {
		s.CacheControl = cacheControl
	}
	s.publicControl = newField(fiber.HeaderCacheControl, s.CacheControl)
	s.privateControl = newField(fiber.HeaderCacheControl, withoutShared(s.CacheControl))
	if cfg.CacheBytes > 0 {
		s.cache = newCache(cfg.CacheBytes, s.metrics.registry)
	}
	s.limits = newLimiters(cfg.RateLimits, s.metrics.registry)
	s.refused = newShed(s, s.metrics.registry)
	if cfg.Purge.URL != "" {
		s.purge = newPurger(s, cfg.Purge, s.metrics.registry)
	}
	cfg.Content.OnPublish(func(revision int64) {
		s.fresh.advance(revision)
		s.bell.ring()
	})
	s.Patience = s.Patience.orUsual()
	settings := FiberSettings()
	settings.ErrorHandler = s.problem
	settings.ReadTimeout, settings.WriteTimeout, settings.IdleTimeout = s.Patience.Read, s.Patience.Write, s.Patience.Idle
	s.app = fiber.New(settings)
	s.app.Server().HeaderReceived = limitsBy(s.Patience)
	s.app.Server().NoDefaultServerHeader = true
	s.app.Server().StreamRequestBody = true // the middleware body reads what routes don't
	s.app.Server().DisablePreParseMultipartForm = true
	s.routes()
	s.app.Server().Handler = s.keptFirst(s.refuseUnknownMethods(s.app.Handler()))
	return s
}

func setOf(names []string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// routes lists all routes. The contract test compares them with openapi.yaml.
func (s *Server) routes() {
	s.app.Use(s.observe, s.recover, s.headers, s.body)
	s.app.Get(previewPath+":token/*", s.limitReads, s.deadline, s.preview) // goes on to the routes that follow
	v1 := s.app.Group(contentGroup, notAdmin(s.cors), notAdmin(s.contentKey), notAdmin(s.limitReads), notAdmin(s.fromCache), notAdmin(s.reading))
	s.app.Use(s.deadline)

	s.app.Get("/", func(c *fiber.Ctx) error { return c.Redirect("/docs", fiber.StatusFound) })
	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/metrics", s.metrics.handler())
	s.app.Get("/openapi.yaml", s.openapi)
	s.app.Get("/docs", s.docsPage)
	s.app.Get("/docs/docs.css", docsFile("text/css; charset=utf-8", docs.Style))
	s.app.Get("/docs/icon.svg", docsFile("image/svg+xml", docs.Icon))
	s.app.Get("/docs/:page", s.docsPage)

	s.app.Use("/v1", s.shed)
	s.adminRoutes()

	v1.Get("/courses", s.caching(s.courses))
	v1.Get("/courses/:course", s.caching(s.course))
	v1.Get("/courses/:course/same-sources", s.caching(s.sameSources))
	v1.Get("/courses/:course/modules/:module", s.caching(s.moduleByPath))
	v1.Get("/courses/:course/modules/:module/tree", s.caching(s.tree))
	v1.Get("/courses/:course/modules/:module/sections/:section", s.caching(s.sectionByPath))
	v1.Get("/courses/:course/modules/:module/worksheets/:worksheet", s.caching(s.worksheetByPath))
	v1.Get("/modules", s.caching(s.modules))
	v1.Get("/modules/:id", s.caching(s.module))
	v1.Get("/sections", s.caching(s.sections))
	v1.Get("/sections/:id", s.caching(s.section))
	v1.Get("/sections/:id/similar", s.cachingSearch(s.similar))
	v1.Get("/citations", s.caching(s.citations))
	v1.Get("/citations/:id", s.caching(s.citation))
	v1.Get("/sources", s.caching(s.sources))
	v1.Get("/sources/:id", s.caching(s.source))
	v1.Get("/worksheets", s.caching(s.worksheets))
	v1.Get("/worksheets/:id", s.caching(s.worksheet))
	v1.Get("/fragments", s.caching(s.fragments))
	v1.Get("/fragments/:id", s.caching(s.fragment))
	v1.Get("/assets", s.caching(s.assets))
	v1.Get("/assets/:id", s.caching(s.asset))
	v1.Get("/assets/:id/file", s.assetFile)
	v1.Get("/search", s.cachingSearch(s.search))
	v1.Get("/search/export", s.cachingSearch(s.exportSearch))
	v1.Get("/search/feed", s.cachingSearch(s.searchFeed))
	v1.Get("/suggest", s.cachingSearch(s.suggest))
	v1.Get("/resolve", s.caching(s.resolve))
	v1.Get("/courses/:course/sitemap", s.caching(s.sitemap))
	v1.Get("/changes", s.changes)
}

// adminRoutes lists the routes of the admin API. Who may do what is for the use cases to decide.
func (s *Server) adminRoutes() {
	open := s.app.Group(adminPath, s.admin, s.adminCORS)
	open.Post("/session", s.limitChanges, s.sameOrigin, s.signIn)
	open.Post("/setup", s.limitChanges, s.sameOrigin, s.setUp)
	open.Post("/reset", s.limitChanges, s.sameOrigin, s.setPassword)

	s.app.Post(importsPath, s.authenticate, s.limitChanges, s.createImport)

	admin := s.app.Group(adminPath, s.authenticate, s.limitChanges, s.readEdit, s.once)
	admin.Get("/session", s.session)
	admin.Delete("/session", s.signOut)
	admin.Get("/sessions", s.sessions)
	admin.Delete("/sessions", s.endSessions)
	admin.Delete("/sessions/:id", s.endSession)
	admin.Get("/me", s.me)
	admin.Patch("/me", s.updateMe)
	admin.Put("/me/password", s.changePassword)
	admin.Get("/users", s.users)
	admin.Post("/users", s.createUser)
	admin.Get("/users/:id", s.user)
	admin.Patch("/users/:id", s.updateUser)
	admin.Delete("/users/:id", s.deleteUser)
	admin.Post("/users/:id/reset", s.resetUser)
	admin.Get("/tokens", s.tokens)
	admin.Post("/tokens", s.createToken)
	admin.Delete("/tokens/:id", s.revokeToken)
	admin.Get("/audit", s.audit)
	admin.Get("/permissions/explain", s.explain)
	admin.Get("/searches", s.searches)
	admin.Get("/searches/summary", s.searchSummary)
	admin.Get("/previews", s.previews)
	admin.Delete("/previews/:id", s.revokePreview)
	admin.Post("/:records/:id/previews", s.createPreview)
	admin.Get("/courses/:id/settings", s.courseSettings)
	admin.Put("/courses/:id/settings", s.setCourseSettings)
	admin.Get("/courses/:id/problems", s.problems)
	admin.Get("/courses/:id/source-merges", s.sourceMerges)
	admin.Post("/sources/:id/merge", s.mergeSources)
	admin.Post("/source-merges/:id/undo", s.undoSourceMerge)
	admin.Get("/:records/:id/presence", s.presence)
	admin.Post("/:records/:id/presence", s.enter)
	admin.Delete("/:records/:id/presence", s.leave)
	s.scheduleRoutes(admin)
	s.importRoutes(admin)
	s.exportRoutes(admin)
	s.recordRoutes(admin)
}

// Serve answers requests on a listener, which it closes, until Stop; not at all after Stop.
func (s *Server) Serve(ln net.Listener) error {
	if !s.begin(ln) {
		return ln.Close()
	}
	var wg sync.WaitGroup
	wg.Go(s.watch)
	if s.purge != nil {
		ctx, cancel := context.WithCancel(context.Background())
		wg.Go(func() { s.purge.run(ctx) })
		wg.Go(func() {
			<-s.bell.stopped
			cancel()
		})
	}
	err := s.app.Listener(ln)
	s.bell.stop()
	wg.Wait()
	if err != nil {
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	}
	return nil
}

// Stop takes no new requests and waits for those under way until the context ends.
func (s *Server) Stop(ctx context.Context) error {
	ln := s.end()
	if err := s.app.ShutdownWithContext(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop the server: %w", err)
	}
	if ln == nil {
		return ctx.Err()
	}
	// Fiber leaves a listener open that it has not begun to listen on.
	if err := ln.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("stop the server: %w", err)
	}
	return ctx.Err()
}

// begin takes the listener, unless the server was stopped already.
func (s *Server) begin(ln net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener = ln
	return !s.stopped
}

// end makes a later Serve return at once, and gives the listener of an earlier one.
func (s *Server) end() net.Listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	s.bell.stop()
	return s.listener
}

// Handler is the server as fasthttp knows it, for tests and benchmarks in one process.
func (s *Server) Handler() fasthttp.RequestHandler {
	return s.app.Server().Handler
}
