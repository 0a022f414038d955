package server

import (
	"bytes"
	"fmt"
	"html/template"
	"sync"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/web"
)

// docs is the contract, for programs as it is and for people as a page. The page is made at its first request: a
// server that nobody asks for it starts faster.
type docs struct {
	contract []byte
	page     func() ([]byte, error)
}

func newDocs(contract []byte) *docs {
	return &docs{contract: contract, page: sync.OnceValues(func() ([]byte, error) { return renderDocs(contract) })}
}

// servedAt is the contract of a server that clients reach under an origin.
func servedAt(contract []byte, origin string) []byte {
	if origin == "" {
		return contract
	}
	return bytes.Replace(contract, []byte("servers:\n  - url: /\n"), []byte("servers:\n  - url: "+origin+"\n"), 1)
}

// renderDocs makes the page of a contract.
func renderDocs(contract []byte) ([]byte, error) {
	page, err := readDocs(contract)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	t, err := template.New("docs").Parse(web.DocsPage)
	if err != nil {
		return nil, fmt.Errorf("read the template of the documentation: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, page); err != nil {
		return nil, fmt.Errorf("write the documentation: %w", err)
	}
	return out.Bytes(), nil
}

func (s *Server) openapi(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "application/yaml")
	return sendCacheable(c, s.docs.contract)
}

func (s *Server) docsPage(c *fiber.Ctx) error {
	page, err := s.docs.page()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return sendCacheable(c, page)
}

func (s *Server) docsStyle(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return sendCacheable(c, web.DocsStyle)
}
