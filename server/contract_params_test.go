package server

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/store"
)

var update = flag.Bool("update", false, "write the parameters of reads and the examples into openapi.yaml, and the examples of the guide")

// reads are the paths of the content API whose parameters depend on the kind of what they read.
var reads = map[string]struct {
	kind models.Kind
	list bool
}{
	"/v1/courses":                                                  {models.KindCourse, true},
	"/v1/courses/{course}":                                         {models.KindCourse, false},
	"/v1/courses/{course}/modules/{module}":                        {models.KindModule, false},
	"/v1/courses/{course}/modules/{module}/tree":                   {models.KindModule, false},
	"/v1/courses/{course}/modules/{module}/sections/{section}":     {models.KindSection, false},
	"/v1/courses/{course}/modules/{module}/worksheets/{worksheet}": {models.KindWorksheet, false},
	"/v1/modules":         {models.KindModule, true},
	"/v1/modules/{id}":    {models.KindModule, false},
	"/v1/sections":        {models.KindSection, true},
	"/v1/sections/{id}":   {models.KindSection, false},
	"/v1/worksheets":      {models.KindWorksheet, true},
	"/v1/worksheets/{id}": {models.KindWorksheet, false},
	"/v1/citations":       {models.KindCitation, true},
	"/v1/citations/{id}":  {models.KindCitation, false},
	"/v1/sources":         {models.KindSource, true},
	"/v1/sources/{id}":    {models.KindSource, false},
	"/v1/fragments":       {models.KindFragment, true},
	"/v1/fragments/{id}":  {models.KindFragment, false},
	"/v1/assets":          {models.KindAsset, true},
	"/v1/assets/{id}":     {models.KindAsset, false},
}

// The contract names each filter, order, relation and field literally, as the tables in the code have them.
func TestContractNamesTheParametersOfReads(t *testing.T) {
	data, err := os.ReadFile("../openapi.yaml")
	check(t, err)
	text := string(data)
	wanted := map[string]string{}
	for path, r := range reads {
		wanted[path] = parametersOf(r.kind, r.list)
	}
	for _, path := range []string{"/v1/search", "/v1/search/export", "/v1/search/feed", "/v1/suggest"} {
		wanted[path] = facetParameters()
	}
	for _, path := range slices.Sorted(maps.Keys(wanted)) {
		want := wanted[path]
		before, rest, ok := strings.Cut(text, "\n  "+path+":\n")
		got, after, ok2 := strings.Cut(rest, "    get:\n")
		if !ok || !ok2 {
			t.Fatalf("openapi.yaml has no %s", path)
		}
		if *update {
			text = before + "\n  " + path + ":\n" + want + "    get:\n" + after
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: want -, contract + (go test ./server -run ParametersOfReads -update writes it)\n%s", path, diff)
		}
	}
	if *update {
		check(t, os.WriteFile("../openapi.yaml", []byte(text), 0o600))
	}
}

func parametersOf(kind models.Kind, list bool) string {
	var b strings.Builder
	line := func(name, description, schema string) {
		fmt.Fprintf(&b, "      - { name: '%s', in: query, style: form, explode: false, description: '%s', schema: %s }\n", name, description, schema)
	}
	b.WriteString("    parameters:\n")
	if list {
		var orders []string
		for _, name := range content.Sorts(kind) {
			orders = append(orders, name, "-"+name)
		}
		line("sort", "The order; with - the other way round. Equals stand in the order of ids.", "{ type: string, enum: ["+strings.Join(orders, ", ")+"], default: id }")
	}
	relations := slices.Sorted(maps.Keys(content.Relations(kind)))
	line("include", "Related records to add, with commas between relations and dots from one record to the next: "+strings.Join(relations, ", ")+".",
		fmt.Sprintf("{ type: array, minItems: 1, maxItems: %d", content.MaxIncludePaths)+", items: { anyOf: [{ type: string, enum: ["+strings.Join(relations, ", ")+"] }, "+
			"{ type: string, pattern: '^("+strings.Join(relations, "|")+")(\\.[a-z_]+){1,2}$' }] } }")
	line("fields", "The fields to give; the id is always there, and what body= asks for.", fieldsSchema(kind))
	for _, k := range reachable(kind) {
		line("fields["+k.Plural()+"]", "The same for included "+k.Plural()+".", fieldsSchema(k))
	}
	if !list {
		return b.String()
	}
	for _, f := range content.Fields(kind) {
		line("filter["+f.Name+"]", filterText(f, store.OpEq), filterSchema(f, store.OpEq))
		for _, op := range f.Ops() {
			line(fmt.Sprintf("filter[%s][%s]", f.Name, op), filterText(f, op), filterSchema(f, op))
		}
	}
	return b.String()
}

// facetParameters are the filters of searches.
func facetParameters() string {
	texts := map[string]string{
		"eq": "this value", "ne": "not this value", "in": "one of several", "nin": "none of several", "all": "all of several",
		"gte": "this year or later", "lte": "this year or earlier",
	}
	var b strings.Builder
	b.WriteString("    parameters:\n")
	for _, f := range search.Facets() {
		for _, op := range facetOps(f) {
			name, schema := fmt.Sprintf("filter[%s][%s]", f, op), "{ type: string, minLength: 1 }"
			switch op {
			case "eq":
				name = fmt.Sprintf("filter[%s]", f)
			case "in", "nin", "all":
				schema = fmt.Sprintf("{ type: array, minItems: 1, maxItems: %d, items: { type: string } }", search.MaxFilterValues)
			case "gte", "lte":
				schema = "{ type: string, pattern: '^\\d{1,4}$' }"
			}
			fmt.Fprintf(&b, "      - { name: '%s', in: query, style: form, explode: false, description: 'Hits with %s.', schema: %s }\n", name, texts[op], schema)
		}
	}
	return b.String()
}

func fieldsSchema(kind models.Kind) string {
	return "{ type: array, minItems: 1, uniqueItems: true, items: { type: string, enum: [" + strings.Join(content.ViewFields(kind), ", ") + "] } }"
}

// reachable are the kinds that may be included with a kind.
func reachable(kind models.Kind) []models.Kind {
	found := map[models.Kind]bool{}
	from := []models.Kind{kind}
	for range content.MaxIncludeDepth {
		var next []models.Kind
		for _, k := range from {
			for _, to := range content.Relations(k) {
				if !found[to] {
					found[to] = true
					next = append(next, to)
				}
			}
		}
		from = next
	}
	return slices.Sorted(maps.Keys(found))
}

// opTexts say what comparisons mean.
var opTexts = map[store.Op]string{
	store.OpEq: "equal", store.OpNe: "not equal, or absent", store.OpIn: "one of several", store.OpNin: "none of several, or absent",
	store.OpLt: "less", store.OpLte: "less or equal", store.OpGt: "greater", store.OpGte: "greater or equal",
	store.OpContains: "holds", store.OpStarts: "begins with", store.OpExists: "has one (true) or none (false)",
}

func filterText(f store.Field, op store.Op) string {
	text := opTexts[op]
	switch f.Type {
	case store.FieldTitle:
		text += "; letter case, accents and punctuation do not count"
	case store.FieldCourse:
		text += "; the id or the slug of a course"
	case store.FieldTerm:
		text += "; any of those that the record has"
	case store.FieldTime:
		text += "; a time as in RFC 3339, or a date, which begins at midnight UTC"
	}
	if (op == store.OpIn || op == store.OpNin) && (f.Type == store.FieldWord || f.Type == store.FieldTerm) {
		text += "; a comma that belongs to a value has a backslash before it, and so has a backslash"
	}
	if f.Index != "" {
		return text + " (index)"
	}
	return text
}

func filterSchema(f store.Field, op store.Op) string {
	one := map[store.FieldType]string{
		store.FieldID: "{ $ref: ''#/components/schemas/ID'' }", store.FieldBool: "{ type: boolean }", store.FieldWithin: "{ type: boolean }", store.FieldNumber: "{ type: integer }",
		store.FieldYear:  "{ type: string, pattern: '^\\d{4}$' }",
		store.FieldState: "{ type: string, enum: [draft, changed, live, trashed] }",
		store.FieldTime:  "{ anyOf: [{ type: string, format: date-time }, { type: string, format: date }] }",
	}[f.Type]
	one = strings.ReplaceAll(one, "''", "'")
	switch {
	case op == store.OpExists:
		one = "{ type: boolean }"
	case one == "":
		one = "{ type: string, maxLength: 500 }"
	}
	if op == store.OpIn || op == store.OpNin {
		return fmt.Sprintf("{ type: array, minItems: 1, maxItems: %d, items: %s }", store.MaxFilterValues, one)
	}
	return one
}

// Where the filters of drafts stand in the contract.
const (
	filtersBegin = "        # Filters of drafts: written by go test ./server -run ContractNamesTheFilters -update\n"
	filtersEnd   = "        # End of filters.\n"
)

// The contract names each filter of each kind of draft, and says which kinds take it.
func TestContractNamesTheFiltersOfDrafts(t *testing.T) {
	data, err := os.ReadFile("../openapi.yaml")
	check(t, err)
	before, rest, ok := strings.Cut(string(data), filtersBegin)
	got, after, ok2 := strings.Cut(rest, filtersEnd)
	if !ok || !ok2 {
		t.Fatal("openapi.yaml has no place for the filters of drafts")
	}
	want := filtersOfDrafts()
	if *update {
		check(t, os.WriteFile("../openapi.yaml", []byte(before+filtersBegin+want+filtersEnd+after), 0o600))
	} else if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, contract + (go test ./server -run ContractNamesTheFilters -update writes it)\n%s", diff)
	}
}

func filtersOfDrafts() string {
	kinds := map[string][]string{}
	lines := map[string]string{}
	var order []string
	note := func(kind models.Kind, name, description, schema string) {
		if kinds[name] == nil {
			order = append(order, name)
			lines[name] = fmt.Sprintf("        - { name: '%s', in: query, description: '%s. Of %%s.', schema: %s }\n", name, description, schema)
		}
		kinds[name] = append(kinds[name], kind.Plural())
	}
	for _, kind := range models.StoredKinds() {
		for _, f := range content.DraftFields(kind) {
			note(kind, "filter["+f.Name+"]", filterText(f, store.OpEq), filterSchema(f, store.OpEq))
			for _, op := range f.Ops() {
				note(kind, fmt.Sprintf("filter[%s][%s]", f.Name, op), filterText(f, op), filterSchema(f, op))
			}
		}
	}
	slices.Sort(order)
	var b strings.Builder
	for _, name := range order {
		of := strings.Join(kinds[name], ", ")
		if len(kinds[name]) == len(models.StoredKinds()) {
			of = "all kinds"
		}
		fmt.Fprintf(&b, lines[name], of)
	}
	return b.String()
}
