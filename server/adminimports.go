package server

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/transfer"
)

const (
	importsPath = adminPath + "/imports"

	// maxName is how many bytes the name of an archive has at most, as in most file systems.
	maxName = 255
)

// archiveTypes are the media types of archives that are sent as they are.
var archiveTypes = map[string]bool{"application/zip": true, "application/gzip": true, "application/x-gzip": true, fiber.MIMEOctetStream: true}

// importRoutes lists the routes of imports. Uploads are not behind once, which would keep the whole body.
func (s *Server) importRoutes(admin fiber.Router) {
	admin.Get("/imports", s.imports)
	admin.Get("/imports/:id", s.importOf)
	admin.Get("/imports/:id/report", s.importReport)
	admin.Post("/imports/:id/apply", s.applyImport)
	admin.Delete("/imports/:id", s.discardImport)
}

// createImport keeps an archive that is to be imported.
func (s *Server) createImport(c *fiber.Ctx) error {
	p := query(c, "name", "kind", "course", "module", "commit", "publish", "dry_run")
	req := transfer.ImportRequest{
		Choices: transfer.Choices{As: p.oneOf("kind", transfer.Kinds()), Course: p.slug("course"), Module: p.values["module"], Commit: p.values["commit"]},
		Publish: p.flag("publish"), DryRun: p.flag("dry_run"),
	}
	name := p.fileName("name")
	if c.Get(headerIdempotencyKey) != "" {
		return models.Malformed("the header "+headerIdempotencyKey+" is not for uploads: look for the import in the list before it is sent again", nil)
	}
	if err := p.err(); err != nil {
		return err
	}
	if c.Request().Header.ContentLength() > transfer.MaxArchiveBytes+maxHeader {
		return fiber.ErrRequestEntityTooLarge
	}
	body, sent, err := archiveOf(c)
	if err != nil {
		return err
	}
	if name == "" {
		name = sent
	}
	in, err := s.Transfers.Upload(c.UserContext(), subject(c), origin(c), name, body, req)
	switch {
	case body.err != nil:
		return unreadable(body.err)
	case errors.Is(err, transfer.ErrTooLarge):
		return fiber.ErrRequestEntityTooLarge
	case err != nil:
		return err
	}
	return sendAccepted(c, in, importsPath+"/"+string(in.ID))
}

// sendAccepted answers with something that is done later, and where that can be seen.
func sendAccepted[V any](c *fiber.Ctx, v V, location string) error {
	c.Status(fiber.StatusAccepted)
	c.Set(fiber.HeaderLocation, location)
	return sendData(c, v)
}

// oneOf reads a word of a list; empty when it is not given.
func (p *params) oneOf(name string, words []string) string {
	if got := p.names(name, words); len(got) > 0 {
		return got[0]
	}
	return ""
}

// slug reads a slug; empty when it is not given.
func (p *params) slug(name string) string {
	if p.has(name) && !models.ValidSlug(p.values[name]) {
		p.fail(name, "must be a slug: lower-case letters, digits and hyphens")
	}
	return p.values[name]
}

// fileName reads what an archive is called.
func (p *params) fileName(name string) string {
	if p.has(name) && !goodName(p.values[name]) {
		p.fail(name, "must be the name of a file, without a path")
	}
	return p.values[name]
}

func goodName(name string) bool {
	return name != "" && len(name) <= maxName && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '/' || r == '\\' })
}

// archiveOf finds the archive in a body: the body itself, or the first file of a form. name is what the client calls it.
func archiveOf(c *fiber.Ctx) (body *clientBody, name string, err error) {
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		stream = bytes.NewReader(nil)
	}
	mediaType, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	switch {
	case err == nil && c.Get(fiber.HeaderContentEncoding) != "":
		return nil, "", fiber.NewError(fiber.StatusUnsupportedMediaType, "the body must not be compressed again")
	case err == nil && archiveTypes[mediaType]:
		return &clientBody{Reader: stream}, "upload", nil
	case err == nil && mediaType == fiber.MIMEMultipartForm && params["boundary"] != "":
		return partOf(stream, params["boundary"])
	}
	return nil, "", fiber.NewError(fiber.StatusUnsupportedMediaType, "the body must be application/zip, application/gzip, or multipart/form-data with a file")
}

// partOf finds the first file of a form.
func partOf(stream io.Reader, boundary string) (*clientBody, string, error) {
	form := multipart.NewReader(stream, boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, "", models.Malformed("the form has no file", nil)
		}
		if err != nil {
			return nil, "", unreadable(err)
		}
		if part.FileName() == "" {
			continue
		}
		name := path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
		if !goodName(name) {
			return nil, "", models.Malformed("the name of the file in the form is not right", nil)
		}
		return &clientBody{Reader: part}, name, nil
	}
}

func (s *Server) imports(c *fiber.Ctx) error {
	p := query(c, "limit", "after")
	limit, after := p.limit(), p.id("after")
	if err := p.err(); err != nil {
		return err
	}
	rows, err := s.Transfers.Imports(c.UserContext(), subject(c), after, limit+1)
	if err != nil {
		return err
	}
	return sendPart(c, rows, limit, func(in transfer.Import) models.ID { return in.ID })
}

func (s *Server) importOf(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	in, err := s.Transfers.Import(c.UserContext(), subject(c), id(c))
	if err != nil {
		return err
	}
	return sendData(c, in)
}

// reportCSP lets the page of a report use the styles that are in it, and nothing else.
const reportCSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

// importReport answers with a page for people.
func (s *Server) importReport(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := s.Transfers.ImportReport(c.UserContext(), subject(c), id(c), &page); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, reportCSP)
	return c.Send(page.Bytes())
}

// applyImport imports what a dry run has looked at.
func (s *Server) applyImport(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	in, err := s.Transfers.ApplyImport(c.UserContext(), subject(c), origin(c), id(c))
	if err != nil {
		return err
	}
	return sendAccepted(c, in, importsPath+"/"+string(in.ID))
}

func (s *Server) discardImport(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	if err := s.Transfers.DiscardImport(c.UserContext(), subject(c), origin(c), id(c)); err != nil {
		return err
	}
	return sendNothing(c)
}
