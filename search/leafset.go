package search

import (
	"context"
	"errors"
	"fmt"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/lectern-cms/lectern/search/syntax"
)

// finder collects the documents of one leaf.
type finder struct {
	ctx      context.Context // of one search, which is all that a finder lives for
	reader   index.IndexReader
	question *question
	set      docSet
}

// find adds the documents that have a leaf other than a phrase.
func (f *finder) find(l leaf) error {
	switch {
	case l.node.Op == syntax.OpRange:
		return f.years(l.node.From, l.node.To)
	case l.node.Field == syntax.FieldType:
		return f.set.addTerm(f.ctx, f.reader, string(FacetType), l.node.Text)
	case l.node.Field == syntax.FieldLang:
		return f.languages(l.node.Text)
	case l.node.Prefix:
		return f.prefix(l)
	}
	return f.word(l)
}

// spelledIn is the field of the words of a part of documents as they are spelled, stop words too, in all languages.
func spelledIn(part syntax.Field) string { return string(part) + "_words" }

// word adds the documents that have a word in any of its forms.
func (f *finder) word(l leaf) error {
	for _, a := range f.question.analyses {
		field := a.scored
		if l.node.Field != "" {
			field = a.inField(string(l.node.Field))
		}
		if err := f.set.addTerm(f.ctx, f.reader, field, a.term(l.words[0])); err != nil {
			return err
		}
	}
	return nil
}

// prefix adds the documents that have a word that begins so.
func (f *finder) prefix(l leaf) error {
	for _, field := range f.spelledFields(l.node.Field) {
		words, err := wordsWithPrefix(f.ctx, f.reader, field, l.words[0], maxPrefixWords)
		if err != nil {
			return err
		}
		for _, w := range words {
			if err := f.set.addTerm(f.ctx, f.reader, field, w.Word); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *finder) spelledFields(part syntax.Field) []string {
	if part != "" {
		return []string{spelledIn(part)}
	}
	var fields []string
	for _, a := range f.question.analyses {
		fields = append(fields, a.placed)
	}
	return fields
}

// years adds the documents of a range of years. 0 is no limit.
func (f *finder) years(from, to int) error {
	return f.values(FacetYear, func(value string) bool {
		return (from == 0 || value >= Year(from)) && (to == 0 || value <= Year(to))
	})
}

// languages adds the documents of a language and its varieties: en finds en-GB.
func (f *finder) languages(tag string) error {
	return f.values(FacetLanguage, func(value string) bool {
		value = strings.ToLower(value)
		return value == tag || strings.HasPrefix(value, tag+"-")
	})
}

// values adds the documents that have a fitting value of a facet.
func (f *finder) values(facet Facet, fits func(string) bool) error {
	values, err := termsOf(f.reader, string(facet))
	if err != nil {
		return err
	}
	for _, v := range values {
		if !fits(v) {
			continue
		}
		if err := f.set.addTerm(f.ctx, f.reader, string(facet), v); err != nil {
			return err
		}
	}
	return nil
}

// termsOf lists the terms of a field in their order.
func termsOf(r index.IndexReader, field string) (terms []string, err error) {
	dict, err := r.FieldDict(field)
	if err != nil {
		return nil, fmt.Errorf("read terms of %s: %w", field, err)
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for {
		e, err := dict.Next()
		if err != nil || e == nil {
			return terms, err
		}
		terms = append(terms, e.Term)
	}
}
