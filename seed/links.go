package seed

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// resolveLinks lets the links of a page lead to records: other pages, modules, files of the source. Those to pages that
// are not there are noted, for they may come with another import.
func (c *pageContent) resolveLinks() {
	s := c.section
	records := []models.Record{s.Record}
	for _, w := range s.Worksheets {
		records = append(records, w)
	}
	for _, f := range s.Fragments {
		records = append(records, f.Record)
		for _, w := range f.Worksheets {
			records = append(records, w)
		}
	}
	if s.introduces != nil {
		records = append(records, s.introduces.Record)
	}
	told := map[string]bool{}
	for _, r := range records {
		models.EachText(r, func(_ string, t *models.Text) {
			*t = render.MapLinks(*t, func(address string) string { return c.resolve(r, address, told) })
		})
	}
}

// resolve gives the address of a link to a record, "" to leave it as it is.
func (c *pageContent) resolve(from models.Record, address string, told map[string]bool) string {
	target, file := "", false
	for _, at := range c.section.Addresses { // relative to where it is published, else to where its file is
		place, ok := c.site.inSite(address, at)
		if !ok {
			return ""
		}
		if to, ok := c.site.addresses.find(place); ok {
			if at := c.site.homes[to.ID]; at.course != c.tree { // its records get their ids when that course is imported
				c.deadLink(from, at.address, address)
				return ""
			}
			return render.LinkTo(to, address)
		}
		if isFile(place) {
			file = true
			if asset := c.site.file(c.tree, place, isAny); asset != nil {
				return render.LinkTo(models.Ref{Type: models.KindAsset, ID: asset.Record.ID}, address)
			}
		}
		if target == "" {
			target = normalPath(place)
		}
	}
	if !told[address] {
		told[address] = true
		what := "page"
		if file {
			what = "file"
		}
		c.warn(c.line(address), fmt.Sprintf("the link to %s leads to a %s that is not in the source", address, what))
	}
	if !file {
		c.deadLink(from, target, address)
	}
	return ""
}

func (c *pageContent) deadLink(from models.Record, target, written string) {
	d := DeadLink{Record: from.Base().ID, Path: target, Written: written}
	if !slices.Contains(c.section.DeadLinks, d) {
		c.section.DeadLinks = append(c.section.DeadLinks, d)
	}
}

// posts finds the page that a post_url tag names by its file name without the end, after a folder or not. Names are not
// unique, and the post beside the page that links to it comes first.
func (s *Site) posts(from string) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		found := ""
		for _, page := range s.Pages {
			plain := strings.Replace(strings.TrimSuffix(page, path.Ext(page)), "_posts/", "", 1)
			if !isPost(page) || !strings.HasSuffix("/"+plain, "/"+strings.Trim(name, "/")) {
				continue
			}
			if found == "" || path.Dir(page) == path.Dir(from) {
				found = page
			}
		}
		return found, found != ""
	}
}

// isFile tells whether a path is one of a file that is no page.
func isFile(place string) bool {
	ext := strings.ToLower(path.Ext(place))
	return ext != "" && len(ext) <= maxExtension && !slices.Contains(pageEnds, ext)
}

// maxExtension is how long the end of a file's name can be; what is longer is a part of a title.
const maxExtension = 6
