package seed

import (
	"io/fs"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// configFile holds the settings of a Jekyll site.
const configFile = "_config.yml"

// config is what a Jekyll site says of itself. It is empty for pages that come without their site.
type config struct {
	matter frontmatter.Matter
}

// loadConfig reads the settings of the site, which are the settings of its courses too.
func (s *Site) loadConfig() {
	data, err := fs.ReadFile(s.FS, configFile)
	if err != nil {
		return // a page by itself, or a site without settings
	}
	matter, err := frontmatter.Parse(string(data), 1)
	if err != nil {
		s.Warn(configFile, 0, "the settings of the site can't be read: "+err.Error())
		return
	}
	s.config = config{matter: matter}
}

// describeMain names the course of a site that has a title.
func (s *Site) describeMain() {
	title := s.config.matter.Text("title")
	if t := s.find(""); t != nil && title != "" {
		r := t.record()
		r.Title, r.Slug, r.Summary = clip(title), models.Slug(title), models.Text(fit(s.config.matter.Text("description"), maxSummary))
	}
}
