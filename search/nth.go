package search

import (
	"container/heap"
	"iter"
)

// nth gives the n-th of some values in an order, and the last where there are fewer. It keeps n of them at most, so that a
// page costs little however much is found. n is at least 1.
func nth[T any](n int, values iter.Seq[T], compare func(a, b T) int) (last T) {
	first := lastOnTop[T]{compare: compare}
	for v := range values {
		first.offer(n, v)
	}
	return first.last()
}

// lastOnTop is a heap with the last value in an order on top.
type lastOnTop[T any] struct {
	values  []T
	compare func(a, b T) int
}

// offer keeps a value if it is among the n first ones so far.
func (h *lastOnTop[T]) offer(n int, v T) {
	switch {
	case len(h.values) < n:
		heap.Push(h, v)
	case h.compare(v, h.values[0]) < 0:
		h.values[0] = v
		heap.Fix(h, 0)
	}
}

// last is the last of the values that are kept.
func (h *lastOnTop[T]) last() (last T) {
	if len(h.values) > 0 {
		last = h.values[0]
	}
	return last
}

func (h lastOnTop[T]) Len() int           { return len(h.values) }
func (h lastOnTop[T]) Less(i, j int) bool { return h.compare(h.values[i], h.values[j]) > 0 }
func (h lastOnTop[T]) Swap(i, j int)      { h.values[i], h.values[j] = h.values[j], h.values[i] }
func (h *lastOnTop[T]) Push(x any)        { h.values = append(h.values, x.(T)) }
func (h *lastOnTop[T]) Pop() any {
	last := len(h.values) - 1
	x := h.values[last]
	h.values = h.values[:last]
	return x
}
