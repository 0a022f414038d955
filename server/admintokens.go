package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

// tokens lists one's own tokens, or those of everybody or somebody.
func (s *Server) tokens(c *fiber.Ctx) error {
	p := query(c, "limit", "after", "user", "all")
	limit, after, user, all := p.limit(), p.id("after"), subject(c).ID, p.flag("all")
	if p.has("user") && all {
		p.fail("all", "can't be given with user")
	}
	if p.has("user") {
		user = p.id("user")
	}
	if all {
		user = ""
	}
	if err := p.err(); err != nil {
		return err
	}
	tokens, err := s.Accounts.Tokens(c.UserContext(), subject(c), user, after, limit+1)
	if err != nil {
		return err
	}
	return sendPart(c, tokens, limit, func(t accounts.Token) models.ID { return t.ID })
}

func (s *Server) createToken(c *fiber.Ctx) error {
	who, err := person(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	var token accounts.NewToken
	if err := decode(c, &token); err != nil {
		return err
	}
	created, err := s.Accounts.CreateToken(c.UserContext(), who.Subject, origin(c), who.ID, token)
	if err != nil {
		return err
	}
	return sendSecret(c, created)
}

func (s *Server) revokeToken(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	if err := s.Accounts.RevokeToken(c.UserContext(), subject(c), origin(c), id(c)); err != nil {
		return err
	}
	return sendNothing(c)
}
