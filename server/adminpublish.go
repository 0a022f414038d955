package server

import (
	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// publishBody asks for a publish, or for what it would do.
type publishBody struct {
	Targets []models.Ref `json:"targets,omitzero"` // not in the route of a single record
	Also    []models.Ref `json:"also"`
	Token   string       `json:"token"`
	DryRun  bool         `json:"dry_run"`
}

// published is what a publish did, or would do.
type published struct {
	*content.Plan
	Revision *int64 `json:"revision"` // of the content; null for a dry run, and when nothing has changed
}

func (s *Server) publishRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	var body publishBody
	if err := decode(c, &body); err != nil {
		return err
	}
	if body.Targets != nil {
		return models.Invalid("the request is not right", []models.FieldError{{Pointer: "/targets", Detail: "is for /v1/admin/publish: here the record is the target"}})
	}
	body.Targets = []models.Ref{ref}
	return s.sendPublished(c, body)
}

func (s *Server) publish(c *fiber.Ctx) error {
	var body publishBody
	if err := decode(c, &body); err != nil {
		return err
	}
	if err := checkTargets(body.Targets); err != nil {
		return err
	}
	return s.sendPublished(c, body)
}

// maxTargets is how many records one request publishes by name: with what they own that is a whole site.
const maxTargets = 1000

func checkTargets(targets []models.Ref) error {
	if len(targets) == 0 || len(targets) > maxTargets {
		return models.Invalid("the request is not right", []models.FieldError{{Pointer: "/targets", Detail: "must name from 1 to 1000 records"}})
	}
	return nil
}

func (s *Server) sendPublished(c *fiber.Ctx, body publishBody) error {
	if err := plain(c); err != nil {
		return err
	}
	req := content.PublishRequest{Targets: body.Targets, Also: body.Also, Token: body.Token}
	if body.DryRun {
		plan, err := s.editor(c).DryRun(c.UserContext(), req)
		if err != nil {
			return err
		}
		return sendData(c, published{Plan: plan})
	}
	plan, revision, err := s.editor(c).Publish(c.UserContext(), req)
	if err != nil {
		return err
	}
	out := published{Plan: plan}
	if revision > 0 {
		out.Revision = &revision
	}
	return sendData(c, out)
}

// unpublished is what an unpublish did, or would do.
type unpublished struct {
	*content.UnpublishPlan
	Revision *int64 `json:"revision"` // of the content; null for a dry run
}

// unpublishBody asks for an unpublish, or for what it would do.
type unpublishBody struct {
	Targets []models.Ref `json:"targets,omitzero"` // not in the route of a single record
	Token   string       `json:"token"`
	DryRun  bool         `json:"dry_run"`
}

func (s *Server) unpublishRecord(c *fiber.Ctx) error {
	ref, err := refTo(c)
	if err != nil {
		return err
	}
	var body unpublishBody
	if err := decode(c, &body); err != nil {
		return err
	}
	if body.Targets != nil {
		return models.Invalid("the request is not right", []models.FieldError{{Pointer: "/targets", Detail: "is for /v1/admin/unpublish: here the record is the target"}})
	}
	body.Targets = []models.Ref{ref}
	return s.sendUnpublished(c, body)
}

func (s *Server) unpublish(c *fiber.Ctx) error {
	var body unpublishBody
	if err := decode(c, &body); err != nil {
		return err
	}
	if err := checkTargets(body.Targets); err != nil {
		return err
	}
	return s.sendUnpublished(c, body)
}

func (s *Server) sendUnpublished(c *fiber.Ctx, body unpublishBody) error {
	if err := plain(c); err != nil {
		return err
	}
	if body.DryRun {
		plan, err := s.editor(c).UnpublishDryRun(c.UserContext(), body.Targets)
		if err != nil {
			return err
		}
		return sendData(c, unpublished{UnpublishPlan: plan})
	}
	plan, revision, err := s.editor(c).Unpublish(c.UserContext(), body.Targets, body.Token)
	if err != nil {
		return err
	}
	return sendData(c, unpublished{plan, &revision})
}

// batchBody is a batch of operations.
type batchBody struct {
	Operations []content.Operation `json:"operations"`
}

// batch does operations all or not at all.
func (s *Server) batch(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	var body batchBody
	if err := decode(c, &body); err != nil {
		return err
	}
	out, err := s.editor(c).Batch(c.UserContext(), body.Operations)
	if err != nil {
		return err
	}
	return sendData(c, out)
}
