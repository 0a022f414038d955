package syntax

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minPrefix is how many letters a prefix needs: one would be half a dictionary.
const minPrefix = 2

// Parse understands a text. It never fails.
//
//	or       = and { "OR" and }
//	and      = sequence { "AND" sequence }
//	sequence = item { item }
//	item     = ["NOT" | "-"] [field ":"] (word ["*"] | phrase | "(" or ")" | range)
func Parse(text string) Query {
	pieces, notes := lex(text)
	p := &parser{pieces: pieces, notes: notes}
	var parts []*Node
	for len(p.pieces) > 0 {
		parts = append(parts, p.or(0))
		if len(p.pieces) > 0 { // only a parenthesis that closes nothing ends what is not inside one
			p.pieces = p.pieces[1:]
			p.note("A parenthesis closes nothing: it was left out.")
		}
	}
	return Query{Root: sequence(parts), Notes: distinct(p.notes)}
}

func distinct(notes []string) []string {
	var out []string
	for _, n := range notes {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

type parser struct {
	pieces []piece
	field  Field // that holds for all that is read now
	notes  []string
}

func (p *parser) note(sentence string) { p.notes = append(p.notes, sentence) }

func (p *parser) at(k kind) bool { return len(p.pieces) > 0 && p.pieces[0].kind == k }

func (p *parser) or(depth int) *Node {
	return p.chain(OpAny, kindOr, func() *Node {
		return p.chain(OpAll, kindAnd, func() *Node { return p.sequence(depth) })
	})
}

// chain reads operands with an operator between them. An operator that lacks a side is a word.
func (p *parser) chain(op Op, operator kind, operand func() *Node) *Node {
	parts := []*Node{operand()}
	for p.at(operator) {
		word := p.pieces[0].text
		p.pieces = p.pieces[1:]
		right := operand()
		if parts[len(parts)-1] == nil || right == nil {
			p.note(fmt.Sprintf("%s has nothing on one side: it was read as a word.", word))
			parts = append(parts[:len(parts)-1], sequence([]*Node{parts[len(parts)-1], p.word(word), right}))
			continue
		}
		parts = append(parts, right)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return &Node{Op: op, Parts: parts}
}

func (p *parser) sequence(depth int) *Node {
	var parts []*Node
	for len(p.pieces) > 0 && !p.at(kindAnd) && !p.at(kindOr) && !p.at(kindClose) {
		parts = append(parts, p.item(depth))
	}
	return sequence(parts)
}

// sequence joins what stands side by side: plain words are one list, of which one may be enough; what is quoted, said
// of a field or excluded holds beside them.
func sequence(parts []*Node) *Node {
	var words, others []*Node
	for _, n := range parts {
		switch {
		case n == nil:
		case n.Op == OpWords:
			words = append(words, n.Parts...)
		case n.Op == OpWord && n.Field == "":
			words = append(words, n)
		case n.Op == OpAll: // "a b" (c d): nothing is won by nesting
			others = append(others, n.Parts...)
		default:
			others = append(others, n)
		}
	}
	if len(words) > 0 {
		others = append([]*Node{{Op: OpWords, Parts: words}}, others...)
	}
	switch len(others) {
	case 0:
		return nil
	case 1:
		return others[0]
	}
	return &Node{Op: OpAll, Parts: others}
}

func (p *parser) item(depth int) *Node {
	first := p.pieces[0]
	p.pieces = p.pieces[1:]
	switch first.kind {
	case kindNot:
		return p.not(first, depth)
	case kindField:
		return p.inField(first, depth)
	case kindOpen:
		return p.group(depth)
	case kindPhrase:
		return p.phrase(first.text)
	}
	return p.word(first.text)
}

func (p *parser) not(operator piece, depth int) *Node {
	var n *Node
	if len(p.pieces) > 0 && !p.at(kindAnd) && !p.at(kindOr) && !p.at(kindClose) {
		n = p.item(depth)
	}
	switch {
	case n == nil && operator.text == "": // a minus
		return nil
	case n == nil:
		p.note("NOT has nothing after it: it was read as a word.")
		return p.word(operator.text)
	case n.Op == OpNot:
		return n.Parts[0]
	}
	return &Node{Op: OpNot, Parts: []*Node{n}}
}

// inField reads what follows the name of a field. Nothing may: a quotation mark that is never closed is no piece.
func (p *parser) inField(name piece, depth int) *Node {
	if len(p.pieces) == 0 || p.at(kindClose) {
		p.note(fmt.Sprintf("%s has nothing after it: it was read as a word.", name.text))
		return p.word(name.text)
	}
	outer := p.field
	p.field = name.field
	n := p.item(depth)
	p.field = outer
	return n
}

func (p *parser) group(depth int) *Node {
	if depth == maxNesting {
		p.note(fmt.Sprintf("Parentheses more than %d deep were left out.", maxNesting))
		return nil
	}
	n := p.or(depth + 1)
	if !p.at(kindClose) {
		p.note("A parenthesis is not closed: it ends with the query.")
		return n
	}
	p.pieces = p.pieces[1:]
	return n
}

func (p *parser) phrase(text string) *Node {
	rule, _ := ruleOf(string(p.field))
	switch {
	case !hasWord(text):
		return nil
	case p.field != "" && !rule.Text:
		return p.value(text)
	}
	return &Node{Op: OpPhrase, Field: p.field, Text: strings.Join(strings.Fields(text), " ")}
}

func (p *parser) word(text string) *Node {
	if !hasWord(text) {
		return nil
	}
	if rule, ok := ruleOf(string(p.field)); ok && !rule.Text {
		return p.value(text)
	}
	if name, value, ok := strings.Cut(text, ":"); ok && p.field == "" && isName(name) && value != "" && !strings.HasPrefix(value, "/") {
		p.note(fmt.Sprintf("There is no field %s: it was read as a word.", name))
	}
	if start, ok := strings.CutSuffix(text, "*"); ok && isWord(start) {
		if utf8.RuneCountInString(start) >= minPrefix {
			return &Node{Op: OpWord, Field: p.field, Text: start, Prefix: true}
		}
		p.note(fmt.Sprintf("%s was read as a word: before * there must be at least %d letters.", text, minPrefix))
	}
	return &Node{Op: OpWord, Field: p.field, Text: text}
}

// value reads what a field with values of its own must have; anything else is words.
func (p *parser) value(text string) *Node {
	switch p.field {
	case FieldYear:
		if n := yearRange(text); n != nil {
			return n
		}
		return p.noValue(text, "a year such as 2016 or a range such as 2013..2016")
	case FieldType:
		kind := strings.TrimSuffix(strings.ToLower(text), "s")
		if !slices.Contains(Types(), kind) {
			return p.noValue(text, strings.Join(Types(), ", "))
		}
		return &Node{Op: OpWord, Field: FieldType, Text: kind}
	}
	return &Node{Op: OpWord, Field: p.field, Text: strings.ToLower(text)}
}

func (p *parser) noValue(text, want string) *Node {
	p.note(fmt.Sprintf("%s:%s was read as words: %s takes %s.", p.field, text, p.field, want))
	return &Node{Op: OpWord, Text: text}
}

// yearRange reads 2016, 2013..2016, 2013.. and ..2016; nil when it is something else.
func yearRange(text string) *Node {
	from, to, isRange := strings.Cut(text, "..")
	if !isRange {
		to = from
	}
	low, ok := yearOf(from)
	high, ok2 := yearOf(to)
	if !ok || !ok2 || low == 0 && high == 0 || high != 0 && low > high {
		return nil
	}
	return &Node{Op: OpRange, Field: FieldYear, From: low, To: high}
}

// yearOf reads a year of up to four digits; "" is 0, no limit.
func yearOf(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && 0 < n && n <= 9999
}

func hasWord(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func isWord(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

func isName(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r < 'a' || r > 'z' })
}
