package server

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// sendPage answers with a part of a list that get reads. Parameters are those of all lists, and body= where the kind
// has content.
func sendPage[V any](c *fiber.Ctx, get func(context.Context, content.ListRequest) (content.Page[V], error), more ...string) error {
	p := query(c, append([]string{"limit", "after"}, more...)...)
	req := content.ListRequest{Limit: p.limit(), After: p.after(), Body: p.body()}
	if err := p.err(); err != nil {
		return err
	}
	page, err := get(c.UserContext(), req)
	if err != nil {
		return err
	}
	return sendJSON(c, list[V, listMeta]{Data: page.Items, Links: linksOf(c, page.Next), Meta: listMeta{Limit: req.Limit}})
}

// plain checks a request that takes no parameters.
func plain(c *fiber.Ctx) error {
	return query(c).err()
}

// withBody reads the forms of content for a single read: blocks when none are named.
func withBody(c *fiber.Ctx) (content.BodySet, error) {
	p := query(c, "body")
	return p.body(content.BodyBlocks), p.err()
}

func id(c *fiber.Ctx) models.ID {
	return models.ID(c.Params("id"))
}

func (s *Server) courses(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Courses)
}

// course reads a course by slug or id: slugs are never shaped like ids.
func (s *Server) course(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	name := c.Params("course")
	if models.ID(name).Valid() {
		v, err := s.Content.Course(c.UserContext(), models.ID(name))
		return sendOne(c, v, err)
	}
	v, err := s.Content.CourseBySlug(c.UserContext(), name)
	return sendOne(c, v, err)
}

func (s *Server) sameSources(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.SameSources(c.UserContext(), c.Params("course"))
	return sendOne(c, v, err)
}

func (s *Server) modules(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Modules)
}

func (s *Server) module(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.Module(c.UserContext(), id(c))
	return sendOne(c, v, err)
}

func (s *Server) moduleByPath(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.ModuleBySlug(c.UserContext(), c.Params("course"), c.Params("module"))
	return sendOne(c, v, err)
}

func (s *Server) tree(c *fiber.Ctx) error {
	p := query(c, "body")
	body := p.body()
	if err := p.err(); err != nil {
		return err
	}
	v, err := s.Content.Tree(c.UserContext(), c.Params("course"), c.Params("module"), body)
	return sendOne(c, v, err)
}

func (s *Server) sections(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Sections, "body")
}

func (s *Server) section(c *fiber.Ctx) error {
	body, err := withBody(c)
	if err != nil {
		return err
	}
	v, err := s.Content.Section(c.UserContext(), id(c), body)
	return sendOne(c, v, err)
}

func (s *Server) sectionByPath(c *fiber.Ctx) error {
	body, err := withBody(c)
	if err != nil {
		return err
	}
	v, err := s.Content.SectionBySlug(c.UserContext(), c.Params("course"), c.Params("module"), c.Params("section"), body)
	return sendOne(c, v, err)
}

func (s *Server) worksheets(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Worksheets, "body")
}

func (s *Server) worksheet(c *fiber.Ctx) error {
	body, err := withBody(c)
	if err != nil {
		return err
	}
	v, err := s.Content.Worksheet(c.UserContext(), id(c), body)
	return sendOne(c, v, err)
}

func (s *Server) worksheetByPath(c *fiber.Ctx) error {
	body, err := withBody(c)
	if err != nil {
		return err
	}
	v, err := s.Content.WorksheetBySlug(c.UserContext(), c.Params("course"), c.Params("module"), c.Params("worksheet"), body)
	return sendOne(c, v, err)
}

func (s *Server) fragments(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Fragments, "body")
}

func (s *Server) fragment(c *fiber.Ctx) error {
	body, err := withBody(c)
	if err != nil {
		return err
	}
	v, err := s.Content.Fragment(c.UserContext(), id(c), body)
	return sendOne(c, v, err)
}

func (s *Server) sources(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Sources)
}

func (s *Server) source(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.Source(c.UserContext(), id(c))
	return sendOne(c, v, err)
}

func (s *Server) citations(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Citations)
}

func (s *Server) citation(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.Citation(c.UserContext(), id(c))
	return sendOne(c, v, err)
}
