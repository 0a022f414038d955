package server

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"
)

// keptFirst answers with what is in the cache before Fiber looks at a request: its context, its copies of strings and the way
// through all middleware would take as long as all the rest. Whatever is not plain goes on, and may be found by fromCache:
// requests that need a key, paths with escapes, and queries in another form than the normal one that were not asked in it before.
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
func (s *Server) hit(ctx *fasthttp.RequestCtx) bool {
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
	id, route := setRequestID(ctx), a.route.(string) //nolint:forcetypeassert // it is
	s.allowOrigin(ctx)
	if err := s.give(ctx, a); err != nil {
		ctx.SetUserValue(localRequestID, id)
		s.fail(ctx, err)
		route = contentGroup
	} else if ctx.Response.StatusCode() != fiber.StatusNotModified {
		setHeaders(ctx)
	}
	s.answered(ctx, method, route, a.path, id)
	return true
}

// give sends an answer that is kept, if the client may have more. A panic is an error.
func (s *Server) give(ctx *fasthttp.RequestCtx, a *representation) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	if s.limits.read != nil {
		if err := s.limits.read.take(ctx, s.addressOf(ctx)); err != nil {
			return err
		}
	}
	s.cache.hits.Inc()
	a.send(ctx, s.publicControl)
	return nil
}

// contentGroup is what the addresses of content begin with, and the route of what is refused there before one is looked for.
const contentGroup = "/v1"

// plainAddress takes the target of a request for content apart whose path means what it says, without escapes. Whom the request is
// for does not matter to what is kept: a Host that is no name, with which no route is found, finds it too.
func plainAddress(target []byte) (path, query string, ok bool) {
	before, after, _ := bytes.Cut(target, []byte{'?'})
	path, query = utils.UnsafeString(before), utils.UnsafeString(after)
	if !strings.HasPrefix(path, contentGroup+"/") {
		return "", "", false
	}
	for i := range len(path) {
		if !isPlain[path[i]] {
			return "", "", false
		}
	}
	return path, query, true
}

// fail answers with an error where Fiber has not begun.
func (s *Server) fail(ctx *fasthttp.RequestCtx, err error) {
	c := s.app.AcquireCtx(ctx)
	defer s.app.ReleaseCtx(c)
	if err := s.problem(c, err); err != nil {
		s.Log.Error("answer with an error", "error", err)
	}
}
