// Package kramdown reads the bodies of Jekyll pages: kramdown's Markdown mixed with HTML, Liquid and comments. It gives
// one DOM for all of it, made without moving or dropping anything, whatever the nesting of the tags.
package kramdown

import (
	"fmt"

	"golang.org/x/net/html"
)

// Limits of what is read. They come before the Markdown and HTML parsers, whose time and stack grow with nesting.
const (
	maxNesting   = 100    // of elements, quotes and lists; a real page has eight
	maxBrackets  = 500    // open square brackets in one paragraph
	maxLinks     = 500    // in one paragraph: each that has no end is looked for to the end of it
	maxParagraph = 50_000 // bytes between blank lines; with every character escaped a record still holds it
)

// Body is what to read.
type Body struct {
	Text      string
	FirstLine int // the line in the page on which Text begins, from 1
	// Variable gives the value of a Liquid variable such as page.title; false for an unknown one.
	Variable func(name string) (string, bool)
	// Include tells whether an include is wanted: its place is kept, see Document.Includes. Nil takes them all out.
	Include func(use Include) bool
	// Post gives the path of the page that a post_url tag names; false for an unknown one. Nil knows none.
	Post func(name string) (string, bool)
}

// Document is a body that has been read.
type Document struct {
	Root     *html.Node // its children are the body; elements know their line, see Line
	Comments []Comment  // comments, which stand in the text as the characters of Placeholder
	Includes []Include  // that are wanted, which stand in the text as the characters of IncludePlaceholder
	Problems []Problem  // what was mended or taken out

	IncludeTags int // how many tags include a file, wanted or not
}

// Comment is a comment of the body: HTML's, kramdown's or Liquid's.
type Comment struct {
	Text   string
	Line   int
	source string // what stands in code in its place; empty for Liquid's comments
}

// Problem is something in the body that a person should know about.
type Problem struct {
	Line    int
	Message string
}

// LimitError says that a body is over one of the limits of this package.
type LimitError struct {
	Line    int
	Message string
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("line %d: %s", e.Line, e.Message)
}

// Parse reads a body. Its only errors are of type *LimitError.
func Parse(body Body) (*Document, error) {
	doc := &Document{}
	src := newSource(withoutReserved(body.Text), body.FirstLine)
	src = takeOut(doc, src, body)
	s := segmenter{src: src, doc: doc, md: newMarkdown(doc, src.text), ends: map[string]int{}}
	if err := s.markdown(0, len(src.text), 0); err != nil {
		return nil, err
	}
	root, err := build(doc, s.out.String(), body.FirstLine)
	if err != nil {
		return nil, err
	}
	doc.cleanAttributes(root)
	doc.Root = root
	return doc, nil
}

func (d *Document) problem(line int, format string, args ...any) {
	d.Problems = append(d.Problems, Problem{Line: line, Message: fmt.Sprintf(format, args...)})
}
