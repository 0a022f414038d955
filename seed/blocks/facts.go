package blocks

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/lectern-cms/lectern/seed/kramdown"
)

// Facts are counts of what stands in the source of a page, for the report of an import. Records don't say most of it.
type Facts struct {
	TitleSource             string   `json:"title_source"`             // where the title is from: "title", "subtitle", "file name" or "first line"; the reader of the page sets it
	Includes                int      `json:"includes"`                 // Liquid tags that include a file
	Comments                int      `json:"comments"`                 // of HTML, kramdown or Liquid, empty ones too
	WorksheetTables         int      `json:"worksheet_tables"`         // tables of the class worksheet, filled-in examples among them
	BrokenRefAnchors        int      `json:"broken_ref_anchors"`       // marks that lead to a place that is not on the page; by their numbers they may be right
	UnreferencedDefinitions int      `json:"unreferenced_definitions"` // notes that nothing marks
	RefForms                []string `json:"ref_forms"`                // the ways in which the page writes marks, in alphabetical order: see the constants
	BareURLs                int      `json:"bare_urls"`                // addresses that stand as text, outside links and code
	InternalLinks           int      `json:"internal_links"`           // links to pages of the same site
	LocalFiles              int      `json:"local_files"`              // links to other files of the same site
}

// The ways to write a mark.
const (
	FormNameFirst = "name-first" // <a name="1" href="#fn1">1</a>
	FormHrefFirst = "href-first" // <a href="#fn1" name="1">1</a>
	FormHrefOnly  = "href-only"  // <a href="#fn1">1</a> or [1](#fn1)
	FormBareSup   = "bare-sup"   // <sup>1</sup>
	FormKramdown  = "kramdown"   // [^1]
)

// bareURL finds addresses that stand as text.
var bareURL = regexp.MustCompile(`https?://\S`)

// PlainFacts counts what stands in plain text.
func PlainFacts(text string) Facts {
	return Facts{BareURLs: len(bareURL.FindAllString(text, -1))}
}

// count counts what can be seen in the page before it is taken apart.
func (f *Facts) count(doc *kramdown.Document) {
	f.Includes, f.Comments = doc.IncludeTags, len(doc.Comments)
	find(doc.Root, func(n *html.Node) bool {
		switch {
		case isElement(n, "a"):
			f.link(strings.TrimSpace(kramdown.Attr(n, "href")))
		case isElement(n, "table") && hasClass(n, "worksheet"):
			f.WorksheetTables++
		}
		return true
	})
	f.BareURLs = len(bareURL.FindAllString(runningText(doc.Root), -1))
}

// runningText is what a page says outside links and code.
func runningText(root *html.Node) string {
	var b strings.Builder
	find(root, func(n *html.Node) bool {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case isElement(n, "a", "code", "pre", "iframe", "script", "style", "template"):
			return false
		case isElement(n, flowNames...) || isElement(n, "td", "th", "br"):
			b.WriteString("\n")
		}
		return true
	})
	return b.String()
}

// addressScheme begins an address that leads out of the site, or is none.
var addressScheme = regexp.MustCompile(`(?i)^(?:[a-z][a-z0-9+.-]*:|//)`)

// pageFiles are the endings of files that are pages.
var pageFiles = []string{"", ".html", ".htm", ".md"}

func (f *Facts) link(href string) {
	if href == "" || href[0] == '#' || addressScheme.MatchString(href) {
		return
	}
	file, _, _ := strings.Cut(href, "#")
	file, _, _ = strings.Cut(file, "?")
	if slices.Contains(pageFiles, strings.ToLower(path.Ext(file))) {
		f.InternalLinks++
		return
	}
	f.LocalFiles++
}

// form notes how a mark is written.
func (f *Facts) form(name string) {
	if i, known := slices.BinarySearch(f.RefForms, name); !known {
		f.RefForms = slices.Insert(f.RefForms, i, name)
	}
}

// anchorForm is how an a element that is a mark is written.
func anchorForm(n *html.Node) string {
	at := func(keys ...string) int {
		return slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return slices.Contains(keys, a.Key) })
	}
	name, href := at("name", "id"), at("href")
	switch {
	case name < 0:
		return FormHrefOnly
	case href >= 0 && href < name:
		return FormHrefFirst
	}
	return FormNameFirst
}
