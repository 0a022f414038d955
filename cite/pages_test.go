package cite_test

import (
	"os"
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
