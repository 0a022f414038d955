package seed

import (
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// titleWords is how many words of a title a cite key has.
const titleWords = 3

// citeKey makes the key of a source from author, year and title, such as "meltzer-2016-being-trusted-the". The same
// work always gets the same key; another work with that key on the same page gets a number.
func citeKey(csl models.CSL, label string, taken map[string]int) string {
	var parts []string
	if len(csl.Author) > 0 {
		parts = append(parts, strings.TrimSpace(csl.Author[0].Family+" "+csl.Author[0].Literal))
	}
	if year := csl.Issued.Year(); year > 0 {
		parts = append(parts, strconv.Itoa(year))
	}
	words := strings.Fields(csl.Title)
	parts = append(parts, words[:min(titleWords, len(words))]...)
	key := Slug(strings.Join(parts, " "))
	if key == noSlug {
		key = Slug("note " + label)
	}
	return unique(key, taken)
}
