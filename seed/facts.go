package seed

import (
	"html"
	"strings"

	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// The places where a page can have its title from, in the order in which they are looked at.
const (
	titleFromTitle    = "title"
	titleFromSubtitle = "subtitle"
	titleFromFile     = "file name"
	titleFromLine     = "first line"
)

// titleSource says where the title of a page with front matter is from.
func titleSource(matter frontmatter.Matter) string {
	for _, key := range []string{titleFromTitle, titleFromSubtitle} {
		if strings.TrimSpace(html.UnescapeString(matter.Text(key))) != "" {
			return key
		}
	}
	return titleFromFile
}
