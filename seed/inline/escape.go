package inline

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// escaper puts backslashes where a character would otherwise be taken for markup.
type escaper struct {
	all    bool // before every character that can ever be markup
	inLink bool // brackets end the text of a link
	before rune // the character before the text
}

// entity finds what looks like a character reference.
var entity = regexp.MustCompile(`^&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]*);`)

func (e escaper) write(out *strings.Builder, s string, after rune) {
	prev := e.before
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		end := i + size
		for r < utf8.RuneSelf && isDelimiter(r) && end < len(s) && s[end] == s[i] {
			end++
		}
		next := after
		if end < len(s) {
			next, _ = utf8.DecodeRuneInString(s[end:])
		}
		if r == '\\' && e.all {
			out.WriteString("&#92;") // before a line break not even an escaped one is safe
			prev, i = ';', end
			continue
		}
		escape := e.needs(r, prev, next, s[i:])
		for ; i < end; i += size {
			if escape {
				out.WriteByte('\\')
			}
			out.WriteString(s[i : i+size])
		}
		prev = r
	}
}

// isDelimiter tells whether a run of a character counts as one: alone among spaces it is no markup.
func isDelimiter(r rune) bool { return r == '*' || r == '_' }

// needs tells whether a character needs a backslash between two others; rest is the text from it on.
func (e escaper) needs(r, prev, next rune, rest string) bool {
	switch r {
	case '`':
		return true
	case '\\':
		return next < utf8.RuneSelf && !isWord(next) && next != ' '
	case '[', ']':
		return e.all || e.inLink || r == '[' && next == '^' || r == ']' && next == '('
	case '^':
		return e.inLink // [^ would begin a mark
	case '*':
		return e.all || prev != ' ' || next != ' '
	case '_':
		return e.all || (prev != ' ' || next != ' ') && (!isWord(prev) || !isWord(next))
	case '<':
		return e.all || isWord(next) || strings.ContainsRune("/!?", next)
	case '&':
		return e.all || entity.MatchString(rest)
	case '!':
		return next == '['
	case '~':
		return e.all
	}
	return false
}
