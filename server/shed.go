package server

import (
	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/lectern-cms/lectern/models"
)

// errFull says that the server has as much to do as it takes on.
var errFull error = &models.Error{Kind: models.KindUnavailable, Message: "the server has as much to do as it takes on: ask again a little later"}

// newShed makes the metrics of requests that have to be worked for.
func newShed(s *Server, registry *prometheus.Registry) prometheus.Counter {
	shed := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "lectern_http_requests_shed_total", Help: "Requests that were refused since too many others were being answered.",
	})
	registry.MustRegister(shed, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "lectern_http_requests_working", Help: "Requests that are being worked for, those that wait for the database included.",
	}, func() float64 { return float64(s.working.Load()) }))
	return shed
}

// shed refuses requests when too many are being worked for already: they would wait for the database until their time is
// over, and take memory meanwhile. Answers from the cache, health and metrics never come here, and requests that wait for
// news do no work.
func (s *Server) shed(c *fiber.Ctx) error {
	if s.MaxRequests == 0 || c.Path() == changesPath {
		return c.Next()
	}
	defer s.working.Add(-1)
	if s.working.Add(1) > int64(s.MaxRequests) {
		s.refused.Inc()
		return errFull
	}
	return c.Next()
}
