package coverage

import (
	"cmp"
	"slices"
	"strings"
)

// blame finds out which words of a source are missing from what the records hold.
type blame struct {
	source  string
	words   []word
	held    *holdings
	missing []bool
	lack    map[string]int // for a word: how many of its places are still to be found missing
	before  []int          // for each place that counts, the one before it and the one after it, or -1
	after   []int
	pairs   map[[2]string]int // how often two words follow each other in the source
}

func newBlame(source string, words []word, h *holdings) *blame {
	b := &blame{
		source: source, words: words, held: h, missing: make([]bool, len(words)), lack: map[string]int{},
		before: make([]int, len(words)), after: make([]int, len(words)),
		pairs: map[[2]string]int{},
	}
	last := -1
	for i, w := range words {
		b.before[i], b.after[i] = -1, -1
		if w.kind == name {
			continue
		}
		b.lack[w.text]++
		b.before[i] = last
		if last >= 0 {
			b.after[last] = i
			b.pairs[[2]string{words[last].text, w.text}]++
		}
		last = i
	}
	for text, n := range b.lack {
		b.lack[text] = max(0, n-h.count[text])
	}
	return b
}

// assign blames as many places of each word as are missing: the surest first.
func (b *blame) assign() {
	b.each(func(i int) bool { return b.held.count[b.words[i].text] == 0 })
	b.each(func(i int) bool { return b.words[i].kind == looks })
	b.each(func(i int) bool { return b.heldPairs(i) == 0 })
	var found []int
	for i, missing := range b.missing {
		if missing && b.words[i].kind != looks {
			found = append(found, i)
		}
	}
	b.spread(found)
	for _, i := range b.rest() {
		if b.take(i) {
			b.spread([]int{i})
		}
	}
}

// each blames the places that fit, the last first: of two equal paragraphs the second is the one that was dropped.
func (b *blame) each(fits func(i int) bool) {
	for i := len(b.words) - 1; i >= 0; i-- {
		if b.lack[b.words[i].text] > 0 && fits(i) {
			b.take(i)
		}
	}
}

// take blames a place, when it is one that counts and its word is still missing somewhere.
func (b *blame) take(i int) bool {
	w := b.words[i]
	if w.kind == name || b.missing[i] || b.lack[w.text] == 0 {
		return false
	}
	b.lack[w.text]--
	b.missing[i] = true
	return true
}

// spread goes from places that are missing to the ones beside them.
func (b *blame) spread(queue []int) {
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, j := range []int{b.before[i], b.after[i]} {
			if j >= 0 && b.take(j) {
				queue = append(queue, j)
			}
		}
	}
}

// rest orders the places of words that are still missing: those that stand least as they do in the records first, then
// attributes before text, then the later before the earlier.
func (b *blame) rest() []int {
	var out []int
	for i, w := range b.words {
		if w.kind != name && !b.missing[i] && b.lack[w.text] > 0 {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(i, j int) int {
		return cmp.Or(
			cmp.Compare(b.heldPairs(i), b.heldPairs(j)),
			cmp.Compare(b.lackingPairs(j), b.lackingPairs(i)),
			cmp.Compare(b.words[j].kind, b.words[i].kind),
			cmp.Compare(j, i),
		)
	})
	return out
}

// heldPairs counts with how many of its two neighbours a place stands in the records too.
func (b *blame) heldPairs(i int) int {
	n := 0
	if b.areHeld(b.before[i], i, "", b.words[i].text) {
		n++
	}
	if b.areHeld(i, b.after[i], b.words[i].text, "") {
		n++
	}
	return n
}

// areHeld tells whether two neighbours follow each other in the records. Where markup or a line's end parts them,
// it will do that the one in question begins or ends a string: first and second are the pair of that.
func (b *blame) areHeld(i, j int, first, second string) bool {
	if i >= 0 && j >= 0 {
		if b.held.pairs[[2]string{b.words[i].text, b.words[j].text}] > 0 {
			return true
		}
		if gap := b.source[b.words[i].end:b.words[j].start]; !strings.ContainsAny(gap, "\n:<>\"'|()[]{}=*#_") {
			return false
		}
	}
	return b.held.pairs[[2]string{first, second}] > 0
}

// lackingPairs counts with how many of its two neighbours a place stands in the source more often than in the records.
func (b *blame) lackingPairs(i int) int {
	n := 0
	for _, pair := range [][2]int{{b.before[i], i}, {i, b.after[i]}} {
		if pair[0] < 0 || pair[1] < 0 {
			continue
		}
		texts := [2]string{b.words[pair[0]].text, b.words[pair[1]].text}
		if b.held.pairs[texts] < b.pairs[texts] {
			n++
		}
	}
	return n
}
