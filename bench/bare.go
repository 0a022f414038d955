package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/server"
)

// bareTag is the ETag of all answers of the bare server.
const bareTag = `"bare"`

// serveBare answers with the same bytes as Lectern, or with 304 when a tag is sent: what Fiber alone can do, with the
// settings that Lectern has.
func serveBare(ctx context.Context, addr, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var bodies map[string][]byte
	if err := json.Unmarshal(data, &bodies); err != nil {
		return err
	}
	app := fiber.New(server.FiberSettings())
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
	app.Get("/v1/*", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderETag, bareTag)
		if c.Get(fiber.HeaderIfNoneMatch) != "" {
			c.Status(fiber.StatusNotModified)
			return nil
		}
		body, ok := bodies[c.OriginalURL()]
		if !ok {
			return fiber.ErrNotFound
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(body)
	})
	go func() {
		<-ctx.Done()
		_ = app.Shutdown()
	}()
	return app.Listen(addr)
}
