package merge

import (
	"reflect"
	"slices"
)

const (
	// MaxCells bounds the table that the longest common subsequence of two lists is read from, in entries. Longer
	// lists are matched by what occurs in each of them once.
	MaxCells = 4 << 20
	// maxGap is how many neighbours are compared word by word at a time.
	maxGap = 200
	// minLikeness is the share of words from which on two elements of one kind are versions of one thing.
	minLikeness = 0.5
)

// match pairs the elements of two lists in order: equal ones first, and between those the ones that are alike.
// Each pair is the indexes in a and b.
func match(a, b []*node) [][2]int {
	if len(a) == len(b) && len(a) > 0 && a[0].in.class.byPos {
		return diagonal(0, len(a))
	}
	equal := common(contents(a), contents(b))
	var out [][2]int
	i, j := 0, 0
	for _, p := range append(slices.Clone(equal), [2]int{len(a), len(b)}) {
		out = append(out, alike(a, b, [2]int{i, j}, p)...)
		if p[0] < len(a) {
			out = append(out, p)
		}
		i, j = p[0]+1, p[1]+1
	}
	return out
}

func contents(ns []*node) []string {
	out := make([]string, len(ns))
	for i, n := range ns {
		out[i] = n.content
	}
	return out
}

func diagonal(from, to int) [][2]int {
	var out [][2]int
	for i := from; i < to; i++ {
		out = append(out, [2]int{i, i})
	}
	return out
}

// common pairs the equal elements of two sequences in order, as many as there are, or where the sequences are long
// at least those that occur once.
func common(a, b []string) [][2]int {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	i, j := len(a), len(b)
	for i > start && j > start && a[i-1] == b[j-1] {
		i, j = i-1, j-1
	}
	middle := longest
	if (i-start)*(j-start) > MaxCells {
		middle = unique
	}
	out := diagonal(0, start)
	for _, p := range middle(a[start:i], b[start:j]) {
		out = append(out, [2]int{p[0] + start, p[1] + start})
	}
	for ; i < len(a); i, j = i+1, j+1 {
		out = append(out, [2]int{i, j})
	}
	return out
}

// longest finds a longest common subsequence.
func longest(a, b []string) [][2]int {
	return heaviest(len(a), len(b), func(i, j int) float32 {
		if a[i] == b[j] {
			return 1
		}
		return 0
	})
}

// heaviest pairs two sequences in order so that the sum of the pairs' weights is the largest possible.
func heaviest(n, m int, weight func(i, j int) float32) [][2]int {
	width := m + 1
	best := make([]float32, (n+1)*width) // of what begins at i, j
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i*width+j] = max(best[(i+1)*width+j], best[i*width+j+1])
			if w := weight(i, j); w > 0 {
				best[i*width+j] = max(best[i*width+j], best[(i+1)*width+j+1]+w)
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < m; {
		switch best[i*width+j] {
		case best[(i+1)*width+j]:
			i++
		case best[i*width+j+1]:
			j++
		default:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		}
	}
	return out
}

// unique pairs what occurs once in each sequence, as far as it stands in the same order.
func unique(a, b []string) [][2]int {
	inA, inB := once(a), once(b)
	var pairs [][2]int
	var at []int
	for i, s := range a {
		if j, ok := inB[s]; ok && j >= 0 && inA[s] >= 0 {
			pairs, at = append(pairs, [2]int{i, j}), append(at, j)
		}
	}
	var out [][2]int
	for _, k := range rising(at) {
		out = append(out, pairs[k])
	}
	return out
}

// once gives the place of each string, or -1 for one that occurs again.
func once(s []string) map[string]int {
	out := map[string]int{}
	for i, x := range s {
		if _, again := out[x]; again {
			i = -1
		}
		out[x] = i
	}
	return out
}

// rising gives the indexes of a longest rising subsequence of different numbers.
func rising(s []int) []int {
	var tails []int // the index of the last element of the best subsequence of each length
	before := make([]int, len(s))
	for i, x := range s {
		k, _ := slices.BinarySearchFunc(tails, x, func(t, x int) int { return s[t] - x })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		}
		tails[k] = i
	}
	out := make([]int, len(tails))
	for k := len(tails) - 1; k >= 0; k-- {
		if out[k] = tails[k]; k+1 < len(tails) {
			out[k] = before[out[k+1]]
		}
	}
	return out
}

// alike pairs elements between two places that are of one kind and share most words.
func alike(a, b []*node, from, to [2]int) [][2]int {
	var out [][2]int
	for i, j := from[0], from[1]; i < to[0] && j < to[1]; i, j = i+maxGap, j+maxGap {
		n, m := min(maxGap, to[0]-i), min(maxGap, to[1]-j)
		pairs := heaviest(n, m, func(x, y int) float32 { return likeness(a[i+x], b[j+y]) })
		for _, p := range pairs {
			out = append(out, [2]int{i + p[0], j + p[1]})
		}
	}
	return out
}

// likeness is the share of common words of two elements (Dice's coefficient), or 0 when they are different things.
func likeness(a, b *node) float32 {
	total := len(a.words) + len(b.words)
	if total == 0 || a.twin || b.twin || kind(a) != kind(b) || 2*min(len(a.words), len(b.words)) < int(minLikeness*float32(total)) {
		return 0
	}
	shared := 0
	for i, j := 0, 0; i < len(a.words) && j < len(b.words); {
		switch {
		case a.words[i] < b.words[j]:
			i++
		case a.words[i] > b.words[j]:
			j++
		default:
			shared, i, j = shared+1, i+1, j+1
		}
	}
	if l := 2 * float32(shared) / float32(total); l >= minLikeness {
		return l
	}
	return 0
}

// kind is what an element is called: "paragraph", "choice_one"; "" for those that have one kind only.
func kind(n *node) string {
	if !n.value.CanAddr() || n.value.Kind() != reflect.Struct {
		return ""
	}
	return kindOf(n.value.Addr().Interface())
}
