package seed

import (
	"io/fs"

	"github.com/lectern-cms/lectern/seed/frontmatter"
)

// configFile holds the settings of a Jekyll site.
const configFile = "_config.yml"

// config is what a Jekyll site says of itself. It is empty for pages that come without their site.
type config struct {
	matter frontmatter.Matter
}

func loadConfig(fsys fs.FS, tree *Tree) config {
	data, err := fs.ReadFile(fsys, configFile)
	if err != nil {
		return config{} // a page by itself, or a site without settings
	}
	matter, err := frontmatter.Parse(string(data), 1)
	if err != nil {
		tree.Warn(configFile, 0, "the settings of the site can't be read: "+err.Error())
		return config{}
	}
	if tree.Course.Record == nil {
		tree.Course = siteCourse(matter)
	}
	return config{matter: matter}
}
