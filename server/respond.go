package server

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// cacheControl lets caches keep content answers and makes them ask each time whether they are still right.
const cacheControl = "public, max-age=0, must-revalidate"

// one is the answer with one record.
type one[V any] struct {
	Data     V                `json:"data"`
	Included content.Included `json:"included,omitzero"`
}

// list is the answer with a part of a list.
type list[V any, M any] struct {
	Data     []V              `json:"data"`
	Included content.Included `json:"included,omitzero"`
	Links    links            `json:"links"`
	Meta     M                `json:"meta"`
}

type links struct {
	Self string  `json:"self"`
	Next *string `json:"next"`
	Prev *string `json:"prev"`
}

type listMeta struct {
	Limit int    `json:"limit"`
	Total *int64 `json:"total,omitzero"` // of the whole list, when count=true asks for it
}

// sendOne answers with one record.
func sendOne[V any](c *fiber.Ctx, v V, err error) error {
	if err != nil {
		return err
	}
	return sendJSON(c, one[V]{Data: v})
}

// sendJSON answers a read with canonical JSON and its ETag, or with 304 when the client has the same bytes.
func sendJSON(c *fiber.Ctx, v any) error {
	body, err := models.Encode(v)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return sendCacheable(c, body)
}

// sendCacheable answers with bytes that clients may keep.
func sendCacheable(c *fiber.Ctx, body []byte) error {
	tag := etag(body)
	c.Set(fiber.HeaderETag, `"`+tag+`"`)
	c.Set(fiber.HeaderCacheControl, cacheControl)
	if noneMatch(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return sendNotModified(c)
	}
	return c.Send(body)
}

// sendNotModified answers without a body. SendStatus would write one, if only for the log.
func sendNotModified(c *fiber.Ctx) error {
	c.Response().Header.Del(fiber.HeaderContentType)
	c.Status(fiber.StatusNotModified)
	return nil
}

// etag is a hash of the identity bytes of an answer.
func etag(body []byte) string {
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// noneMatch tells whether a client has an answer already. It compares weakly (RFC 9110, 13.1.2) and leaves aside the
// suffix of a coding, since all codings of one answer say the same. It looks at nothing else: a client that sends
// no-cache with its validator, as Node's fetch does, asks to revalidate, and a 304 is the answer to that.
func noneMatch(header, tag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	for part := range strings.SplitSeq(header, ",") {
		t := strings.TrimPrefix(strings.TrimSpace(part), "W/")
		t = strings.TrimSuffix(strings.TrimPrefix(t, `"`), `"`)
		t = strings.TrimSuffix(strings.TrimSuffix(t, "-gz"), "-br")
		if t == tag {
			return true
		}
	}
	return false
}

// linksOf makes the links of a part of a list. They are root-relative.
func linksOf(c *fiber.Ctx, next, prev *content.Place) links {
	l := links{Self: c.Path(), Next: linkTo(c, next), Prev: linkTo(c, prev)}
	if raw := string(c.Context().QueryArgs().QueryString()); raw != "" {
		l.Self += "?" + raw
	}
	return l
}

// linkTo is the address of the same list at another place.
func linkTo(c *fiber.Ctx, to *content.Place) *string {
	if to == nil {
		return nil
	}
	values := url.Values{}
	c.Context().QueryArgs().VisitAll(func(key, value []byte) { values.Set(string(key), string(value)) })
	for _, name := range []string{"after", "before", "page"} {
		values.Del(name)
	}
	values.Set(to.Param, to.Value)
	address := c.Path() + "?" + values.Encode()
	return &address
}
