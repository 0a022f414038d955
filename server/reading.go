package server

import (
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/lectern-cms/lectern/content"
)

// reading is what is known of a request for content while it is answered.
type reading struct {
	content.Moment                            // which state of the content the answer is of
	key            cacheKey                   // of the answer
	control        field                      // how long caches may keep it
	made           *representation            // once it is made
	sent           func(*fasthttp.RequestCtx) // counts each time that the answer is sent; nil: nobody counts
}

// localReading is where the reading of a request stands.
const localReading = "reading"

// reading makes the reads of a request note which state of the content they see.
func (s *Server) reading(c *fiber.Ctx) error {
	r := &reading{key: keyOf(c).clone(), control: s.control(c)}
	c.Locals(localReading, r)
	c.SetUserContext(content.NoteMoment(c.UserContext(), &r.Moment))
	return c.Next()
}

// readingOf is the reading of a request, nil for requests of other things than content.
func readingOf(c *fiber.Ctx) *reading {
	r, _ := c.Locals(localReading).(*reading)
	return r
}

var previewField = newField(fiber.HeaderCacheControl, previewControl)

// control is the Cache-Control of content.
func (s *Server) control(c *fiber.Ctx) field {
	switch {
	case previewBase(c) != "":
		return previewField
	case isKeyed(c):
		return s.privateControl
	}
	return s.publicControl
}

// setRevision says which revision of the content an answer shows.
func setRevision(c *fiber.Ctx) {
	c.Set(headerRevision, strconv.FormatInt(readingOf(c).Revision, 10))
}
