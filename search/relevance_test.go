package search_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lectern-cms/lectern/bench/judged"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

func TestRelevanceIsAtLeastThatOfBM25(t *testing.T) {
	for name, floor := range map[string]struct{ ndcg10, recall50 float64 }{
		"cisi":      {.40, .33},
		"cranfield": {.52, .68},
		"cacm":      {.49, .56},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := judged.Read(sharedFolder(t, "relevance", name))
			if err != nil {
				t.Fatal(err)
			}
			e := open(t, t.TempDir())
			index(t, e, c.Documents)
			ndcg10, recall50 := c.Score(rankings(t, e, c.Queries))
			t.Logf("%s: nDCG@10 %.4f (floor %.2f), recall@50 %.4f (floor %.2f)", name, ndcg10, floor.ndcg10, recall50, floor.recall50)
			if ndcg10 < floor.ndcg10 || recall50 < floor.recall50 {
				t.Errorf("nDCG@10 %.4f and recall@50 %.4f, want at least %.2f and %.2f", ndcg10, recall50, floor.ndcg10, floor.recall50)
			}
		})
	}
}

// sharedFolder finds a folder of test data outside the module. CI must have it; others may do without.
func sharedFolder(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("LECTERN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	dir := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI needs the shared folder: %v", err)
		}
		t.Skipf("NOT MEASURED: no shared folder (set LECTERN_SHARED): %v", err)
	}
	return dir
}

// index fills an index with documents.
func index(t *testing.T, idx search.Index, documents []judged.Document) {
	t.Helper()
	err := idx.Rebuild(t.Context(), 1, func(add func(search.Document) error) error {
		for _, d := range documents {
			ref := models.Ref{Type: models.KindSection, ID: models.ID(d.ID)}
			if err := add(search.Document{Ref: ref, Language: "en", Title: d.Title, Body: d.Text}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rankings asks all queries.
func rankings(t *testing.T, idx search.Index, queries []judged.Query) judged.Rankings {
	t.Helper()
	all := make(judged.Rankings)
	for _, q := range queries {
		found, err := idx.Search(t.Context(), search.Query{Text: q.Text, Limit: judged.RecallDepth})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found.Hits {
			all[q.ID] = append(all[q.ID], string(h.Ref.ID))
		}
	}
	return all
}
