package coverage

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// kind says what a part of a source is for.
type kind byte

const (
	visible   kind = iota // text, which the records must hold; so must comments, code and front matter
	attribute             // the value of an attribute, which they must hold too
	anchor                // the name of a note's place, which stands for the label of the note
	name                  // of markup that the readers understand
	looks                 // presentation
)

// word is a run of letters and digits in a source.
type word struct {
	text       string // composed, entities decoded
	line       int
	start, end int // in the source
	kind       kind
}

// entity finds references to characters. Those without a semicolon are left: "&copy=1" is the query of an address.
var entity = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)

// nextCharacter decodes what stands at the beginning of a text, and gives how many bytes that is.
func nextCharacter(s string) (string, int) {
	if s[0] == '&' {
		if ref := entity.FindString(s); ref != "" {
			if decoded := html.UnescapeString(ref); isWhole(ref, decoded) {
				return decoded, len(ref)
			}
		}
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size], size
}

// isWhole tells whether all of a reference was decoded. Of one that is none, as "&notice;", package html decodes the beginning when
// that is one without a semicolon, as browsers do.
func isWhole(ref, decoded string) bool {
	return decoded != ref && (decoded == ";" || !strings.HasSuffix(decoded, ";"))
}

func isWordCharacter(c string) bool {
	r, _ := utf8.DecodeRuneInString(c)
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && r != '\uFE0F' // which makes emoji of signs
}

// eachWord visits the words of a text in order.
func eachWord(s string, visit func(text string, start, end int)) {
	var b strings.Builder
	start := 0
	flush := func(end int) {
		if b.Len() > 0 {
			visit(norm.NFC.String(b.String()), start, end)
			b.Reset()
		}
	}
	for i := 0; i < len(s); {
		c, size := nextCharacter(s[i:])
		if isWordCharacter(c) {
			if b.Len() == 0 {
				start = i
			}
			b.WriteString(c)
		} else {
			flush(i)
		}
		i += size
	}
	flush(len(s))
}

// plainWords gives the words of a text that is no source.
func plainWords(s string) []string {
	var out []string
	eachWord(s, func(text string, _, _ int) { out = append(out, text) })
	return out
}

// sourceWords gives the words of a source. A word ends where the kind of text does.
func sourceWords(source string, h *holdings) []word {
	kinds := kindsOf(source)
	var out []word
	line := 1
	for i := 0; i < len(source); {
		if source[i] == '\n' {
			line++
			i++
			continue
		}
		end := i + 1
		for end < len(source) && source[end] != '\n' && kinds[end] == kinds[i] {
			end++
		}
		eachWord(source[i:end], func(text string, from, to int) {
			w := word{text: text, line: line, start: i + from, end: i + to, kind: kinds[i]}
			if w.kind == anchor {
				w.kind = h.anchorKind(text)
			}
			out = append(out, w)
		})
		i = end
	}
	return out
}

// noteAnchor reads the name of a note's place: "fn1", "1A", "fnref:2". The label is the number in it.
var noteAnchor = regexp.MustCompile(`^(?:fn|fnref|ref|note|footnote|cite|endnote|en|n|r)?(\d{1,4})?[a-zA-Z]?$`)

// holdings is what the records hold.
type holdings struct {
	count map[string]int
	pairs map[[2]string]int // how often two words follow each other in one string
}

func newHoldings(held []string) *holdings {
	h := &holdings{count: map[string]int{}, pairs: map[[2]string]int{}}
	for _, s := range held {
		last := ""
		eachWord(s, func(text string, _, _ int) {
			h.count[text]++
			h.pairs[[2]string{last, text}]++
			last = text
		})
		h.pairs[[2]string{last, ""}]++
	}
	return h
}

// anchorKind tells whether the name of a place is that of a note whose label is held: then it accounts for itself.
func (h *holdings) anchorKind(text string) kind {
	if m := noteAnchor.FindStringSubmatch(text); m != nil && (m[1] == "" || h.count[m[1]] > 0) {
		return name
	}
	return attribute
}
