package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/gofiber/fiber/v2"

	lectern "github.com/lectern-cms/lectern/server"
)

// bareTag is the ETag of all answers of the bare server.
const bareTag = `"bare"`

// bareCommand makes this program the bare server: bare FILE HOST:PORT, where the file has the answer of each path.
const bareCommand = "bare"

// startBare starts this program as a bare server of a name.
func startBare(ctx context.Context, dir, name string, answers map[string]answer) (*server, error) {
	data, err := json.Marshal(answers)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, strings.ReplaceAll(strings.ToLower(name), ", ", "-")+".json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, self, []string{bareCommand, file}, "/healthz")
	if err != nil {
		return nil, err
	}
	return started(name, p, lecternReads()), nil
}

// wasBare runs the bare server when the program was asked to, and exits when it has ended. What else the program does, or tests
// of it, comes after.
func wasBare() {
	if len(os.Args) != 4 || os.Args[1] != bareCommand {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := serveBare(ctx, os.Args[3], os.Args[2])
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "bench: bare server:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serveBare answers with the same bytes as Lectern, or with 304 when a tag is sent: what Fiber alone can do, with the settings that
// Lectern has. Header fields are the same where the file has any.
func serveBare(ctx context.Context, addr, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var answers map[string]answer
	if err := json.Unmarshal(data, &answers); err != nil {
		return err
	}
	headers, unchanged := map[string][]headerField{}, map[string][]headerField{}
	for path, a := range answers {
		headers[path], unchanged[path] = headerFields(a.Header), headerFields(a.Unchanged)
	}
	app := fiber.New(lectern.FiberSettings())
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusOK) })
	app.Get("/v1/*", func(c *fiber.Ctx) error {
		fields := headers
		if c.Get(fiber.HeaderIfNoneMatch) != "" {
			fields = unchanged
			c.Status(fiber.StatusNotModified)
		}
		for _, field := range fields[c.OriginalURL()] {
			c.Response().Header.SetCanonical(field.name, field.value)
		}
		c.Set(fiber.HeaderETag, bareTag)
		if c.Response().StatusCode() == fiber.StatusNotModified {
			return nil
		}
		a, ok := answers[c.OriginalURL()]
		if !ok {
			return fiber.ErrNotFound
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(a.Body)
	})
	go func() {
		<-ctx.Done()
		_ = app.Shutdown()
	}()
	return app.Listen(addr)
}

// headerField is a header field in the form that takes Fiber least.
type headerField struct{ name, value []byte }

func headerFields(header map[string]string) (out []headerField) {
	for name, value := range header {
		out = append(out, headerField{[]byte(name), []byte(value)})
	}
	return out
}
