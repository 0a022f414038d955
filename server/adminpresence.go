package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
)

// presentBody says which of a user's windows has a record open.
type presentBody struct {
	Client string `json:"client"`
}

func (s *Server) enter(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	var body presentBody
	if err := decode(c, &body); err != nil {
		return err
	}
	all, err := s.editor(c).Present(c.UserContext(), ref, body.Client)
	if err != nil {
		return err
	}
	return sendData(c, all)
}

func (s *Server) presence(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	all, err := s.editor(c).Presences(c.UserContext(), ref)
	if err != nil {
		return err
	}
	return sendData(c, all)
}

func (s *Server) leave(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	p := query(c, "client")
	if client := p.values["client"]; client == "" || len(client) > content.MaxPresenceClient {
		p.fail("client", "is required: what the client calls itself")
	}
	if err := p.err(); err != nil {
		return err
	}
	if err := s.editor(c).Absent(c.UserContext(), ref, p.values["client"]); err != nil {
		return err
	}
	return sendNothing(c)
}
