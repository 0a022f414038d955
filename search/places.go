package search

import (
	"fmt"
	"strconv"
	"strings"
)

// Where a word stands in a text is kept where bleve keeps how often a field has a term, packed into that number: bleve's
// own places take several times the room, since they count bytes too.
//
// A number is read from its low bits on, in groups: some bits of a step from one place to the next, the low ones first,
// and above them a bit that is set when the step goes on in the next group. The last group of a step is never 0, so that
// what is left is 0 after the last step. A word that stands in more places than one number has room for has more terms.
const (
	stepBits  = 5
	groupBits = stepBits + 1

	// never1 is added to each number. bleve keeps a term that one document has once in a form of its own, after which its
	// dictionaries take all that follows for terms of one document.
	never1 = 1

	// groupsPacked is how many groups a number has: bleve takes an int and shifts it by one bit.
	groupsPacked = (strconv.IntSize - 3) / groupBits
)

// moreMark begins the terms that go on with the places of another. No word has it.
const moreMark = "+"

// placesTerm is the n-th term of a word's places, from 0 on. The first is the word's own.
func placesTerm(word string, n int) string {
	if n == 0 {
		return word
	}
	return fmt.Sprintf("%s%d %s", moreMark, n, word)
}

// placesOf tells where the words of texts stand, from 1 on, in ascending order, by their terms. No two lines touch, since
// phrases end with them.
func placesOf(term func(word string) string, texts ...string) map[string][]uint32 {
	places := make(map[string][]uint32)
	at := uint32(0)
	for _, text := range texts {
		for line := range strings.Lines(text) {
			for t := range tokens(line) {
				at++
				name := term(t.word)
				places[name] = append(places[name], at)
			}
			at++
		}
	}
	return places
}

// packPlaces packs ascending places into numbers.
func packPlaces(places []uint32) (packed []int) {
	last, used := uint32(0), groupsPacked // of the number before the first
	for _, place := range places {
		step, groups := packStep(place - last)
		if used+groups > groupsPacked {
			packed = append(packed, never1)
			used = 0
		}
		packed[len(packed)-1] += step << (used * groupBits)
		used += groups
		last = place
	}
	return packed
}

func packStep(step uint32) (packed, groups int) {
	for {
		group := int(step & (1<<stepBits - 1))
		step >>= stepBits
		if step != 0 {
			group |= 1 << stepBits
		}
		packed |= group << (groups * groupBits)
		groups++
		if step == 0 {
			return packed, groups
		}
	}
}

// unpackPlaces appends what is packed in a number to the places of the numbers before it.
func unpackPlaces(places []uint32, packed uint64) []uint32 {
	last := uint32(0)
	if len(places) > 0 {
		last = places[len(places)-1]
	}
	step, shift := uint32(0), 0
	for packed -= never1; packed != 0; packed >>= groupBits {
		step |= uint32(packed&(1<<stepBits-1)) << shift
		if packed>>stepBits&1 == 1 {
			shift += stepBits
			continue
		}
		last += step
		places = append(places, last)
		step, shift = 0, 0
	}
	return places
}
