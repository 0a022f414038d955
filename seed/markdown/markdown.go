// Package markdown writes a course as a folder of Markdown that its authors edit in any editor, and imports it again.
// The layout of the folder and its keys are described in docs/export-markdown.md, the bodies of pages in
// docs/markdown.md.
//
// Writing is exact: what is imported from a folder as it was written is the same content in every field, and is written
// as the same bytes again.
package markdown

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/lectern-cms/lectern/models"
)

// Target is where a folder is written to. Create begins a file under a slash-separated path, and ends the one before.
type Target interface {
	Create(name string) (io.Writer, error)
}

// What the description of a course says of the form of its folder.
const (
	Format  = "lectern-markdown"
	version = 1
)

// Names in the folder.
const (
	courseFile    = "lectern.yml"
	sourcesFile   = "sources.yml"
	assetsFile    = "assets.yml"
	filesDir      = "files"
	fragmentsDir  = "fragments"
	modulesDir    = "modules"
	worksheetsDir = "worksheets"
	trashDir      = "trash" // in any of the folders of pages: what is in the trash of Lectern
	moduleFile    = "module.md"
	pageSuffix    = ".md"
)

// Limits of what is read. They bound memory: one file is read at a time, and of each some hundred bytes are kept.
const (
	maxFiles     = 200_000 // pages, worksheets, fragments and modules; the largest course known has 10,000
	maxEntries   = 500_000 // sources, and assets
	maxPageBytes = 16 << 20
	maxHeadBytes = 4 << 20  // of front matter, or of one entry of a list: as the JSON of a record
	maxNesting   = 150      // of values in front matter, as in JSON
	maxLineBytes = 16 << 20 // of one line in a list
)

// problem is an error in a file of the folder.
func problem(path string, line int, field, message string) error {
	where := path
	if line > 0 {
		where = fmt.Sprintf("%s:%d", path, line)
	}
	if field != "" {
		where += ": " + field
	}
	return models.Malformed(where+": "+message, nil)
}

// unreadable is a file that the system does not give.
func unreadable(path string, err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err // without the path, which the message has already
	}
	return models.Malformed("can't read "+path, err)
}
