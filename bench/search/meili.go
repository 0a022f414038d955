package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/lectern-cms/lectern/bench/prose"
	"github.com/lectern-cms/lectern/search"
)

// benchIndex is the index that is measured.
const benchIndex = "lectern-bench"

func runMeilisearch(ctx context.Context, url string, sections, queries int) error {
	key := os.Getenv("LECTERN_MEILI_KEY")
	heard := &listener{RoundTripper: search.MeilisearchTransport()}
	index := search.OpenMeilisearch(search.MeilisearchConfig{URL: url, Key: key, Index: benchIndex, Transport: heard}, slog.Default())
	defer index.Close()
	defer meilisearch.New(url, meilisearch.WithAPIKey(key)).DeleteIndex(benchIndex) //nolint:errcheck // it is only a bench's
	if err := fill(ctx, index, sections); err != nil {
		return err
	}
	if err := profiled(func() error { return overhead(ctx, index, heard, queries) }); err != nil {
		return err
	}
	return askAll(ctx, index, queries)
}

// listener hears what an engine asks.
type listener struct {
	http.RoundTripper
	mu    sync.Mutex
	asked []*http.Request
	body  [][]byte
}

// RoundTrip implements http.RoundTripper.
func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	l.mu.Lock()
	l.asked, l.body = append(l.asked, r), append(l.body, body)
	l.mu.Unlock()
	return l.RoundTripper.RoundTrip(r)
}

func (l *listener) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked, l.body = nil, nil
}

// again makes all requests once more, and reads their answers without a look at them.
func (l *listener) again(ctx context.Context) (time.Duration, error) {
	begin := time.Now()
	for i, r := range l.asked {
		r := r.Clone(ctx)
		r.Body = io.NopCloser(bytes.NewReader(l.body[i]))
		res, err := l.RoundTripper.RoundTrip(r)
		if err != nil {
			return 0, err
		}
		_, err = io.Copy(io.Discard, res.Body)
		if err := res.Body.Close(); err != nil {
			return 0, err
		}
		if err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}

// overhead compares searches with the bare requests that they make.
func overhead(ctx context.Context, index search.Index, heard *listener, queries int) error {
	var ours, bare []time.Duration
	requests := 0
	p := prose.New(7)
	for range queries {
		q := search.Query{Text: p.Query(), Limit: 20}
		if _, err := index.Search(ctx, q); err != nil { // its words are known then, as those of most queries are
			return err
		}
		heard.forget()
		begin := time.Now()
		if _, err := index.Search(ctx, q); err != nil {
			return err
		}
		ours = append(ours, time.Since(begin))
		requests += len(heard.asked)
		took, err := heard.again(ctx)
		if err != nil {
			return err
		}
		bare = append(bare, took)
	}
	slices.Sort(ours)
	slices.Sort(bare)
	fmt.Printf("any word: p50 %.2f ms, its %.1f requests alone %.2f ms: Lectern adds %.0f %%\n",
		at(ours, .5), float64(requests)/float64(queries), at(bare, .5), 100*(at(ours, .5)/at(bare, .5)-1))
	return nil
}
