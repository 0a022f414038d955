package server

import (
	"bytes"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"
)

// keptFirst answers with what is in the cache before Fiber looks at a request: its context, its copies of strings and the way
// through all middleware would take as long as all the rest. Whatever is not plain goes on, and may be found by fromCache:
// requests that need a key, paths with escapes, and queries that are not in normal form, nor have been asked before.
func (s *Server) keptFirst(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	if s.cache == nil {
		return next
	}
	return func(ctx *fasthttp.RequestCtx) {
		if !s.hit(ctx) {
			next(ctx)
		}
	}
}

// hit answers a request as the middleware of content would, if its answer is kept.
func (s *Server) hit(ctx *fasthttp.RequestCtx) (answered bool) {
	method := fiber.MethodGet
	switch {
	case s.ContentKey, ctx.RequestBodyStream() != nil: // which somebody has to read
		return false
	case ctx.IsHead():
		method = fiber.MethodHead
	case !ctx.IsGet():
		return false
	}
	path, query, ok := plainAddress(ctx.Request.Header.RequestURI())
	if ok && !isNormal(utils.UnsafeBytes(query)) {
		query, ok = s.cache.normal.GetIfPresent(query)
	}
	if !ok {
		return false
	}
	a := s.find(cacheKey{path: path, query: query, scope: scopeOpen})
	if a == nil {
		return false
	}
	answered = true // by mend, if need be
	defer s.mend(ctx)
	id := setRequestID(ctx)
	setHeaders(ctx)
	s.allowOrigin(ctx)
	if err := s.mayRead(ctx); err != nil {
		s.fail(ctx, err)
	} else {
		a.send(ctx, s.publicControl)
	}
	s.answered(ctx, method, a.route.(string), a.path, id) //nolint:forcetypeassert // it is
	return
}

// contentPrefix is what the addresses of content begin with.
const contentPrefix = "/v1/"

// plainAddress takes the target of a request for content apart whose path means what it says, without escapes.
func plainAddress(target []byte) (path, query string, ok bool) {
	before, after, _ := bytes.Cut(target, []byte{'?'})
	path, query = utils.UnsafeString(before), utils.UnsafeString(after)
	if !strings.HasPrefix(path, contentPrefix) || bytes.Contains(target, []byte("://")) { // which fasthttp takes for a host
		return "", "", false
	}
	for i := range len(path) {
		if !isPlain[path[i]] {
			return "", "", false
		}
	}
	return path, query, true
}

// mayRead counts a request for content that is open to all, where they are limited.
func (s *Server) mayRead(ctx *fasthttp.RequestCtx) error {
	if s.limits.read == nil {
		return nil
	}
	return s.limits.read.take(ctx, s.addressOf(ctx))
}

// mend makes an answer of a panic.
func (s *Server) mend(ctx *fasthttp.RequestCtx) {
	if p := recover(); p != nil {
		ctx.Response.Reset()
		s.fail(ctx, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	}
}

// fail answers with an error where Fiber has not begun.
func (s *Server) fail(ctx *fasthttp.RequestCtx, err error) {
	c := s.app.AcquireCtx(ctx)
	defer s.app.ReleaseCtx(c)
	if err := s.problem(c, err); err != nil {
		s.Log.Error("answer with an error", "error", err)
	}
}
