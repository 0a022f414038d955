package server

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

const (
	changesPath = "/v1/changes"

	defaultChanges = 1_000 // changes in one answer, and at least one revision
	maxChanges     = 10_000
	maxWait        = 25 // seconds; proxies cut connections that say nothing for longer
)

// changesMeta says how far an answer reaches.
type changesMeta struct {
	Revision int64 `json:"revision"` // of the last change in it: the next since
	Newest   int64 `json:"newest"`   // revision of all content
	More     bool  `json:"more"`     // there are changes after those in it
}

type changesAnswer struct {
	Data []content.Change `json:"data"`
	Meta changesMeta      `json:"meta"`
}

// changes answers with what was published and withdrawn since a revision. When there is nothing yet it waits, if it is
// asked to.
func (s *Server) changes(c *fiber.Ctx) error {
	p := query(c, "since", "limit", "wait")
	since := p.whole("since", 0, 0, 1<<53)
	limit := int(p.whole("limit", defaultChanges, 0, maxChanges))
	wait := time.Duration(p.whole("wait", 0, 0, maxWait)) * time.Second
	if err := p.err(); err != nil {
		return err
	}
	end := time.Now().Add(wait)
	for {
		rung := s.bell.next()
		answer, err := s.changesSince(c.UserContext(), since, limit)
		if err != nil {
			return err
		}
		left := time.Until(end)
		if len(answer.Data) > 0 || left <= 0 || limit == 0 {
			return sendJSON(c, answer)
		}
		select {
		case <-rung:
		case <-time.After(left):
		case <-s.bell.stopped:
			end = time.Now()
		}
	}
}

func (s *Server) changesSince(ctx context.Context, since int64, limit int) (*changesAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, s.RequestTimeout)
	defer cancel()
	changes, newest, err := s.Content.ChangesSince(ctx, since, limit) // none for limit 0
	switch {
	case err != nil:
		return nil, err
	case since > newest:
		return nil, models.Conflict(fmt.Sprintf("the content has revision %d only: another database was put in the place of the one that "+
			"you know, read everything again", newest), nil)
	}
	meta := changesMeta{Revision: since, Newest: newest}
	if n := len(changes); n > 0 {
		meta.Revision = changes[n-1].Revision
	}
	meta.More = meta.Revision < newest
	return &changesAnswer{Data: changes, Meta: meta}, nil
}

// whole reads a whole number.
func (p *params) whole(name string, otherwise, least, most int64) int64 {
	if !p.has(name) {
		return otherwise
	}
	n, err := strconv.ParseInt(p.values[name], 10, 64)
	if err != nil || n < least || n > most {
		p.fail(name, fmt.Sprintf("must be a whole number from %d to %d", least, most))
		return otherwise
	}
	return n
}

// maxPath bounds the path that a client asks to resolve.
const maxPath = 2_000

func (s *Server) resolve(c *fiber.Ctx) error {
	p := query(c, "path")
	path := p.values["path"]
	switch {
	case !p.has("path"):
		p.fail("path", "is required: the path of a page, such as /a-course/a-module/a-section")
	case len(path) > maxPath || path == "" || path[0] != '/':
		p.fail("path", fmt.Sprintf("must begin with a slash, and have %d bytes at most", maxPath))
	}
	if err := p.err(); err != nil {
		return err
	}
	v, err := s.Content.Resolve(c.UserContext(), path)
	return sendOne(c, v, err)
}

func (s *Server) sitemap(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.Sitemap(c.UserContext(), c.Params("course"))
	return sendOne(c, v, err)
}
