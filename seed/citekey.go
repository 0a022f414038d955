package seed

import (
	"github.com/lectern-cms/lectern/cite"
	"github.com/lectern-cms/lectern/models"
)

// citeKey makes the key of a source. The same work always gets the same one; another work with that key on the same page
// gets a number.
func citeKey(csl models.CSL, label string, taken map[string]int) string {
	key := cite.Key(csl)
	if key == "" {
		key = models.Slug("note " + label)
	}
	return unique(key, taken)
}
