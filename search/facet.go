package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern-cms/lectern/models"
)

// Facet is a property by whose values hits are counted and filtered.
type Facet string

// The facets.
const (
	FacetType       Facet = "type"
	FacetCourse     Facet = "course" // id
	FacetModule     Facet = "module" // id
	FacetSubject    Facet = "subject"
	FacetKeyword    Facet = "keyword"
	FacetAudience   Facet = "audience"
	FacetLevel      Facet = "level"
	FacetLicense    Facet = "license"
	FacetLanguage   Facet = "language"    // BCP 47
	FacetYear       Facet = "year"        // of a source
	FacetSourceType Facet = "source_type" // CSL item type
	FacetHas        Facet = "has"         // citations, worksheet, video, download
)

// Facets lists all facets.
func Facets() []Facet {
	return []Facet{FacetType, FacetCourse, FacetModule, FacetSubject, FacetKeyword, FacetAudience, FacetLevel, FacetLicense,
		FacetLanguage, FacetYear, FacetSourceType, FacetHas}
}

// MaxFacetValues is how many values of a facet are counted, the most frequent: more are no list to choose from.
const MaxFacetValues = 100

// FacetCount says how many hits have a value: as many as are found when the value is added to the filters.
type FacetCount struct {
	Value string
	Count int
}

// FilterOp says how the values of a filter are meant.
type FilterOp string

// The kinds of filters. A record without a value passes FilterNone only.
const (
	FilterAny  FilterOp = "in"  // has one of the values
	FilterAll  FilterOp = "all" // has every value
	FilterNone FilterOp = "nin" // has none of the values
	FilterFrom FilterOp = "gte" // FacetYear: this year or later
	FilterTo   FilterOp = "lte" // FacetYear: this year or earlier
)

// Filter lets documents through by the values of a facet.
type Filter struct {
	Facet  Facet
	Op     FilterOp
	Values []string
}

// Only is the filter for documents that have one of the values.
func Only(f Facet, values ...string) Filter {
	return Filter{Facet: f, Op: FilterAny, Values: values}
}

// MaxFilterValues bounds the values of one filter.
const MaxFilterValues = 100

// Check tells what is wrong with a filter, "" when nothing is.
func (f Filter) Check() string {
	switch {
	case !slices.Contains(Facets(), f.Facet):
		return fmt.Sprintf("%q is no facet", f.Facet)
	case len(f.Values) == 0 || len(f.Values) > MaxFilterValues:
		return fmt.Sprintf("takes 1 to %d values", MaxFilterValues)
	}
	switch f.Op {
	case FilterAny, FilterAll, FilterNone:
		return ""
	case FilterFrom, FilterTo:
		if _, err := strconv.ParseUint(f.Values[0], 10, 14); err != nil || f.Facet != FacetYear || len(f.Values) != 1 {
			return "takes one year"
		}
		return ""
	}
	return fmt.Sprintf("%q is no kind of filter", f.Op)
}

// values are what a document has of a facet, each once, in order.
func (d Document) values(f Facet) []string {
	var all []string
	switch f {
	case FacetType:
		all = []string{string(d.Ref.Type)}
	case FacetCourse:
		all = []string{string(d.Course)}
	case FacetModule:
		all = []string{string(d.Module)}
	case FacetLanguage:
		all = []string{d.Language}
	default:
		all = slices.Sorted(slices.Values(d.Values[f]))
	}
	all = slices.DeleteFunc(slices.Compact(all), func(v string) bool { return v == "" })
	return all
}

// yearValue is how years are kept, so that their order is that of texts.
func yearValue(year int) string { return fmt.Sprintf("%04d", year) }

// Year is the value of FacetYear for a year.
func Year(year int) string { return yearValue(year) }

// Order is the order of hits.
type Order string

// The orders. Hits that are equal, or lack what is asked for, stand in the order of their references; those that lack it
// come last. A minus before the name turns an order round.
const (
	OrderRelevance Order = ""
	OrderTitle     Order = "title"      // as people sort: case and accents don't matter
	OrderYear      Order = "year"       // of sources
	OrderUpdated   Order = "updated_at" // when what is live was published
)

// Orders lists the orders that can be asked for by name.
func Orders() []Order { return []Order{OrderTitle, OrderYear, OrderUpdated} }

// split parts an order from its direction.
func (o Order) split() (Order, bool) {
	name, desc := strings.CutPrefix(string(o), "-")
	return Order(name), desc
}

// sortKey is a document's place in an order, "" when it has none.
func (d Document) sortKey(o Order) string {
	switch o {
	case OrderTitle:
		return clip(foldLine(d.Title))
	case OrderYear:
		if years := d.values(FacetYear); len(years) > 0 {
			return years[0]
		}
	case OrderUpdated:
		if !d.Updated.IsZero() {
			return d.Updated.UTC().Format("2006-01-02T15:04:05Z")
		}
	}
	return ""
}

// Kinds are the kinds of record that can be found.
func Kinds() []models.Kind {
	return []models.Kind{models.KindSection, models.KindModule, models.KindWorksheet, models.KindSource, models.KindAsset}
}
