package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lectern-cms/lectern/models"
)

// Purge says how a CDN is told to drop what has changed. It knows answers by their Cache-Tag.
type Purge struct {
	URL     string // empty: none is told
	Method  string
	Header  http.Header // {tags} in a value becomes the tags with spaces between them
	Changed bool        // only the tags of the records that have changed; else that of all content
}

const (
	purgeTimeout = 10 * time.Second // for one call

	// purgeTags bounds the tags of one call: CDNs take a few dozen.
	purgeTags = 30

	// purgeCalls bounds the calls for one look at what has changed: where more has, all content is dropped.
	purgeCalls = 10

	// A call that fails is made again after a time that doubles from purgeAgain to purgeAtLast. What changes meanwhile waits
	// in the change log.
	purgeAgain  = time.Second
	purgeAtLast = time.Minute
)

// purger follows the change log and tells a CDN.
type purger struct {
	Purge
	s      *Server
	client *http.Client
	again  time.Duration // after the first failure

	calls, failures prometheus.Counter
}

func newPurger(s *Server, p Purge, registry *prometheus.Registry) *purger {
	g := &purger{
		Purge: p, s: s, again: purgeAgain,
		client: &http.Client{
			Timeout:       purgeTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the header is for one server
		},
		calls: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "lectern_purges_total", Help: "Calls that told the CDN what to drop, those that failed included.",
		}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "lectern_purge_failures_total", Help: "Calls to the CDN that failed. Each is made again.",
		}),
	}
	registry.MustRegister(g.calls, g.failures)
	return g
}

// run tells the CDN of all that changes until the context ends. At the start it has all content dropped: nobody knows what
// was published while no server ran.
func (g *purger) run(ctx context.Context) {
	defer g.client.CloseIdleConnections()
	since, wait := unknownRevision, g.again
	for ctx.Err() == nil {
		rung := g.s.bell.next()
		tags, reached, err := g.due(ctx, since)
		if err == nil {
			err = g.tell(ctx, tags)
		}
		switch {
		case ctx.Err() != nil:
		case err != nil:
			g.s.Log.Warn("the CDN was not told what to drop; it will be tried again", "error", err, "after", wait)
			g.sleep(ctx, nil, time.After(wait))
			wait = min(2*wait, purgeAtLast)
		case reached == since:
			g.sleep(ctx, rung, nil)
		default:
			since, wait = reached, g.again
		}
	}
}

// unknownRevision is where a server begins that has told nothing yet.
const unknownRevision int64 = -1

func (g *purger) sleep(ctx context.Context, rung <-chan struct{}, clock <-chan time.Time) {
	select {
	case <-rung:
	case <-clock:
	case <-ctx.Done():
	}
}

// due gives the tags of what has changed after a revision, none for nothing, and the revision that they reach.
func (g *purger) due(ctx context.Context, since int64) (tags []string, reached int64, err error) {
	changes, newest, err := g.s.Content.ChangesSince(ctx, max(since, 0), purgeTags*purgeCalls)
	switch {
	case err != nil:
		return nil, since, err
	case newest == since:
		return nil, since, nil
	case since == unknownRevision || newest < since || !g.Changed || len(changes) >= purgeTags*purgeCalls:
		return []string{allTag}, newest, nil // before since: another database was put in the place of the one that was followed
	}
	seen := map[models.ID]bool{}
	tags = []string{manyTag}
	for _, c := range changes {
		if !seen[c.ID] {
			seen[c.ID] = true
			tags = append(tags, string(c.ID))
		}
	}
	return tags, changes[len(changes)-1].Revision, nil
}

// tell makes the calls for some tags.
func (g *purger) tell(ctx context.Context, tags []string) error {
	for len(tags) > 0 {
		n := min(len(tags), purgeTags)
		if err := g.call(ctx, tags[:n]); err != nil {
			g.failures.Inc()
			return err
		}
		tags = tags[n:]
	}
	return nil
}

func (g *purger) call(ctx context.Context, tags []string) error {
	g.calls.Inc()
	body, err := json.Marshal(map[string][]string{"tags": tags})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, g.Method, g.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(headerCacheTag, strings.Join(tags, ","))
	for name, values := range g.Header {
		req.Header.Set(name, strings.ReplaceAll(values[0], "{tags}", strings.Join(tags, " ")))
	}
	res, err := g.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // so that the connection can be used again
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("the CDN answered %s", res.Status)
	}
	return nil
}
