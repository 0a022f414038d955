package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// mergeBody names the sources that are to go into one.
type mergeBody struct {
	From []content.Merged `json:"from"`
}

func (s *Server) mergeSources(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var body mergeBody
	if err := decode(c, &body); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	merge, err := s.editor(c).MergeSources(c.UserContext(), id(c), version, body.From)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	return sendData(c, merge)
}

func (s *Server) undoSourceMerge(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	merge, err := s.editor(c).UndoSourceMerge(c.UserContext(), id(c))
	if err != nil {
		return err
	}
	return sendData(c, merge)
}

func (s *Server) sourceMerges(c *fiber.Ctx) error {
	p := query(c, "limit", "after")
	limit, after := p.limit(), p.id("after")
	if err := p.err(); err != nil {
		return err
	}
	rows, err := s.editor(c).SourceMerges(c.UserContext(), id(c), after, limit+1)
	if err != nil {
		return err
	}
	return sendPart(c, rows, limit, func(m content.SourceMerge) models.ID { return m.ID })
}
