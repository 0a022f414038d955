package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lectern-cms/lectern/search"
)

// measuredIndex tells Prometheus how an index does.
type measuredIndex struct {
	search.Index
	duration *prometheus.HistogramVec
	failures *prometheus.CounterVec
	empty    prometheus.Counter
}

func measure(index search.Index, follower *search.Follower, registry *prometheus.Registry) measuredIndex {
	engine := prometheus.Labels{"engine": index.Engine()}
	m := measuredIndex{
		Index: index,
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			ConstLabels: engine, Name: "lectern_search_duration_seconds", Help: "Time that the search index takes, by operation: search or complete.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			ConstLabels: engine, Name: "lectern_search_failures_total", Help: "Operations that the search index failed at, those that clients gave up included.",
		}, []string{"operation"}),
		empty: prometheus.NewCounter(prometheus.CounterOpts{
			ConstLabels: engine, Name: "lectern_search_empty_total", Help: "Queries with words that found nothing.",
		}),
	}
	registry.MustRegister(m.duration, m.failures, m.empty, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		ConstLabels: engine, Name: "lectern_search_following", Help: "1 when the search index follows what is published, 0 when its last attempt failed.",
	}, func() float64 {
		if follower.Failure() != "" {
			return 0
		}
		return 1
	}))
	return m
}

// Search implements search.Index.
func (m measuredIndex) Search(ctx context.Context, q search.Query) (search.Results, error) {
	begin := time.Now()
	results, err := m.Index.Search(ctx, q)
	m.observe("search", begin, err)
	if err == nil && results.Total == 0 && len(results.Words) > 0 && q.Limit > 0 {
		m.empty.Inc()
	}
	return results, err
}

// Complete implements search.Index.
func (m measuredIndex) Complete(ctx context.Context, text string, limit int) ([]search.Completion, error) {
	begin := time.Now()
	words, err := m.Index.Complete(ctx, text, limit)
	m.observe("complete", begin, err)
	return words, err
}

func (m measuredIndex) observe(operation string, begin time.Time, err error) {
	m.duration.WithLabelValues(operation).Observe(time.Since(begin).Seconds())
	if err != nil {
		m.failures.WithLabelValues(operation).Inc()
	}
}
