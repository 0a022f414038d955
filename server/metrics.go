package server

import (
	"maps"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what Prometheus reads.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec

	mu   sync.Mutex
	rows atomic.Pointer[map[requestLabels]requestRow] // copied when one is added: there are a few for each route
}

// requestLabels are the labels of a request.
type requestLabels struct {
	method, route string
	status        int
}

// requestRow is where a request is counted.
type requestRow struct {
	requests prometheus.Counter
	duration prometheus.Observer
}

func newMetrics(cfg Config) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lectern_http_requests_total", Help: "Requests by method, route and status.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "lectern_http_request_duration_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
	}
	m.rows.Store(&map[requestLabels]requestRow{})
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "lectern_build_info", Help: "The running version, as a label of a constant 1.",
		ConstLabels: prometheus.Labels{"version": cfg.Version},
	})
	info.Set(1)
	m.registry.MustRegister(m.requests, m.duration, info,
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "lectern_sql_statements_total", Help: "SQL statements run.",
		}, func() float64 { return float64(cfg.Statements()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "lectern_search_behind_revisions", Help: "Content revisions that the search index has not seen yet.",
		}, func() float64 { return float64(cfg.Follower.Behind()) }),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	labels := requestLabels{method, route, status}
	row, ok := (*m.rows.Load())[labels]
	if !ok {
		row = m.addRow(labels)
	}
	row.requests.Inc()
	row.duration.Observe(took.Seconds())
}

func (m *metrics) addRow(l requestLabels) requestRow {
	m.mu.Lock()
	defer m.mu.Unlock()
	row := requestRow{m.requests.WithLabelValues(l.method, l.route, strconv.Itoa(l.status)), m.duration.WithLabelValues(l.route)}
	rows := maps.Clone(*m.rows.Load())
	rows[l] = row
	m.rows.Store(&rows)
	return row
}

func (m *metrics) handler() fiber.Handler {
	return adaptor.HTTPHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
}
