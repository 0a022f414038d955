package server

import (
	"mime"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/models"
)

// fileCache is longer than that of records: a changed file is a changed asset, and the validator is its hash.
const fileCache = "public, max-age=3600"

// fileCSP makes a file that a browser opens by itself, an SVG with a script in it for instance, do nothing.
const fileCSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

func (s *Server) asset(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	v, err := s.Content.Asset(c.UserContext(), id(c))
	return sendOne(c, v, err)
}

func (s *Server) assets(c *fiber.Ctx) error {
	return sendPage(c, s.Content.Assets)
}

// assetFile answers with the bytes of a live asset.
func (s *Server) assetFile(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	asset, err := s.Content.Asset(c.UserContext(), id(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderETag, `"`+asset.File.Sha256+`"`)
	c.Set(fiber.HeaderCacheControl, fileCache)
	c.Set(fiber.HeaderContentSecurityPolicy, fileCSP)
	if noneMatch(c.Get(fiber.HeaderIfNoneMatch), asset.File.Sha256) {
		return sendNotModified(c)
	}
	file, size, err := s.Files.Get(asset.File.Sha256)
	if models.KindOf(err) == models.KindNotFound {
		return models.Unavailable("the file of the asset", err)
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, asset.File.MediaType)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("inline", map[string]string{"filename": asset.File.Name}))
	return c.SendStream(file, int(size)) // which closes the file
}
