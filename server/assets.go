package server

import (
	"mime"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// fileCache is longer than that of records: a changed file is a changed asset, and the validator is its hash.
const fileCache = "public, max-age=3600"

// fileCSP makes a file that a browser opens by itself, an SVG with a script in it for instance, do nothing.
const fileCSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

func (s *Server) asset(c *fiber.Ctx) error {
	return sendRecord(c, models.KindAsset, func(req content.ReadRequest) (content.One[content.AssetView], error) {
		return s.Content.Asset(c.UserContext(), id(c), req)
	})
}

func (s *Server) assets(c *fiber.Ctx) error {
	return sendList(c, models.KindAsset, func(req content.ListRequest) (content.Page[content.AssetView], error) {
		return s.Content.Assets(c.UserContext(), req)
	})
}

// assetFile answers with the bytes of a live asset.
func (s *Server) assetFile(c *fiber.Ctx) error {
	if err := plain(c); err != nil {
		return err
	}
	read, err := s.Content.Asset(c.UserContext(), id(c), content.ReadRequest{})
	if err != nil {
		return err
	}
	asset := read.Data
	setRevision(c)
	c.Set(fiber.HeaderETag, `"`+asset.File.Sha256+`"`)
	setCaching(c, fileCache)
	c.Set(fiber.HeaderContentSecurityPolicy, fileCSP)
	if noneMatch(c.Get(fiber.HeaderIfNoneMatch), asset.File.Sha256) {
		sendNotModified(c.Context())
		return nil
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
