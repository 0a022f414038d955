package search

import (
	"fmt"
	"testing"

	index "github.com/blevesearch/bleve_index_api"
	"github.com/google/go-cmp/cmp"
)

// Lists that are unpacked have the postings that bleve gives, without those of deleted documents.
func TestUnpackedListsAreThoseOfBleve(t *testing.T) {
	r := shuffledView(t)
	terms, deleted := 0, 0
	for _, term := range []string{"map", "librari", "loan", "2018", stopMark + "the", stopMark + "of"} {
		found, err := openPostings(t.Context(), r, englishAnalysis().scored, term)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []posting
		if err := found.eachWithin(t.Context(), nil, func(p posting) { want = append(want, p) }); err != nil {
			t.Fatal(err)
		}
		for _, list := range found {
			unpacked, err := list.unpack(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			deleted += len(unpacked) - int(list.Count())
			if err := list.eachUnpacked(t.Context(), unpacked, func(p posting) { got = append(got, p) }); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(posting{})); diff != "" {
			t.Errorf("postings of %s (-bleve +unpacked):\n%s", term, diff)
		}
		terms += len(want)
	}
	if terms == 0 || deleted == 0 {
		t.Errorf("%d postings and %d deleted ones: nothing is proven", terms, deleted)
	}
}

// What is asked for again and again is kept, what is not goes, and there is never more than the bound.
func TestUnpackedListsAreBounded(t *testing.T) {
	var lists unpackedLists
	key := func(i int) listKey { return listKey{field: "all_en", term: fmt.Sprint(i)} }
	const size = 200_000
	favourite := key(-1)
	lists.put(favourite, make([]unpackedPosting, size))
	for i := range 200 {
		lists.put(key(i), make([]unpackedPosting, size))
		if _, ok := lists.get(favourite); !ok {
			t.Fatalf("a list that is asked for is gone after %d others", i+1)
		}
		bytes := 0
		for _, half := range []map[listKey][]unpackedPosting{lists.young, lists.old} {
			for _, list := range half {
				bytes += len(list) * postingBytes
			}
		}
		if bytes > unpackedBytes {
			t.Fatalf("%d bytes are kept, more than %d", bytes, unpackedBytes)
		}
	}
	if _, ok := lists.get(key(0)); ok {
		t.Error("a list that nobody asked for is still there")
	}
	lists.put(key(1000), make([]unpackedPosting, unpackedBytes/postingBytes))
	if _, ok := lists.get(key(1000)); ok {
		t.Error("a list that takes all the room is kept")
	}
	for i := range 3 * unpackedBytes / listOverhead {
		lists.put(key(2000+i), nil) // which can't be kept: that, too, is known of so many only
	}
	if n := len(lists.young) + len(lists.old); n > unpackedBytes/listOverhead {
		t.Errorf("%d lists that can't be kept are known, more than %d", n, unpackedBytes/listOverhead)
	}
	lists.forget()
	if n := len(lists.young) + len(lists.old); n != 0 {
		t.Errorf("%d lists are left", n)
	}
}

// shuffledView is a view of an index of shuffled documents, some of which were deleted.
func shuffledView(t *testing.T) index.IndexReader {
	t.Helper()
	e, s := openShuffled(t)
	s.fill(t, e, 400)
	r, done, err := e.read()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(done)
	return r
}

// Searches find and score the same with lists that are kept, without them, and while documents come and go.
func TestSearchesOverKeptListsGiveTheSame(t *testing.T) {
	e, s := openShuffled(t)
	live := s.fill(t, e, 400)
	for revision := range int64(4) {
		for _, text := range []string{"map library", "loan maps 2018", "the of", "library NOT loan"} {
			e.kept.least = MaxOffset // none
			want := hitsOf(t, e, text)
			for range 2 {
				e.kept.least = 1
				if diff := cmp.Diff(want, hitsOf(t, e, text)); diff != "" {
					t.Fatalf("%s (-without +with lists that are kept):\n%s", text, diff)
				}
			}
		}
		b := Batch{Put: []Document{s.document(1000)}, Revision: 10 + revision}
		for id, d := range live {
			b.Delete = append(b.Delete, d.Ref)
			delete(live, id)
			if len(b.Delete) == 10 {
				break
			}
		}
		if err := e.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if len(e.kept.young) == 0 {
		t.Error("no list was kept: nothing is proven")
	}
}
