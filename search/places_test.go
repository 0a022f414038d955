package search

import (
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search/syntax"
)

// Places that were packed are the same when they are read again, whatever the steps between them.
func TestPlacesSurvivePacking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.OneOf(rapid.Uint32Range(1, 40), rapid.Uint32Range(1, 3_000_000))
		var places []uint32
		at := uint32(0)
		for _, s := range rapid.SliceOfN(step, 1, 60).Draw(t, "steps") {
			at += s
			places = append(places, at)
		}
		var got []uint32
		for _, number := range packPlaces(places) {
			if number <= 1 {
				t.Fatalf("%v: packed as %d, which is no frequency to keep", places, number)
			}
			got = unpackPlaces(got, uint64(number))
		}
		if diff := cmp.Diff(places, got); diff != "" {
			t.Fatalf("places packed and unpacked (-want +got):\n%s", diff)
		}
	})
}

func TestNextIsTheFirstMemberFromANumberOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := newDocSet(200)
		members := rapid.SliceOf(rapid.Uint64Range(0, 199)).Draw(t, "members")
		for _, m := range members {
			set.add(m)
		}
		from := rapid.Uint64Range(0, 300).Draw(t, "from")
		want := slices.DeleteFunc(slices.Clone(members), func(m uint64) bool { return m < from })
		got, ok := set.next(from)
		if ok != (len(want) > 0) || ok && got != slices.Min(want) {
			t.Fatalf("next(%d) of %v = %d, %t", from, members, got, ok)
		}
	})
}

// shuffled makes texts of a few words, which meet in every order, some of them often and in long texts very often.
type shuffled struct{ *rand.Rand }

var shuffledWords = []string{"map", "maps", "library", "loan", "the", "of", "2018", "grün"}

func (s shuffled) words(n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = shuffledWords[min(s.IntN(len(shuffledWords)), s.IntN(len(shuffledWords)))]
	}
	return strings.Join(words, " ")
}

func (s shuffled) text(lines, words int) string {
	var b strings.Builder
	for range s.IntN(lines + 1) {
		b.WriteString(s.words(s.IntN(words+1)) + "\n")
	}
	return b.String()
}

func (s shuffled) document(i int) Document {
	d := Document{
		Ref:      models.Ref{Type: models.KindSection, ID: models.ID(fmt.Sprint(i))},
		Language: []string{"en", "de", "cy"}[s.IntN(3)], Title: s.words(s.IntN(6)), Body: s.text(4, 8),
		Author: s.text(2, 3), Cited: s.text(3, 6),
	}
	if s.IntN(3) > 0 {
		d.Updated = time.Date(2026, 1, 1+s.IntN(5), 0, 0, 0, 0, time.UTC)
		d.Values = map[Facet][]string{FacetYear: {Year(2000 + s.IntN(5))}}
	}
	if s.IntN(10) == 0 {
		d.Body = s.text(3, 2000)
	}
	return d
}

// fill writes documents in several batches, some of them twice, and takes some out again.
func (s shuffled) fill(t *testing.T, e *Embedded, n int) map[models.ID]Document {
	t.Helper()
	live := make(map[models.ID]Document)
	for batch := range 8 {
		b := Batch{Revision: int64(batch + 1)}
		for range n / 8 {
			d := s.document(s.IntN(n))
			b.Put = append(b.Put, d)
			live[d.Ref.ID] = d
		}
		for id := range s.IntN(n / 16) {
			ref := s.document(id).Ref
			if !slices.ContainsFunc(b.Put, func(d Document) bool { return d.Ref == ref }) {
				b.Delete = append(b.Delete, ref)
				delete(live, ref.ID)
			}
		}
		if err := e.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	return live
}

func openShuffled(t *testing.T) (*Embedded, shuffled) {
	t.Helper()
	e, err := OpenEmbedded(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e, shuffled{rand.New(rand.NewPCG(3, 4))}
}

// Phrases found by the places of their words are those that reading all texts finds.
func TestPhrasesAreWhereReadingTextsFindsThem(t *testing.T) {
	e, s := openShuffled(t)
	live := s.fill(t, e, 400)
	kept := make(map[models.ID]map[syntax.Field]string)
	for id, d := range live {
		kept[id] = keptOf(d)
	}
	found := 0
	for range 300 {
		text := s.words(1 + s.IntN(5))
		field := []syntax.Field{"", "", syntax.FieldTitle, syntax.FieldAuthor, syntax.FieldCited}[s.IntN(5)]
		node := &syntax.Node{Op: syntax.OpPhrase, Field: field, Text: text}
		phrase := `"` + text + `"`
		if field != "" {
			phrase = string(field) + ":" + phrase
		}
		l := leaf{node: node, words: strings.Fields(foldLine(text))}
		want := make(map[models.ID]bool)
		for id := range live {
			if l.hasPhrase(kept[id]) {
				want[id] = true
			}
		}
		found += len(want)
		checkPhrase(t, e, phrase, want, len(live))
	}
	t.Logf("%d documents, found %d times", len(live), found)
	if found == 0 {
		t.Error("no phrase was found: nothing is proven")
	}
}

// checkPhrase asks for a phrase alone, for what lacks it, and for it beside a word that all may have.
func checkPhrase(t *testing.T, e *Embedded, phrase string, want map[models.ID]bool, all int) {
	t.Helper()
	got := hitsOf(t, e, phrase)
	if got.Total != len(want) || len(got.Hits) != len(want) {
		t.Errorf("%s: %d hits, %d in all, want %d", phrase, len(got.Hits), got.Total, len(want))
	}
	for _, h := range got.Hits {
		if !want[h.Ref.ID] {
			t.Errorf("%s is found in %s, which lacks it", phrase, h.Ref.ID)
		}
	}
	if lacking := hitsOf(t, e, "NOT "+phrase); lacking.Total != all-len(want) {
		t.Errorf("NOT %s: %d hits, want %d", phrase, lacking.Total, all-len(want))
	}
	scores := make(map[models.ID]float64)
	for _, h := range got.Hits {
		scores[h.Ref.ID] = h.Score
	}
	for _, h := range hitsOf(t, e, phrase+" OR zzz").Hits { // which is nowhere
		if alone := scores[h.Ref.ID]; math.Abs(h.Score*allWordsBonus-alone) > 1e-9 {
			t.Errorf("%s counts %v in %s, and %v beside another word", phrase, alone, h.Ref.ID, h.Score)
		}
	}
	for _, h := range hitsOf(t, e, phrase+" OR map OR loan").Hits {
		if has := slices.Contains(h.Matched, phrase); has != want[h.Ref.ID] {
			t.Errorf("%s is said to match in %s: %t, want %t", phrase, h.Ref.ID, has, want[h.Ref.ID])
		}
	}
}

func hitsOf(t *testing.T, e *Embedded, text string) Results {
	t.Helper()
	r, err := e.Search(t.Context(), Query{Text: text, Limit: MaxOffset})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}
