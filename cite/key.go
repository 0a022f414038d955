package cite

import (
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// titleWords is how many words of a title a cite key has.
const titleWords = 3

// Key makes the key of a work from author, year and title, such as "meltzer-2016-being-trusted-the", or "" where none of
// them is known.
func Key(csl models.CSL) string {
	var parts []string
	if len(csl.Author) > 0 {
		parts = append(parts, strings.TrimSpace(csl.Author[0].Family+" "+csl.Author[0].Literal))
	}
	if year := csl.Issued.Year(); year > 0 {
		parts = append(parts, strconv.Itoa(year))
	}
	words := strings.Fields(csl.Title)
	parts = append(parts, words[:min(titleWords, len(words))]...)
	key := models.Slug(strings.Join(parts, " "))
	if key == models.NoSlug {
		return ""
	}
	return key
}
