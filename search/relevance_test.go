package search_test

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// collection is a set of documents and queries that people have judged. The figures are those of
// checks/score_relevance.py in the shared folder.
type collection struct {
	documents []judgedDocument
	queries   []judgedQuery
	grades    map[string]map[string]int // query → document → grade
}

type judgedDocument struct{ ID, Title, Text string }

type judgedQuery struct{ ID, Text string }

func TestRelevanceIsAtLeastThatOfBM25(t *testing.T) {
	for name, floor := range map[string]struct{ ndcg10, recall50 float64 }{
		"cisi":      {.40, .33},
		"cranfield": {.52, .68},
		"cacm":      {.49, .56},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := readCollection(t, sharedFolder(t, "relevance", name))
			ndcg10, recall50 := c.measure(t, c.index(t, open(t, t.TempDir())))
			t.Logf("%s: nDCG@10 %.4f (floor %.2f), recall@50 %.4f (floor %.2f)", name, ndcg10, floor.ndcg10, recall50, floor.recall50)
			if ndcg10 < floor.ndcg10 || recall50 < floor.recall50 {
				t.Errorf("nDCG@10 %.4f and recall@50 %.4f, want at least %.2f and %.2f", ndcg10, recall50, floor.ndcg10, floor.recall50)
			}
		})
	}
}

// BenchmarkRelevanceOnMeilisearch measures the same on a real server, which LECTERN_TEST_MEILI_URL names. Recordings of
// whole collections would be larger than the program.
func BenchmarkRelevanceOnMeilisearch(b *testing.B) {
	if meiliURL == "" {
		b.Skip("NOT MEASURED: LECTERN_TEST_MEILI_URL names no server")
	}
	for _, name := range []string{"cisi", "cranfield", "cacm"} {
		b.Run(name, func(b *testing.B) {
			c := readCollection(b, sharedFolder(b, "relevance", name))
			m, _ := openMeili(b)
			idx := c.index(b, m)
			for b.Loop() {
				ndcg10, recall50 := c.measure(b, idx)
				b.ReportMetric(ndcg10, "nDCG@10")
				b.ReportMetric(recall50, "recall@50")
			}
		})
	}
}

// sharedFolder finds a folder of test data outside the module. CI must have it; others may do without.
func sharedFolder(t testing.TB, parts ...string) string {
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

func readCollection(t testing.TB, dir string) collection {
	t.Helper()
	c := collection{grades: make(map[string]map[string]int)}
	eachLine(t, filepath.Join(dir, "docs.jsonl"), func(line string) error {
		var d judgedDocument
		c.documents = append(c.documents, d)
		return json.Unmarshal([]byte(line), &c.documents[len(c.documents)-1])
	})
	eachLine(t, filepath.Join(dir, "queries.jsonl"), func(line string) error {
		var q judgedQuery
		c.queries = append(c.queries, q)
		return json.Unmarshal([]byte(line), &c.queries[len(c.queries)-1])
	})
	eachLine(t, filepath.Join(dir, "qrels.tsv"), func(line string) error {
		row := strings.Split(line, "\t")
		grade, err := strconv.Atoi(row[2])
		if err != nil && row[2] == "grade" {
			return nil // the heading
		}
		if err != nil {
			return err
		}
		if c.grades[row[0]] == nil {
			c.grades[row[0]] = make(map[string]int)
		}
		c.grades[row[0]][row[1]] = grade
		return nil
	})
	return c
}

func eachLine(t testing.TB, path string, read func(line string) error) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := read(lines.Text()); err != nil {
			t.Fatalf("%s: %v in %.80q", path, err, lines.Text())
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// index fills an engine with the collection.
func (c collection) index(t testing.TB, e search.Index) search.Index {
	t.Helper()
	err := e.Rebuild(t.Context(), 1, func(add func(search.Document) error) error {
		for _, d := range c.documents {
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
	return e
}

// measure gives the means over the queries that have a relevant document.
func (c collection) measure(t testing.TB, idx search.Index) (ndcg10, recall50 float64) {
	t.Helper()
	judged := 0.0
	for _, q := range c.queries {
		grades := c.grades[q.ID]
		ideal := positiveGrades(grades)
		if len(ideal) == 0 {
			continue
		}
		judged++
		found, err := idx.Search(t.Context(), search.Query{Text: q.Text, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		relevant := 0
		for _, h := range found.Hits {
			grade := grades[string(h.Ref.ID)]
			got = append(got, grade)
			if grade > 0 {
				relevant++
			}
		}
		ndcg10 += gain(got) / gain(ideal)
		recall50 += float64(relevant) / float64(len(ideal))
	}
	return ndcg10 / judged, recall50 / judged
}

// positiveGrades gives the grades of all relevant documents, best first.
func positiveGrades(grades map[string]int) []int {
	var all []int
	for _, g := range grades {
		if g > 0 {
			all = append(all, g)
		}
	}
	slices.Sort(all)
	slices.Reverse(all)
	return all
}

// gain is the discounted gain of the first ten.
func gain(grades []int) float64 {
	sum := 0.0
	for i, g := range grades[:min(len(grades), 10)] {
		sum += float64(max(g, 0)) / math.Log2(float64(i)+2)
	}
	return sum
}
