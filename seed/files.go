package seed

import (
	"errors"
	"fmt"
	"image"
	_ "image/gif" // sizes of GIF images
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
)

// Asset is a file of the source that pages show or offer. Key is its path.
type Asset struct {
	Key    string
	Record *models.Asset

	course *Tree
	staged bool
}

// imageTypes are the kinds of image that browsers show.
var imageTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"}

// keepFiles makes assets of the images that the page shows and of the files that it offers. The blocks keep the address
// as written. An image that is not there is a warning: the address may be right where the page was published.
func (c *pageContent) keepFiles() error {
	lists := []models.Blocks{c.section.Record.Blocks}
	for _, w := range c.section.Worksheets {
		lists = append(lists, w.Instructions)
		if w.Document != nil {
			if asset := c.fileAt(w.Document.URL, isAny); asset != nil {
				w.Document.Asset = models.NewRef(models.KindAsset, asset.Record.ID)
			}
		}
		for _, a := range w.AnswerKey {
			lists = append(lists, a.Blocks)
		}
	}
	for _, f := range c.section.Fragments {
		lists = append(lists, f.Record.Blocks)
		for _, w := range f.Worksheets {
			lists = append(lists, w.Instructions)
		}
	}
	for _, list := range lists {
		list.Walk(func(b models.Block, _ int) bool {
			switch b := b.(type) {
			case *models.Image:
				c.keepImage(b)
			case *models.Download:
				if asset := c.fileAt(b.URL, isAny); asset != nil {
					b.Asset, b.MediaType = models.NewRef(models.KindAsset, asset.Record.ID), asset.Record.File.MediaType
				}
			}
			return true
		})
	}
	return nil
}

func (c *pageContent) keepImage(img *models.Image) {
	if _, local := c.site.inSite(img.URL, c.page.path); !local {
		return
	}
	asset := c.fileAt(img.URL, isImage)
	switch {
	case asset == nil:
		c.warn(c.line(img.URL), fmt.Sprintf("the image %s is not in the source, or is none: its address is kept", img.URL))
		return
	case asset.Record.Alt == "" && !asset.staged:
		asset.Record.Alt, asset.Record.Decorative = img.Alt, img.Decorative
	}
	img.Asset = models.NewRef(models.KindAsset, asset.Record.ID)
}

func isImage(mediaType string) bool { return slices.Contains(imageTypes, mediaType) }
func isAny(string) bool             { return true }

// fileAt is the file of the source that an address on the page means, nil when there is none of an accepted type.
func (c *pageContent) fileAt(address string, accepted func(mediaType string) bool) *Asset {
	for _, at := range c.section.Addresses {
		place, ok := c.site.inSite(address, at)
		if !ok {
			return nil
		}
		if asset := c.site.file(c.tree, place, accepted); asset != nil {
			return asset
		}
	}
	return nil
}

// file makes an asset of a file of the source, once for each course. Its bytes are saved later. It is nil when there is
// no such file, or none of an accepted type. Pages are no files.
func (s *Site) file(t *Tree, place string, accepted func(mediaType string) bool) *Asset {
	name := strings.TrimPrefix(path.Clean("/"+place), "/") // the path of an address is unescaped already
	key := t.Course.Key + " " + name
	if asset, ok := s.files[key]; ok && (asset == nil || accepted(asset.Record.File.MediaType)) {
		return asset
	}
	if slices.Contains(s.Pages, name) {
		return nil
	}
	record, err := s.describeFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.Warn(name, 0, "the file can't be kept: "+reason(err).Error())
	}
	var asset *Asset
	switch {
	case record != nil && !accepted(record.File.MediaType):
		return nil
	case record != nil:
		asset = &Asset{Key: name, Record: record, course: t}
		t.Assets = append(t.Assets, asset)
	}
	s.files[key] = asset
	return asset
}

// DescribeFile says what a file is: its name, hash, size and type, and the size of an image. What is no regular file is
// not there.
func DescribeFile(fsys fs.FS, name string) (models.File, error) {
	var out models.File
	if !fs.ValidPath(name) || name == "." {
		return out, fs.ErrNotExist
	}
	f, err := fsys.Open(name)
	if err != nil {
		return out, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return out, err
	}
	if !info.Mode().IsRegular() {
		return out, fs.ErrNotExist
	}
	out.Name = path.Base(name)
	if out.Sha256, out.Bytes, err = files.Sum(f); err != nil {
		return out, err
	}
	return out, lookInto(fsys, name, &out)
}

// describeFile makes an asset of a file.
func (s *Site) describeFile(name string) (*models.Asset, error) {
	file, err := DescribeFile(s.FS, name)
	if err != nil && file.Sha256 == "" {
		return nil, err
	}
	return &models.Asset{Meta: models.Meta{ID: models.NewID()}, File: file}, err
}

// lookInto finds the type of a file, and the size of an image.
func lookInto(fsys fs.FS, name string, file *models.File) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	kind, err := mimetype.DetectReader(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	file.MediaType, _, _ = strings.Cut(kind.String(), ";")
	if f, err = fsys.Open(name); err != nil {
		return err
	}
	if file.MediaType == svgType {
		if w, h, ok := svgSize(f); ok {
			file.Width, file.Height = &w, &h
		}
	} else if c, _, err := image.DecodeConfig(f); err == nil {
		file.Width, file.Height = &c.Width, &c.Height
	}
	return f.Close()
}
