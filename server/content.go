package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// plain checks a request that takes no parameters.
func plain(c *fiber.Ctx) error {
	return query(c).err()
}

func id(c *fiber.Ctx) models.ID {
	return models.ID(c.Params("id"))
}

func (s *Server) courses(c *fiber.Ctx) error {
	return sendList(c, models.KindCourse, func(req content.ListRequest) (content.Page[content.CourseView], error) {
		return s.Content.Courses(c.UserContext(), req)
	})
}

// course reads a course by slug or id: slugs are never shaped like ids.
func (s *Server) course(c *fiber.Ctx) error {
	name := c.Params("course")
	return sendRecord(c, models.KindCourse, func(req content.ReadRequest) (content.One[content.CourseView], error) {
		if models.ID(name).Valid() {
			return s.Content.Course(c.UserContext(), models.ID(name), req)
		}
		return s.Content.CourseBySlug(c.UserContext(), name, req)
	})
}

func (s *Server) sameSources(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.SameSources(c.UserContext(), c.Params("course"))
	return sendOne(c, v, err)
}

func (s *Server) modules(c *fiber.Ctx) error {
	return sendList(c, models.KindModule, func(req content.ListRequest) (content.Page[content.ModuleView], error) {
		return s.Content.Modules(c.UserContext(), req)
	})
}

func (s *Server) module(c *fiber.Ctx) error {
	return sendRecord(c, models.KindModule, func(req content.ReadRequest) (content.One[content.ModuleView], error) {
		return s.Content.Module(c.UserContext(), id(c), req)
	})
}

func (s *Server) moduleByPath(c *fiber.Ctx) error {
	return sendRecord(c, models.KindModule, func(req content.ReadRequest) (content.One[content.ModuleView], error) {
		return s.Content.ModuleBySlug(c.UserContext(), c.Params("course"), c.Params("module"), req)
	})
}

func (s *Server) tree(c *fiber.Ctx) error {
	p := query(c, append(readParams(models.KindModule), "body")...)
	w := wants{body: p.body(), include: p.include(models.KindModule)}
	w.cuts = p.cuts(models.KindModule, w.include, models.KindSection)
	if err := p.err(); err != nil {
		return err
	}
	answer, err := s.Content.Tree(c.UserContext(), c.Params("course"), c.Params("module"), w.request(models.KindModule, models.KindSection))
	if err != nil {
		return err
	}
	return sendJSON(c, one[any]{Data: w.cuts.tree(answer.Data), Included: w.cuts.included(answer.Included)})
}

func (s *Server) sections(c *fiber.Ctx) error {
	return sendList(c, models.KindSection, func(req content.ListRequest) (content.Page[content.SectionView], error) {
		return s.Content.Sections(c.UserContext(), req)
	})
}

func (s *Server) section(c *fiber.Ctx) error {
	return sendRecord(c, models.KindSection, func(req content.ReadRequest) (content.One[content.SectionView], error) {
		return s.Content.Section(c.UserContext(), id(c), req)
	})
}

func (s *Server) sectionByPath(c *fiber.Ctx) error {
	return sendRecord(c, models.KindSection, func(req content.ReadRequest) (content.One[content.SectionView], error) {
		return s.Content.SectionBySlug(c.UserContext(), c.Params("course"), c.Params("module"), c.Params("section"), req)
	})
}

func (s *Server) worksheets(c *fiber.Ctx) error {
	return sendList(c, models.KindWorksheet, func(req content.ListRequest) (content.Page[content.WorksheetView], error) {
		return s.Content.Worksheets(c.UserContext(), req)
	})
}

func (s *Server) worksheet(c *fiber.Ctx) error {
	return sendRecord(c, models.KindWorksheet, func(req content.ReadRequest) (content.One[content.WorksheetView], error) {
		return s.Content.Worksheet(c.UserContext(), id(c), req)
	})
}

func (s *Server) worksheetByPath(c *fiber.Ctx) error {
	return sendRecord(c, models.KindWorksheet, func(req content.ReadRequest) (content.One[content.WorksheetView], error) {
		return s.Content.WorksheetBySlug(c.UserContext(), c.Params("course"), c.Params("module"), c.Params("worksheet"), req)
	})
}

func (s *Server) fragments(c *fiber.Ctx) error {
	return sendList(c, models.KindFragment, func(req content.ListRequest) (content.Page[content.FragmentView], error) {
		return s.Content.Fragments(c.UserContext(), req)
	})
}

func (s *Server) fragment(c *fiber.Ctx) error {
	return sendRecord(c, models.KindFragment, func(req content.ReadRequest) (content.One[content.FragmentView], error) {
		return s.Content.Fragment(c.UserContext(), id(c), req)
	})
}

func (s *Server) sources(c *fiber.Ctx) error {
	return sendList(c, models.KindSource, func(req content.ListRequest) (content.Page[content.SourceView], error) {
		return s.Content.Sources(c.UserContext(), req)
	})
}

func (s *Server) source(c *fiber.Ctx) error {
	return sendRecord(c, models.KindSource, func(req content.ReadRequest) (content.One[content.SourceView], error) {
		return s.Content.Source(c.UserContext(), id(c), req)
	})
}

func (s *Server) citations(c *fiber.Ctx) error {
	return sendList(c, models.KindCitation, func(req content.ListRequest) (content.Page[content.CitationView], error) {
		return s.Content.Citations(c.UserContext(), req)
	})
}

func (s *Server) citation(c *fiber.Ctx) error {
	return sendRecord(c, models.KindCitation, func(req content.ReadRequest) (content.One[content.CitationView], error) {
		return s.Content.Citation(c.UserContext(), id(c), req)
	})
}
