// Package docs makes the documentation of the API: pages for people, from the contract, from texts of its own (the folder
// guide) and from the tables that the code works with. The pages need no script.
package docs

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
)

// Root is the address of the first page. The others are below it, by name.
const Root = "/docs"

// Style is the style sheet of the pages, at Root + "/docs.css".
//
//go:embed docs.css
var Style []byte

// Icon stands for the pages in the tabs of browsers, at Root + "/icon.svg".
//
//go:embed icon.svg
var Icon []byte

//go:embed page.html
var layout string

// guide holds a text in Markdown for each page that has one, by the page's name; that of the first page is index.md. The
// requests in them and their answers are run and compared by the tests of package server.
//
//go:embed guide
var guide embed.FS

// Pages makes the documentation of an API from its contract (OpenAPI 3.1): the pages by their names, the first by "". It
// fails when the contract can't be read.
func Pages(contract []byte) (map[string][]byte, error) {
	site, err := readSite(contract)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	t, err := template.New("page").Parse(layout)
	if err != nil {
		return nil, fmt.Errorf("read the template of the documentation: %w", err)
	}
	out := map[string][]byte{}
	for _, p := range site.pages {
		var b bytes.Buffer
		if err := t.Execute(&b, view{site, p}); err != nil {
			return nil, fmt.Errorf("write the page %q of the documentation: %w", p.Name, err)
		}
		out[p.Name] = b.Bytes()
	}
	return out, nil
}

// view is what the template shows: a page, and the frame around it.
type view struct {
	*site
	Page *page
}

// Current tells whether a link of the menu leads to the page.
func (v view) Current(l *page) bool { return l == v.Page }
