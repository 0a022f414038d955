package server

import (
	"math"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/maypok86/otter/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"
)

const (
	// keptOverhead is about what an answer takes in memory beside its bytes: its header fields, and its place in the cache.
	keptOverhead = 1 << 10

	// otherForms is how many bytes are remembered, beside the answers, of queries that are not in normal form, with the normal form of
	// each.
	otherForms = 1 << 20

	// otherFormOverhead is about what one of them takes beside its bytes.
	otherFormOverhead = 150

	// largestShare is the part of the cache, one in so many, that one answer may take: more would drive out all others.
	largestShare = 8
)

// cacheKey is what shapes an answer, other than the content itself.
type cacheKey struct {
	path  string
	query string // in normal form
	scope string // of those who may read the answer
}

// Scopes of answers: those of content that is open to all are apart from those of content behind a key.
const (
	scopeOpen  = ""
	scopeKeyed = "keyed"
)

// keyOf gives the key of a request's answer. It is good until the request is answered: clone what is kept.
func keyOf(c *fiber.Ctx) cacheKey {
	k := cacheKey{path: c.Path(), query: normalQuery(c), scope: scopeOpen}
	if isKeyed(c) {
		k.scope = scopeKeyed
	}
	return k
}

func (k cacheKey) clone() cacheKey {
	return cacheKey{path: strings.Clone(k.path), query: strings.Clone(k.query), scope: k.scope}
}

// flight names the making of an answer: those who want the same answer of the same state of the content can share it.
func (k cacheKey) flight(at *contentState) string {
	number := "none"
	if at != nil {
		number = strconv.FormatUint(at.number, 10)
	}
	return strconv.Quote(k.path) + strconv.Quote(k.query) + k.scope + " " + number
}

// kept is an answer with what it is valid for.
type kept struct {
	*representation
	state    *contentState
	searched bool  // the search index had a part in it
	index    int64 // the index's state then
}

// cache keeps whole answers in bounded memory. An answer is valid for one state of the content, and where the search index
// had a part in it for one state of that.
type cache struct {
	answers *otter.Cache[cacheKey, *kept]
	normal  *otter.Cache[string, string] // queries in normal form, by others that ask for the same kept answers
	largest int                          // bytes that one answer may take
	flights singleflight.Group

	hits, misses, evictions prometheus.Counter
}

// newCache makes a cache of about so many bytes.
func newCache(size int64, registry *prometheus.Registry) *cache {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	k := &cache{
		largest:   int(min(size/largestShare, math.MaxUint32)),
		hits:      counter("lectern_cache_hits_total", "Answers that came from the cache, those without a body (304) included."),
		misses:    counter("lectern_cache_misses_total", "Answers that could have come from the cache, and had to be made."),
		evictions: counter("lectern_cache_evictions_total", "Answers that were dropped to make room for others."),
	}
	k.answers = otter.Must(&otter.Options[cacheKey, *kept]{
		MaximumWeight: uint64(size),
		Weigher:       weigh,
		OnAtomicDeletion: func(e otter.DeletionEvent[cacheKey, *kept]) {
			if e.WasEvicted() {
				k.evictions.Inc()
			}
		},
	})
	k.normal = otter.Must(&otter.Options[string, string]{
		MaximumWeight: otherForms,
		Weigher:       func(query, normal string) uint32 { return uint32(len(query) + len(normal) + otherFormOverhead) },
	})
	registry.MustRegister(k.hits, k.misses, k.evictions, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "lectern_cache_bytes", Help: "Memory that the answers in the cache take.",
	}, func() float64 { return float64(k.answers.WeightedSize()) }))
	return k
}

// weigh tells how many bytes an answer takes.
func weigh(key cacheKey, v *kept) uint32 {
	n := keptOverhead + len(key.path) + len(key.query) + v.sizeOfFields() + len(v.body.plain) + int(v.body.size.Load())
	return uint32(min(n, math.MaxUint32))
}

// find gives the answer for a key if there is a valid one.
func (s *Server) find(key cacheKey) *representation {
	v, ok := s.cache.answers.GetIfPresent(key)
	if !ok || v.state != s.fresh.now.Load() || v.searched && v.index != s.Follower.State() {
		return nil
	}
	return v.representation
}

// remember puts an answer into the cache, unless the content has moved on since it was read. began is the newest state when
// the reading began.
func (s *Server) remember(r *reading, began *contentState, searched bool, index int64) {
	if r.Mixed || len(r.made.body.plain) > s.cache.largest {
		return
	}
	s.fresh.advance(r.Revision) // another process may have published it
	now := s.fresh.now.Load()
	if now.revision != r.Revision || began != nil && began != now && began.revision >= now.revision {
		return
	}
	v := &kept{representation: r.made, state: now, searched: searched, index: index}
	v.body.grown = func() { s.cache.weighAgain(r.key, v) }
	s.cache.answers.Set(r.key, v)
}

// weighAgain notes that an answer has got larger.
func (k *cache) weighAgain(key cacheKey, v *kept) {
	k.answers.ComputeIfPresent(key, func(old *kept) (*kept, otter.ComputeOp) {
		if old != v {
			return old, otter.CancelOp
		}
		return v, otter.WriteOp
	})
}

// fromCache answers with what is in the cache. What is not goes on to its route.
func (s *Server) fromCache(c *fiber.Ctx) error {
	if s.cache == nil || previewBase(c) != "" || c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead {
		return c.Next()
	}
	key := keyOf(c)
	a := s.find(key)
	if a == nil {
		return c.Next()
	}
	s.cache.hits.Inc()
	if raw := c.Request().URI().QueryString(); key.scope == scopeOpen && string(raw) != key.query {
		s.cache.normal.SetIfAbsent(string(raw), strings.Clone(key.query))
	}
	c.Locals(localRoute, a.route)
	a.answer(c, s.control(c))
	return nil
}

// caching makes the answers of a route go into the cache. Those who want one that is being made wait for it.
func (s *Server) caching(make fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error { return s.fill(c, make, false) }
}

// cachingSearch is caching for routes that ask the search index, which one client may do only so often.
func (s *Server) cachingSearch(make fiber.Handler) fiber.Handler {
	return s.limitSearches(func(c *fiber.Ctx) error { return s.fill(c, make, true) })
}

func (s *Server) fill(c *fiber.Ctx, make fiber.Handler, searched bool) error {
	if s.cache == nil || previewBase(c) != "" {
		return make(c)
	}
	s.cache.misses.Inc()
	r, state, index, first := readingOf(c), s.fresh.now.Load(), s.Follower.State(), false
	made, err, _ := s.cache.flights.Do(r.key.flight(state), func() (any, error) {
		first = true
		if err := make(c); err != nil {
			return nil, err
		}
		s.remember(r, state, searched, index)
		return r.made, nil
	})
	if first || err != nil {
		return err
	}
	made.(*representation).answer(c, r.control) //nolint:forcetypeassert // it is
	return nil
}
