package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/search/syntax"
)

// Filter expressions of Meilisearch: https://www.meilisearch.com/docs/learn/filtering_and_sorting/filter_expression_reference
const (
	isDocument  = string(FacetType) + " EXISTS" // and no state, and not gone
	isNothing   = fieldKey + " IN []"
	isGone      = fieldGone + " = true"
	lastLetters = "\U0010ffff" // above all that follows a prefix
)

// equals is the expression for documents that have a value. Words are letters and digits, and values are encoded: none has
// a character that means something in quotes.
func equals(field, value string) string { return field + ` = "` + value + `"` }

// within is the expression for documents that have one of some values.
func within(field string, values []string) string {
	if len(values) == 0 {
		return isNothing
	}
	return field + ` IN ["` + strings.Join(values, `","`) + `"]`
}

func not(expression string) string { return "NOT (" + expression + ")" }

// anyOf joins expressions by OR; of none it is what nothing fulfils.
func anyOf(expressions []string) string { return joined(expressions, " OR ", isNothing) }

// allOf joins expressions by AND; of none it is what every document fulfils.
func allOf(expressions []string) string { return joined(expressions, " AND ", isDocument) }

func joined(expressions []string, operator, none string) string {
	switch len(expressions) {
	case 0:
		return none
	case 1:
		return expressions[0]
	}
	return "(" + strings.Join(expressions, operator) + ")"
}

// translation writes a question as filters.
type translation struct {
	*question
	phrases map[int][]string // keys of the documents that have a phrase of several words, by leaf
}

// filter is the expression for what the question finds, with any or all of its plain words. nil has no expression.
func (t translation) filter(c *clause, all bool) string {
	switch c.op {
	case syntax.OpWords:
		var words []string
		for i := range t.leaves {
			if c.set.has(i) {
				words = append(words, t.leaf(i))
			}
		}
		if all {
			return allOf(words)
		}
		return anyOf(words)
	case syntax.OpAny:
		return anyOf(t.filters(c.parts, all))
	case syntax.OpAll:
		return allOf(t.filters(c.parts, all))
	case syntax.OpNot:
		return not(t.filter(c.parts[0], all))
	}
	return t.leaf(c.leaf)
}

func (t translation) filters(parts []*clause, all bool) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = t.filter(p, all)
	}
	return out
}

// leaf is the expression for the documents that have a leaf.
func (t translation) leaf(i int) string {
	l := t.leaves[i]
	switch {
	case l.isWord() && !l.negative:
		return t.word(i)
	case isPhrase(l):
		if keys, several := t.phrases[i]; several {
			return within(fieldKey, keys)
		}
		return t.spellings(l)
	case l.node.Op == syntax.OpRange:
		return years(l.node.From, l.node.To)
	case l.node.Field == syntax.FieldType:
		return equals(string(FacetType), encodeValue(l.node.Text))
	case l.node.Field == syntax.FieldLang:
		return equals(fieldLanguages, encodeValue(strings.ToLower(l.node.Text)))
	case l.node.Prefix:
		return t.prefix(l)
	}
	return t.forms(l)
}

// word is the expression for a plain word in any of its forms, corrected and completed ones too.
func (t translation) word(i int) string {
	var forms []string
	for _, term := range t.terms {
		if term.leaves.has(i) {
			forms = append(forms, equals(term.analysis.scored, term.text))
		}
	}
	return anyOf(forms)
}

// forms is the expression for a word in any of its forms, nothing corrected.
func (t translation) forms(l leaf) string {
	var forms []string
	for _, a := range t.analyses {
		field := a.scored
		if l.node.Field != "" {
			field = a.inField(string(l.node.Field))
		}
		forms = append(forms, equals(field, a.term(l.words[0])))
	}
	return anyOf(forms)
}

// prefix is the expression for words that begin so.
func (t translation) prefix(l leaf) string {
	fields := []string{spelledIn(l.node.Field)}
	if l.node.Field == "" {
		fields = nil
		for _, a := range t.analyses {
			fields = append(fields, a.spelled)
		}
	}
	var out []string
	for _, f := range fields {
		out = append(out, fmt.Sprintf(`%s "%s" TO "%s%s"`, f, l.words[0], l.words[0], lastLetters))
	}
	return anyOf(out)
}

// spellings is the expression for documents that have all words of a phrase as they are spelled, in any order.
func (t translation) spellings(l leaf) string {
	var words []string
	for _, word := range l.words {
		if l.node.Field != "" {
			words = append(words, equals(spelledIn(l.node.Field), word))
			continue
		}
		var forms []string
		for _, a := range t.analyses {
			if a.isStop(word) {
				forms = append(forms, equals(a.scored, stopMark+word))
			} else {
				forms = append(forms, equals(a.spelled, word))
			}
		}
		words = append(words, anyOf(forms))
	}
	slices.Sort(words)
	return allOf(slices.Compact(words))
}

// years is the expression for a range of years. 0 is no limit.
func years(from, to int) string {
	var limits []string
	if from != 0 {
		limits = append(limits, fieldYear+" >= "+strconv.Itoa(from))
	}
	if to != 0 {
		limits = append(limits, fieldYear+" <= "+strconv.Itoa(to))
	}
	return allOf(limits)
}

// expression is the expression for documents that a filter lets through.
func (f Filter) expression() string {
	switch f.Op {
	case FilterFrom:
		return fieldYear + " >= " + f.Values[0]
	case FilterTo:
		return fieldYear + " <= " + f.Values[0]
	case FilterAll:
		var all []string
		for _, v := range encodeValues(f.Values) {
			all = append(all, equals(string(f.Facet), v))
		}
		return allOf(all)
	case FilterNone:
		return not(within(string(f.Facet), encodeValues(f.Values)))
	case FilterAny:
	}
	return within(string(f.Facet), encodeValues(f.Values))
}

// passed is the expression for documents that all filters let through.
func passed(filters []Filter) string {
	out := []string{isDocument}
	for _, f := range filters {
		out = append(out, f.expression())
	}
	return allOf(out)
}
