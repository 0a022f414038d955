package seed

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
)

// The words of a page are found twice: in its source by regular expressions, which share nothing with the readers,
// and in the records. Both sides fold quotes, dashes and dots, and drop the characters of Markdown.

var (
	reFrontMatter = regexp.MustCompile(`(?s)\A\s*---[ \t]*\n.*?\n---[ \t]*(?:\n|\z)`)
	reComment     = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`)
	reVariable    = regexp.MustCompile(`\{\{-?\s*([^{}]*?)\s*-?\}\}`)
	reLiquid      = regexp.MustCompile(`(?s)\{%.*?%\}`)
	reAttributes  = regexp.MustCompile(`\{::?[^}\n]*\}`)
	reScript      = regexp.MustCompile(`(?is)<(?:script|style)\b.*?</(?:script|style)>`)
	reReferences  = regexp.MustCompile(`(?is)(<details[^>]*>\s*<summary[^>]*>\s*(?:references?|endnotes?|footnotes?|notes|sources|works cited|bibliography)\s*:?\s*</summary>)(.*?)(</details>)`)
	reNumbered    = regexp.MustCompile(`(?m)(^\s*(?:<[uo]l>)?\s*(?:<(?:li|p)>)?\s*)(\d+)\s*[.:](\s)`)
	reDefinition  = regexp.MustCompile(`(?m)^((?:\s*<(?:p|li|br|hr|div)\b[^<>]*>)*\s*)<a\b[^<>]*>\s*\d+\s*</a>\s*:?(.*(?:\n[^\n<].*)*)`)
	reNoteLine    = regexp.MustCompile(`(?m)^\[\^[^\]\s]+\]:(.*(?:\n[^\n].*)*)`)
	reMark        = regexp.MustCompile(`\[\^[^\]\s]+\]`)
	reAnchorMark  = regexp.MustCompile(`<a\b[^<>]*(?:href\s*=\s*["']?#|name\s*=)[^<>]*>\s*\d+\s*</a>`)
	reLinkMark    = regexp.MustCompile(`\[\d+\]\(#[^)]*\)`)
	reBareMark    = regexp.MustCompile(`<sup[^<>]*>\s*\[?(?:\d{1,3})?(?:[\s,;]*\d{1,3})*[\s,;]*\]?\s*</sup>`)
	reImage       = regexp.MustCompile(`!\[[^\]]*\]\([^)]*\)`)
	reLinkEnd     = regexp.MustCompile(`\]\(\s*<?[^()\s]*(?:\([^()\s]*\)[^()\s]*)*>?(?:\s+["“'][^"”']*["”'])?\s*\)`)
	reAutolink    = regexp.MustCompile(`<((?:https?|mailto):[^\s<>]+)>`)
	reListNumber  = regexp.MustCompile(`(?m)^(\s*(?:> ?)*\s*)\d+[.)](\s)`)
	reBlockTag    = regexp.MustCompile(`(?i)</?(?:address|article|aside|blockquote|br|caption|center|col|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|iframe|img|input|li|main|nav|ol|p|pre|section|select|summary|table|tbody|td|textarea|tfoot|th|thead|tr|ul|video)\b[^<>]*>`)
	reAnyTag      = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
)

// sourceWords gives the words of a page's source, those of its notes last.
func sourceWords(page string, variable func(string) string) []string {
	t := strings.ReplaceAll(page, "\r\n", "\n")
	t = reFrontMatter.ReplaceAllString(strings.TrimPrefix(t, "\uFEFF"), "")
	t = strings.ReplaceAll(t, "\t", "    ")
	t = reComment.ReplaceAllString(t, " ")
	t = reVariable.ReplaceAllStringFunc(t, func(m string) string { return variable(reVariable.FindStringSubmatch(m)[1]) })
	t = reLiquid.ReplaceAllString(t, "")
	t = reScript.ReplaceAllString(t, "")
	t = reAttributes.ReplaceAllString(t, "")
	t, notes := cutNotes(t)
	var out []string
	for _, part := range append([]string{t}, notes...) {
		out = append(out, sourceText(part)...)
	}
	return out
}

// cutNotes takes the definitions of notes out.
func cutNotes(t string) (string, []string) {
	var notes []string
	t = reReferences.ReplaceAllStringFunc(t, func(m string) string {
		parts := reReferences.FindStringSubmatch(m)
		numbered := reNumbered.FindStringIndex(parts[2])
		if numbered == nil {
			return m
		}
		notes = append(notes, reNumbered.ReplaceAllString(parts[2][numbered[0]:], "$1 $3"))
		return parts[1] + parts[2][:numbered[0]] + parts[3]
	})
	for _, re := range []*regexp.Regexp{reDefinition, reNoteLine} {
		t = re.ReplaceAllStringFunc(t, func(m string) string {
			groups := re.FindStringSubmatch(m)
			notes = append(notes, groups[len(groups)-1])
			return groups[1][:0] + "\n"
		})
	}
	return t, notes
}

func sourceText(t string) []string {
	for _, re := range []*regexp.Regexp{reLinkMark, reMark, reAnchorMark, reBareMark, reImage} {
		t = re.ReplaceAllString(t, "")
	}
	t = reLinkEnd.ReplaceAllString(t, "")
	t = reAutolink.ReplaceAllString(t, "$1")
	t = reListNumber.ReplaceAllString(t, "$1$2")
	t = reBlockTag.ReplaceAllString(t, " ")
	t = reAnyTag.ReplaceAllString(t, "")
	return plainWords(html.UnescapeString(t))
}

// markup are the characters that Markdown takes for itself; typography folds the others.
var (
	markup     = strings.NewReplacer("*", "", "_", "", "`", "", "[", "", "]", "", `\`, "", "|", " ", "~", "")
	typography = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'", "–", "-", "—", "-", "…", "...", "\u00a0", " ")
)

// plainWords gives the runs of non-space characters with a letter or digit in them, without the punctuation around.
func plainWords(s string) []string {
	s = typography.Replace(markup.Replace(norm.NFC.String(s)))
	var out []string
	for _, w := range strings.Fields(s) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsNumber(r) })
		if w != "" {
			out = append(out, strings.ToLower(w))
		}
	}
	return out
}

// recordWords gives the words of a section's records in reading order, its citations last.
func recordWords(s *Section) []string {
	r := recordReader{worksheets: map[models.ID]*models.Worksheet{}}
	for _, w := range s.Worksheets {
		r.worksheets[w.ID] = w
	}
	r.blocks(s.Record.Blocks)
	for _, c := range s.Record.Citations {
		r.text(c.Written)
	}
	return r.words
}

type recordReader struct {
	worksheets map[models.ID]*models.Worksheet
	words      []string
}

func (r *recordReader) text(t models.Text) { r.plain(render.Plain(t)) }
func (r *recordReader) plain(s string)     { r.words = append(r.words, plainWords(s)...) }

func (r *recordReader) blocks(bs models.Blocks) {
	for _, b := range bs {
		r.block(b)
	}
}

func (r *recordReader) block(b models.Block) {
	switch b := b.(type) {
	case *models.List:
		for _, item := range b.Items {
			r.text(item.Text)
			r.blocks(item.Blocks)
		}
		return
	case *models.Quote:
		r.blocks(b.Blocks)
		r.text(b.Attribution)
		return
	case *models.Table:
		r.text(b.Caption)
		for _, rows := range [][][]models.Cell{b.Head, b.Rows} {
			for _, row := range rows {
				for _, c := range row {
					r.text(c.Text)
					r.blocks(c.Blocks)
				}
			}
		}
		return
	case *models.Video:
		if b.Duration != nil {
			r.plain(clock(*b.Duration))
		}
	case *models.WorksheetUse:
		r.worksheet(r.worksheets[b.Worksheet.ID])
		return
	case *models.Code:
		r.plain(b.Code)
	case *models.RawHTML:
		r.words = append(r.words, sourceText(b.HTML)...)
	}
	for _, t := range models.Texts(b) {
		r.text(*t)
	}
	for _, inner := range models.Children(b) {
		r.blocks(*inner)
	}
}

func (r *recordReader) worksheet(w *models.Worksheet) {
	if w.Title != "" || w.Number != "" {
		r.plain(w.Label())
	}
	r.blocks(w.Instructions)
	answers := func(prompt string) {
		for _, a := range w.AnswerKey {
			if a.Prompt == prompt {
				r.blocks(a.Blocks)
			}
		}
	}
	w.Prompts.Walk(func(p models.Prompt, _ int) {
		for _, t := range models.PromptTexts(p) {
			r.text(*t)
		}
		answers(p.PromptFields().ID)
	})
	answers("")
}

// difference counts the words that one side lacks and the ones that it has too many, in order.
func difference(want, got []string) (lost, added []string) {
	for len(want) > 0 && len(got) > 0 && want[0] == got[0] {
		want, got = want[1:], got[1:]
	}
	for len(want) > 0 && len(got) > 0 && want[len(want)-1] == got[len(got)-1] {
		want, got = want[:len(want)-1], got[:len(got)-1]
	}
	common := make([][]int, len(want)+1)
	for i := range common {
		common[i] = make([]int, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if want[i] == got[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			lost = append(lost, want[i])
			i++
		default:
			added = append(added, got[j])
			j++
		}
	}
	return lost, added
}
