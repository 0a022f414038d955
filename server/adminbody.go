package server

import (
	"fmt"
	"mime"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// mimeMergePatch is the media type of merge patches (RFC 7396).
const mimeMergePatch = "application/merge-patch+json"

// decode reads the body of a request, which must be JSON, strictly.
func decode(c *fiber.Ctx, v any) error {
	body, err := bodyOf(c, fiber.MIMEApplicationJSON)
	if err != nil {
		return err
	}
	return models.Decode(body, v)
}

// patchOf reads the body of a request, which must be a merge patch. What is in it is for models.MergePatch to judge.
func patchOf(c *fiber.Ctx) ([]byte, error) { return bodyOf(c, mimeMergePatch) }

// bodyOf reads the body of a request of a media type, as it came: Fiber's own way would unpack compressed ones without
// a limit.
func bodyOf(c *fiber.Ctx, mediaType string) ([]byte, error) {
	given, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || given != mediaType {
		return nil, fiber.NewError(fiber.StatusUnsupportedMediaType, "the body must be "+mediaType)
	}
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && coding != "identity" {
		return nil, fiber.NewError(fiber.StatusUnsupportedMediaType, "the body must not be compressed")
	}
	return c.Request().Body(), nil
}

// ifMatch reads the version that a caller has read, from If-Match: "<version>".
func ifMatch(c *fiber.Ctx) (int64, error) {
	given := strings.TrimSpace(c.Get(fiber.HeaderIfMatch))
	if given == "" || given == "*" {
		return 0, &models.Error{Kind: models.KindPreconditionRequired,
			Message: "the header If-Match must say which version is to be changed: it is the ETag of the record"}
	}
	digits, ok := strings.CutPrefix(given, `"`)
	digits, ok2 := strings.CutSuffix(digits, `"`)
	version, err := strconv.ParseInt(digits, 10, 64)
	if !ok || !ok2 || err != nil || version < 1 {
		return 0, models.Malformed(`the header If-Match must be one version in quotes, such as "7"`, nil)
	}
	return version, nil
}

// sendDraft answers with one record of the admin API, whose ETag is its version.
func sendDraft[V any](c *fiber.Ctx, v V, version int64) error {
	c.Set(fiber.HeaderETag, fmt.Sprintf(`"%d"`, version))
	return sendData(c, v)
}

// sendCreated answers with a new record and where it is.
func sendCreated[V any](c *fiber.Ctx, v V, version int64, location string) error {
	c.Status(fiber.StatusCreated)
	c.Set(fiber.HeaderLocation, location)
	return sendDraft(c, v, version)
}

// sendData answers with something that has no version.
func sendData[V any](c *fiber.Ctx, v V) error { return sendBody(c, one[V]{Data: v}) }

// sendBody answers with JSON that nobody keeps.
func sendBody(c *fiber.Ctx, v any) error {
	body, err := models.Encode(v)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return c.Send(body)
}

// sendNothing answers that something was done of which there is nothing to show.
func sendNothing(c *fiber.Ctx) error {
	c.Status(fiber.StatusNoContent)
	return nil
}

// sendPart answers with a part of a list. There is one more row than the limit when the list goes on.
func sendPart[V any](c *fiber.Ctx, rows []V, limit int, id func(V) models.ID) error {
	return sendPlaced(c, rows, limit, func(v V) string { return string(id(v)) })
}

// sendPlaced is sendPart for a list whose places are no ids.
func sendPlaced[V any](c *fiber.Ctx, rows []V, limit int, place func(V) string) error {
	var next *content.Place
	if len(rows) > limit {
		rows = rows[:limit]
		next = &content.Place{Param: "after", Value: place(rows[limit-1])}
	}
	return sendBody(c, list[V, listMeta]{Data: rows, Links: linksOf(c, next, nil), Meta: listMeta{Limit: limit}})
}
