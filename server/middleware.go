package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/models"
)

const (
	headerRequestID = "X-Request-Id"
	maxRequestID    = 64
	localRequestID  = "request_id"

	// localRoute is the pattern of the route whose answer is sent, where that is not the one that is matched.
	localRoute = "route"
)

// observe gives each request an id, and writes its line in the log and its numbers in the metrics when it is done.
func (s *Server) observe(c *fiber.Ctx) error {
	id := requestID(c.Context())
	if err := c.Next(); err != nil {
		if err := s.problem(c, err); err != nil {
			return err
		}
	}
	s.answered(c.Context(), c.Method(), route(c), loggedPath(c), id)
	return nil
}

// answered counts a request that is answered, and writes its line.
func (s *Server) answered(ctx *fasthttp.RequestCtx, method, route, path, id string) {
	took, status := time.Since(ctx.Time()), ctx.Response.StatusCode()
	s.metrics.observe(method, route, status, took)
	s.LogRequest(RequestLine{
		At: ctx.Time().Add(took), Method: method, Path: path, Status: status, Bytes: len(ctx.Response.Body()), Took: took,
		IP: s.clientAddr(ctx), ID: id,
	})
}

// clientIP is where a request comes from, as text.
func (s *Server) clientIP(c *fiber.Ctx) string { return s.clientAddr(c.Context()).String() }

// clientAddr is where a request comes from: behind trusted proxies the nearest address that is none of theirs. What stands
// before it in X-Forwarded-For anybody may have written.
func (s *Server) clientAddr(ctx *fasthttp.RequestCtx) netip.Addr {
	ip, _ := netip.AddrFromSlice(ctx.RemoteIP()) // which is one on every network that we listen on
	if len(s.TrustedProxies) == 0 {
		return ip.Unmap()
	}
	hops := strings.Split(string(ctx.Request.Header.Peek(fiber.HeaderXForwardedFor)), ",")
	for i := len(hops) - 1; i >= 0 && s.isProxy(ip.Unmap()); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = hop
	}
	return ip.Unmap()
}

// fromProxy tells whether a trusted proxy has passed the request on.
func (s *Server) fromProxy(c *fiber.Ctx) bool {
	ip, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	return ok && s.isProxy(ip.Unmap())
}

func (s *Server) isProxy(ip netip.Addr) bool {
	return slices.ContainsFunc(s.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// route is the pattern that a request matched, so that metrics have a few names and not one for each record.
func route(c *fiber.Ctx) string {
	if p, ok := c.Locals(localRoute).(string); ok {
		return p
	}
	if p := c.Route().Path; p != "/" && p != "" || c.Path() == "/" {
		return p
	}
	return "unmatched"
}

// goodRequestID tells whether a client's id is fit for a log line.
func goodRequestID(id string) bool {
	for _, r := range id {
		ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
		if !ok {
			return false
		}
	}
	return id != "" && len(id) <= maxRequestID
}

// requestID is the id of a request: the client's own if it is fit, else one that the request gets when it is first
// asked for. That may be in an error answer to a request that was too large to be observed.
func requestID(ctx *fasthttp.RequestCtx) string {
	if id, ok := ctx.UserValue(localRequestID).(string); ok {
		return id
	}
	id := setRequestID(ctx)
	ctx.SetUserValue(localRequestID, id)
	return id
}

var requestIDName = nameOf(headerRequestID)

// setRequestID gives a request its id.
func setRequestID(ctx *fasthttp.RequestCtx) string {
	id := peek(ctx, headerRequestID)
	if goodRequestID(id) {
		id = strings.Clone(id)
	} else {
		id = newRequestID()
	}
	ctx.Response.Header.SetCanonical(requestIDName, utils.UnsafeBytes(id))
	return id
}

// newRequestID makes an id (RFC 9562, version 4). It names a request in the log and guards nothing, so it need not be hard
// to guess, which takes longer.
func newRequestID() string {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], rand.Uint64()) //nolint:gosec // see above
	binary.BigEndian.PutUint64(id[8:], rand.Uint64()) //nolint:gosec // see above
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// refuseUnknownMethods makes a problem of methods that Fiber does not know. It would answer them in plain text, before
// any middleware.
func (s *Server) refuseUnknownMethods(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, utils.UnsafeString(ctx.Method())) {
			next(ctx)
			return
		}
		ctx.Response.Header.Set(fiber.HeaderAllow, "GET, HEAD")
		ctx.Response.SetConnectionClose() // nobody reads the body
		s.fail(ctx, fiber.ErrMethodNotAllowed)
	}
}

// recover turns a panic into a 500 whose cause is in the log.
func (s *Server) recover(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return c.Next()
}

// panicked is the error of a panic, called where it is recovered.
func panicked(p any) error { return fmt.Errorf("panic: %v\n%s", p, debug.Stack()) }

// headers are on every answer.
func (s *Server) headers(c *fiber.Ctx) error {
	setHeaders(c.Context())
	return c.Next()
}

// setHeaders makes browsers careful. Pages of ours load nothing from elsewhere.
func setHeaders(ctx *fasthttp.RequestCtx) {
	set(ctx, carefulFields...)
}

// forgetCareful leaves those fields out of a 304 of content. Pages and files keep them: browsers show those, and a stricter policy is
// to hold for what they have already.
func forgetCareful(ctx *fasthttp.RequestCtx) {
	for _, f := range carefulFields {
		ctx.Response.Header.DelBytes(f.name)
	}
}

var carefulFields = []field{
	newField(fiber.HeaderXContentTypeOptions, "nosniff"),
	newField(fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin"),
	newField(fiber.HeaderContentSecurityPolicy, "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
}

// deadline bounds the work of a request. It reaches SQL through the context.
func (s *Server) deadline(c *fiber.Ctx) error {
	if c.Path() == changesPath || isUpload(c) { // which wait, and bound their reads themselves
		return c.Next()
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), s.RequestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	err := c.Next()
	if err != nil && ctx.Err() == context.DeadlineExceeded {
		return models.Unavailable("an answer in time", err)
	}
	return err
}

const (
	corsMethods = "GET, HEAD, OPTIONS"
	corsHeaders = "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, If-None-Match, If-Modified-Since, X-Request-Id"
	corsExposed = "ETag, Lectern-Revision, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
	corsMaxAge  = "86400"
)

var (
	corsAll     = newField(fiber.HeaderAccessControlAllowOrigin, "*")
	corsExposes = newField(fiber.HeaderAccessControlExposeHeaders, corsExposed)
)

// cors lets browsers read the content API from the configured origins, without credentials (Fetch standard, CORS
// protocol).
func (s *Server) cors(c *fiber.Ctx) error {
	s.allowOrigin(c.Context())
	if c.Method() != fiber.MethodOptions {
		return c.Next()
	}
	c.Set(fiber.HeaderAllow, corsMethods)
	if c.Get(fiber.HeaderAccessControlRequestMethod) != "" {
		c.Set(fiber.HeaderAccessControlAllowMethods, corsMethods)
		c.Set(fiber.HeaderAccessControlAllowHeaders, corsHeaders)
		c.Set(fiber.HeaderAccessControlMaxAge, corsMaxAge)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// allowOrigin lets the page that asks have the answer, if it may.
func (s *Server) allowOrigin(ctx *fasthttp.RequestCtx) {
	if s.origins["*"] {
		set(ctx, corsAll)
	} else {
		vary(ctx, fiber.HeaderOrigin)
		if origin := peek(ctx, fiber.HeaderOrigin); s.origins[origin] {
			ctx.Response.Header.Set(fiber.HeaderAccessControlAllowOrigin, origin)
		}
	}
	set(ctx, corsExposes)
}
