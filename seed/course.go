package seed

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// courseOf finds the course of a page: the first of two folders under courses/, else the one of the site.
func (s *Site) courseOf(p *page, key string) *Tree {
	course, _, nested := strings.Cut(key, "/")
	if !nested || !underCourses(p.path) {
		return s.tree("")
	}
	t := s.tree(course)
	if t.Course.Record == nil {
		r := t.record()
		r.Title, r.Slug = humanise(course), models.Slug(course)
	}
	return t
}

func underCourses(page string) bool {
	for part := range strings.SplitSeq(page, "/") {
		switch part {
		case "courses":
			return true
		case "modules":
			return false
		}
	}
	return false
}

// treeOf finds the course of a module.
func (s *Site) treeOf(m *Module) *Tree {
	for _, t := range s.Trees {
		if slices.Contains(t.Modules, m) {
			return t
		}
	}
	return s.tree("")
}

// record is the record of a course, with what the settings of the site say of all of them.
func (t *Tree) record() *models.Course {
	if t.Course.Record == nil {
		settings := t.site.config.matter
		t.Course.Record = &models.Course{
			Meta: models.Meta{ID: models.NewID()}, Slug: DefaultCourse, Title: "Default course", Language: siteLanguage(settings),
			License: clip(settings.Text("license")), Numbering: models.NumberAsWritten,
			Source: models.CourseSource{
				Repository: fit(settings.Text("repository"), maxAddress),
				URL:        fit(strings.TrimSuffix(settings.Text("url")+settings.Text("baseurl"), "/"), maxAddress),
			},
		}
	}
	return t.Course.Record
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
