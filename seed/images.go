package seed

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // sizes of GIF images
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/lectern-cms/lectern/files"
	"github.com/lectern-cms/lectern/models"
)

// Asset is a file of the source that pages show. Key is its path.
type Asset struct {
	Key    string
	Record *models.Asset
}

// imageTypes are the kinds of image that browsers show.
var imageTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"}

// KeepImages saves the images that lie beside the pages, and makes assets of them. Image blocks keep the address as
// written. An image that is not there is a warning: the address may be right where the page was published.
func KeepImages(src Source, tree *Tree, folder *files.Folder) error {
	k := imageKeeper{src: src, tree: tree, folder: folder, kept: map[string]*models.Asset{}}
	for _, m := range tree.Modules {
		for _, s := range m.Sections {
			if err := k.section(s); err != nil {
				return err
			}
		}
	}
	return nil
}

type imageKeeper struct {
	src    Source
	tree   *Tree
	folder *files.Folder
	kept   map[string]*models.Asset // by path
}

func (k *imageKeeper) section(s *Section) error {
	var failed error
	s.Record.Blocks.Walk(func(b models.Block, _ int) bool {
		if img, ok := b.(*models.Image); ok && s.Record.Origin != nil && failed == nil {
			failed = k.image(img, s.Record.Origin.Path)
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	for _, child := range s.Children {
		if err := k.section(child); err != nil {
			return err
		}
	}
	return nil
}

func (k *imageKeeper) image(img *models.Image, page string) error {
	name, ok := localPath(img.URL, page)
	if !ok {
		return nil
	}
	asset := k.kept[name]
	if asset == nil {
		var err error
		if asset, err = k.keep(name, img); err != nil || asset == nil {
			if err == nil {
				k.tree.Warn(page, 0, fmt.Sprintf("the image %s is not in the source, or is none: its address is kept", img.URL))
			}
			return err
		}
		k.kept[name] = asset
		k.tree.Assets = append(k.tree.Assets, &Asset{Key: name, Record: asset})
	}
	img.Asset = models.NewRef(models.KindAsset, asset.ID)
	return nil
}

// localPath is the path in the source that an address on a page means, if it means one.
func localPath(address, page string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return "", false
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == u.Path {
		name = path.Join(path.Dir(page), u.Path)
	}
	return path.Clean(name), fs.ValidPath(path.Clean(name))
}

// keep saves one image: nil when there is none.
func (k *imageKeeper) keep(name string, img *models.Image) (*models.Asset, error) {
	data, err := fs.ReadFile(k.src.FS, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, models.Malformed("can't read "+name, reason(err))
	}
	media, _, _ := strings.Cut(mimetype.Detect(data).String(), ";")
	if !slices.Contains(imageTypes, media) {
		return nil, nil
	}
	sum, size, err := k.folder.Put(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	asset := &models.Asset{
		Meta: models.Meta{ID: models.NewID()}, Alt: img.Alt, Decorative: img.Decorative,
		File: models.File{Name: path.Base(name), Sha256: sum, MediaType: media, Bytes: size},
	}
	if c, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
		asset.File.Width, asset.File.Height = &c.Width, &c.Height
	}
	return asset, nil
}
