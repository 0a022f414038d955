package server

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
)

const (
	previewPath  = "/v1/preview/"
	localPreview = "preview"
)

// previewed are the parts of the content API that previews have: those that read records. Search and the log of changes
// tell of what is published.
var previewed = []string{"courses", "modules", "sections", "worksheets", "citations", "sources", "fragments", "assets", "resolve"}

// preview answers a read of the content API as it will be answered when the preview's draft is published. Nobody keeps
// the answer.
func (s *Server) preview(c *fiber.Ctx) error {
	token, rest, _ := strings.Cut(strings.TrimPrefix(c.Path(), previewPath), "/")
	ctx, err := s.Content.InPreview(c.UserContext(), token)
	if err != nil {
		return err
	}
	what, _, _ := strings.Cut(rest, "/")
	if !slices.Contains(previewed, what) {
		return fiber.ErrNotFound
	}
	base := previewPath + token
	c.Locals(localPreview, base)
	c.SetUserContext(ctx)
	c.Set("X-Robots-Tag", "noindex")
	for _, name := range []string{fiber.HeaderIfNoneMatch, fiber.HeaderIfModifiedSince} {
		c.Request().Header.Del(name)
	}
	c.Path((&url.URL{Path: "/v1/" + rest}).EscapedPath())
	err = c.Next()
	for _, name := range []string{fiber.HeaderETag, fiber.HeaderLastModified, headerCacheTag, headerRevision} {
		c.Response().Header.Del(name)
	}
	if e, ok := errors.AsType[*models.Error](err); ok && e.Kind == models.KindMoved {
		to := *e
		to.Location = base + strings.TrimPrefix(e.Location, "/v1")
		return &to
	}
	return err
}

// previewBase is what the addresses of a preview begin with in the place of /v1; empty for other requests.
func previewBase(c *fiber.Ctx) string {
	base, _ := c.Locals(localPreview).(string)
	return base
}

// recordHref is the beginning of an address of the content API as it stands in JSON, and in the HTML and Markdown within.
var recordHref = regexp.MustCompile(`(["(])/v1(/[a-z]+/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})`)

// leadOn makes the addresses of records in an answer lead on within the preview that it belongs to, if any.
func leadOn(c *fiber.Ctx, body []byte) []byte {
	base := previewBase(c)
	if base == "" {
		return body
	}
	return recordHref.ReplaceAll(body, []byte("${1}"+base+"${2}"))
}

// here is the address of the request's list, as it goes into links.
func here(c *fiber.Ctx) string {
	if base := previewBase(c); base != "" {
		return base + strings.TrimPrefix(c.Path(), "/v1")
	}
	return c.Path()
}

// loggedPath is the path of a request without the token of a preview.
func loggedPath(c *fiber.Ctx) string {
	if strings.HasPrefix(c.Path(), previewPath) {
		return previewPath
	}
	return c.Path()
}
