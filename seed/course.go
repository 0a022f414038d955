package seed

import (
	"golang.org/x/text/language"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// siteCourse makes a course of what a site says of itself. A site without a title makes none: its pages go into the
// default course.
func siteCourse(site frontmatter.Matter) Course {
	title := site.Text("title")
	if title == "" {
		return Course{}
	}
	return Course{Key: Slug(title), Record: &models.Course{
		Meta: models.Meta{ID: models.NewID()}, Slug: Slug(title), Title: clip(title),
		Summary: models.Text(site.Text("description")), Language: siteLanguage(site),
		License: site.Text("license"), Numbering: models.NumberAsWritten,
		Source: models.CourseSource{Repository: site.Text("repository"), URL: site.Text("url") + site.Text("baseurl")},
	}}
}

// siteLanguage is the language that a site says it is in; English where it says none, or none that there is.
func siteLanguage(site frontmatter.Matter) string {
	for _, key := range []string{"lang", "language", "locale"} {
		if tag, err := language.Parse(site.Text(key)); err == nil {
			return tag.String()
		}
	}
	return "en"
}
