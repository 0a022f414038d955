package kramdown

import (
	"regexp"
	"strings"
)

// addressFilters are filters that put the address of the site before a path. It is nothing here, as site.url is: links
// into the site must be seen to lead nowhere else.
var addressFilters = regexp.MustCompile(`^(?:\|\s*(?:relative_url|absolute_url|prepend:\s*site\.(?:base)?url)\s*)+$`)

// linkTag puts the path of a page in the place of the tag that names it: {% link modules/a.md %}, or {% post_url
// 2001-02-03-b %}. It is false for a post that is not there, and for another tag.
func (t *taker) linkTag(start, end int, tag, page string) bool {
	page = strings.Trim(page, `"'`)
	switch {
	case page == "" || strings.Contains(page, "{{"):
		return false
	case tag == "post_url" && t.post != nil:
		found, ok := t.post(page)
		if !ok {
			return false
		}
		page = found
	case tag != "link":
		return false
	}
	t.edit(start, end, "/"+strings.ReplaceAll(strings.TrimPrefix(page, "/"), " ", "%20"))
	return true
}
