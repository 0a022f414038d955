package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/lectern-cms/lectern/jobs"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(pgtest.Exit))
}

// hang is after what time a test gives up.
const hang = time.Minute

// everywhere runs a fact on both databases; open opens the same one each time.
func everywhere(t *testing.T, fact func(t *testing.T, open func() *store.Store)) {
	for name, database := range map[string]func(*testing.T) store.Config{
		"sqlite":   func(t *testing.T) store.Config { return store.Config{Path: filepath.Join(t.TempDir(), "lectern.db")} },
		"postgres": func(t *testing.T) store.Config { return store.Config{PostgresURL: pgtest.URL(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := database(t)
			fact(t, func() *store.Store {
				s, err := store.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Close() })
				if err := errors.Join(s.Migrate(t.Context()), jobs.Migrate(t.Context(), s)); err != nil {
					t.Fatal(err)
				}
				return s
			})
		})
	}
}

func runner(t *testing.T, s *store.Store, now func() time.Time) *jobs.Runner {
	t.Helper()
	r, err := jobs.New(s, slog.New(slog.DiscardHandler), now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func start(t *testing.T, r *jobs.Runner) {
	t.Helper()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// enqueue asks for work in a transaction that ends as given.
func enqueue(t *testing.T, s *store.Store, r *jobs.Runner, name string, id models.ID, at time.Time, end error) {
	t.Helper()
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		if err := r.Enqueue(t.Context(), tx, name, id, at); err != nil {
			return err
		}
		return end
	})
	if !errors.Is(err, end) {
		t.Fatal(err)
	}
}

// next waits for something to be done.
func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case x := <-from:
		return x
	case <-time.After(hang):
		t.Fatal("nothing is done")
		panic("unreachable")
	}
}

func TestMigrateMayBeCalledAgain(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		var all sync.WaitGroup
		stores := []*store.Store{open(), open(), open()}
		for _, s := range stores {
			all.Go(func() {
				if err := jobs.Migrate(t.Context(), s); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

func TestInstancesMigrateAtTheSameTime(t *testing.T) {
	for name, cfg := range map[string]store.Config{
		"sqlite": {Path: filepath.Join(t.TempDir(), "lectern.db")}, "postgres": {PostgresURL: pgtest.URL(t)},
	} {
		t.Run(name, func(t *testing.T) {
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					s, err := store.Open(t.Context(), cfg)
					if err != nil {
						t.Error(err)
						return
					}
					if err := errors.Join(s.Migrate(t.Context()), jobs.Migrate(t.Context(), s), s.Close()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		})
	}
}

func TestWorkIsDoneWhenItsTransactionIsCommitted(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		done := make(chan models.ID, 10)
		r := runner(t, s, nil)
		r.Handle("dig", jobs.Short, func(_ context.Context, id models.ID) error {
			done <- id
			return nil
		})
		start(t, r)
		never, once := models.NewID(), models.NewID()
		enqueue(t, s, r, "dig", never, time.Time{}, errors.New("taken back"))
		enqueue(t, s, r, "dig", once, time.Time{}, nil)
		if got := next(t, done); got != once {
			t.Errorf("%s was done, want %s", got, once)
		}
	})
}

func TestWorkWaitsForItsTime(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		c := newClock()
		done := make(chan models.ID, 10)
		r := runner(t, s, c.now)
		r.Handle("dig", jobs.Short, func(_ context.Context, id models.ID) error {
			done <- id
			return nil
		})
		tomorrow, today := models.NewID(), models.NewID()
		enqueue(t, s, r, "dig", tomorrow, c.now().Add(24*time.Hour), nil)
		enqueue(t, s, r, "dig", today, c.now(), nil)
		start(t, r)
		if got := next(t, done); got != today {
			t.Errorf("%s was done, want %s", got, today)
		}
		c.advance(24*time.Hour + time.Second)
		if got := next(t, done); got != tomorrow {
			t.Errorf("%s was done, want %s", got, tomorrow)
		}
	})
}

func TestWorkThatFailsIsTriedAgain(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		tries := make(chan int, 10)
		n := 0
		r := runner(t, s, nil)
		r.Handle("dig", jobs.Long, func(context.Context, models.ID) error {
			n++ // one task, one try at a time
			tries <- n
			if n == 1 {
				return errors.New("the spade broke")
			}
			return nil
		})
		start(t, r)
		enqueue(t, s, r, "dig", "", time.Time{}, nil)
		if first, second := next(t, tries), next(t, tries); first != 1 || second != 2 {
			t.Errorf("tries %d and %d", first, second)
		}
	})
}

func TestWhatWasWaitingIsDoneAfterTheNextStart(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		done := make(chan models.ID, 10)
		make1 := func() *jobs.Runner {
			r := runner(t, s, nil)
			r.Handle("dig", jobs.Short, func(_ context.Context, id models.ID) error {
				done <- id
				return nil
			})
			return r
		}
		id := models.NewID()
		enqueue(t, s, make1(), "dig", id, time.Time{}, nil) // by an instance that never starts
		start(t, make1())
		if got := next(t, done); got != id {
			t.Errorf("%s was done, want %s", got, id)
		}
	})
}

func TestEachOfManyIsDoneByOneInstance(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		const many = 60
		done := make(chan models.ID, 10*many)
		var first *jobs.Runner
		var s *store.Store
		for range 2 {
			s = open()
			first = runner(t, s, nil)
			first.Handle("dig", jobs.Short, func(_ context.Context, id models.ID) error {
				done <- id
				return nil
			})
			start(t, first)
		}
		var want, got []models.ID
		for range many {
			id := models.NewID()
			want = append(want, id)
			enqueue(t, s, first, "dig", id, time.Time{}, nil)
		}
		for range many {
			got = append(got, next(t, done))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("done are %v, want %v", got, want)
		}
	})
}

func TestWorkOfEveryStart(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		done := make(chan models.ID, 10)
		r := runner(t, s, nil)
		r.Handle("weed", jobs.Short, func(_ context.Context, id models.ID) error {
			done <- id
			return nil
		})
		r.Every(time.Hour, "weed")
		start(t, r)
		if got := next(t, done); got != "" {
			t.Errorf("done for %q", got)
		}
	})
}

func TestStopWaitsForWorkUnderWayAndThenBreaksItOff(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		for _, patient := range []bool{true, false} {
			s := open()
			begun, finish, ended := make(chan bool, 1), make(chan bool, 1), make(chan error, 2)
			r := runner(t, s, nil)
			r.Handle("dig", jobs.Short, func(ctx context.Context, _ models.ID) error {
				begun <- true
				select {
				case <-finish:
					ended <- nil
				case <-ctx.Done():
					ended <- ctx.Err()
				}
				return nil
			})
			if err := r.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			enqueue(t, s, r, "dig", "", time.Time{}, nil)
			next(t, begun)
			ctx, cancel := context.WithCancel(t.Context())
			if patient {
				finish <- true
			} else {
				cancel()
			}
			if err := r.Stop(ctx); err != nil {
				t.Errorf("patient %t: %v", patient, err)
			}
			if err := next(t, ended); (err == nil) != patient {
				t.Errorf("patient %t: work ended with %v", patient, err)
			}
			cancel()
		}
	})
}

func TestWorkThatNobodyDoesCanNotBeAskedFor(t *testing.T) {
	everywhere(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		r := runner(t, s, nil)
		defer func() {
			if recover() == nil {
				t.Error("it was taken")
			}
		}()
		enqueue(t, s, r, "dig", "", time.Time{}, nil)
	})
}

// testClock is a time that tests move.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *testClock { return &testClock{at: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)} }

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
