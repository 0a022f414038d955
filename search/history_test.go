package search_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// The scores of BM25 show every error in the counts of documents and words.
func TestScoresDoNotDependOnHistory(t *testing.T) {
	root := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		dir := filepath.Join(root, fmt.Sprint(n))
		defer os.RemoveAll(dir)
		grown, live := growIndex(t, rt, filepath.Join(dir, "grown"))
		defer shut(t, grown)
		fresh := open(t, filepath.Join(dir, "fresh"))
		defer shut(t, fresh)
		var docs []search.Document
		for _, d := range live {
			docs = append(docs, d)
		}
		apply(t, fresh, search.Batch{Put: docs, Revision: 1})

		for _, text := range []string{"library", "maps of the library", "the of", "weathre mentoring"} {
			want, got := ask(t, fresh, text), ask(t, grown, text)
			want.Revision, got.Revision = 0, 0
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("%q (-fresh +grown):\n%s", text, diff)
			}
		}
	})
}

// growIndex puts, replaces and deletes at random, and gives what must be there at the end.
func growIndex(t *testing.T, rt *rapid.T, dir string) (*search.Embedded, map[models.Ref]search.Document) {
	e := open(t, dir)
	live := make(map[models.Ref]search.Document)
	for revision := range rapid.IntRange(1, 8).Draw(rt, "batches") {
		b := search.Batch{Revision: int64(revision + 1)}
		for range rapid.IntRange(0, 2).Draw(rt, "deletes") {
			d := drawDocument(rt)
			b.Delete = append(b.Delete, d.Ref)
			delete(live, d.Ref)
		}
		for range rapid.IntRange(0, 4).Draw(rt, "puts") {
			d := drawDocument(rt)
			b.Put = append(b.Put, d)
			live[d.Ref] = d
		}
		apply(t, e, b)
	}
	return e, live
}

func drawDocument(rt *rapid.T) search.Document {
	words := []string{"library", "libraries", "map", "the", "of", "weather", "mentoring", "other", "others", ""}
	text := func(label string) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(rt, label), " ")
	}
	return search.Document{
		Ref:      models.Ref{Type: models.KindSection, ID: models.ID(rapid.StringMatching(`[a-h]`).Draw(rt, "id"))},
		Language: rapid.SampledFrom([]string{"en", "de", ""}).Draw(rt, "language"),
		Title:    text("title"),
		Body:     text("body"),
	}
}
