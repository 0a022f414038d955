package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxSortKey bounds the folded title, so that it fits into an index entry of every database.
const maxSortKey = 400

// Fold makes a title fit for sorting and comparing by bytes: letter case, accents and punctuation don't count.
// Sorting by it gives the same order in every database.
func Fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range cases.Fold().String(norm.NFKD.String(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
		if b.Len() > maxSortKey {
			break
		}
	}
	return b.String()
}
