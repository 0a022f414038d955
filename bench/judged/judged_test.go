package judged

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tiny has a query with two relevant documents, one with one, and one with none, which no score counts.
var tiny = map[string]string{
	"docs.jsonl": `{"id": "a", "title": "Tea", "text": "Warm the pot."}
{"id": "b", "title": "Kettles", "text": "Boil water."}
{"id": "c", "title": "Bread", "text": "Knead."}
{"id": "d", "title": "Gardens", "text": "Dig."}
`,
	"queries.jsonl": `{"id": "1", "text": "hot drinks"}
{"id": "2", "text": "flower beds"}
{"id": "3", "text": "sailing"}
`,
	"qrels.tsv": "query_id\tdoc_id\tgrade\n1\ta\t2\n1\tb\t1\n1\tc\t-1\n2\td\t1\n3\ta\t0\n",
}

// folder writes a collection, with some of its files changed; a file that is empty is left out.
func folder(t *testing.T, changes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tiny {
		if changed, ok := changes[name]; ok {
			text = changed
		}
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func readTiny(t *testing.T) Collection {
	t.Helper()
	c, err := Read(folder(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReading(t *testing.T) {
	want := Collection{
		Documents: []Document{{"a", "Tea", "Warm the pot."}, {"b", "Kettles", "Boil water."}, {"c", "Bread", "Knead."}, {"d", "Gardens", "Dig."}},
		Queries:   []Query{{"1", "hot drinks"}, {"2", "flower beds"}, {"3", "sailing"}},
		Grades:    map[string]map[string]int{"1": {"a": 2, "b": 1, "c": -1}, "2": {"d": 1}, "3": {"a": 0}},
	}
	if diff := cmp.Diff(want, readTiny(t)); diff != "" {
		t.Error(diff)
	}
	bare, err := Read(folder(t, map[string]string{"qrels.tsv": "1\ta\t2\n"}))
	if err != nil || bare.Grades["1"]["a"] != 2 {
		t.Errorf("without a heading the grades are %v, %v", bare.Grades, err)
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	for name, tt := range map[string]struct{ file, text, want string }{
		"no documents":        {"docs.jsonl", "", "docs.jsonl: no such file"},
		"a document cut off":  {"docs.jsonl", "{}\n{\"id\": \"a\"", "docs.jsonl:2: unexpected end"},
		"an id that is none":  {"queries.jsonl", `{"id": 1}`, "queries.jsonl:1: json: cannot unmarshal number"},
		"a line too long":     {"queries.jsonl", "{}\n" + strings.Repeat(" ", maxLine+1), "queries.jsonl:2: bufio.Scanner: token too long"},
		"two columns":         {"qrels.tsv", "1\ta\t2\n1\tb\n", "qrels.tsv:2: has 2 columns, want 3"},
		"a second heading":    {"qrels.tsv", "1\ta\t2\nquery\tdoc\tgrade\n", `qrels.tsv:2: strconv.Atoi: parsing "grade"`},
		"nothing is relevant": {"qrels.tsv", "1\ta\t0\n9\tb\t1\n", "qrels.tsv: no query has a relevant document"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Read(folder(t, map[string]string{tt.file: tt.text})); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// The values are worked out by hand: the ideal gain of query 1 is 2/log₂2 + 1/log₂3 = 2.63093, that of query 2 is 1.
func TestScores(t *testing.T) {
	c := readTiny(t)
	// after puts so many documents that nobody judged before some others.
	after := func(n int, ids ...string) []string {
		var others []string
		for i := range n {
			others = append(others, fmt.Sprint("unjudged-", i))
		}
		return append(others, ids...)
	}
	for name, tt := range map[string]struct {
		rankings         Rankings
		ndcg10, recall50 float64
	}{
		"all in the best order":   {Rankings{"1": {"a", "b"}, "2": {"d"}}, 1, 1},
		"nothing":                 {nil, 0, 0},
		"one query finds nothing": {Rankings{"1": {"a", "b"}}, .5, .5},
		"without judgements":      {Rankings{"1": {"a", "b"}, "2": {"d"}, "3": {"a", "b", "c"}}, 1, 1},
		"the wrong way round":     {Rankings{"1": {"b", "a"}, "2": {"d"}}, (2.26186/2.63093 + 1) / 2, 1},      // 1/log₂2 + 2/log₂3
		"the worst comes first":   {Rankings{"1": {"c", "b", "a"}, "2": {"d"}}, (1.63093/2.63093 + 1) / 2, 1}, // 1/log₂3 + 2/log₂4
		"one of two":              {Rankings{"1": {"a", "c"}, "2": {"d"}}, (2/2.63093 + 1) / 2, .75},
		"in the 10th place":       {Rankings{"2": after(9, "d")}, 0.28906 / 2, .5}, // 1/log₂11
		"in the 11th place":       {Rankings{"2": after(10, "d")}, 0, .5},
		"in the 50th place":       {Rankings{"1": after(49, "a"), "2": after(49, "d")}, 0, .75},
		"in the 51st place":       {Rankings{"1": after(50, "a"), "2": after(50, "d")}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ndcg10, recall50 := c.Score(tt.rankings)
			if math.Abs(ndcg10-tt.ndcg10) > 1e-5 || recall50 != tt.recall50 {
				t.Errorf("nDCG@10 %.5f and recall@50 %.5f, want %.5f and %.5f", ndcg10, recall50, tt.ndcg10, tt.recall50)
			}
		})
	}
}

func TestARunHasALinePerDocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tiny.run")
	if err := readTiny(t).WriteRun(path, Rankings{"2": {"d"}, "1": {"b", "a"}, "unknown": {"c"}}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if want := "1 Q0 b 1 2 lectern\n1 Q0 a 2 1 lectern\n2 Q0 d 1 1 lectern\n"; err != nil || string(got) != want {
		t.Errorf("it is %q, %v, want %q", got, err, want)
	}
}
