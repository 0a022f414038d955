package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// The mixed load.
const (
	writesPercent = 5  // of all requests: saves and publishes, as many of the one as of the other
	editedOnes    = 64 // sections that are saved and published
	samples       = 20 // of memory
)

// mixedFigures are what a mixed load found.
type mixedFigures struct {
	Sections    int      `json:"sections"`
	Load        string   `json:"load"`
	Connections int      `json:"connections"`
	Seconds     float64  `json:"seconds"`
	Reads       latency  `json:"reads"`
	Saves       latency  `json:"saves"`
	Publishes   latency  `json:"publishes"`
	Checked     int64    `json:"checked"` // versions in answers that were compared with what had been published
	Stale       int64    `json:"stale"`   // that were older
	Memory      []sample `json:"memory"`
}

// latency is how long requests of a kind took.
type latency struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P99   float64 `json:"p99_ms"`
}

type sample struct {
	Seconds float64 `json:"seconds"`
	memory
}

// mixed loads Lectern with readers who also save and publish. It works on a copy of the content. An error, or an answer that
// is out of date, ends it with what was found until then.
func mixed(ctx context.Context, w *workshop, o options) (*mixedFigures, error) {
	if err := os.RemoveAll(w.path(mixedData)); err != nil {
		return nil, err
	}
	if err := os.CopyFS(w.path(mixedData), os.DirFS(w.path(lecternData))); err != nil {
		return nil, err
	}
	defer os.RemoveAll(w.path(mixedData))
	token, err := w.editor(ctx)
	if err != nil {
		return nil, err
	}
	s, err := w.serve(ctx, nameLectern, mixedData)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	p := picker{Generated: w.Generated}
	m := &mixer{site: newSite(s.Base, token, p, editedOnes), server: s}
	for range slices.Max(o.connections) {
		m.crew = append(m.crew, &worker{Rand: rand.New(rand.NewPCG(2, uint64(len(m.crew))))}) //nolint:gosec // nothing secret
	}
	f := &mixedFigures{Sections: w.Sections(), Load: loadOfMachine(), Connections: len(m.crew)}
	err = m.run(ctx, o.mixed, f)
	return f, err
}

const mixedData = "mixed"

// editor makes a token with which sections can be saved and published.
func (w *workshop) editor(ctx context.Context) (string, error) {
	data := []string{"--data", w.path(mixedData)}
	if _, err := w.runAt(ctx, "a long enough password\n", append([]string{"user", "add", "--role", "owner", "bench"}, data...)...); err != nil {
		return "", err
	}
	said, err := w.runAt(ctx, "", append([]string{"token", "create", "--scope", "drafts:read,content:write,publish", "bench", "mixed load"}, data...)...)
	if err != nil {
		return "", err
	}
	for word := range strings.FieldsSeq(said) {
		if strings.HasPrefix(word, "lec_") {
			return word, nil
		}
	}
	return "", fmt.Errorf("lectern token create prints no token: %s", said)
}

type mixer struct {
	*site
	server *server
	crew   []*worker
}

// worker is one connection.
type worker struct {
	*rand.Rand
	saved                   *editedSection // which it publishes next
	reads, saves, publishes []time.Duration
}

func (m *mixer) run(ctx context.Context, length time.Duration, f *mixedFigures) error {
	begin := time.Now()
	over, stop := context.WithTimeout(ctx, length)
	defer stop()
	client := clientOf(m.server.Base, len(m.crew))
	defer client.CloseIdleConnections()
	var group errgroup.Group
	var failed atomic.Bool
	for _, k := range m.crew {
		group.Go(func() error {
			for over.Err() == nil && !failed.Load() {
				if err := m.step(client, k); err != nil {
					failed.Store(true)
					return err
				}
			}
			return nil
		})
	}
	var watch sync.WaitGroup
	var watched error
	watch.Go(func() { watched = f.sample(over, m.server, begin, length) })
	err := group.Wait()
	stop()
	watch.Wait()
	f.Seconds = time.Since(begin).Seconds()
	f.Reads, f.Saves, f.Publishes = m.latencies()
	f.Checked, f.Stale = m.checked.Load(), m.stale.Load()
	return cmp.Or(err, watched, ctx.Err())
}

// step makes one request: mostly a read.
func (m *mixer) step(client doer, k *worker) error {
	begin := time.Now()
	if k.IntN(100) >= writesPercent {
		err := m.read(client, k.Rand)
		k.reads = append(k.reads, time.Since(begin))
		return err
	}
	before := k.saved
	saved, done, err := m.write(client, k.Rand, before)
	k.saved = saved
	switch {
	case !done: // somebody else is at it
	case before != nil:
		k.publishes = append(k.publishes, time.Since(begin))
	default:
		k.saves = append(k.saves, time.Since(begin))
	}
	return err
}

// sample notes the server's memory from time to time.
func (f *mixedFigures) sample(ctx context.Context, s *server, begin time.Time, length time.Duration) error {
	tick := time.NewTicker(max(length/samples, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			now, err := memoryOf(s.PIDs)
			if err != nil {
				return err
			}
			f.Memory = append(f.Memory, sample{time.Since(begin).Seconds(), now})
		}
	}
}

func (m *mixer) latencies() (reads, saves, publishes latency) {
	var all [3][]time.Duration
	for _, k := range m.crew {
		all[0], all[1], all[2] = append(all[0], k.reads...), append(all[1], k.saves...), append(all[2], k.publishes...)
	}
	return latencyOf(all[0]), latencyOf(all[1]), latencyOf(all[2])
}

func latencyOf(times []time.Duration) latency {
	if len(times) == 0 {
		return latency{}
	}
	slices.Sort(times)
	return latency{len(times), milliseconds(times[len(times)/2]), milliseconds(times[len(times)*99/100])}
}

func (f *mixedFigures) print(to io.Writer) {
	fmt.Fprintf(to, "%d sections, %d connections, %.0f s; load of the machine before: %s\n", f.Sections, f.Connections, f.Seconds, f.Load)
	for _, l := range []struct {
		name string
		latency
	}{{"reads", f.Reads}, {"saves", f.Saves}, {"publishes", f.Publishes}} {
		fmt.Fprintf(to, "%-10s %8d  %8.1f/s  p50 %8.2f ms  p99 %8.2f ms\n", l.name, l.Count, float64(l.Count)/f.Seconds, l.P50, l.P99)
	}
	fmt.Fprintf(to, "%d versions in answers compared with what was published: %d out of date\n", f.Checked, f.Stale)
	for _, s := range f.Memory {
		fmt.Fprintf(to, "after %4.0f s: %s\n", s.Seconds, s.memory)
	}
}
