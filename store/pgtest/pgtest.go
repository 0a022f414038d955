// Package pgtest gives tests a PostgreSQL server of their own: one for each test process, with a database for each
// test. A TestMain must end with Exit or Stop.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// startTime bounds how long a server may take to answer. A loaded machine needs a few seconds.
const startTime = time.Minute

// shared is the server of this process.
var shared struct {
	sync.Mutex
	server *server
	err    error // why there is none
	count  int   // databases made
}

// URL makes an empty database and gives its address. Where no server can be had, the test is skipped; in CI it fails.
func URL(t testing.TB) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = start(t.Context())
	}
	if shared.err != nil {
		missing(t, shared.err)
	}
	shared.count++
	name := fmt.Sprintf("test_%d", shared.count)
	if err := shared.server.create(t.Context(), name); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	return shared.server.url(name)
}

func missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("no PostgreSQL server: %v", err)
	}
	t.Skipf("SKIPPED, NOT PROVEN ON POSTGRESQL: %v", err)
}

// Stop ends the server of this process, if there is one, and removes its data.
func Stop() error {
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		return nil
	}
	err := shared.server.stop()
	shared.server, shared.err = nil, errors.New("the server was stopped")
	return err
}

func (s *server) create(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return errors.Join(err, conn.Close(ctx))
}

// Exit stops the server and ends the process: the last step of a TestMain, fit for goleak.Cleanup.
func Exit(code int) {
	if err := Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}
