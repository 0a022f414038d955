package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/lectern-cms/lectern/store"
)

// A context that ends ends the query that is running in a transaction, and the next transaction finds the database free.
func TestContextsEndRunningQueries(t *testing.T) {
	for name, empty := range databases {
		t.Run(name, func(t *testing.T) {
			s := empty(t).migrated(t)
			for kind, transact := range map[string]func(context.Context, func(*store.Tx) error) error{"a view": s.View, "a write": s.InTx} {
				for why, begin := range map[string]func() (context.Context, context.CancelFunc){
					"the deadline": func() (context.Context, context.CancelFunc) {
						return context.WithTimeout(t.Context(), 100*time.Millisecond)
					},
					"called off": func() (context.Context, context.CancelFunc) {
						ctx, cancel := context.WithCancel(t.Context())
						time.AfterFunc(100*time.Millisecond, cancel)
						return ctx, cancel
					},
				} {
					ctx, cancel := begin()
					started := time.Now()
					err := transact(ctx, store.Endless)
					cancel()
					if took := time.Since(started); err == nil || took > 20*time.Second || !errors.Is(ctx.Err(), context.Canceled) && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
						t.Errorf("%s, %s: %v after %s", kind, why, err, took)
					}
					if err := transact(t.Context(), func(*store.Tx) error { return nil }); err != nil {
						t.Errorf("%s after %s: %v", kind, why, err)
					}
				}
			}
		})
	}
}
