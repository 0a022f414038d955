package seed

import (
	"errors"
	"fmt"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
	"github.com/lectern-cms/lectern/seed/frontmatter"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// page is a page of a Jekyll site as far as a survey reads it.
type page struct {
	path   string
	matter frontmatter.Matter
	title  string // as the page shows it, number included
	lines  int
}

// surveyPage reads the front matter of a page.
func surveyPage(site *Site, name string) (*page, error) {
	text, err := readPage(site.FS, name, &site.Log)
	if err != nil {
		return nil, err
	}
	yaml, yamlLine, _, _ := frontmatter.Split(text)
	matter, err := frontmatter.Parse(yaml, yamlLine)
	if err != nil {
		return nil, pageError(name, err)
	}
	p := &page{path: name, matter: matter, lines: lineCount(text)}
	p.title = p.findTitle(&site.Log)
	p.checkTitles(&site.Log)
	if p.isUnpublished() {
		site.Warn(name, matter.Line("published"), "the page is not published in its source: it is out of the menu")
	}
	return p, nil
}

// content reads the body of a page, which is in kramdown's Markdown.
func (p *page) content(site *Site, include func(kramdown.Include) bool) (*blocks.Result, string, error) {
	text, err := readPage(site.FS, p.path, &Log{}) // what is to be said of it has been said
	if err != nil {
		return nil, "", err
	}
	yaml, yamlLine, body, bodyLine := frontmatter.Split(text)
	matter, err := frontmatter.Parse(yaml, yamlLine)
	if err != nil {
		return nil, "", pageError(p.path, err)
	}
	doc, err := kramdown.Parse(kramdown.Body{
		Text: body, FirstLine: bodyLine, Variable: variables(matter, p.title, site.config), Include: include, Post: site.posts(p.path),
	})
	if err != nil {
		return nil, "", pageError(p.path, err)
	}
	out := blocks.Convert(doc, p.title)
	out.Facts.TitleSource = titleSource(matter)
	for _, w := range slices.Concat(doc.Problems, out.Problems) {
		site.Warn(p.path, w.Line, w.Message)
	}
	return out, text, nil
}

func lineCount(text string) int {
	return max(1, strings.Count(strings.TrimSuffix(text, "\n"), "\n")+1)
}

// pageError says in which page, and where in it, something is that can't be read.
func pageError(name string, err error) error {
	if e, ok := errors.AsType[*frontmatter.Error](err); ok {
		return models.Malformed(fmt.Sprintf("%s, line %d: malformed front matter: %s", name, e.Line, e.Message), nil)
	}
	if e, ok := errors.AsType[*kramdown.LimitError](err); ok {
		return models.Malformed(fmt.Sprintf("%s, line %d: %s", name, e.Line, e.Message), nil)
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// findTitle gives the title of the front matter, or one made from the file name as Jekyll does.
func (p *page) findTitle(log *Log) string {
	for _, key := range []string{"title", "subtitle"} {
		if t := strings.TrimSpace(html.UnescapeString(p.matter.Text(key))); t != "" {
			return t
		}
	}
	t := titleOfFile(p.path)
	log.Warn(p.path, 0, fmt.Sprintf("the page has no title: %q was made from its file name", t))
	return t
}

var fileDate = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})-+`)

// titleOfFile makes a title of a file name: without date, each word with a capital letter.
func titleOfFile(name string) string {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	base = fileDate.ReplaceAllString(base, "")
	return humanise(base)
}

// humanise makes words of a file or folder name.
func humanise(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || unicode.IsSpace(r) })
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[size:]
	}
	if len(words) == 0 {
		return name
	}
	return strings.Join(words, " ")
}

// variables resolves the Liquid variables of a page: its front matter, and the settings of its site. The addresses
// of the site itself are nothing, so that links into it are seen to lead nowhere else.
func variables(matter frontmatter.Matter, title string, site config) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if key, ok := strings.CutPrefix(name, "page."); ok {
			if key == "title" {
				return title, true
			}
			return matter.Text(key), matter.JSON(key) != nil
		}
		key, ok := strings.CutPrefix(name, "site.")
		if !ok {
			return "", false
		}
		if key == "url" || key == "baseurl" {
			return "", true
		}
		return site.matter.Text(key), site.matter.JSON(key) != nil
	}
}

// folder is the key of the module that a page's folder stands for: the folders under modules/ or courses/.
func (p *page) folder() string {
	parts := strings.Split(path.Dir(p.path), "/")
	for i, part := range parts {
		if part != "modules" && part != "courses" {
			continue
		}
		rest := parts[i+1:]
		if n := len(rest); n > 0 && rest[n-1] == "_posts" {
			rest = rest[:n-1]
		}
		return strings.Join(rest, "/")
	}
	return ""
}

// isDraft tells whether a page of a module site is a post, apart from the folders of modules.
func (p *page) isDraft() bool {
	return p.folder() == "" && path.Base(path.Dir(p.path)) == "_posts"
}

// isUnpublished tells whether a page says of itself that its site leaves it out.
func (p *page) isUnpublished() bool {
	return strings.EqualFold(p.matter.Text("published"), "false")
}

// checkTitles reports titles that a record can't hold in full. All of them stays in the front matter.
func (p *page) checkTitles(log *Log) {
	for _, key := range []string{"title", "subtitle", "module_full_name", "section"} {
		if utf8.RuneCountInString(p.matter.Text(key)) > maxTitle {
			log.Warn(p.path, p.matter.Line(key), fmt.Sprintf("%s has more than %d characters: its end is only in the front matter", key, maxTitle))
		}
	}
}

func (p *page) isIndex() bool {
	return strings.TrimSuffix(path.Base(p.path), path.Ext(p.path)) == "index"
}

// keepMatter keeps the front matter that a record has no field for, and what its fields don't say exactly.
func (s *Section) keepMatter(p *page, reproduced map[string]string) {
	s.Record.Extra, s.said = models.Extra{}, map[string]string{}
	for _, key := range p.matter.Keys() {
		if said, ok := reproduced[key]; ok && said == p.matter.Text(key) {
			s.said[key] = said
			continue
		}
		s.Record.Extra[key] = p.matter.JSON(key)
	}
}
