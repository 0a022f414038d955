package seed

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// figures gives the columns of expected-import.csv for a section: counted in its records as someone sees them who may
// see private fields, and of the source's facts what records can't say.
func figures(m *Module, s *Section) map[string]string {
	c := newCounter(s)
	c.section(s)
	out := map[string]string{
		"title":         joinNumber(s.Record.Number, s.Record.Title),
		"module_key":    m.Key,
		"title_source":  s.Facts.TitleSource,
		"ref_form":      strings.Join(s.Facts.RefForms, "+"),
		"callout_kinds": tally(c.callouts),
	}
	for column, n := range c.n {
		out[column] = strconv.Itoa(n)
	}
	for column, n := range map[string]int{
		"n_broken_ref_anchors": s.Facts.BrokenRefAnchors,
		"n_includes":           s.Facts.Includes,
		"n_comments":           s.Facts.Comments,
		"n_worksheet_tables":   s.Facts.WorksheetTables,
		"n_bare_urls":          s.Facts.BareURLs,
		"n_definitions":        len(s.Record.Citations),
		"n_worksheets":         len(s.Worksheets),
		"n_words":              len(recordWords(s)),
		"n_distinct_refs":      len(c.marked),
		"n_unresolved_refs":    len(missing(c.marked, c.defined)),
		"n_unreferenced_defs":  len(missing(c.defined, c.marked)),
	} {
		out[column] = strconv.Itoa(n)
	}
	return out
}

// counted are the columns that a counter adds up.
var counted = []string{"n_footnote_refs", "n_videos", "n_images", "n_external_links", "n_callouts", "n_headings",
	"n_blockquotes", "n_tables", "n_internal_links", "n_local_files", "n_other_embeds"}

// counter counts what checks/README.md counts, in the records of one section.
type counter struct {
	n               map[string]int
	callouts        map[string]int // by kind
	marked, defined map[string]bool
}

func newCounter(s *Section) *counter {
	c := &counter{n: map[string]int{}, callouts: map[string]int{}, marked: map[string]bool{}, defined: map[string]bool{}}
	for _, column := range counted {
		c.n[column] = 0
	}
	return c
}

func (c *counter) section(s *Section) {
	s.Record.Blocks.Walk(c.block)
	for _, w := range s.Worksheets {
		c.worksheet(w)
	}
	for _, n := range s.Record.Citations {
		c.text(n.Written)
		c.defined[n.Label] = true
	}
}

func (c *counter) text(t models.Text) {
	for _, label := range render.Marks(t) {
		c.n["n_footnote_refs"]++
		c.marked[label] = true
	}
	c.n["n_images"] += strings.Count(string(t), "![") - strings.Count(string(t), `\![`)
	for _, l := range render.Links(t) {
		c.link(l.URL)
	}
}

// link counts a link by where it leads. Mail, and places on the page itself, are not counted.
func (c *counter) link(url string) {
	if l, ok := render.ParseRecordLink(url); ok {
		url = l.Written
	}
	switch {
	case url == "" || strings.HasPrefix(url, "#"):
	case isExternal(url):
		c.n["n_external_links"]++
	case strings.Contains(strings.SplitN(url, "/", 2)[0], ":"):
	default:
		file, _, _ := strings.Cut(url, "#")
		file, _, _ = strings.Cut(file, "?")
		if slices.Contains([]string{"", ".html", ".htm", ".md"}, strings.ToLower(path.Ext(file))) {
			c.n["n_internal_links"]++
		} else {
			c.n["n_local_files"]++
		}
	}
}

func isExternal(url string) bool {
	return strings.HasPrefix(url, "http:") || strings.HasPrefix(url, "https:") || strings.HasPrefix(url, "//")
}

func (c *counter) block(b models.Block, _ int) bool {
	switch b := b.(type) {
	case *models.Video:
		c.n["n_videos"]++
	case *models.Embed:
		c.n["n_other_embeds"]++
	case *models.Image:
		c.n["n_images"]++
		c.link(b.Link)
	case *models.Download:
		c.link(b.URL)
	case *models.Heading:
		c.n["n_headings"]++
	case *models.Quote:
		c.n["n_blockquotes"]++
	case *models.Table:
		c.n["n_tables"]++
	case *models.Box:
		c.box(b)
	}
	for _, t := range models.Texts(b) {
		c.text(*t)
	}
	return true
}

// callouts are the classes that count as boxes. Of several, the first here decides.
var callouts = []string{"callout", "colorhighlight", "reflection", "explanatory", "case_study_box", "objectives", "tips", "extra"}

// box counts a box of one of the classes, and its title if that was a heading: where classes say what kind of callout
// it is, headings are what boxes have for titles, and elsewhere paragraphs.
func (c *counter) box(b *models.Box) {
	classes := strings.Fields(b.OriginClass)
	if b.Title != "" && len(classes) > 1 {
		c.n["n_headings"]++
	}
	i := slices.IndexFunc(callouts, func(class string) bool { return slices.Contains(classes, class) })
	if i < 0 {
		return
	}
	kind := callouts[i]
	if kind == "callout" {
		classes = append(slices.DeleteFunc(classes, func(class string) bool { return class == "callout" }), "plain")
		kind += "/" + classes[0]
	}
	c.callouts[kind]++
	c.n["n_callouts"]++
}

func (c *counter) worksheet(w *models.Worksheet) {
	w.Instructions.Walk(c.block)
	if w.Number != "" || titleIsLink(w) { // read from a heading: others have a paragraph for a title
		c.n["n_headings"]++
	}
	if titleIsLink(w) {
		c.link(w.Document.URL)
	}
	c.prompts(w.Prompts)
	for _, a := range w.AnswerKey {
		a.Blocks.Walk(c.block)
	}
}

// titleIsLink tells whether a worksheet's document is what its title leads to, and not a download among its blocks.
func titleIsLink(w *models.Worksheet) bool {
	if w.Document == nil {
		return false
	}
	below := false
	w.Instructions.Walk(func(b models.Block, _ int) bool {
		d, ok := b.(*models.Download)
		below = below || ok && d.URL == w.Document.URL
		return true
	})
	return !below
}

// prompts counts what is in prompts. A grid and a scale were a table each, and so were the spaces of a worksheet
// together: one in each cell.
func (c *counter) prompts(ps models.Prompts) {
	spaces := 0
	ps.Walk(func(p models.Prompt, _ int) {
		switch p.(type) {
		case *models.Grid, *models.Rating:
			c.n["n_tables"]++
		case *models.FreeSpace:
			spaces = 1
		}
		for _, t := range models.PromptTexts(p) {
			c.text(*t)
		}
	})
	c.n["n_tables"] += spaces
}

// tally writes counts by kind as the checks do: "a:1;b:2".
func tally(by map[string]int) string {
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		out = append(out, fmt.Sprintf("%s:%d", kind, by[kind]))
	}
	return strings.Join(out, ";")
}

// missing gives what is in one set and not in the other.
func missing(from, in map[string]bool) (out []string) {
	for key := range from {
		if !in[key] {
			out = append(out, key)
		}
	}
	return out
}
