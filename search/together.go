package search

import (
	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// placedPhrase is a phrase as one field has it.
type placedPhrase struct {
	field string
	terms []string
}

// placed gives a phrase for each field that it may stand in. A document has one of the fields only.
func (f *finder) placed(l leaf) []placedPhrase {
	if l.node.Field != "" {
		return []placedPhrase{{field: spelledIn(l.node.Field), terms: l.words}}
	}
	var all []placedPhrase
	for _, a := range f.question.analyses {
		p := placedPhrase{field: a.placed}
		for _, word := range l.words {
			p.terms = append(p.terms, a.spelling(word))
		}
		all = append(all, p)
	}
	return all
}

// phrase gives the documents that have a phrase, and all that have its words as they are spelled, in any order.
func (f *finder) phrase(l leaf) (together, having docSet, err error) {
	together, having = f.set, f.newSet()
	for _, p := range f.placed(l) {
		words, err := f.all(p)
		if err != nil {
			return nil, nil, err
		}
		having.unite(words)
		if err := f.addTogether(p, words); err != nil {
			return nil, nil, err
		}
	}
	return together, having, nil
}

func (f *finder) newSet() docSet { return make(docSet, len(f.set)) }

// all gives the documents that have all words of a phrase.
func (f *finder) all(p placedPhrase) (docSet, error) {
	var set docSet
	for _, term := range p.terms {
		having := f.newSet()
		if err := having.addTerm(f.ctx, f.reader, p.field, term); err != nil {
			return nil, err
		}
		if set != nil {
			having.intersect(set)
		}
		set = having
	}
	return set, nil
}

// addTogether adds those of some documents, which have all words of a phrase, in which they stand together.
func (f *finder) addTogether(p placedPhrase, having docSet) error {
	if len(p.terms) == 1 {
		f.set.unite(having)
		return nil
	}
	looked := 0
	return eachSegment(f.reader, p.field, func(dict segment.TermDictionary, s *scorch.SegmentSnapshot, first uint64) error {
		readers, err := openPlaces(dict, s.Deleted(), p.terms)
		if err != nil {
			return err
		}
		end := first + uint64(s.FullSize())
		for doc, ok := having.next(first); ok && doc < end; doc, ok = having.next(doc + 1) {
			if looked++; looked%postingsPerCheck == 0 && f.ctx.Err() != nil {
				return f.ctx.Err()
			}
			together, err := standTogether(readers, doc-first)
			if err != nil {
				return err
			}
			if together {
				f.set.add(doc)
			}
		}
		return nil
	})
}

// standTogether tells whether words follow each other somewhere in a document.
func standTogether(words []*placeReader, doc uint64) (bool, error) {
	var room [16]uint32
	begins := room[:0] // where the words so far begin to do so
	for i, word := range words {
		places, err := word.in(doc)
		if err != nil {
			return false, err
		}
		if i == 0 {
			begins = append(begins, places...)
		} else {
			begins = continued(begins, places, uint32(i))
		}
		if len(begins) == 0 {
			return false, nil
		}
	}
	return true, nil
}

// continued keeps the beginnings that have a place so far behind them. All are in ascending order.
func continued(begins, places []uint32, behind uint32) []uint32 {
	kept := begins[:0]
	n := 0
	for _, begin := range begins {
		for n < len(places) && places[n] < begin+behind {
			n++
		}
		if n < len(places) && places[n] == begin+behind {
			kept = append(kept, begin)
		}
	}
	return kept
}

// placeReader reads where a word stands in the documents of a segment, in the order of their numbers.
type placeReader struct {
	numbers []packedReader // of the word's terms
	doc     uint64         // that was read last
	places  []uint32       // in it; nil before the first
}

// openPlaces gives readers of the words of a phrase. A word that it has twice has one reader.
func openPlaces(dict segment.TermDictionary, deleted *roaring.Bitmap, words []string) ([]*placeReader, error) {
	readers := make([]*placeReader, len(words))
	byWord := make(map[string]*placeReader, len(words))
	for i, word := range words {
		if byWord[word] == nil {
			numbers, err := openNumbers(dict, deleted, word)
			if err != nil {
				return nil, err
			}
			byWord[word] = &placeReader{numbers: numbers}
		}
		readers[i] = byWord[word]
	}
	return readers, nil
}

func openNumbers(dict segment.TermDictionary, deleted *roaring.Bitmap, word string) (numbers []packedReader, err error) {
	for {
		list, err := dict.PostingsList([]byte(placesTerm(word, len(numbers))), deleted, nil)
		if err != nil || list.Count() == 0 {
			return numbers, err
		}
		numbers = append(numbers, packedReader{postings: list.Iterator(true, false, false, nil)})
	}
}

// in gives the places of the word in a document, none when it is not there. They are only lent.
func (r *placeReader) in(doc uint64) ([]uint32, error) {
	if r.places != nil && r.doc == doc {
		return r.places, nil
	}
	r.doc = doc
	if r.places == nil {
		r.places = make([]uint32, 0, groupsPacked)
	}
	r.places = r.places[:0]
	for i := range r.numbers {
		packed, err := r.numbers[i].in(doc)
		if err != nil {
			return nil, err
		}
		if packed == 0 {
			break
		}
		r.places = unpackPlaces(r.places, packed)
	}
	return r.places, nil
}

// packedReader reads the packed places of one term.
type packedReader struct {
	postings segment.PostingsIterator // nil at the end
	doc      uint64                   // where it stands
	packed   uint64                   // 0 before the first document
}

func (r *packedReader) in(doc uint64) (uint64, error) {
	if r.postings != nil && (r.packed == 0 || r.doc < doc) {
		at, err := r.postings.Advance(doc)
		if err != nil {
			return 0, err
		}
		if at == nil {
			r.postings = nil
			return 0, nil
		}
		r.doc, r.packed = at.Number(), at.Frequency()
	}
	if r.postings == nil || r.doc != doc {
		return 0, nil
	}
	return r.packed, nil
}
