package server

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/accounts"
	"github.com/lectern-cms/lectern/models"
)

// explain says whether somebody may do something, and why.
func (s *Server) explain(c *fiber.Ctx) error {
	p := query(c, "action", "kind", "record", "user")
	q := accounts.Question{
		Action: access.Action(p.values["action"]), Kind: models.Kind(p.values["kind"]), Record: p.id("record"), User: p.id("user"),
	}
	switch {
	case !slices.Contains(access.Actions(), q.Action):
		p.fail("action", fmt.Sprintf("must be one of %v", access.Actions()))
	case q.Action.OnRecords() && !p.has("kind") && !p.has("record"):
		p.fail("kind", "is required for actions on records, or record")
	case !q.Action.OnRecords() && p.has("kind"):
		p.fail("kind", "is for actions on records")
	case !q.Action.OnRecords() && p.has("record"):
		p.fail("record", "is for actions on records")
	case p.has("kind") && !slices.Contains(models.StoredKinds(), q.Kind):
		p.fail("kind", fmt.Sprintf("must be one of %v", models.StoredKinds()))
	}
	if err := p.err(); err != nil {
		return err
	}
	v, err := s.Accounts.Explain(c.UserContext(), subject(c), q)
	if err != nil {
		return err
	}
	return sendData(c, v)
}
