package server

import (
	"mime"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/transfer"
)

const exportsPath = adminPath + "/exports"

// exportRoutes lists the routes of exports.
func (s *Server) exportRoutes(admin fiber.Router) {
	admin.Get("/exports", s.exports)
	admin.Post("/exports", s.createExport)
	admin.Get("/exports/:id", s.export)
	admin.Get("/exports/:id/file", s.exportFile)
	admin.Delete("/exports/:id", s.discardExport)
}

// createExport writes down that a course is to be exported.
func (s *Server) createExport(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var req transfer.ExportRequest
	if err := decode(c, &req); err != nil {
		return err
	}
	out, err := s.Transfers.Export(c.UserContext(), subject(c), origin(c), req)
	if err != nil {
		return err
	}
	return sendAccepted(c, out, exportsPath+"/"+string(out.ID))
}

func (s *Server) exports(c *fiber.Ctx) error {
	p := query(c, "limit", "after")
	limit, after := p.limit(), p.id("after")
	if err := p.err(); err != nil {
		return err
	}
	rows, err := s.Transfers.Exports(c.UserContext(), subject(c), after, limit+1)
	if err != nil {
		return err
	}
	return sendPart(c, rows, limit, func(out transfer.Export) models.ID { return out.ID })
}

func (s *Server) export(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	out, err := s.Transfers.ExportOf(c.UserContext(), subject(c), id(c))
	if err != nil {
		return err
	}
	return sendData(c, out)
}

// exportFile answers with the archive.
func (s *Server) exportFile(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	f, name, err := s.Transfers.ExportFile(c.UserContext(), subject(c), origin(c), id(c))
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	return c.SendStream(f, int(info.Size())) // which closes the file
}

func (s *Server) discardExport(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	if err := s.Transfers.DiscardExport(c.UserContext(), subject(c), origin(c), id(c)); err != nil {
		return err
	}
	return sendNothing(c)
}
