package server

import (
	"bytes"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/web/docs"
)

// documentation is the contract, for programs as it is and for people as pages. The pages are made at their first
// request: a server that nobody asks for them starts faster.
type documentation struct {
	contract []byte
	pages    func() (map[string][]byte, error)
}

func newDocumentation(contract []byte) *documentation {
	return &documentation{contract: contract, pages: sync.OnceValues(func() (map[string][]byte, error) { return docs.Pages(contract) })}
}

// servedAt is the contract of a server that clients reach under an origin.
func servedAt(contract []byte, origin string) []byte {
	if origin == "" {
		return contract
	}
	return bytes.Replace(contract, []byte("servers:\n  - url: /\n"), []byte("servers:\n  - url: "+origin+"\n"), 1)
}

func (s *Server) openapi(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "application/yaml")
	return sendCacheable(c, s.docs.contract)
}

func (s *Server) docsPage(c *fiber.Ctx) error {
	pages, err := s.docs.pages()
	if err != nil {
		return err
	}
	page, ok := pages[c.Params("page")]
	if !ok {
		return fiber.NewError(fiber.StatusNotFound, "the documentation has no such page")
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return sendCacheable(c, page)
}

// docsFile answers with a file that the pages load.
func docsFile(contentType string, body []byte) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, contentType)
		return sendCacheable(c, body)
	}
}
