package seed

import (
	"strings"

	"github.com/gosimple/slug"

	"github.com/lectern-cms/lectern/models"
)

// noSlug is the slug of what has no letter or digit in its name.
const noSlug = "untitled"

// Slug makes a slug of a title: lower-case ASCII letters, digits and hyphens, letters of other scripts transliterated,
// cut at a hyphen where it is too long. It is always valid.
func Slug(s string) string {
	s = strings.ReplaceAll(slug.Make(s), "_", "-")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '-' }), "-")
	if len(s) > models.MaxSlugLength {
		s = s[:models.MaxSlugLength+1]
		if i := strings.LastIndexByte(s, '-'); i > 0 {
			s = s[:i]
		} else {
			s = s[:models.MaxSlugLength]
		}
	}
	switch {
	case s == "":
		return noSlug
	case !models.ValidSlug(s):
		return noSlug + "-" + s // shaped like a UUID
	}
	return s
}
