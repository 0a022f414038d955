package seed

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
	"github.com/lectern-cms/lectern/seed/inline"
	"github.com/lectern-cms/lectern/seed/kramdown"
)

// Limits of a plain-text outline.
const (
	maxHeadingWords = 10
	maxListDepth    = 10
)

// outlineLine is a line that is not blank.
type outlineLine struct {
	no     int
	text   string
	indent int
	bullet bool
	alone  bool // with blank lines or the ends of the page around it
}

var (
	bullet      = regexp.MustCompile(`^(?:[•◦▪‣·●○]|[-*–](?:\s|$))\s*(.*)$`)
	endsInMark  = regexp.MustCompile(`[.!?…,;"”’)]$`)
	beginsSmall = regexp.MustCompile(`^\p{Ll}`)
)

// parseOutline reads a plain-text page: its first line is the title.
func parseOutline(text string) (string, models.Blocks, error) {
	lines := outlineLines(text)
	if len(lines) == 0 {
		return "", nil, nil
	}
	o := outliner{lines: lines[1:]}
	for len(o.lines) > 0 {
		if err := o.next(); err != nil {
			return "", nil, err
		}
	}
	return lines[0].text, blocks.Number(o.out), nil
}

func outlineLines(text string) []outlineLine {
	var out []outlineLine
	blank := true
	for i, l := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(l) // no-break spaces too: a line of them is blank
		if trimmed == "" {
			blank = true
			continue
		}
		if !blank {
			out[len(out)-1].alone = false
		}
		line := outlineLine{no: i + 1, text: trimmed, alone: blank, indent: indentation(l)}
		if m := bullet.FindStringSubmatch(trimmed); m != nil {
			line.bullet, line.text = true, m[1]
		}
		out = append(out, line)
		blank = false
	}
	return out
}

// tabWidth is how many columns a tab indents.
const tabWidth = 4

func indentation(l string) int {
	n := 0
	for _, r := range l {
		switch r {
		case '\t':
			n += tabWidth
		case ' ', '\u00a0':
			n++
		default:
			return n
		}
	}
	return n
}

// outliner makes blocks of lines.
type outliner struct {
	lines []outlineLine
	out   models.Blocks
}

// next makes the next block.
func (o *outliner) next() error {
	switch {
	case o.lines[0].bullet:
		list, err := o.list(0)
		if err != nil {
			return err
		}
		o.out = append(o.out, list)
	case o.isHeading():
		o.out = append(o.out, &models.Heading{Level: 2, Text: plainText(o.lines[0].text)})
		o.lines = o.lines[1:]
	default:
		o.paragraph()
	}
	return nil
}

// isHeading tells whether the next line is a heading: short, by itself, without the end of a sentence, with content
// after it. A line that ends in a colon is one if it is written like a title; else it leads in what follows.
func (o *outliner) isHeading() bool {
	l := o.lines[0]
	words := strings.Fields(l.text)
	if !l.alone || len(o.lines) < 2 || len(words) > maxHeadingWords || endsInMark.MatchString(l.text) || beginsSmall.MatchString(l.text) {
		return false
	}
	if !strings.HasSuffix(l.text, ":") {
		return true
	}
	return mostlyCapitals(words)
}

// mostlyCapitals tells whether a line is written like a title: its longer words begin with capital letters.
func mostlyCapitals(words []string) bool {
	const short = 3 // of, the, and
	for _, w := range words {
		if utf8.RuneCountInString(strings.TrimRight(w, ":")) > short && beginsSmall.MatchString(w) {
			return false
		}
	}
	return true
}

// paragraph makes a paragraph, or a definition, of the lines up to the next gap.
func (o *outliner) paragraph() {
	texts := []string{o.lines[0].text}
	no := o.lines[0].no
	o.lines = o.lines[1:]
	for len(o.lines) > 0 && !o.lines[0].bullet && o.lines[0].no == no+1 {
		texts = append(texts, o.lines[0].text)
		no = o.lines[0].no
		o.lines = o.lines[1:]
	}
	text := strings.Join(texts, " ")
	if term, ok := blocks.DefinedTerm(text); ok {
		o.out = append(o.out, &models.Definition{Term: plainText(term), Text: plainText(text)})
		return
	}
	o.out = append(o.out, &models.Paragraph{Text: plainText(text)})
}

// list makes a list of the bullets from here on, whatever gaps are between them. Deeper ones are lists in items.
func (o *outliner) list(depth int) (*models.List, error) {
	if depth == maxListDepth {
		return nil, &kramdown.LimitError{Line: o.lines[0].no, Message: fmt.Sprintf("lists are nested more than %d deep", maxListDepth)}
	}
	list := &models.List{}
	indent := o.lines[0].indent
	for len(o.lines) > 0 && o.lines[0].bullet && o.lines[0].indent >= indent {
		if o.lines[0].indent > indent && len(list.Items) > 0 {
			inner, err := o.list(depth + 1)
			if err != nil {
				return nil, err
			}
			last := &list.Items[len(list.Items)-1]
			last.Blocks = append(last.Blocks, inner)
			continue
		}
		list.Items = append(list.Items, o.item())
	}
	return list, nil
}

// item takes a bullet with the lines that run on under it.
func (o *outliner) item() models.ListItem {
	texts, no := []string{o.lines[0].text}, o.lines[0].no
	o.lines = o.lines[1:]
	for len(o.lines) > 0 && !o.lines[0].bullet && o.lines[0].no == no+1 {
		texts, no = append(texts, o.lines[0].text), o.lines[0].no
		o.lines = o.lines[1:]
	}
	return models.ListItem{Text: plainText(strings.Join(texts, " "))}
}

// plainText makes a text of characters without markup.
func plainText(s string) models.Text {
	return inline.Write([]inline.Node{{Kind: inline.Text, Value: s}})
}
