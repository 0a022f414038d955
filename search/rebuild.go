package search

import (
	"context"
	"fmt"
	"os"
)

// Bounds of one batch of a rebuild: large ones cost memory, small ones time.
const (
	rebuildBatchBytes     = 2 << 20
	rebuildBatchDocuments = 500
)

// Rebuild implements Index. Documents go into a new generation, which takes the old one's place when all are there.
func (e *Embedded) Rebuild(ctx context.Context, revision int64, fill func(add func(Document) error) error) error {
	done, err := e.write(ctx)
	if err != nil {
		return fmt.Errorf("rebuild search index: %w", err)
	}
	defer done()
	if err := e.rebuild(ctx, revision, fill); err != nil {
		return fmt.Errorf("rebuild search index: %w", err)
	}
	return nil
}

func (e *Embedded) rebuild(ctx context.Context, revision int64, fill func(add func(Document) error) error) error {
	_, release, err := e.use() // fails when closed
	if err != nil {
		return err
	}
	release()

	if err := os.MkdirAll(e.folder.dir, 0o750); err != nil { // it may have been deleted
		return err
	}
	next, err := createGeneration(e.folder.next(), e.queue)
	if err != nil {
		return err
	}
	swapped := false
	defer func() { // deferred, as fill may panic
		if !swapped {
			e.warn("remove unfinished search index", next.discard())
		}
	}()
	f := filler{ctx: ctx, apply: next.apply}
	if err := f.run(revision, fill); err != nil {
		return err
	}
	if err := e.folder.pointTo(next.dir); err != nil {
		return err
	}
	swapped = true
	e.swap(next)
	return nil
}

// swap lets searches find the next generation, and removes the old one when searches in it are done.
func (e *Embedded) swap(next *generation) {
	e.mu.Lock()
	old := e.live
	e.live = next
	e.mu.Unlock()
	e.warn("remove old search index", old.retire())
	e.kept.forget()
	e.columns.forget()
}

// filler collects documents into batches. Its first error is its last: none of what follows is taken.
type filler struct {
	ctx   context.Context // of one rebuild, which is all that a filler lives for
	apply func(Batch) error
	batch Batch
	bytes int
	err   error
}

// run takes all that fill gives, and the revision with the last batch.
func (f *filler) run(revision int64, fill func(add func(Document) error) error) error {
	if err := fill(f.add); err != nil {
		return err
	}
	if f.err != nil {
		return f.err
	}
	f.batch.Revision = revision
	f.flush()
	return f.err
}

func (f *filler) add(d Document) error {
	if f.err != nil {
		return f.err
	}
	f.batch.Put = append(f.batch.Put, d)
	f.bytes += len(d.Title) + len(d.Body)
	if f.bytes >= rebuildBatchBytes || len(f.batch.Put) >= rebuildBatchDocuments {
		f.flush()
	}
	return f.err
}

func (f *filler) flush() {
	if f.err = f.ctx.Err(); f.err != nil {
		return
	}
	f.err = f.apply(f.batch)
	f.batch, f.bytes = Batch{}, 0
}
