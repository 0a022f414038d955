// Package jobs runs work that outlives a request: what was asked for is written down in the transaction of what caused
// it, and done at its time, at least once, by one of the instances that share a database. It is the only package that
// knows River, whose tables nobody else touches.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Queue says how much of some work runs at the same time on one instance.
type Queue string

// The queues.
const (
	Short Queue = river.QueueDefault // done in seconds
	Long  Queue = "long"             // reads or writes whole courses
)

// Limits of the queues.
const (
	shortWorkers = 50 // River begins about as many each time it looks
	longWorkers  = 2  // each needs memory, and all wait for one write lock in the end

	shortTime = time.Minute
	longTime  = 2 * time.Hour // the largest import known takes minutes

	// lookEvery is how often each queue is looked into. It is what a server costs that has nothing to do: a look is a
	// statement that writes.
	lookEvery = 2 * time.Second

	// rescueAfter is when work is begun again that no instance has ended: its process was killed.
	rescueAfter = 5 * time.Minute
)

// Work is done for a record by its id; work without a record gets an empty one. Work that fails is tried again, later and
// later. It may run more than once, and must find out whether there is anything left to do.
type Work func(ctx context.Context, id models.ID) error

// Runner takes work and does it.
type Runner struct {
	store  *store.Store
	client *river.Client[*sql.Tx]
	log    *slog.Logger
	kinds  map[string]kind
}

type kind struct {
	queue Queue
	do    Work
}

// task is work as River keeps it.
type task struct {
	Do string    `json:"do"`
	ID models.ID `json:"id,omitzero"`
}

// Kind names all our work for River. Which one it is, is in Do.
func (task) Kind() string { return "lectern" }

// New makes a runner over a database that Migrate has prepared. now is the clock, nil outside tests.
func New(s *store.Store, log *slog.Logger, now func() time.Time) (*Runner, error) {
	r := &Runner{store: s, log: log, kinds: map[string]kind{}}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{runner: r})
	cfg := &river.Config{
		Workers: workers, ErrorHandler: failures{log}, Logger: slog.New(serious{log.Handler()}),
		JobTimeout: shortTime, RescueStuckJobsAfter: rescueAfter, PollOnly: true, FetchPollInterval: lookEvery,
		Queues: map[string]river.QueueConfig{string(Short): {MaxWorkers: shortWorkers}, string(Long): {MaxWorkers: longWorkers}},
	}
	if now != nil {
		cfg.Test.Time = clock(now)
	}
	var err error
	if r.client, err = river.NewClient(driver(s), cfg); err != nil {
		return nil, fmt.Errorf("prepare the work queue: %w", err)
	}
	return r, nil
}

func driver(s *store.Store) riverdriver.Driver[*sql.Tx] {
	if s.Postgres() {
		return riverdatabasesql.New(s.DB())
	}
	return riversqlite.New(s.DB())
}

// Handle says what is done for a kind of work. It must be called before Start.
func (r *Runner) Handle(name string, queue Queue, do Work) {
	if _, twice := r.kinds[name]; twice {
		panic("two ways to do " + name)
	}
	r.kinds[name] = kind{queue, do}
}

// Every does work of a kind at the start and then again and again, on one of the instances. It must be called before Start.
func (r *Runner) Every(interval time.Duration, name string) {
	r.client.PeriodicJobs().Add(river.NewPeriodicJob(river.PeriodicInterval(interval), func() (river.JobArgs, *river.InsertOpts) {
		return task{Do: name}, &river.InsertOpts{MaxAttempts: 1, Queue: string(r.kinds[name].queue)}
	}, &river.PeriodicJobOpts{RunOnStart: true}))
}

// Enqueue asks for work in a transaction: it is done at a time, or some seconds later, when the transaction has been
// committed, and never when it is not.
func (r *Runner) Enqueue(ctx context.Context, tx *store.Tx, name string, id models.ID, at time.Time) error {
	k, known := r.kinds[name]
	if !known {
		panic("nobody does " + name)
	}
	_, err := r.client.InsertTx(ctx, tx.SQL(), task{Do: name, ID: id}, &river.InsertOpts{Queue: string(k.queue), ScheduledAt: at})
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", name, err)
	}
	return nil
}

// Start begins to do work, until Stop.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.takeLead(ctx); err != nil {
		return err
	}
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start to work: %w", err)
	}
	return nil
}

// takeLead makes room for this instance to wake up what is to be done at a time, which one instance does for all. A killed
// one keeps that for some 15 seconds. With SQLite, one process serves a database, and need not wait; should there be another
// all the same, both may wake up the same work, which does no harm.
func (r *Runner) takeLead(ctx context.Context) error {
	if r.store.Postgres() {
		return nil
	}
	if _, err := r.store.DB().ExecContext(ctx, "DELETE FROM river_leader"); err != nil {
		return fmt.Errorf("start to work: %w", err)
	}
	return nil
}

// Stop begins nothing new and waits for what is being done until the context ends; what is not done by then is broken off
// and done again after the next start.
func (r *Runner) Stop(ctx context.Context) error {
	if err := r.client.Stop(ctx); err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), breakOff)
	defer cancel()
	if err := r.client.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("stop to work: %w", err)
	}
	return nil
}

// breakOff is how long work that is told to stop may take to do so.
const breakOff = 5 * time.Second

// worker does one task after the other.
type worker struct {
	river.WorkerDefaults[task]
	runner *Runner
}

// Work does a task.
func (w *worker) Work(ctx context.Context, job *river.Job[task]) error {
	k, known := w.runner.kinds[job.Args.Do]
	if !known {
		return river.JobCancel(fmt.Errorf("this version of Lectern does not do %s", job.Args.Do))
	}
	return k.do(ctx, job.Args.ID)
}

// Timeout is how long a task may take.
func (w *worker) Timeout(job *river.Job[task]) time.Duration {
	if w.runner.kinds[job.Args.Do].queue == Long {
		return longTime
	}
	return shortTime
}

// failures writes down what went wrong.
type failures struct{ log *slog.Logger }

// HandleError is told of work that failed.
func (f failures) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.log.ErrorContext(ctx, "work failed", "work", string(job.EncodedArgs), "attempt", job.Attempt, "error", err)
	return nil
}

// HandlePanic is told of work that broke down.
func (f failures) HandlePanic(ctx context.Context, job *rivertype.JobRow, cause any, trace string) *river.ErrorHandlerResult {
	f.log.ErrorContext(ctx, "work broke down", "work", string(job.EncodedArgs), "attempt", job.Attempt, "cause", cause, "trace", trace)
	return nil
}

// serious lets only warnings and errors of River into the log: it tells of each start and each look. That a statement
// was broken off by Stop is none.
type serious struct{ slog.Handler }

// Enabled tells whether a level is worth a line.
func (h serious) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// Handle writes a line.
func (h serious) Handle(ctx context.Context, line slog.Record) error {
	brokenOff := false
	line.Attrs(func(a slog.Attr) bool {
		brokenOff = strings.HasSuffix(a.Value.String(), context.Canceled.Error())
		return !brokenOff
	})
	if brokenOff {
		return nil
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs keeps the level.
func (h serious) WithAttrs(attrs []slog.Attr) slog.Handler {
	return serious{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the level.
func (h serious) WithGroup(name string) slog.Handler { return serious{h.Handler.WithGroup(name)} }

// clock is a time that tests set.
type clock func() time.Time

// NowUTC is the time.
func (c clock) NowUTC() time.Time { return c().UTC() }

// NowUTCOrNil is the time.
func (c clock) NowUTCOrNil() *time.Time { return new(c.NowUTC()) }
