package blocks

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/seed/inline"
)

// exerciseOf makes a worksheet of the blocks of an exercise. It gives the worksheet's place, and after it the blocks
// that can't be a part of it: what stands behind the last prompt and is no text.
func (c *converter) exerciseOf(title []inline.Node, word models.WorksheetWord, blocks models.Blocks) models.Blocks {
	w := &models.Worksheet{Meta: models.Meta{ID: models.NewID()}, Word: word}
	named := nameWorksheet(w, title)
	downloads(w, blocks)
	rest := c.fillWorksheet(w, blocks)
	c.out.Worksheets = append(c.out.Worksheets, w)
	use := &models.WorksheetUse{Worksheet: models.NewRef(models.KindWorksheet, w.ID), Role: models.RoleFirst}
	if goesBack(named, w.Instructions) {
		use.Role = models.RoleAgain
	}
	return append(models.Blocks{use}, rest...)
}

// worksheet finds the worksheet of a place.
func (c *converter) worksheet(use *models.WorksheetUse) *models.Worksheet {
	i := slices.IndexFunc(c.out.Worksheets, func(w *models.Worksheet) bool { return w.ID == use.Worksheet.ID })
	return c.out.Worksheets[i]
}

var (
	numbered = regexp.MustCompile(`(?i)^(worksheet|activity|reflection|self-assessment|quiz)\s*#?\s*(\d+[a-z]?)\s*[:.–—-]?\s*(.*)$`)
	backTo   = regexp.MustCompile(`(?i)^(?:go\s+)?(?:back|return)\s+to\b`)
)

// wordsFor finds what the author calls an exercise in its title.
var wordsFor = []struct {
	in   *regexp.Regexp
	word models.WorksheetWord
}{
	{regexp.MustCompile(`(?i)^self[- ]assessment\b`), models.WordSelfAssessment},
	{regexp.MustCompile(`(?i)\bquiz\b|^test your knowledge`), models.WordQuiz},
	{regexp.MustCompile(`(?i)^activity\b`), models.WordActivity},
	{regexp.MustCompile(`(?i)^reflection\b`), models.WordReflection},
	{regexp.MustCompile(`(?i)\bworksheet\b`), models.WordWorksheet},
}

// nameWorksheet reads word, number, title and document from the title of an exercise, and gives the title in plain
// text. A title with more in it than that (notes, several links) is left to the box.
func nameWorksheet(w *models.Worksheet, title []inline.Node) string {
	text := inline.Write(title)
	plain := fold(render.Plain(text))
	sign, named := cutSign(plain)
	for _, v := range wordsFor {
		if v.in.MatchString(named) {
			w.Word = v.word
			break
		}
	}
	links := render.Links(text)
	if len(render.Marks(text)) > 0 || len(links) > 1 || len(plain) > maxTitle {
		return plain
	}
	if len(links) == 1 {
		w.Document = &models.Document{URL: links[0].URL}
	}
	w.Title = plain
	if m := numbered.FindStringSubmatch(named); m != nil {
		short := *w
		short.Word, short.Number, short.Title = models.WorksheetWord(strings.ToLower(m[1])), m[2], fold(sign+" "+m[3])
		if sameWords(short.Label(), plain) {
			w.Word, w.Number, w.Title = short.Word, short.Number, short.Title
		}
	}
	return plain
}

// cutSign parts the emoji that a title begins with from its words.
func cutSign(title string) (sign, named string) {
	named = strings.TrimLeftFunc(title, func(r rune) bool {
		return unicode.In(r, unicode.So, unicode.Sk, unicode.Mn, unicode.Cf, unicode.Zs)
	})
	return strings.TrimSpace(strings.TrimSuffix(title, named)), named
}

// sameWords tells whether two titles differ in nothing but punctuation and letter case.
func sameWords(a, b string) bool {
	split := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	return slices.Equal(split(a), split(b))
}

// goesBack tells whether an exercise sends the reader back to an earlier one.
func goesBack(title string, instructions models.Blocks) bool {
	if backTo.MatchString(title) {
		return true
	}
	p, ok := first(instructions).(*models.Paragraph)
	return ok && backTo.MatchString(render.Plain(p.Text))
}

// isFile tells whether an address leads to a document to fill in.
func isFile(url string) bool {
	url, _, _ = strings.Cut(url, "?")
	return slices.Contains([]string{".docx", ".doc", ".pdf", ".odt", ".xlsx", ".pptx", ".rtf"}, strings.ToLower(path.Ext(url)))
}

// downloads makes download blocks of paragraphs that are nothing but a link to a file. The first is the worksheet's
// document, if it has no other.
func downloads(w *models.Worksheet, blocks models.Blocks) {
	for i, b := range blocks {
		p, ok := b.(*models.Paragraph)
		if !ok {
			continue
		}
		links := render.Links(p.Text)
		if len(links) != 1 || !isFile(links[0].URL) || fold(links[0].Text) != fold(render.Plain(p.Text)) {
			continue
		}
		blocks[i] = &models.Download{URL: links[0].URL, Label: inline.Write([]inline.Node{{Kind: inline.Text, Value: links[0].Text}})}
		if w.Document == nil {
			w.Document = &models.Document{URL: links[0].URL}
		}
	}
}

// exerciseHead is a heading that begins an exercise on a page that lists them.
var exerciseHead = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:(?:worksheet|activity)\s*#?\s*\d+\b|#\d+\s*:)`)

// workbook makes worksheets of the parts of a page that begin with a heading such as "Worksheet #2: …".
func (c *converter) workbook(blocks models.Blocks) models.Blocks {
	var out models.Blocks
	for i := 0; i < len(blocks); i++ {
		h, ok := blocks[i].(*models.Heading)
		if !ok || !exerciseHead.MatchString(render.Plain(h.Text)) {
			out = append(out, blocks[i])
			continue
		}
		end := i + 1
		for end < len(blocks) && !endsExercise(blocks[end], h.Level) {
			end++
		}
		title, rest := headingNodes(h.Text), blocks[i+1:end]
		made := c.exerciseOf(title, models.WordWorksheet, slices.Clone(rest))
		if w := c.worksheet(made[0].(*models.WorksheetUse)); w.Title == "" && w.Number == "" {
			out = append(out, h) // its notes and links have no place in a worksheet's title
		}
		out = append(out, made...)
		i = end - 1
	}
	return out
}

func endsExercise(b models.Block, level int) bool {
	switch b := b.(type) {
	case *models.Heading:
		return b.Level <= level || exerciseHead.MatchString(render.Plain(b.Text))
	case *models.WorksheetUse, *models.Box, *models.Rule:
		return true
	}
	return false
}

// headingNodes gives a title as nodes again: its words, marks and links.
func headingNodes(t models.Text) []inline.Node {
	links := render.Links(t)
	plain := inline.Node{Kind: inline.Text, Value: render.Plain(t)}
	out := []inline.Node{plain}
	if len(links) > 0 {
		out = []inline.Node{{Kind: inline.Link, URL: links[0].URL, Children: out}}
	}
	for _, l := range links[min(1, len(links)):] {
		out = append(out, inline.Node{Kind: inline.Link, URL: l.URL, Children: []inline.Node{{Kind: inline.Text, Value: l.Text}}})
	}
	for _, label := range render.Marks(t) {
		out = append(out, inline.Node{Kind: inline.Mark, Value: label})
	}
	return out
}
