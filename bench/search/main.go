// Command search measures a search engine on generated sections: time to index, size, memory, and how long searches take,
// alone and side by side. With -meili the engine is a Meilisearch server, whose key is in LECTERN_MEILI_KEY: the index
// lectern-bench is made there and removed, and what Lectern adds to the time of its requests is measured too.
//
//	go run ./bench/search -sections 100000
//	go run ./bench/search -sections 11000 -meili http://127.0.0.1:7700
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lectern-cms/lectern/bench/prose"
	"github.com/lectern-cms/lectern/search"
)

func main() {
	sections := flag.Int("sections", 11_000, "how many sections to generate, of about 500 words each")
	queries := flag.Int("queries", 1000, "how many queries of each kind to ask")
	meili := flag.String("meili", "", "URL of a Meilisearch server to measure instead of the embedded engine")
	flag.StringVar(&profile, "profile", "", "file for a CPU profile of the searches, for go tool pprof")
	flag.Parse()
	begin := run
	if *meili != "" {
		begin = func(ctx context.Context, sections, queries int) error {
			return runMeilisearch(ctx, *meili, sections, queries)
		}
	}
	if err := begin(context.Background(), *sections, *queries); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, sections, queries int) error {
	dir, err := os.MkdirTemp("", "lectern-bench-search")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	index, err := search.OpenEmbedded(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer index.Close()

	memory := watchMemory()
	if err := fill(ctx, index, sections); err != nil {
		return err
	}
	fmt.Printf("%.0f MB on disk; memory of its own at most %.0f MB, pages of its files beside\n", float64(folderBytes(dir))/1e6, float64(memory())/1e6)
	if err := profiled(func() error { return askAll(ctx, index, queries) }); err != nil {
		return err
	}
	return changeSome(ctx, index, sections)
}

// fill indexes generated sections.
func fill(ctx context.Context, index search.Index, sections int) error {
	begin, worked := time.Now(), cpuTime()
	err := index.Rebuild(ctx, 1, func(add func(search.Document) error) error {
		for i := range sections {
			if err := add(document(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	took := time.Since(begin)
	fmt.Printf("%d sections indexed in %s, %s of CPU time\n", sections, took.Round(time.Second), (cpuTime() - worked).Round(time.Second))
	return nil
}

// askAll asks queries of all kinds.
func askAll(ctx context.Context, index search.Index, queries int) error {
	for _, k := range kinds() {
		for _, clients := range []int{1, 4} {
			worked := cpuTime()
			times, err := ask(ctx, index, k, queries, clients)
			if err != nil {
				return err
			}
			cpu := (cpuTime() - worked) / time.Duration(len(times))
			fmt.Printf("%-28s %d at once: p50 %6.1f ms, p99 %6.1f ms; CPU %5.1f ms, the making of texts included\n",
				k.name, clients, at(times, .5), at(times, .99), float64(cpu)/float64(time.Millisecond))
		}
	}
	return nil
}

// kind is a way to ask.
type kind struct {
	name string
	ask  func(ctx context.Context, index search.Index, p *prose.Prose) (time.Duration, error)
}

func kinds() []kind {
	changed := func(name string, change func(*search.Query)) kind {
		return kind{name, func(ctx context.Context, index search.Index, p *prose.Prose) (time.Duration, error) {
			q := search.Query{Text: p.Query(), Limit: 20}
			change(&q)
			return withSnippets(ctx, index, q)
		}}
	}
	return []kind{
		changed("any word, 20 snippets", func(*search.Query) {}),
		changed("two filters, four facets", func(q *search.Query) {
			q.Filters = []search.Filter{search.Only(search.FacetType, "section"), search.Only(search.FacetLevel, "easy")}
			q.Facets = []search.Facet{search.FacetType, search.FacetSubject, search.FacetLevel, search.FacetModule}
		}),
		changed("a typo", func(q *search.Query) { q.Text += "q" }),
		changed("a phrase of two words", func(q *search.Query) { q.Text = `"` + strings.Join(strings.Fields(q.Text)[:2], " ") + `"` }),
		changed("AND and NOT", func(q *search.Query) {
			f := strings.Fields(q.Text)
			q.Text = f[0] + " AND " + f[1] + " NOT title:" + f[0]
		}),
		changed("by title", func(q *search.Query) { q.Order = search.OrderTitle }),
		{"a suggestion", suggestion},
	}
}

// withSnippets asks, and looks for the words in the texts of the hits, as an answer does.
func withSnippets(ctx context.Context, index search.Index, q search.Query) (time.Duration, error) {
	begin := time.Now()
	results, err := index.Search(ctx, q)
	took := time.Since(begin)
	if err != nil {
		return 0, err
	}
	docs := make([]search.Document, len(results.Hits))
	for i, h := range results.Hits {
		docs[i] = document(number(h.Ref.ID)) // a database has them
	}
	begin = time.Now()
	marker := index.Highlighter(q)
	for _, d := range docs {
		marker.Find(d.Title, 400)
		marker.Find(d.Body, 400)
	}
	return took + time.Since(begin), nil
}

func suggestion(ctx context.Context, index search.Index, p *prose.Prose) (time.Duration, error) {
	text := p.Query()
	text = text[:len(text)-1]
	begin := time.Now()
	if _, err := index.Complete(ctx, text, 8); err != nil {
		return 0, err
	}
	_, err := index.Search(ctx, search.Query{Text: text, Typing: true, Limit: 5})
	return time.Since(begin), err
}

// ask gives how long queries took, the shortest first.
func ask(ctx context.Context, index search.Index, k kind, queries, clients int) ([]time.Duration, error) {
	var all []time.Duration
	var failed error
	var mu sync.Mutex
	var done sync.WaitGroup
	for client := range clients {
		done.Go(func() {
			p := prose.New(uint64(client) + 100)
			for range queries / clients {
				took, err := k.ask(ctx, index, p)
				mu.Lock()
				all = append(all, took)
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	done.Wait()
	slices.Sort(all)
	return all, failed
}

// at is a quantile in milliseconds.
func at(times []time.Duration, share float64) float64 {
	return float64(times[int(share*float64(len(times)-1))]) / float64(time.Millisecond)
}
