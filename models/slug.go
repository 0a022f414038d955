package models

import (
	"strings"

	"github.com/gosimple/slug"
)

// NoSlug is the slug of what has no letter or digit in its name.
const NoSlug = "untitled"

// Slug makes a slug of a title: lower-case ASCII letters, digits and hyphens, letters of other scripts transliterated,
// cut at a hyphen where it is too long. It is always valid.
func Slug(s string) string {
	s = strings.ReplaceAll(slug.Make(s), "_", "-")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '-' }), "-")
	if len(s) > MaxSlugLength {
		s = s[:MaxSlugLength+1]
		if i := strings.LastIndexByte(s, '-'); i > 0 {
			s = s[:i]
		} else {
			s = s[:MaxSlugLength]
		}
	}
	switch {
	case s == "":
		return NoSlug
	case !ValidSlug(s):
		return NoSlug + "-" + s // shaped like a UUID
	}
	return s
}
