package search_test

import (
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// benchDocuments is a middling site.
const benchDocuments = 5000

// prose makes sections of 250 to 750 words after Zipf's law, and queries of two to four words that are neither among the
// commonest nor the rarest.
type prose struct {
	random *rand.Rand
	zipf   *rand.Zipf
}

func newProse() *prose {
	r := rand.New(rand.NewPCG(1, 2))
	return &prose{random: r, zipf: rand.NewZipf(r, 1.05, 3, 50_000)}
}

func (p *prose) words(n int, rank func() uint64) string {
	var b strings.Builder
	for range n {
		fmt.Fprintf(&b, "%s ", spell(rank()))
	}
	return b.String()
}

// spell makes a word of letters of a number.
func spell(n uint64) string {
	word := []byte("w")
	for ; n > 0; n /= 20 {
		word = append(word, "bcdfghjklmnpqrtvwxza"[n%20], "aeiou"[n%5])
	}
	return string(word)
}

func (p *prose) document(i int) search.Document {
	return search.Document{
		Ref:    models.Ref{Type: []models.Kind{models.KindSection, models.KindSource}[i%2], ID: models.ID(fmt.Sprintf("%08d", i))},
		Course: models.ID(fmt.Sprint("course", i%10)), Language: "en",
		Title: p.words(3+p.random.IntN(5), p.zipf.Uint64), Body: p.words(250+p.random.IntN(501), p.zipf.Uint64),
	}
}

func (p *prose) query() string {
	return p.words(2+p.random.IntN(3), func() uint64 {
		return uint64(60 * math.Exp(p.random.Float64()*math.Log(20_000./60)))
	})
}

func benchIndex(b *testing.B) (*search.Embedded, *prose, string) {
	b.Helper()
	dir, p := b.TempDir(), newProse()
	e := open(b, dir)
	err := e.Rebuild(b.Context(), 1, func(add func(search.Document) error) error {
		for i := range benchDocuments {
			if err := add(p.document(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return e, p, dir
}

func BenchmarkSearch(b *testing.B) {
	e, p, dir := benchIndex(b)
	megabytes := float64(folderBytes(b, dir)) / 1e6
	queries := make([]search.Query, 200)
	for i := range queries {
		queries[i] = search.Query{Text: p.query(), Limit: 20}
	}
	for name, change := range map[string]func(*search.Query){
		"any": func(*search.Query) {},
		"filtered": func(q *search.Query) {
			q.Filters = []search.Filter{search.Only(search.FacetType, "section"), search.Only(search.FacetCourse, "course2")}
		},
		"typo": func(q *search.Query) { q.Text = strings.TrimSpace(q.Text) + "q" },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for i := 0; b.Loop(); i++ {
				q := queries[i%len(queries)]
				change(&q)
				r, err := e.Search(b.Context(), q)
				if err != nil {
					b.Fatal(err)
				}
				found += r.Any
			}
			b.ReportMetric(float64(found)/float64(b.N), "found/op")
			b.ReportMetric(megabytes, "MB")
		})
	}
}

func folderBytes(b *testing.B, dir string) (n int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		n += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func BenchmarkApply(b *testing.B) {
	e, p, _ := benchIndex(b)
	for _, size := range []int{1, 100} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				batch := search.Batch{Revision: int64(i + 2)}
				for range size {
					batch.Put = append(batch.Put, p.document(p.random.IntN(benchDocuments)))
				}
				apply(b, e, batch)
			}
		})
	}
}
