package seed

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/seed/blocks"
	"github.com/lectern-cms/lectern/seed/inline"
)

// Limits of a plain-text outline.
const (
	maxHeadingWords = 10
	maxHeadingBytes = 300 // ten words are shorter, unless they are none
	maxTitleWords   = 20
	maxListDepth    = 10
)

// outlineLine is a line that is not blank.
type outlineLine struct {
	no     int
	text   string
	indent int
	bullet bool // an item of a list
	number int  // of an item of an ordered list, from 1
	alone  bool // with blank lines or the ends of the page around it
	gap    bool // with a blank line before it
}

var (
	bullet      = regexp.MustCompile(`^(?:[•◦▪‣·●○■□➢➤❖\x{F0A7}\x{F0B7}\x{F0D8}]|[-*–](?:\s|$)|o\t)\s*(.*)$`)
	endsInMark  = regexp.MustCompile(`[.!?…,;"”’)]$`)
	beginsSmall = regexp.MustCompile(`^\p{Ll}`)
	definition  = regexp.MustCompile(`^Definition(?: \d+)?:`)
)

// parseOutline reads a plain-text page: its first line is the title, if it is short enough for one.
func parseOutline(text string) (string, models.Blocks, error) {
	lines := outlineLines(text)
	if len(lines) == 0 {
		return "", nil, nil
	}
	title := lines[0].text
	if utf8.RuneCountInString(title) > maxTitle || len(strings.Fields(title)) > maxTitleWords {
		title = ""
	} else {
		lines = lines[1:]
	}
	o := outliner{lines: lines}
	for len(o.lines) > 0 {
		if err := o.next(); err != nil {
			return "", nil, err
		}
	}
	return title, blocks.Number(o.out), nil
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
		line := outlineLine{no: i + 1, text: trimmed, alone: blank, gap: blank, indent: indentation(l)}
		if m := bullet.FindStringSubmatch(trimmed); m != nil {
			line.bullet, line.text = true, m[1]
		}
		out = append(out, line)
		blank = false
	}
	numberItems(out)
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
// after it. A question is one if it is written like a title, and a line all in capitals needs no gap around it. A line that ends in a colon is one if it is written like a title; else it leads in what follows.
func (o *outliner) isHeading() bool {
	l := o.lines[0]
	words := strings.Fields(l.text)
	if len(o.lines) < 2 || len(words) > maxHeadingWords || len(l.text) > maxHeadingBytes || beginsSmall.MatchString(l.text) {
		return false
	}
	if o.shoutsHeading(0) {
		return true
	}
	if l.alone && strings.HasSuffix(l.text, "?") {
		return capitals(words) > 1 && mostlyCapitals(words) && !strings.HasSuffix(o.lines[1].text, "?")
	}
	if !l.alone || endsInMark.MatchString(l.text) {
		return false
	}
	if !strings.HasSuffix(l.text, ":") {
		return true
	}
	return mostlyCapitals(words)
}

// capitals counts the words that begin with a capital letter.
func capitals(words []string) (n int) {
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) {
			n++
		}
	}
	return n
}

// shoutsHeading tells whether a line is a heading because it is all in capitals, and the next is not.
func (o *outliner) shoutsHeading(i int) bool {
	if i+1 >= len(o.lines) || o.lines[i].bullet || !shouts(o.lines[i].text) {
		return false
	}
	text := o.lines[i].text
	return len(strings.Fields(text)) <= maxHeadingWords && len(text) <= maxHeadingBytes && !endsInMark.MatchString(text) && !shouts(o.lines[i+1].text)
}

// shouts tells whether a text has letters enough for a word, and all of them are capitals.
func shouts(s string) bool {
	const few = 4 // an abbreviation has no more
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > few && strings.ToUpper(s) == s && strings.ToLower(s) != s
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
	for len(o.lines) > 0 && !o.lines[0].bullet && o.lines[0].no == no+1 && !definition.MatchString(o.lines[0].text) && !o.shoutsHeading(0) {
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

// plainText makes a text of characters without markup.
func plainText(s string) models.Text {
	return inline.Write([]inline.Node{{Kind: inline.Text, Value: s}})
}
