package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"

	index "github.com/blevesearch/bleve_index_api"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/lectern-cms/lectern/models"
)

// Embedded is the search engine inside Lectern: BM25 over bleve's postings, in a folder of its own. It is a cache of the
// live content, and starts empty when the folder can't be read.
type Embedded struct {
	log     *slog.Logger
	folder  *folder
	queue   *index.AnalysisQueue
	tallies sync.Pool // of *tally
	columns columns
	kept    unpackedLists
	writer  chan struct{} // holds one token; who has it may write

	mu   sync.RWMutex
	live *generation // nil when closed
}

var _ Index = (*Embedded)(nil)

// OpenEmbedded opens the index in a folder, which no other process may use. Where there is none, or one that is damaged
// or of another format, it starts an empty one with revision 0, says so in the log, and the caller rebuilds. It fails with
// models.KindUnavailable when another process holds the index.
//
// Where only the last batches are damaged, bleve goes back to the state before them, revision included.
func OpenEmbedded(dir string, log *slog.Logger) (*Embedded, error) {
	f, err := lockFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	e := &Embedded{
		log: log, folder: f,
		queue:  index.NewAnalysisQueue(runtime.GOMAXPROCS(0)),
		writer: make(chan struct{}, 1),
	}
	e.kept.least = leastUnpacked
	e.tallies.New = func() any { return new(tally) }
	e.writer <- struct{}{}
	if e.live, err = e.openLive(); err != nil {
		e.queue.Close()
		return nil, fmt.Errorf("open search index: %w", errors.Join(err, f.unlock()))
	}
	return e, nil
}

// openLive opens the current generation, or starts an empty one, and removes all others.
func (e *Embedded) openLive() (*generation, error) {
	g, err := e.openCurrent()
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, held(e.folder.dir, err)
	}
	if err != nil {
		e.explainEmpty(err)
		g, err = e.startEmpty()
	}
	if err != nil {
		return nil, err
	}
	e.warn("remove old search index", e.folder.sweep(g.dir))
	return g, nil
}

func (e *Embedded) openCurrent() (*generation, error) {
	dir, err := e.folder.current()
	if err != nil {
		return nil, err
	}
	return openGeneration(dir, e.queue)
}

func (e *Embedded) startEmpty() (*generation, error) {
	g, err := createGeneration(e.folder.next(), e.queue)
	if err != nil {
		return nil, err
	}
	if err := e.folder.pointTo(g.dir); err != nil {
		return nil, errors.Join(err, g.discard())
	}
	return g, nil
}

// explainEmpty says why searches will find nothing until the index is rebuilt.
func (e *Embedded) explainEmpty(cause error) {
	if errors.Is(cause, errNewFolder) {
		e.log.Info("search index is new", "dir", e.folder.dir)
		return
	}
	e.log.Warn("search index can't be used and starts empty", "dir", e.folder.dir, "error", cause)
}

// warn logs what went wrong beside the work that was asked for.
func (e *Embedded) warn(operation string, err error) {
	if err != nil {
		e.log.Warn(operation, "dir", e.folder.dir, "error", err)
	}
}

// use gives the live generation, which stays open until done is called.
func (e *Embedded) use() (g *generation, done func(), err error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.live == nil {
		return nil, nil, models.Unavailable("search index", errors.New("it is closed"))
	}
	e.live.users.Add(1)
	return e.live, e.live.users.Done, nil
}

// read gives a view of the live generation that writes don't change. The caller calls done at the end.
func (e *Embedded) read() (r index.IndexReader, done func(), err error) {
	g, release, err := e.use()
	if err != nil {
		return nil, nil, err
	}
	r, err = g.index.Reader()
	if err != nil {
		release()
		return nil, nil, err
	}
	return r, func() { e.warn("close reader", r.Close()); release() }, nil
}

// write waits for its turn to write. The caller calls done at the end.
func (e *Embedded) write(ctx context.Context) (done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-e.writer:
		return func() { e.writer <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Engine implements Index.
func (e *Embedded) Engine() string { return "embedded" }

// Apply implements Index. It waits for a rebuild under way and then changes the new documents.
func (e *Embedded) Apply(ctx context.Context, b Batch) error {
	done, err := e.write(ctx)
	if err != nil {
		return fmt.Errorf("apply to search index: %w", err)
	}
	defer done()
	g, release, err := e.use()
	if err != nil {
		return fmt.Errorf("apply to search index: %w", err)
	}
	defer release()
	if err := g.apply(b); err != nil {
		return fmt.Errorf("apply to search index: %w", err)
	}
	return nil
}

// Revision implements Index.
func (e *Embedded) Revision(context.Context) (int64, error) {
	r, done, err := e.read()
	if err != nil {
		return 0, fmt.Errorf("revision of search index: %w", err)
	}
	defer done()
	p, err := readProgress(r)
	if err != nil {
		return 0, fmt.Errorf("revision of search index: %w", err)
	}
	return p.Revision, nil
}

// Check implements Index: a deleted folder would be noticed by no search until much later.
func (e *Embedded) Check(context.Context) error {
	g, done, err := e.use()
	if err != nil {
		return fmt.Errorf("check search index: %w", err)
	}
	defer done()
	if _, err := os.Stat(g.dir); err != nil {
		return fmt.Errorf("check search index: %w", err)
	}
	if _, err := e.folder.current(); err != nil {
		return fmt.Errorf("check search index: %w", err)
	}
	return nil
}

// EachRef implements Index.
func (e *Embedded) EachRef(ctx context.Context, add func(models.Ref) error) error {
	r, done, err := e.read()
	if err != nil {
		return fmt.Errorf("list search index: %w", err)
	}
	defer done()
	if err := eachRef(ctx, r, add); err != nil {
		return fmt.Errorf("list search index: %w", err)
	}
	return nil
}

func eachRef(ctx context.Context, r index.IndexReader, add func(models.Ref) error) (err error) {
	ids, err := r.DocIDReaderAll()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ids.Close()) }()
	for {
		id, err := ids.Next()
		if err != nil || id == nil {
			return err
		}
		key, err := r.ExternalID(id)
		if err != nil {
			return err
		}
		if err := errors.Join(add(refOf(key)), ctx.Err()); err != nil {
			return err
		}
	}
}

// Close implements Index. It waits for writes and searches under way; a rebuild ends early when its context does.
func (e *Embedded) Close() error {
	<-e.writer
	defer func() { e.writer <- struct{}{} }()

	e.mu.Lock()
	g := e.live
	e.live = nil
	e.mu.Unlock()
	if g == nil {
		return nil
	}
	g.users.Wait()
	err := errors.Join(g.close(), e.folder.unlock())
	e.queue.Close()
	if err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	return nil
}
