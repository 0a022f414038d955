// Package web holds the pages that Lectern serves itself, embedded in the program.
package web

import _ "embed" // for the files below

// DocsPage is the html/template of the documentation of the API.
//
//go:embed docs/page.html
var DocsPage string

// DocsStyle is its style sheet.
//
//go:embed docs/docs.css
var DocsStyle []byte
