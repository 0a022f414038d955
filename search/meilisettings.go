package search

import (
	"context"
	"errors"

	"github.com/meilisearch/meilisearch-go"
)

// meiliLayout changes with everything that makes indexes unlike: fields, settings, stop words, stemmers, folding. An index
// of an older layout is built anew while searches go on in it; one of a newer layout, made by a newer server that shares
// it, is left alone.
const meiliLayout = 3

// Limits that the settings set.
const (
	maxMeiliTotal  = 1_000_000 // hits are counted up to here
	maxMeiliValues = 1000      // of a facet, and words that a dictionary gives at once
	meiliCutoff    = 1500      // milliseconds of one ranked list
)

// meiliSettings are the settings of an index, but for filters. Stop words and synonyms have none: stop words are known by
// their terms, and what Lectern does not do on its own engine it does not do here.
func meiliSettings() *meilisearch.Settings {
	return &meilisearch.Settings{
		SearchableAttributes: []string{fieldTitle, fieldBody, fieldStems},
		DisplayedAttributes:  []string{"*"},
		SortableAttributes:   sortFields(),
		RankingRules:         []string{"sort", "words", "typo", "attribute", "proximity", "exactness"},
		StopWords:            []string{},
		Synonyms:             map[string][]string{},
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled:             true,
			MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: oneSlipLetters, TwoTypos: twoSlipsLetters},
			DisableOnWords:      []string{},
			DisableOnAttributes: []string{fieldStems},
			DisableOnNumbers:    true,
		},
		// Stems are of no language that could be recognised. English rules change them least.
		LocalizedAttributes: []*meilisearch.LocalizedAttributes{{AttributePatterns: []string{fieldStems}, Locales: []string{"eng"}}},
		ProximityPrecision:  meilisearch.ByWord,
		Pagination:          &meilisearch.Pagination{MaxTotalHits: maxMeiliTotal},
		Faceting: &meilisearch.Faceting{
			MaxValuesPerFacet: maxMeiliValues,
			SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeCount},
		},
		SearchCutoffMs: meiliCutoff,
	}
}

func sortFields() []string {
	fields := []string{fieldID, string(FacetType)}
	for _, o := range Orders() {
		fields = append(fields, sortField(o))
	}
	return fields
}

// meiliFilters says what each field can be filtered by. Meilisearch keeps less for a field that can do less.
func meiliFilters() []meilisearch.AttributeRule {
	rule := func(search, compare bool, patterns ...string) meilisearch.AttributeRule {
		return meilisearch.AttributeRule{
			AttributePatterns: patterns,
			Features:          meilisearch.AttributeFeatures{FacetSearch: search, Filter: meilisearch.FilterFeatures{Equality: true, Comparison: compare}},
		}
	}
	terms := []string{"all_*"}
	for _, part := range textParts() {
		if part != partBody {
			terms = append(terms, string(part)+"_*")
		}
	}
	var facets []string
	for _, f := range Facets() {
		facets = append(facets, string(f))
	}
	return []meilisearch.AttributeRule{
		rule(true, true, "words_*", plainAnalysis().spelled),                             // dictionaries
		rule(false, true, "*_words", fieldYear),                                          // words of parts, for prefixes
		rule(false, false, terms...),                                                     // what words find
		rule(false, false, fieldKey, fieldGroup, fieldGone, fieldLanguages, fieldVolume), // of our own
		rule(true, false, facets...),
	}
}

// makeIndex makes an empty index with all settings. It fails with a taskError of codeIndexExists when there is one.
func (m *Meilisearch) makeIndex(ctx context.Context, uid string) error {
	info, err := m.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: fieldKey})
	if err := m.await(ctx, info, err); err != nil {
		return err
	}
	return m.configure(ctx, uid)
}

// configure gives an index its settings.
func (m *Meilisearch) configure(ctx context.Context, uid string) error {
	index := m.client.Index(uid)
	var filters []any
	for _, rule := range meiliFilters() {
		filters = append(filters, rule)
	}
	first, err := index.UpdateSettingsWithContext(ctx, meiliSettings())
	if err != nil {
		return explain(ctx, err)
	}
	second, err := index.UpdateFilterableAttributesWithContext(ctx, &filters)
	if err := m.await(ctx, second, err); err != nil {
		return err
	}
	return m.await(ctx, first, nil)
}

// isTaken tells whether there was an index already.
func isTaken(err error) bool {
	failed, ok := errors.AsType[*taskError](err)
	return ok && failed.code == codeIndexExists
}
