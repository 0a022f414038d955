package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
)

const (
	headerIdempotencyKey = "Idempotency-Key"
	headerReplayed       = "Idempotency-Replayed"

	maxIdempotencyKey = 200 // a UUID has 36

	localSecret = "secret"
)

// keptAnswer is an answer that is given again. Its header names are those that say something of the record.
type keptAnswer struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

var keptHeaders = []string{fiber.HeaderContentType, fiber.HeaderETag, fiber.HeaderLocation}

// once lets a POST be sent again without being done again, when it has an Idempotency-Key. It stands behind
// authenticate: keys are those of a user.
func (s *Server) once(c *fiber.Ctx) error {
	key := c.Get(headerIdempotencyKey)
	if key == "" || c.Method() != fiber.MethodPost {
		return c.Next()
	}
	if len(key) > maxIdempotencyKey || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		return models.Malformed(fmt.Sprintf("the header %s must have at most %d ASCII characters", headerIdempotencyKey, maxIdempotencyKey), nil)
	}
	request := fmt.Sprintf("%s %q %q", c.OriginalURL(), c.Get(fiber.HeaderContentType), c.Request().Body())
	before, err := s.Accounts.BeginOnce(c.UserContext(), subject(c), key, request)
	if err != nil {
		return err
	}
	if before != nil {
		return sendAgain(c, *before)
	}
	err = c.Next()
	// What was done was done: that it is kept must not depend on whether the client still waits.
	ctx := context.WithoutCancel(c.UserContext())
	if err != nil || c.Response().StatusCode() >= fiber.StatusMultipleChoices {
		return errors.Join(err, s.Accounts.ForgetOnce(ctx, subject(c), key))
	}
	if secret, _ := c.Locals(localSecret).(bool); secret {
		return nil
	}
	return s.keep(ctx, c, key)
}

// keep keeps the answer to a request. That it fails is no failure of the request, which was done.
func (s *Server) keep(ctx context.Context, c *fiber.Ctx, key string) error {
	kept := keptAnswer{Status: c.Response().StatusCode(), Headers: map[string]string{}, Body: string(c.Response().Body())}
	for _, name := range keptHeaders {
		kept.Headers[name] = string(c.Response().Header.Peek(name))
	}
	data, err := models.Encode(kept)
	if err != nil {
		return err
	}
	if err := s.Accounts.EndOnce(ctx, subject(c), key, string(data)); err != nil {
		s.Log.ErrorContext(ctx, "the answer to a request was not kept", "request_id", requestID(c.Context()), "error", err)
	}
	return nil
}

// sendAgain answers as before.
func sendAgain(c *fiber.Ctx, answer string) error {
	var kept keptAnswer
	if err := models.Decode([]byte(answer), &kept); err != nil {
		return err
	}
	for name, value := range kept.Headers {
		if value != "" {
			c.Set(name, value)
		}
	}
	c.Set(headerReplayed, "true")
	c.Status(kept.Status)
	if kept.Body == "" {
		return nil
	}
	return c.SendString(kept.Body)
}

// sendSecret answers with something that is shown once, and that is kept nowhere.
func sendSecret[V any](c *fiber.Ctx, v V) error {
	c.Locals(localSecret, true)
	c.Status(fiber.StatusCreated)
	return sendData(c, v)
}
