package server

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

const localKeyed = "keyed"

// contentKey lets only those read content who have a session, or a token for it, when the setting says so.
func (s *Server) contentKey(c *fiber.Ctx) error {
	if !s.ContentKey || c.Method() == fiber.MethodOptions || previewBase(c) != "" { // whose token is the key
		return c.Next()
	}
	c.Vary(fiber.HeaderAuthorization, fiber.HeaderCookie)
	caller, err := s.callerInTime(c)
	if err != nil {
		return s.stranger(c, s.limits.read, err)
	}
	c.Locals(localCaller, caller)
	if !caller.Has(access.ContentRead) {
		return models.Forbidden("the token has no scope " + string(access.ContentRead))
	}
	c.Locals(localKeyed, true)
	return c.Next()
}

// callerInTime finds out who makes a request, within the time of a request. The answer has its own time.
func (s *Server) callerInTime(c *fiber.Ctx) (*accounts.Caller, error) {
	whole := c.UserContext()
	ctx, cancel := context.WithTimeout(whole, s.RequestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	defer c.SetUserContext(whole)
	caller, err := s.caller(c)
	if err != nil && ctx.Err() != nil {
		return nil, models.Unavailable("an answer in time", err)
	}
	return caller, err
}

// isKeyed tells whether an answer with content is for the one who asked only: caches for many must not keep it.
func isKeyed(c *fiber.Ctx) bool {
	keyed, _ := c.Locals(localKeyed).(bool)
	return keyed
}
