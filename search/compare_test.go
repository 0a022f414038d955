package search_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
	"github.com/lectern-cms/lectern/search/searchtest"
)

// Whatever an index and live content have, comparing tells what only one of them has, and mending leaves both the same.
func TestComparingFindsEveryDifferenceAndMendingEndsIt(t *testing.T) {
	root := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		index := open(t, filepath.Join(root, fmt.Sprint(n)))
		defer shut(t, index)
		live := &site{changes: make([]models.Change, rapid.IntRange(1, 3).Draw(rt, "newest revision"))}
		at := rapid.Int64Range(1, int64(len(live.changes))).Draw(rt, "revision of the index")
		want := search.Difference{Missing: []models.Ref{}, Extra: []models.Ref{}, Behind: int64(len(live.changes)) - at}
		batch := search.Batch{Revision: at}
		for i := range rapid.IntRange(0, 30).Draw(rt, "records") {
			d := section(fmt.Sprintf("%02d", i), "library")
			where := rapid.SampledFrom([]string{"both", "live", "index"}).Draw(rt, "where")
			if where != "index" {
				live.docs = append(live.docs, d)
			}
			if where != "live" {
				batch.Put = append(batch.Put, d)
			}
			switch where {
			case "live":
				want.Missing = append(want.Missing, d.Ref)
			case "index":
				want.Extra = append(want.Extra, d.Ref)
			}
		}
		apply(t, index, batch)

		got, err := search.Compare(t.Context(), index, live)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("difference (-want +got):\n%s", diff)
		}
		if _, err := search.Mend(t.Context(), index, live); err != nil {
			rt.Fatal(err)
		}
		if has, want := len(searchtest.Refs(t, index)), len(live.docs); has != want {
			rt.Fatalf("the mended index has %d documents, want %d", has, want)
		}
		if d, err := search.Compare(t.Context(), index, live); err != nil || len(d.Missing)+len(d.Extra) > 0 {
			rt.Fatalf("a mended index has %+v, error %v", d, err)
		}
	})
}
