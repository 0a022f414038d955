package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
)

// madePreview is a new preview and the address under which the content API is to be read in it.
type madePreview struct {
	*content.NewPreview
	Path string `json:"path"`
}

func (s *Server) createPreview(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	var req content.PreviewRequest
	if err := decode(c, &req); err != nil {
		return err
	}
	made, err := s.editor(c).CreatePreview(c.UserContext(), ref, req)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	return sendData(c, madePreview{made, previewPath + made.Token})
}

func (s *Server) previews(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	list, err := s.editor(c).Previews(c.UserContext())
	if err != nil {
		return err
	}
	return sendData(c, list)
}

func (s *Server) revokePreview(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	if err := s.editor(c).RevokePreview(c.UserContext(), id(c)); err != nil {
		return err
	}
	return sendNothing(c)
}
