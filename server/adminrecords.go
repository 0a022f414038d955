package server

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

// maxMessage is how many characters say why something was saved.
const maxMessage = 500

// editor gives the use cases as whoever makes the request may do them.
func (s *Server) editor(c *fiber.Ctx) *content.Editor {
	return s.Content.As(subject(c), origin(c))
}

// recordRoutes lists the routes of records. They come after all others of the admin API: the kind is a part of the path.
func (s *Server) recordRoutes(admin fiber.Router) {
	const all, one = "/:records", "/:records/:id"
	admin.Post("/publish", s.publish)
	admin.Post("/unpublish", s.unpublish)
	admin.Post("/batch", s.batch)
	admin.Get(all, s.drafts)
	admin.Post(all, s.createRecord)
	admin.Get(one, s.draft)
	admin.Patch(one, s.patchRecord)
	admin.Delete(one, s.trashRecord)
	admin.Post(one+"/restore", s.restoreRecord)
	admin.Post(one+"/duplicate", s.duplicateRecord)
	admin.Post(one+"/move", s.moveRecord)
	admin.Get(one+"/uses", s.uses)
	admin.Get(one+"/revisions", s.revisions)
	admin.Get(one+"/revisions/:version", s.revision)
	admin.Post(one+"/revisions/:version/restore", s.restoreRevision)
	admin.Get(one+"/diff", s.diff)
	admin.Post(one+"/publish", s.publishRecord)
	admin.Post(one+"/unpublish", s.unpublishRecord)
	admin.Put(one+"/:list", s.setBlocks)
	admin.Patch(one+"/:list", s.editBlocks)
}

// kindOf is the kind of record that a path names.
func kindOf(c *fiber.Ctx) (models.Kind, error) {
	for _, kind := range models.StoredKinds() {
		if c.Params("records") == kind.Plural() {
			return kind, nil
		}
	}
	return "", fiber.ErrNotFound
}

// refTo is the record that a path names.
func refTo(c *fiber.Ctx) (models.Ref, error) {
	kind, err := kindOf(c)
	return models.Ref{Type: kind, ID: id(c)}, err
}

// blockLists are the members of records whose elements have ids and can be changed one by one.
var blockLists = map[models.Kind][]string{
	models.KindSection: {"blocks"}, models.KindFragment: {"blocks"}, models.KindWorksheet: {"instructions", "prompts"},
}

// listOf is the list of blocks or prompts that a path names.
func listOf(c *fiber.Ctx) (models.Ref, string, error) {
	ref, err := refTo(c)
	if err == nil && !slices.Contains(blockLists[ref.Type], c.Params("list")) {
		err = fiber.ErrNotFound
	}
	return ref, c.Params("list"), err
}

// message reads why something is saved.
func (p *params) message() string {
	m := p.values["message"]
	if utf8.RuneCountInString(m) > maxMessage {
		p.fail("message", fmt.Sprintf("must have at most %d characters", maxMessage))
	}
	if strings.ContainsRune(m, 0) { // which PostgreSQL can't keep
		p.fail("message", "holds the character U+0000")
	}
	return m
}

// sendRecordDraft answers with a draft.
func sendRecordDraft(c *fiber.Ctx, d content.Draft, err error) error {
	if err != nil {
		return err
	}
	return sendDraft(c, d, d.Version)
}

func (s *Server) drafts(c *fiber.Ctx) error {
	kind, err := kindOf(c)
	if err != nil {
		return err
	}
	p := query(c, "limit", "after", "before", "page", "count", "sort", "body", filterPrefix)
	req := p.draftList(kind)
	if err := p.err(); err != nil {
		return err
	}
	page, err := s.editor(c).Drafts(c.UserContext(), kind, req)
	if err != nil {
		return err
	}
	return sendBody(c, list[content.Draft, listMeta]{
		Data: page.Items, Links: linksOf(c, page.Next, page.Prev), Meta: listMeta{Limit: req.Limit, Total: page.Total},
	})
}

// draftList reads what is asked of a list of drafts.
func (p *params) draftList(kind models.Kind) content.ListRequest {
	req := content.ListRequest{Limit: p.limit(), Filters: p.filters(kind, content.NewDraftFilter)}
	req.Sort, req.Desc = p.sort(content.DraftSorts())
	p.place(&req)
	for range p.names("body", []string{string(content.BodyBlocks)}) {
		req.Body = content.BodySet{content.BodyBlocks: true}
	}
	return req
}

func (s *Server) createRecord(c *fiber.Ctx) error {
	kind, err := kindOf(c)
	if err != nil {
		return err
	}
	if kind == models.KindAsset {
		return fiber.NewError(fiber.StatusMethodNotAllowed, "an asset is made of a file, by an import")
	}
	p := query(c, "message")
	message := p.message()
	if err := p.err(); err != nil {
		return err
	}
	body, err := bodyOf(c, fiber.MIMEApplicationJSON)
	if err != nil {
		return err
	}
	d, err := s.editor(c).Create(c.UserContext(), kind, body, message)
	return sendNewRecord(c, d, err)
}

func sendNewRecord(c *fiber.Ctx, d content.Draft, err error) error {
	if err != nil {
		return err
	}
	return sendCreated(c, d, d.Version, content.AdminHref(d.Kind, d.ID()))
}

func (s *Server) draft(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	d, err := s.editor(c).Draft(c.UserContext(), ref)
	return sendRecordDraft(c, d, err)
}

// change reads what every change of a record has: the version that it is for, and why.
func change(c *fiber.Ctx) (version int64, message string, err error) {
	p := query(c, "message")
	message = p.message()
	if err := p.err(); err != nil {
		return 0, "", err
	}
	version, err = ifMatch(c)
	return version, message, err
}

func (s *Server) patchRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	body, err := patchOf(c)
	if err != nil {
		return err
	}
	version, message, err := change(c)
	if err != nil {
		return err
	}
	d, err := s.editor(c).Patch(c.UserContext(), ref, version, body, message)
	return sendRecordDraft(c, d, err)
}

func (s *Server) setBlocks(c *fiber.Ctx) error {
	ref, list, err := listOf(c)
	if err != nil {
		return err
	}
	var blocks jsontext.Value
	if err := decode(c, &blocks); err != nil {
		return err
	}
	version, message, err := change(c)
	if err != nil {
		return err
	}
	d, err := s.editor(c).SetBlocks(c.UserContext(), ref, version, list, blocks, message)
	return sendRecordDraft(c, d, err)
}

func (s *Server) editBlocks(c *fiber.Ctx) error {
	ref, list, err := listOf(c)
	if err != nil {
		return err
	}
	var ops []patch.Op
	if err := decode(c, &ops); err != nil {
		return err
	}
	version, message, err := change(c)
	if err != nil {
		return err
	}
	d, err := s.editor(c).EditBlocks(c.UserContext(), ref, version, list, ops, message)
	return sendRecordDraft(c, d, err)
}

func (s *Server) moveRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	var to content.Position
	if err := decode(c, &to); err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	d, err := s.editor(c).Move(c.UserContext(), ref, version, to)
	return sendRecordDraft(c, d, err)
}

// trashRecord puts a record into the trash, or with purge=true out of it for ever.
func (s *Server) trashRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	p := query(c, "detach", "purge")
	detach, purge := p.flag("detach"), p.flag("purge")
	if detach && purge {
		p.fail("purge", "can't be given with detach")
	}
	if err := p.err(); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	if purge {
		if err := s.editor(c).Purge(c.UserContext(), ref, version); err != nil {
			return err
		}
		return sendNothing(c)
	}
	d, err := s.editor(c).Trash(c.UserContext(), ref, content.TrashRequest{Version: version, Detach: detach})
	return sendRecordDraft(c, d, err)
}

func (s *Server) restoreRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	d, err := s.editor(c).Untrash(c.UserContext(), ref, version)
	return sendRecordDraft(c, d, err)
}

func (s *Server) duplicateRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	p := query(c, "message")
	message := p.message()
	if err := p.err(); err != nil {
		return err
	}
	d, err := s.editor(c).Duplicate(c.UserContext(), ref, message)
	return sendNewRecord(c, d, err)
}

func (s *Server) uses(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	if err := plain(c); err != nil {
		return err
	}
	uses, err := s.editor(c).Uses(c.UserContext(), ref)
	if err != nil {
		return err
	}
	return sendData(c, uses)
}
