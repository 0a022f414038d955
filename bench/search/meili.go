package main

import (
	"bytes"
	"context"
	"errors"
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
	heard []question
}

// question is a request that can be made again.
type question struct {
	request *http.Request
	body    []byte
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
	l.heard = append(l.heard, question{r, body})
	l.mu.Unlock()
	return l.RoundTripper.RoundTrip(r)
}

// take gives what was asked since it was last called.
func (l *listener) take() []question {
	l.mu.Lock()
	defer l.mu.Unlock()
	heard := l.heard
	l.heard = nil
	return heard
}

// again makes requests once more, one after the other as a search does, and reads their whole answers without a look at them.
func (l *listener) again(ctx context.Context, questions []question) error {
	for _, q := range questions {
		r := q.request.Clone(ctx)
		r.Body = io.NopCloser(bytes.NewReader(q.body))
		res, err := l.RoundTripper.RoundTrip(r)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			return err
		}
	}
	return nil
}

// timing is how long something took, time by time, and what this process worked for it.
type timing struct {
	times []time.Duration
	cpu   time.Duration
}

func (t *timing) measure(run func() error) error {
	begin, worked := time.Now(), cpuTime()
	err := run()
	t.times, t.cpu = append(t.times, time.Since(begin)), t.cpu+cpuTime()-worked
	return err
}

// String gives the median, and the mean of the work.
func (t *timing) String() string {
	slices.Sort(t.times)
	return fmt.Sprintf("p50 %.2f ms, CPU %.2f ms", at(t.times, .5), float64(t.cpu/time.Duration(len(t.times)))/float64(time.Millisecond))
}

// overhead compares searches with the bare requests that they make. Each comes first half of the times, as what one leaves
// behind, such as garbage, burdens the other.
func overhead(ctx context.Context, index search.Index, heard *listener, queries int) error {
	var ours, bare timing
	requests := 0
	p := prose.New(7)
	for n := range queries {
		q := search.Query{Text: p.Query(), Limit: 20}
		ask := func() error {
			_, err := index.Search(ctx, q)
			return err
		}
		if err := ask(); err != nil { // its words are known then, as those of most queries are
			return err
		}
		heard.take()
		if err := ask(); err != nil {
			return err
		}
		questions := heard.take()
		requests += len(questions)
		again := func() error { return heard.again(ctx, questions) }
		var err error
		if n%2 == 0 {
			err = errors.Join(ours.measure(ask), bare.measure(again))
		} else {
			err = errors.Join(bare.measure(again), ours.measure(ask))
		}
		if err != nil {
			return err
		}
	}
	fmt.Printf("any word: %s; its %.1f requests alone: %s\n", &ours, float64(requests)/float64(queries), &bare)
	fmt.Printf("Lectern adds %.0f %% at p50\n", 100*(at(ours.times, .5)/at(bare.times, .5)-1))
	return nil
}
