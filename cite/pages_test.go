package cite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/lectern-cms/lectern/seed/blocks"
	"github.com/lectern-cms/lectern/seed/frontmatter"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// notesOf gives the numbered definitions of a page of the corpora as the importer sees them.
func notesOf(t *testing.T, path string) []blocks.Note {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, _, body, line := frontmatter.Split(string(page))
	none := func(string) (string, bool) { return "", true }
	doc, err := kramdown.Parse(kramdown.Body{Text: body, FirstLine: line, Variable: none})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return blocks.Convert(doc, "").Notes
}

// noteAt is a definition with its place.
type noteAt struct {
	path string // below the folder of the corpora
	note blocks.Note
}

// allNotes gives the definitions of all pages of the corpora, in lexical order of the pages.
func allNotes(t *testing.T) []noteAt {
	t.Helper()
	root := filepath.Join(shared(t), "corpora")
	var out []noteAt
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		below, err := filepath.Rel(root, path)
		for _, n := range notesOf(t, path) {
			out = append(out, noteAt{below, n})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
