package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

const (
	adminPath = "/v1/admin"

	// sessionCookie is sent to the whole API, not to the admin API only: content may be behind a key, and who is signed in
	// may read it.
	sessionCookie     = "lectern_session"
	sessionCookiePath = "/v1"

	headerCSRF = "X-CSRF-Token"

	localCaller = "caller"
	localOrigin = "origin"
)

// subject is who makes a request of the admin API.
func subject(c *fiber.Ctx) access.Subject { return callerOf(c).Subject }

func callerOf(c *fiber.Ctx) *accounts.Caller {
	caller, ok := c.Locals(localCaller).(*accounts.Caller)
	if !ok {
		panic("a route of the admin API stands outside of authenticate")
	}
	return caller
}

// person is who makes a request with a session. What concerns one's own account is not for programs with a token, which
// could give themselves more than they were given.
func person(c *fiber.Ctx) (*accounts.Caller, error) {
	caller := callerOf(c)
	if caller.Session == "" {
		return nil, models.Forbidden("this takes a session: a token can't do it")
	}
	return caller, nil
}

// origin is where a request of the admin API comes from, for the audit log.
func origin(c *fiber.Ctx) access.Origin {
	from, _ := c.Locals(localOrigin).(access.Origin)
	return from
}

// admin is before all routes of the admin API.
func (s *Server) admin(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Locals(localOrigin, access.Origin{Address: s.clientIP(c), RequestID: requestID(c.Context())})
	return c.Next()
}

// authenticate finds out who makes a request, by session or token, and lets nobody else on. Unsafe requests with a
// session must come from a page of ours and prove that it could read the session's answers.
func (s *Server) authenticate(c *fiber.Ctx) error {
	caller, err := s.caller(c)
	if err != nil {
		return s.stranger(c, s.limits.admin, err)
	}
	if caller.Session != "" {
		if err := s.checkOrigin(c); err != nil {
			return err
		}
		if !isSafe(c) && !caller.SameCSRF(c.Get(headerCSRF)) {
			return models.Forbidden("the header " + headerCSRF + " is missing, or is not the token of the session")
		}
	}
	c.Locals(localCaller, caller)
	return c.Next()
}

// caller finds out who makes a request.
func (s *Server) caller(c *fiber.Ctx) (*accounts.Caller, error) {
	authorization, cookie := c.Get(fiber.HeaderAuthorization), c.Cookies(sessionCookie)
	switch {
	case authorization != "" && cookie != "":
		return nil, models.Malformed("the request has a session and a token: send one of them", nil)
	case cookie != "":
		return s.Accounts.BySession(c.UserContext(), cookie, access.Origin{Address: s.clientIP(c), RequestID: requestID(c.Context())})
	case authorization == "":
		return nil, models.Unauthenticated("sign in, or send a token")
	}
	token, ok := bearer(authorization)
	if !ok {
		return nil, models.Unauthenticated("the header Authorization must be Bearer and a token")
	}
	return s.Accounts.ByToken(c.UserContext(), token)
}

// bearer reads the token of a header Authorization (RFC 6750).
func bearer(authorization string) (string, bool) {
	scheme, token, ok := strings.Cut(authorization, " ")
	return token, ok && strings.EqualFold(scheme, "Bearer")
}

func isSafe(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead || c.Method() == fiber.MethodOptions
}

// sameOrigin refuses unsafe requests that pages of other sites make, for routes without a session.
func (s *Server) sameOrigin(c *fiber.Ctx) error {
	if err := s.checkOrigin(c); err != nil {
		return err
	}
	return c.Next()
}

// checkOrigin asks the standard library, which knows what browsers say of where a request comes from.
func (s *Server) checkOrigin(c *fiber.Ctx) error {
	req := &http.Request{Method: c.Method(), Host: string(c.Request().Host()), URL: &url.URL{Path: c.Path()}, Header: http.Header{}}
	for _, name := range []string{fiber.HeaderOrigin, "Sec-Fetch-Site"} {
		if value := c.Get(name); value != "" {
			req.Header.Set(name, value)
		}
	}
	if s.crossOrigin.Check(req) != nil {
		return models.Forbidden("the request comes from a page of another site")
	}
	return nil
}

// newCrossOrigin trusts the pages of the listed origins and those under the server's own public one.
func newCrossOrigin(cfg Config) *http.CrossOriginProtection {
	p := http.NewCrossOriginProtection()
	for _, o := range append([]string{cfg.BaseURL}, cfg.AdminOrigins...) {
		if o == "" {
			continue
		}
		if err := p.AddTrustedOrigin(o); err != nil {
			panic(err) // settings are origins
		}
	}
	return p
}

// setSession gives the browser the secret of a session, or takes it away when it is empty.
func (s *Server) setSession(c *fiber.Ctx, secret string) {
	cookie := &fiber.Cookie{
		Name: sessionCookie, Value: secret, Path: sessionCookiePath, HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode,
		Secure: s.isHTTPS(c), SessionOnly: true,
	}
	if secret == "" {
		cookie.SessionOnly, cookie.Expires = false, fasthttp.CookieExpireDelete
	}
	c.Cookie(cookie)
}

// isHTTPS tells whether clients reach the server by HTTPS, which a proxy in front of it speaks.
func (s *Server) isHTTPS(c *fiber.Ctx) bool {
	return strings.HasPrefix(s.BaseURL, "https://") || s.fromProxy(c) && strings.EqualFold(c.Get(fiber.HeaderXForwardedProto), "https")
}

const (
	adminMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
	adminHeaders = "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, X-CSRF-Token, X-Request-Id"
)

// adminCORS lets browsers use the admin API from the listed origins, with credentials. All others get nothing.
func (s *Server) adminCORS(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderOrigin)
	from := c.Get(fiber.HeaderOrigin)
	listed := s.adminOrigins[from]
	if listed {
		c.Set(fiber.HeaderAccessControlAllowOrigin, from)
		c.Set(fiber.HeaderAccessControlAllowCredentials, "true")
		c.Set(fiber.HeaderAccessControlExposeHeaders, corsExposed)
	}
	if c.Method() != fiber.MethodOptions {
		return c.Next()
	}
	c.Set(fiber.HeaderAllow, adminMethods)
	if listed && c.Get(fiber.HeaderAccessControlRequestMethod) != "" {
		c.Set(fiber.HeaderAccessControlAllowMethods, adminMethods)
		c.Set(fiber.HeaderAccessControlAllowHeaders, adminHeaders)
		c.Set(fiber.HeaderAccessControlMaxAge, corsMaxAge)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// notAdmin leaves out the admin API from what is before all other routes under /v1.
func notAdmin(do fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if c.Path() == adminPath || strings.HasPrefix(c.Path(), adminPath+"/") {
			return c.Next()
		}
		return do(c)
	}
}
