package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/search/syntax"
)

// The postings within a set are those of all documents that are in it.
func TestPostingsWithinASetAreTheOthersLeftOut(t *testing.T) {
	r := shuffledView(t)
	documents, err := documentSpace(r)
	if err != nil {
		t.Fatal(err)
	}
	read := func(term string, within docSet) (all []posting) {
		found, err := openPostings(t.Context(), r, englishAnalysis().scored, term)
		if err != nil {
			t.Fatal(err)
		}
		if err := found.eachWithin(t.Context(), within, func(p posting) { all = append(all, p) }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		term := rapid.SampledFrom([]string{"map", "librari", "loan", stopMark + "the", "nowhere"}).Draw(t, "term")
		within := newDocSet(documents)
		for _, doc := range rapid.SliceOfN(rapid.Uint64Range(0, documents-1), 0, 200).Draw(t, "set") {
			within.add(doc)
		}
		var want []posting
		for _, p := range read(term, nil) {
			if within.has(p.doc) {
				want = append(want, p)
			}
		}
		if diff := cmp.Diff(want, read(term, within), cmp.AllowUnexported(posting{})); diff != "" {
			t.Fatalf("postings of %s (-want +got):\n%s", term, diff)
		}
	})
}

// Verdicts that are remembered are those that the question gives, and nothing is found without what it needs.
func TestVerdictsAndNeedsAreThoseOfTheQuestion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := rapid.IntRange(1, maxVerdictLeaves+2).Draw(t, "leaves")
		root := drawClause(t, leaves, 3)
		v := newVerdicts(root, leaves)
		for _, have := range rapid.SliceOfN(rapid.Uint64Range(0, 1<<leaves-1), 1, 50).Draw(t, "documents") {
			got := v.on(leafSet(have))
			if got.any != root.holds(leafSet(have), false) || got.all != root.holds(leafSet(have), true) {
				t.Fatalf("the verdict on %b is %+v", have, got)
			}
			for i := range leaves {
				if root.needs(i) && root.holds(leafSet(have)&^(1<<i), false) {
					t.Fatalf("%b is found without the leaf %d that is needed", have, i)
				}
			}
		}
	})
}

func drawClause(t *rapid.T, leaves, depth int) *clause {
	op := syntax.OpWord
	if depth > 0 {
		op = rapid.SampledFrom([]syntax.Op{syntax.OpWord, syntax.OpWords, syntax.OpAny, syntax.OpAll, syntax.OpNot}).Draw(t, "op")
	}
	c := &clause{op: op}
	parts := 0
	switch op {
	case syntax.OpWords:
		c.set = leafSet(rapid.Uint64Range(1, 1<<leaves-1).Draw(t, "set"))
	case syntax.OpNot:
		parts = 1
	case syntax.OpAny, syntax.OpAll:
		parts = rapid.IntRange(2, 3).Draw(t, "parts")
	default:
		c.leaf = rapid.IntRange(0, leaves-1).Draw(t, "leaf")
	}
	for range parts {
		c.parts = append(c.parts, drawClause(t, leaves, depth-1))
	}
	return c
}
