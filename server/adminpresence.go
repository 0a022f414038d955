package server

import (
	"fmt"
	"strings"
	"unicode/utf8"

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
	client := p.values["client"]
	if n := utf8.RuneCountInString(client); n == 0 || n > content.MaxPresenceClient || strings.ContainsRune(client, 0) {
		p.fail("client", fmt.Sprintf("must have from 1 to %d characters: what the client calls itself", content.MaxPresenceClient))
	}
	if err := p.err(); err != nil {
		return err
	}
	if err := s.editor(c).Absent(c.UserContext(), ref, client); err != nil {
		return err
	}
	return sendNothing(c)
}
