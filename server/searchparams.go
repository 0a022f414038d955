package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/search"
)

// queryParams say what is searched for. All reads of a search take them.
var queryParams = []string{"q", "type", "match", filterPrefix}

// orderNames are the values of sort=.
func orderNames() []string {
	var out []string
	for _, o := range search.Orders() {
		out = append(out, string(o), "-"+string(o))
	}
	return out
}

// searchTypes are the kinds of record that can be found.
func searchTypes() []string { return texts(search.Kinds()) }

func texts[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// searchQuery reads what is searched for.
func (p *params) searchQuery() search.Query {
	q := search.Query{Text: p.values["q"], Match: search.MatchAny, Filters: p.facetFilters()}
	switch {
	case !p.has("q"):
		p.fail("q", "is required: the words to search for")
	case len(q.Text) > search.MaxQueryBytes:
		p.fail("q", fmt.Sprintf("has %d bytes, at most %d are allowed", len(q.Text), search.MaxQueryBytes))
	}
	if types := p.names("type", searchTypes()); len(types) > 0 {
		q.Filters = append(q.Filters, search.Only(search.FacetType, types...))
	}
	if m := p.choice("match", string(search.MatchAny), string(search.MatchAll)); m != "" {
		q.Match = search.Match(m)
	}
	return q
}

// choice reads one of several values, "" when it is not given.
func (p *params) choice(name string, allowed ...string) string {
	if p.has(name) && !slices.Contains(allowed, p.values[name]) {
		p.fail(name, "must be one of "+strings.Join(allowed, ", "))
	}
	return p.values[name]
}

// facetFilters reads all filters of a search, in the order of their names.
func (p *params) facetFilters() []search.Filter {
	var out []search.Filter
	for _, name := range p.named(filterPrefix) {
		field, op, hasOp := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(name, filterPrefix), "]"), "][")
		if !strings.HasSuffix(name, "]") || strings.ContainsAny(field+op, "[]") {
			p.fail(name, "is no filter: write filter[facet]=value or filter[facet][op]=value")
			continue
		}
		if !hasOp {
			op = "eq"
		}
		f, wrong := facetFilter(search.Facet(field), op, p.values[name])
		if wrong != "" {
			p.fail(name, wrong)
			continue
		}
		out = append(out, f)
	}
	return out
}

// facetOps are the ways to filter by a facet. eq and ne take their value whole, the others take several
// with commas, those within a value behind a backslash.
func facetOps(f search.Facet) []string {
	ops := []string{"eq", "ne", "in", "nin", "all"}
	if f == search.FacetYear {
		ops = append(ops, "gte", "lte")
	}
	return ops
}

func facetFilter(facet search.Facet, op, value string) (f search.Filter, wrong string) {
	switch {
	case !slices.Contains(search.Facets(), facet):
		return f, "is no facet: choose from " + strings.Join(texts(search.Facets()), ", ")
	case !slices.Contains(facetOps(facet), op):
		return f, "takes one of " + strings.Join(facetOps(facet), ", ")
	case value == "":
		return f, "is empty"
	}
	f = search.Filter{Facet: facet, Op: search.FilterOp(op), Values: []string{value}}
	switch op {
	case "eq":
		f.Op = search.FilterAny
	case "ne":
		f.Op = search.FilterNone
	case "in", "nin", "all":
		var err error
		if f.Values, err = content.SplitList(value); err != nil {
			return f, err.Error()
		}
	}
	return f, f.Check()
}

// facets reads which facets to count.
func (p *params) facets() []search.Facet {
	var out []search.Facet
	for _, name := range p.names("facets", texts(search.Facets())) {
		out = append(out, search.Facet(name))
	}
	return out
}
