package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Nobody waits for ever because others, who came later, are let in first.
func TestWritersBeginInTheOrderInWhichTheyCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sqliteDatabase(t).migrated(t)
		var all sync.WaitGroup
		begins := func(fn func()) {
			all.Go(func() {
				if err := s.InTx(t.Context(), func(*store.Tx) error { fn(); return nil }); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // until it is in, or waits for its turn
		}
		held := make(chan struct{})
		begins(func() { <-held })
		var got, want []int
		for i := range 30 {
			want = append(want, i)
			begins(func() { got = append(got, i) })
		}
		close(held)
		all.Wait()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// An import in another process holds the write lock: whoever wants to write is told to come again.
func TestWritingBesideALongWriteIsUnavailable(t *testing.T) {
	d := sqliteDatabase(t)
	s := d.migrated(t)
	if err := store.Impatient(s); err != nil {
		t.Fatal(err)
	}
	other, err := d.sql(t).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	err = s.InTx(t.Context(), func(*store.Tx) error { return nil })
	if models.KindOf(err) != models.KindUnavailable {
		t.Errorf("error %v", err)
	}
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := s.InTx(t.Context(), func(*store.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}

// Who calls a change off learns just that, even where the transaction was taken back before it came to its end.
func TestAChangeThatIsCalledOff(t *testing.T) {
	s := sqliteDatabase(t).migrated(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.InTx(ctx, func(tx *store.Tx) error {
		cancel()
		for {
			if _, err := tx.SQL().ExecContext(context.WithoutCancel(ctx), "SELECT 1"); err != nil {
				return nil //nolint:nilerr // it is taken back by now, which this does not know
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}
