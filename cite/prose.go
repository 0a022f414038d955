package cite

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end with a dot that ends no sentence.
var abbreviations = strings.Fields(`al cf ch co dept dr ed eds etc jr mr mrs ms no nos p pg pp sr st univ vol vols vs`)

// smallStart is what parts of a reference begin with that are written small.
var smallStart = regexp.MustCompile(`^(?:by|in|edited by|doi|isbn|issn|retrieved|available)\b|^(?:pp?\.|https?:)|^[a-z]\w*\.[a-z]{2}`)

// sentenceEnd is the length of the first sentence, without its full stop but with its question or exclamation mark
// or the dot of an abbreviation like "U.S.".
func sentenceEnd(s string) int {
	for i, c := range s {
		if c != '.' && c != '?' && c != '!' {
			continue
		}
		if c == '.' && !endsHere(s[:i], s[i+1:]) {
			continue
		}
		after := strings.TrimLeft(s[i+1:], `"”’'`)
		if after != "" && after[0] != ' ' {
			continue
		}
		if c == '.' && !endsInInitials(s[:i]) {
			return i
		}
		return i + 1
	}
	return len(s)
}

// sentences counts the sentences of a text, up to two. What ends with a question or exclamation mark may go on.
func sentences(s string) int {
	if end := sentenceEnd(s); end < len(s) && s[end] == '.' && strings.Trim(s[end:], separators+`"”’'`) != "" {
		return 2
	}
	return 1
}

// endsHere tells whether a dot between two texts is a full stop rather than part of an abbreviation.
func endsHere(before, after string) bool {
	after = strings.TrimLeft(after, ` "”’'`)
	if after == "" {
		return true
	}
	if next, _ := utf8.DecodeRuneInString(after); unicode.IsLower(next) && !smallStart.MatchString(after) {
		return false
	}
	word := before[strings.LastIndexFunc(before, func(c rune) bool { return !unicode.IsLetter(c) })+1:]
	if c, size := utf8.DecodeRuneInString(word); size > 0 && size == len(word) && unicode.IsUpper(c) {
		return false
	}
	return !slices.Contains(abbreviations, strings.ToLower(word))
}

// cleanTitle takes off what surrounds a title: spaces, the full stop or comma after it, quotation marks around all
// of it. The dot of "U.S." stays.
func cleanTitle(s string) string {
	s = strings.TrimRight(strings.TrimLeft(s, " .,;:_*–—-"), " ,;:_*")
	if inner, ok := unquoted(s); ok {
		return cleanTitle(inner)
	}
	if body, ok := strings.CutSuffix(s, "."); ok && !endsInInitials(body) {
		return strings.TrimRight(body, " .,;:")
	}
	return s
}

// unquoted gives what is between quotation marks that stand around a whole text.
func unquoted(s string) (string, bool) {
	inner := strings.TrimRight(s, " .,")
	for _, open := range []string{`"`, "“"} {
		body, ok := strings.CutPrefix(inner, open)
		if !ok {
			continue
		}
		for _, closing := range []string{`"`, "”"} {
			if body, ok := strings.CutSuffix(body, closing); ok && !strings.ContainsAny(body, `"“”`) {
				return body, true
			}
		}
	}
	return s, false
}

// endsInInitials tells whether a text whose dot was cut off ends like "U.S": capitals with dots between them.
func endsInInitials(s string) bool {
	runes := []rune(s)
	n := len(runes)
	return n >= 3 && unicode.IsUpper(runes[n-1]) && runes[n-2] == '.' && unicode.IsUpper(runes[n-3])
}

// plainHyphen writes a range with a hyphen and no spaces.
func plainHyphen(s string) string {
	return dashes.Replace(s)
}

var dashes = strings.NewReplacer("–", "-", "—", "-", "−", "-", " ", "")
