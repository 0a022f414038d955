package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
)

type health struct {
	Status  string            `json:"status"`
	Version string            `json:"version"`
	Checks  map[string]string `json:"checks,omitempty"`
}

// healthz tells that the process answers.
func (s *Server) healthz(c *fiber.Ctx) error {
	return s.sendHealth(c, health{Status: "ok", Version: s.Version})
}

// readyz tells whether requests can be answered: the database must be there. Search that is down makes search fail
// and nothing else, so it is shown, and the server stays ready.
func (s *Server) readyz(c *fiber.Ctx) error {
	if err := s.Ping(c.UserContext()); err != nil {
		return err
	}
	searching := "ok"
	if s.Follower.Failure() != "" {
		searching = "failing"
	} else if s.Follower.Behind() > 0 {
		searching = "catching up"
	}
	return s.sendHealth(c, health{Status: "ok", Version: s.Version, Checks: map[string]string{"database": "ok", "search": searching}})
}

func (s *Server) sendHealth(c *fiber.Ctx, h health) error {
	body, err := models.Encode(h)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(body)
}
