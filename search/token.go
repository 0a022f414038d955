package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWordBytes keeps encoded files and other junk from becoming terms: a longer word is known by its beginning.
const maxWordBytes = 128

// softHyphen says where a word may be divided. It stands inside words and is no part of them.
const softHyphen = '\u00ad'

// token is a word of a text: folded, with its place in the bytes of the text.
type token struct {
	word       string
	start, end int
}

// tokens gives the words of a text in order: runs of letters and digits with the marks on them. Bytes that are not
// UTF-8 part words.
func tokens(text string) iter.Seq[token] {
	return func(yield func(token) bool) {
		for end := 0; ; {
			skip := strings.IndexFunc(text[end:], beginsWord)
			if skip < 0 {
				return
			}
			start := end + skip
			end = start + wordBytes(text[start:])
			word := fold(text[start:end])
			if word != "" && !yield(token{word: word, start: start, end: end}) {
				return
			}
		}
	}
}

// wordBytes is the length of the word that text begins with.
func wordBytes(text string) int {
	n := strings.IndexFunc(text, func(r rune) bool { return !continuesWord(r) })
	if n < 0 {
		return len(text)
	}
	return n
}

func beginsWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

func continuesWord(r rune) bool {
	return beginsWord(r) || r >= utf8.RuneSelf && (unicode.IsMark(r) || r == softHyphen)
}

// fold gives the form in which a word is compared: lower case, without accents, ligatures and width variants taken
// apart. It is empty for the few letters that are nothing but an accent.
func fold(word string) string {
	if isASCII(word) {
		return clip(strings.ToLower(word))
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(word) {
		if !isAccent(r) && continuesWord(r) && r != softHyphen {
			foldRune(&b, unicode.ToLower(r))
		}
	}
	return clip(norm.NFC.String(b.String()))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isAccent knows the marks of Latin, Greek and Cyrillic. Marks of other scripts, such as the vowels of Devanagari, make
// words different and stay.
func isAccent(r rune) bool {
	return 0x0300 <= r && r <= 0x036f
}

// foldRune spells out the lower-case letters that Unicode does not take apart.
func foldRune(b *strings.Builder, r rune) {
	switch r {
	case 'ß':
		b.WriteString("ss")
	case 'æ':
		b.WriteString("ae")
	case 'œ':
		b.WriteString("oe")
	case 'þ':
		b.WriteString("th")
	case 'ø':
		b.WriteByte('o')
	case 'ł':
		b.WriteByte('l')
	case 'đ', 'ð':
		b.WriteByte('d')
	case 'ħ':
		b.WriteByte('h')
	case 'ı':
		b.WriteByte('i')
	case 'ς':
		b.WriteRune('σ')
	default:
		b.WriteRune(r)
	}
}

// clip cuts a word to maxWordBytes at the end of a character.
func clip(word string) string {
	if len(word) <= maxWordBytes {
		return word
	}
	end := maxWordBytes
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}
