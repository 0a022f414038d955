package server

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/content/diff"
	"github.com/lectern-cms/lectern/models"
)

func (s *Server) revisions(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	p := query(c, "limit", "after")
	limit, before := p.limit(), p.version("after")
	if err := p.err(); err != nil {
		return err
	}
	rows, next, err := s.editor(c).Revisions(c.UserContext(), ref, before, limit)
	if err != nil {
		return err
	}
	var at *content.Place
	if next > 0 {
		at = &content.Place{Param: "after", Value: strconv.FormatInt(next, 10)}
	}
	return sendBody(c, list[content.HistoryEntry, listMeta]{Data: rows, Links: linksOf(c, at, nil), Meta: listMeta{Limit: limit}})
}

// version reads the number of a version; 0 when it is not given.
func (p *params) version(name string) int64 {
	if !p.has(name) {
		return 0
	}
	n, err := strconv.ParseInt(p.values[name], 10, 64)
	if err != nil || n < 1 {
		p.fail(name, "must be the number of a version, from 1")
	}
	return n
}

// versionIn reads the number of a version in a path. What is none names no revision.
func versionIn(c *fiber.Ctx) (int64, error) {
	n, err := strconv.ParseInt(c.Params("version"), 10, 64)
	if err != nil || n < 1 {
		return 0, models.NotFound("revision", c.Params("version"))
	}
	return n, nil
}

func (s *Server) revision(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	version, err := versionIn(c)
	if err != nil {
		return err
	}
	old, err := s.editor(c).Revision(c.UserContext(), ref, version)
	if err != nil {
		return err
	}
	return sendData(c, old)
}

func (s *Server) restoreRevision(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	version, err := versionIn(c)
	if err != nil {
		return err
	}
	read, err := ifMatch(c)
	if err != nil {
		return err
	}
	d, err := s.editor(c).Restore(c.UserContext(), ref, read, version)
	return sendRecordDraft(c, d, err)
}

// The forms of a diff.
var diffForms = []string{"json", "html"}

// diff says what differs between two versions of a record: as JSON, or as HTML to be put into a page.
func (s *Server) diff(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	p := query(c, "from", "to", "format")
	from, to, form := p.version("from"), p.version("to"), p.names("format", diffForms)
	if !p.has("from") {
		p.fail("from", "is required: the number of a version")
	}
	if len(form) > 1 {
		p.fail("format", "must be json or html")
	}
	if err := p.err(); err != nil {
		return err
	}
	d, err := s.editor(c).Diff(c.UserContext(), ref, from, to)
	if err != nil {
		return err
	}
	if len(form) == 1 && form[0] == "html" {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return c.SendString(diff.HTML(d))
	}
	return sendData(c, d)
}
