package server

import (
	"bytes"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

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
	body, err := written(v)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(headerCacheTag, cacheTags(body))
	return sendCacheable(c, leadOn(c, body))
}

// answers are buffers that answers are written into, of *[]byte: how long one gets is known when it is there.
var answers = sync.Pool{New: func() any { return new([]byte) }}

// maxAnswerBuffer is how large a buffer may be that is kept for the next answer.
const maxAnswerBuffer = 1 << 20

// written is an answer as canonical JSON.
func written(v any) ([]byte, error) {
	buffer := answers.Get().(*[]byte) //nolint:forcetypeassert // it is
	body, err := models.AppendJSON((*buffer)[:0], v)
	if cap(body) <= maxAnswerBuffer {
		*buffer = body
		defer answers.Put(buffer)
	}
	if err != nil {
		return nil, err
	}
	return bytes.Clone(body), nil
}

// linksOf makes the links of a part of a list. They are root-relative.
func linksOf(c *fiber.Ctx, next, prev *content.Place) links {
	l := links{Self: here(c), Next: linkTo(c, next), Prev: linkTo(c, prev)}
	if parameters := normalQuery(c); parameters != "" {
		l.Self += "?" + parameters
	}
	return l
}

// linkTo is the address of the same list at another place.
func linkTo(c *fiber.Ctx, to *content.Place) *string {
	if to == nil {
		return nil
	}
	address := here(c) + "?" + queryWith(c, to.Param, to.Value, "after", "before", "page")
	return &address
}
