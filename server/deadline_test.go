package server

import (
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/lectern-cms/lectern/access"
)

// endless is a query without an end, on both databases.
const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

// A request's deadline ends the query that is running for it. The database works for others then.
func TestDeadlinesEndRunningQueries(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			s := startSiteOn(t, t.TempDir(), database(t), time.Now)
			const timeout = 300 * time.Millisecond
			hurried := s.twin()
			hurried.RequestTimeout = timeout
			hurried.app.Get("/v1/endless", func(c *fiber.Ctx) error {
				var n int64
				return s.store.DB().QueryRowContext(c.UserContext(), endless).Scan(&n)
			})
			hurried.app.Handler() // which arranges the routes anew
			begin := time.Now()
			got := direct(hurried, http.MethodGet, "/v1/endless")
			if took := time.Since(begin); got.status != http.StatusServiceUnavailable || took < timeout || took > requestTimeout/2 {
				t.Fatalf("after %s: %d %s", took, got.status, got.body)
			}
			if s.store.Postgres() {
				var running int
				waitFor(t, "the query runs on", func() bool {
					check(t, s.store.DB().QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = $1", endless).Scan(&running))
					return running == 0
				})
			}
			// SQLite has one connection to write with: it must be free.
			s.with("ada", access.Grant{Role: access.Editor}).send(http.MethodGet, "/v1/admin/me", nil).want(t, http.StatusOK)
		})
	}
}
