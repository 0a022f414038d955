package search

import index "github.com/blevesearch/bleve_index_api"

// textField is bleve's mark for fields that hold text.
const textField = 't'

// field is a field of bleve's that comes analysed, so that the words that count in its length are ours to say.
type field struct {
	name    string
	options index.FieldIndexingOptions
	terms   index.TokenFrequencies
	length  int
	value   []byte
}

// newCountedField makes a field whose terms are scored. Its length is at least 1: bleve has no other way of keeping a
// length than as a norm, and can't tell a norm of 0 from none.
func newCountedField(name string, terms map[string]int, length int) *field {
	return &field{name: name, options: index.IndexField, terms: frequencies(terms), length: max(length, 1)}
}

// newFlatField makes a field that tells which documents have a term, and nothing more.
func newFlatField(name string, terms map[string]int) *field {
	return &field{name: name, options: index.IndexField | index.SkipFreqNorm, terms: frequencies(terms), length: len(terms)}
}

// newPlacedField makes a field that tells where in a document terms stand. Its length means nothing, and is not 0, with
// which bleve would not find single documents again.
func newPlacedField(name string, places map[string][]uint32) *field {
	packed := make(map[string]int, len(places))
	for term, at := range places {
		for n, number := range packPlaces(at) {
			packed[placesTerm(term, n)] = number
		}
	}
	return &field{name: name, options: index.IndexField, terms: frequencies(packed), length: 1}
}

// newSortField makes a field whose one term can be read by document.
func newSortField(name, key string) *field {
	return &field{name: name, options: index.IndexField | index.SkipFreqNorm | index.DocValues, terms: frequencies(once([]string{key})), length: 1}
}

// newStoredField makes a field that is kept and can't be searched.
func newStoredField(name, value string) *field {
	return &field{name: name, options: index.StoreField, value: []byte(value)}
}

func frequencies(terms map[string]int) index.TokenFrequencies {
	all := make(index.TokenFrequencies, len(terms))
	for term, n := range terms {
		f := &index.TokenFreq{Term: []byte(term)}
		f.SetFrequency(n)
		all[term] = f
	}
	return all
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return textField }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.value)) }

// Size is for bleve's figures of memory, which Lectern does not read.
func (f *field) Size() int { return len(f.name) + len(f.value) }
