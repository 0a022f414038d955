package seed

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// maxIncludeDepth is how deep files may include files.
const maxIncludeDepth = 8

// commentsKey is where a fragment keeps the comments of its file: the underscore makes it private.
const commentsKey = "_comments"

// includer finds the files that a page, or an included file, includes.
type includer struct {
	site *Site
	from string // the page or file
}

func (s *Site) includer(from string) includer { return includer{s, from} }

// path is that of an included file, "" when there is none.
func (i includer) path(use kramdown.Include) string {
	name := path.Join(includesFolder, use.Name)
	if use.Relative {
		name = path.Join(path.Dir(i.from), use.Name)
	}
	if !fs.ValidPath(name) {
		return ""
	}
	if info, err := fs.Stat(i.site.FS, name); err != nil || !info.Mode().IsRegular() || info.Size() > maxDataBytes {
		return ""
	}
	return name
}

// has tells whether an included file is there.
func (i includer) has(use kramdown.Include) bool { return i.path(use) != "" }

// addFragments lets the places of includes refer to fragments, which are made once for each file and its arguments, and
// once for each page where the file shows variables of the page.
func (c *pageContent) addFragments(uses []blocks.Include) error {
	for _, use := range uses {
		name := c.site.includer(c.page.path).path(use.Include)
		key := c.tree.Course.Key + " " + fragmentKey(name, use.Args)
		ofPage := " of " + c.page.path
		f := c.site.fragments[key]
		if f == nil {
			f = c.site.fragments[key+ofPage]
		}
		if f == nil {
			var err error
			if f, err = c.makeFragment(name, use); err != nil {
				return err
			}
			if c.asked {
				key, f.Key = key+ofPage, f.Key+ofPage
			}
			c.site.fragments[key] = f
			c.section.Fragments = append(c.section.Fragments, f)
		}
		use.Block.Fragment = models.NewRef(models.KindFragment, f.Record.ID)
	}
	return nil
}

// fragmentKey names a fragment: the file, and what it is told.
func fragmentKey(name string, args []kramdown.Arg) string {
	var b strings.Builder
	b.WriteString(name)
	for _, a := range args {
		fmt.Fprintf(&b, " %s=%q", a.Key, a.Value)
	}
	return b.String()
}

func (c *pageContent) makeFragment(name string, use blocks.Include) (*Fragment, error) {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	f := &Fragment{Key: fragmentKey(name, use.Args), Record: &models.Fragment{
		Meta: models.Meta{ID: models.NewID()}, Slug: models.Slug(base), Title: clip(humanise(base)),
	}}
	c.asked = false
	found, err := c.included(name, use.Include, nil)
	if err != nil {
		return nil, err
	}
	f.Record.Blocks, f.Worksheets = found.Blocks, found.Worksheets
	for _, w := range f.Worksheets {
		c.placeWorksheet(w, f.Record.Title)
	}
	f.Record.Extra = models.Extra{}
	if len(found.EditorNotes) > 0 {
		texts := make([]string, len(found.EditorNotes))
		for n, note := range found.EditorNotes {
			texts[n] = note.Text
		}
		value, err := models.Encode(texts)
		if err != nil {
			return nil, fmt.Errorf("comments of %s: %w", name, err)
		}
		f.Record.Extra[commentsKey] = jsontext.Value(value)
	}
	return f, nil
}

// included reads an included file. What that includes itself becomes a part of it: fragments hold no others.
func (c *pageContent) included(name string, use kramdown.Include, above []string) (*blocks.Result, error) {
	text, err := readPage(c.site.FS, name, &c.site.Log)
	if err != nil {
		return nil, err
	}
	outer := variables(c.page.matter, c.page.title, c.site.config)
	inner := c.site.includer(name)
	doc, err := kramdown.Parse(kramdown.Body{
		Text: text, FirstLine: 1, Include: inner.has, Post: c.site.posts(c.page.path),
		Variable: func(name string) (string, bool) {
			key, ok := strings.CutPrefix(name, "include.")
			if !ok {
				c.asked = c.asked || strings.HasPrefix(name, "page.")
				return outer(name)
			}
			for _, a := range use.Args {
				if a.Key == key {
					return a.Value, true
				}
			}
			return "", true
		},
	})
	if err != nil {
		return nil, pageError(name, err)
	}
	found := blocks.Convert(doc, "")
	for _, w := range append(doc.Problems, found.Problems...) {
		c.site.Warn(name, w.Line, w.Message)
	}
	for _, n := range found.Notes {
		c.site.Warn(name, n.Line, fmt.Sprintf("the note %s stands in an included file: it became a paragraph of it", n.Label))
		found.Blocks = append(found.Blocks, &models.Paragraph{Text: models.Text(n.Label+". ") + n.Written})
	}
	for _, deeper := range found.Includes {
		if len(above) >= maxIncludeDepth {
			c.site.Warn(name, deeper.Line, fmt.Sprintf("%s is included too deep, or includes itself: it was left out", deeper.Name))
			found.Blocks = replaceBlock(found.Blocks, deeper.Block, nil)
			continue
		}
		part, err := c.included(inner.path(deeper.Include), deeper.Include, append(above, name))
		if err != nil {
			return nil, err
		}
		found.Blocks = replaceBlock(found.Blocks, deeper.Block, part.Blocks)
		found.Worksheets = append(found.Worksheets, part.Worksheets...)
		found.EditorNotes = append(found.EditorNotes, part.EditorNotes...)
	}
	renumber(found.Blocks)
	return found, nil
}

// replaceBlock puts other blocks in the place of one.
func replaceBlock(in models.Blocks, old models.Block, with models.Blocks) models.Blocks {
	var out models.Blocks
	for _, b := range in {
		if b == old {
			out = append(out, with...)
			continue
		}
		for _, inner := range models.Children(b) {
			*inner = replaceBlock(*inner, old, with)
		}
		out = append(out, b)
	}
	return out
}

// renumber gives blocks that come from several files ids of their own.
func renumber(bs models.Blocks) {
	n := 0
	bs.Walk(func(b models.Block, _ int) bool {
		n++
		b.Base().ID = fmt.Sprintf("b%d", n)
		return true
	})
}
