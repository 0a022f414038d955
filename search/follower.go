package search

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/lectern-cms/lectern/models"
)

const (
	// pollEvery is how soon a follower sees what another process has published.
	pollEvery = 500 * time.Millisecond

	// gather is how long it waits after being woken, so that a burst of publishes is one batch.
	gather = 20 * time.Millisecond

	// batchChanges bounds the log entries of one batch.
	batchChanges = 500

	// retryAfter is how long it waits when the engine or the database fails.
	retryAfter = 2 * time.Second
)

// Follower keeps an index in step with live content. It reads the change log from the revision that the index has
// reached, so after any crash it goes on where the index is.
type Follower struct {
	index  Index
	source Source
	log    *slog.Logger
	wake   chan struct{}
	asked  chan request
	behind atomic.Int64
	state  atomic.Int64
	seen   atomic.Int64 // revision of the index when it was last looked at
	failed atomic.Pointer[string]
	agreed bool // index and database were compared since the start; of Run
}

// request is work that only the follower may do, which alone writes to the index.
type request struct {
	work func(context.Context) error
	done chan<- error
}

// NewFollower makes a follower; Run makes it work.
func NewFollower(index Index, source Source, log *slog.Logger) *Follower {
	return &Follower{index: index, source: source, log: log, wake: make(chan struct{}, 1), asked: make(chan request)}
}

// Wake tells the follower that there is something new. It never blocks.
func (f *Follower) Wake() {
	select {
	case f.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Behind is how many content revisions the index lagged when the follower last looked.
func (f *Follower) Behind() int64 { return f.behind.Load() }

// State counts the states of the index that the follower has seen: while it stays the same, so do answers to searches.
func (f *Follower) State() int64 { return f.state.Load() }

// Failure is why the last attempt failed, "" when it did not.
func (f *Follower) Failure() string {
	if s := f.failed.Load(); s != nil {
		return *s
	}
	return ""
}

// Reindex rebuilds the index from live content while searches go on, and returns when the new one is in use.
func (f *Follower) Reindex(ctx context.Context) error { return f.do(ctx, f.rebuild) }

// Mend compares the index with live content and mends what it finds, as package function Mend does.
func (f *Follower) Mend(ctx context.Context) (d Difference, err error) {
	err = f.do(ctx, func(ctx context.Context) error {
		d, err = f.mend(ctx)
		return err
	})
	return d, err
}

// do lets Run do something between two looks at the log.
func (f *Follower) do(ctx context.Context, work func(context.Context) error) error {
	done := make(chan error, 1)
	select {
	case f.asked <- request{work, done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run follows the log until the context ends.
func (f *Follower) Run(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for ctx.Err() == nil {
		if pause := f.step(ctx); pause > 0 {
			f.wait(ctx, nil, time.After(pause))
			continue
		}
		f.wait(ctx, f.wake, poll.C)
	}
}

// wait returns when there is something to do: woken, the time has come, or asked for some work (which it does).
func (f *Follower) wait(ctx context.Context, wake <-chan struct{}, clock <-chan time.Time) {
	select {
	case <-ctx.Done():
	case r := <-f.asked:
		r.done <- r.work(ctx)
	case <-clock:
	case <-wake:
		sleep(ctx, gather)
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// step brings the index up to date, and says how long to wait after a failure.
func (f *Follower) step(ctx context.Context) time.Duration {
	err := f.CatchUp(ctx)
	if err == nil && !f.agreed {
		_, err = f.mend(ctx)
		f.agreed = err == nil
	}
	if err == nil || ctx.Err() != nil {
		f.failed.Store(nil)
		return 0
	}
	message := err.Error()
	f.failed.Store(&message)
	f.log.ErrorContext(ctx, "the search index can't follow; it will be tried again", "error", err)
	return retryAfter
}

// CatchUp applies all changes that the index lacks. An index that is new, or ahead of the database (which was
// restored from a backup, say), is rebuilt.
func (f *Follower) CatchUp(ctx context.Context) error {
	if err := f.index.Check(ctx); err != nil {
		if models.KindOf(err) == models.KindUnavailable {
			return err
		}
		f.log.WarnContext(ctx, "the search index is not where it should be and is built anew", "error", err)
		if err := f.rebuild(ctx); err != nil {
			return err
		}
	}
	for {
		at, err := f.index.Revision(ctx)
		if err != nil {
			return err
		}
		if f.seen.Swap(at) != at {
			f.state.Add(1)
		}
		newest, err := f.source.ContentRevision(ctx)
		if err != nil {
			return err
		}
		f.behind.Store(newest - at)
		switch {
		case at == newest:
			return nil
		case at == 0 || at > newest:
			err = f.rebuild(ctx)
		default:
			err = f.apply(ctx, at)
		}
		if err != nil {
			return err
		}
	}
}

func (f *Follower) apply(ctx context.Context, at int64) error {
	changes, err := f.source.Changes(ctx, at, batchChanges)
	if err != nil {
		return err
	}
	if len(changes) == 0 || len(changes) > batchChanges {
		// A log with a gap, or one publish that is too large to be held in memory as one batch.
		return f.rebuild(ctx)
	}
	batch := Batch{Revision: changes[len(changes)-1].Revision}
	var refs []models.Ref
	stale := map[models.Ref]bool{}
	for _, c := range changes {
		ref := models.Ref{Type: c.Kind, ID: c.ID}
		if !stale[ref] {
			stale[ref] = true
			refs = append(refs, ref)
		}
	}
	if batch.Put, err = f.source.Documents(ctx, refs); err != nil {
		return err
	}
	for _, d := range batch.Put {
		delete(stale, d.Ref)
	}
	for _, ref := range refs {
		if stale[ref] {
			batch.Delete = append(batch.Delete, ref)
		}
	}
	return f.index.Apply(ctx, batch)
}

// mend makes the index agree with the database, and says so when it did not.
func (f *Follower) mend(ctx context.Context) (Difference, error) {
	if err := f.CatchUp(ctx); err != nil {
		return Difference{}, err
	}
	d, err := Mend(ctx, f.index, f.source)
	if len(d.Missing)+len(d.Extra) > 0 {
		f.state.Add(1)
		f.log.WarnContext(ctx, "the search index did not agree with the database", "missing", len(d.Missing), "extra", len(d.Extra), "mended", err == nil)
	}
	return d, err
}

func (f *Follower) rebuild(ctx context.Context) error {
	begin := time.Now()
	revision, err := f.source.ContentRevision(ctx)
	if err != nil {
		return err
	}
	n := 0
	err = f.index.Rebuild(ctx, revision, func(add func(Document) error) error {
		_, err := f.source.EachDocument(ctx, func(d Document) error {
			n++
			return add(d)
		})
		return err
	})
	f.state.Add(1) // whatever has become of it
	if err == nil {
		f.log.InfoContext(ctx, "search index rebuilt", "documents", n, "revision", revision, "ms", time.Since(begin).Milliseconds())
	}
	return err
}
