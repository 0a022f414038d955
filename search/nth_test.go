package search

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The n-th of some values is what stands there when they are sorted, and the last of fewer.
func TestNthIsWhatSortingPutsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.IntRange(0, 9)).Draw(t, "values")
		n := rapid.IntRange(1, 12).Draw(t, "n")
		sorted := slices.Sorted(slices.Values(values))
		want := 0
		if len(sorted) > 0 {
			want = sorted[min(n, len(sorted))-1]
		}
		if got := nth(n, slices.Values(values), cmp.Compare[int]); got != want {
			t.Fatalf("the %d-th of %v is %d, not %d", n, values, got, want)
		}
	})
}
