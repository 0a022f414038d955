package server

import (
	"errors"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
)

// uploads are the routes that read the body of a POST themselves, bit by bit, once they know who sends it.
var uploads = map[string]bool{importsPath: true}

func isUpload(c *fiber.Ctx) bool { return c.Method() == fiber.MethodPost && uploads[c.Path()] }

// maxDrained is how much of a body that nobody reads is read all the same, so that the client gets to see the answer.
const maxDrained = 2 * maxEdit

// isEdit tells whether a request is for those who are signed in: they may send more than others.
func isEdit(c *fiber.Ctx) bool {
	return strings.HasPrefix(c.Path(), adminPath+"/") && !signingIn[c.Path()]
}

// signingIn are the routes of the admin API that anybody may call.
var signingIn = map[string]bool{adminPath + "/session": true, adminPath + "/setup": true, adminPath + "/reset": true}

// body reads the body of a request, which may be small, before anything else is done. The bodies of uploads are left to
// their routes, and large ones of edits to readEdit.
func (s *Server) body(c *fiber.Ctx) error {
	size := c.Request().Header.ContentLength()
	if isUpload(c) || isEdit(c) && (size < 0 || size > maxBody) {
		return s.upload(c)
	}
	if err := readBody(c, maxBody); err != nil {
		return err
	}
	return c.Next()
}

// readEdit reads a body that body has left, now that it is known who sends it.
func (s *Server) readEdit(c *fiber.Ctx) error {
	if isUpload(c) || c.Context().RequestBodyStream() == nil {
		return c.Next()
	}
	if err := readBody(c, maxEdit); err != nil {
		return err
	}
	c.Response().Header.ResetConnectionClose() // the next request begins where this one ends
	return c.Next()
}

// readBody reads a body up to a limit in bytes.
func readBody(c *fiber.Ctx, limit int) error {
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return nil
	}
	if c.Request().Header.ContentLength() > limit {
		return tooLarge(c)
	}
	data, err := io.ReadAll(io.LimitReader(stream, int64(limit)+1))
	if err != nil {
		c.Response().SetConnectionClose() // where the next request begins is not known
		return unreadable(err)
	}
	if len(data) > limit {
		return tooLarge(c)
	}
	c.Request().SetBodyRaw(data)
	return nil
}

// upload runs a route that reads the body itself. Where the next request on the connection would begin is not known then.
func (s *Server) upload(c *fiber.Ctx) error {
	c.Response().SetConnectionClose()
	err := c.Next()
	if stream := c.Context().RequestBodyStream(); stream != nil && err != nil {
		_, _ = io.CopyN(io.Discard, stream, maxDrained) // the client may have gone
	}
	return err
}

func tooLarge(c *fiber.Ctx) error {
	c.Response().SetConnectionClose()
	if stream := c.Context().RequestBodyStream(); stream != nil {
		_, _ = io.CopyN(io.Discard, stream, maxDrained) // the client may have gone
	}
	return fiber.ErrRequestEntityTooLarge
}

// unreadable says that a body ended before its time.
func unreadable(err error) error {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fiber.ErrRequestTimeout
	}
	return models.Malformed("the body could not be read", err)
}

// clientBody tells errors of the client, who sends the body, from those of what is done with it.
type clientBody struct {
	io.Reader
	err error
}

// Read reads a part of the body.
func (b *clientBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}
