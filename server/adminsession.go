package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

// signIn begins a session. One that the browser has already ends: its secret may be known to somebody else.
func (s *Server) signIn(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var credentials accounts.Credentials
	if err := decode(c, &credentials); err != nil {
		return err
	}
	signedIn, err := s.Accounts.SignIn(c.UserContext(), credentials, origin(c), c.Get(fiber.HeaderUserAgent))
	if err != nil {
		return err
	}
	if old, err := s.Accounts.BySession(c.UserContext(), c.Cookies(sessionCookie), origin(c)); err == nil {
		if err := s.Accounts.EndSession(c.UserContext(), old, origin(c), old.Session); err != nil {
			return err
		}
	}
	s.setSession(c, signedIn.Secret)
	c.Status(fiber.StatusCreated)
	c.Set(fiber.HeaderLocation, adminPath+"/session")
	return sendData(c, signedIn)
}

func (s *Server) session(c *fiber.Ctx) error {
	who, err := person(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Accounts.CurrentSession(c.UserContext(), who)
	if err != nil {
		return err
	}
	return sendData(c, v)
}

func (s *Server) signOut(c *fiber.Ctx) error {
	who, err := person(c)
	if err != nil {
		return err
	}
	return s.endOne(c, who, who.Session)
}

func (s *Server) endSession(c *fiber.Ctx) error {
	who, err := person(c)
	if err != nil {
		return err
	}
	return s.endOne(c, who, id(c))
}

// endOne ends one of the caller's sessions.
func (s *Server) endOne(c *fiber.Ctx, who *accounts.Caller, session models.ID) error {
	if err := plain(c); err != nil {
		return err
	}
	if err := s.Accounts.EndSession(c.UserContext(), who, origin(c), session); err != nil {
		return err
	}
	if session == who.Session {
		s.setSession(c, "")
	}
	return sendNothing(c)
}

func (s *Server) sessions(c *fiber.Ctx) error {
	who, err := person(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Accounts.Sessions(c.UserContext(), who)
	if err != nil {
		return err
	}
	return sendData(c, v)
}

func (s *Server) endSessions(c *fiber.Ctx) error {
	who, err := person(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	if err := s.Accounts.EndSessions(c.UserContext(), who, origin(c)); err != nil {
		return err
	}
	s.setSession(c, "")
	return sendNothing(c)
}

// setUp makes the first user.
func (s *Server) setUp(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var setup accounts.Setup
	if err := decode(c, &setup); err != nil {
		return err
	}
	u, err := s.Accounts.SetUp(c.UserContext(), setup, origin(c))
	if err != nil {
		return err
	}
	return sendCreated(c, u, u.Version, userHref(u.ID))
}

// setPassword sets the password of a user who was given a token for it.
func (s *Server) setPassword(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var set accounts.NewPassword
	if err := decode(c, &set); err != nil {
		return err
	}
	if err := s.Accounts.SetPassword(c.UserContext(), set, origin(c)); err != nil {
		return err
	}
	return sendNothing(c)
}
