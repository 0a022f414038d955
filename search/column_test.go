package search

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
)

// Every page of every order by name is what sorting all documents that are found puts there.
func TestPagesByNameAreThoseOfAWholeSort(t *testing.T) {
	e, s := openShuffled(t)
	live := s.fill(t, e, 400)
	for range 3 {
		for _, name := range Orders() {
			for _, order := range []Order{name, "-" + name} {
				checkPage(t, e, live, order, s.IntN(len(live)+10), 1+s.IntN(30))
			}
		}
		// Later views have segments of before, with documents taken out, and new ones.
		b := Batch{Revision: 9}
		for _, id := range slices.Sorted(maps.Keys(live))[:10] {
			b.Delete = append(b.Delete, live[id].Ref)
			delete(live, id)
		}
		for range 10 {
			d := s.document(500 + s.IntN(50))
			b.Put = append(b.Put, d)
			live[d.Ref.ID] = d
		}
		if err := e.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
}

func checkPage(t *testing.T, e *Embedded, live map[models.ID]Document, order Order, offset, limit int) {
	t.Helper()
	name, desc := order.split()
	sorted := slices.SortedFunc(maps.Values(live), func(a, b Document) int {
		return cmp.Or(compareKeys(a.sortKey(name), b.sortKey(name), desc), compareRefs(a.Ref, b.Ref))
	})
	var want, got []models.ID
	for _, d := range sorted[min(offset, len(sorted)):min(offset+limit, len(sorted))] {
		want = append(want, d.Ref.ID)
	}
	r, err := e.Search(t.Context(), Query{Text: "NOT nowhere", Order: order, Offset: offset, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range r.Hits {
		got = append(got, h.Ref.ID)
	}
	if diff := gocmp.Diff(want, got); diff != "" || r.Total != len(live) {
		t.Errorf("order %q from %d on, %d of %d in all (-want +got):\n%s", order, offset, r.Total, len(live), diff)
	}
}
