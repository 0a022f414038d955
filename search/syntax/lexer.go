package syntax

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a piece of a query's text is.
type kind int

const (
	kindText   kind = iota // anything without a meaning of its own
	kindPhrase             // what stood in quotation marks
	kindOpen
	kindClose
	kindAnd
	kindOr
	kindNot   // NOT, or - right before something
	kindField // a known name and its colon, right before something
)

// piece is a part of a query's text.
type piece struct {
	kind  kind
	text  string // without the syntax
	field Field  // of kindField
}

const (
	quotes     = "\"“”„«»"
	breakers   = quotes + "()"
	maxNesting = 20 // parentheses in parentheses: deeper ones are no question of a person, and cost a stack
)

// lexer cuts a text into pieces.
type lexer struct {
	text  string
	shout bool // all in capitals: AND is a word like others
	prose bool // quotation marks and minuses are punctuation
	out   []piece
	notes []string
}

func lex(text string) ([]piece, []string) {
	l := &lexer{text: text, shout: isShout(text)}
	l.prose = l.isProse()
	for l.skipSpace(); l.text != ""; l.skipSpace() {
		l.next()
	}
	return l.out, l.notes
}

// isShout tells whether a text of more than an operator and two words has no small letter.
func isShout(text string) bool {
	return strings.IndexFunc(text, unicode.IsLower) < 0 && len(strings.Fields(text)) > 3
}

// maxCommandWords is how many words a query can have in which quotation marks and minuses are meant for the search:
// who pastes a paragraph quotes others. With an operator or a field, a text of any length is a command.
const maxCommandWords = 16

func (l *lexer) isProse() bool {
	words := strings.Fields(l.text)
	if len(words) <= maxCommandWords {
		return false
	}
	for _, w := range words {
		name, value, _ := strings.Cut(strings.TrimLeft(w, "-("), ":")
		_, isField := ruleOf(name)
		if _, is := operatorOf(w); is && !l.shout || isField && value != "" {
			return false
		}
	}
	return true
}

func (l *lexer) skipSpace() {
	l.text = strings.TrimLeftFunc(l.text, unicode.IsSpace)
}

func (l *lexer) note(sentence string) { l.notes = append(l.notes, sentence) }

func (l *lexer) add(p piece) { l.out = append(l.out, p) }

func (l *lexer) next() {
	first, size := utf8.DecodeRuneInString(l.text)
	switch {
	case first == '(':
		l.take(size, piece{kind: kindOpen})
	case first == ')':
		l.take(size, piece{kind: kindClose})
	case strings.ContainsRune(quotes, first) && l.prose:
		l.text = l.text[size:]
		l.note(fmt.Sprintf("A text of more than %d words is read as prose: quotation marks are no phrases.", maxCommandWords))
	case strings.ContainsRune(quotes, first):
		l.phrase(size)
	case first == '-' && !l.prose && beginsOperand(l.text[size:]):
		l.take(size, piece{kind: kindNot})
	default:
		l.chunk()
	}
}

func (l *lexer) take(size int, p piece) {
	l.text = l.text[size:]
	l.add(p)
}

// beginsOperand tells whether something that can be excluded follows at once.
func beginsOperand(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '(' || rest != "" && strings.ContainsRune(quotes, r)
}

// phrase reads up to the next quotation mark. One that is never closed is no syntax.
func (l *lexer) phrase(size int) {
	rest := l.text[size:]
	end := strings.IndexAny(rest, quotes)
	if end < 0 {
		l.note("A quotation mark is not closed: what follows it was read as words.")
		l.text = rest
		return
	}
	_, width := utf8.DecodeRuneInString(rest[end:])
	l.text = rest[end+width:]
	l.add(piece{kind: kindPhrase, text: rest[:end]})
}

// chunk reads up to the next space, quotation mark or parenthesis.
func (l *lexer) chunk() {
	end := strings.IndexFunc(l.text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(breakers, r) })
	if end < 0 {
		end = len(l.text)
	}
	if name, value, ok := strings.Cut(l.text[:end], ":"); ok && l.field(name, value) {
		return
	}
	text := l.text[:end]
	l.text = l.text[end:]
	if k, ok := operatorOf(text); ok && !l.shout {
		l.add(piece{kind: k, text: text})
		return
	}
	l.add(piece{text: text})
}

// field reads the name of a field when something follows its colon at once.
func (l *lexer) field(name, value string) bool {
	follows := l.text[len(name)+1:]
	r, _ := utf8.DecodeRuneInString(follows)
	if value == "" && (follows == "" || !strings.ContainsRune(breakers, r) || r == ')') {
		return false
	}
	rule, ok := ruleOf(name)
	if !ok {
		return false
	}
	l.text = follows
	l.add(piece{kind: kindField, field: rule.Field, text: name + ":"})
	return true
}

func operatorOf(text string) (kind, bool) {
	switch text {
	case "AND":
		return kindAnd, true
	case "OR":
		return kindOr, true
	case "NOT":
		return kindNot, true
	}
	return kindText, false
}
