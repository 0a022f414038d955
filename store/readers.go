package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/semaphore"
	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/models"
)

// maxKept bounds the statements that a connection keeps compiled between transactions. The store has fewer texts than
// that, but for lists of ids and filters, of which those asked for last are kept.
const maxKept = 200

// readers are the connections that read a SQLite database, held for good. What database/sql does for each transaction and
// statement of a pool takes longer than most statements take to run: a goroutine for each that watches its context, and a
// search for where it was compiled.
type readers struct {
	pool  *sql.DB
	turns *semaphore.Weighted // without them a random one of those who wait would go first

	mu     sync.Mutex
	idle   []*reader // the last one was busy last
	closed bool
}

// reader is a connection with its compiled statements. SQLite takes longer to read most texts than to run them.
type reader struct {
	conn  *sql.Conn
	texts *simplelru.LRU[string, *sql.Stmt]
}

func newReaders(pool *sql.DB, connections int) *readers {
	return &readers{pool: pool, turns: semaphore.NewWeighted(int64(connections))}
}

// holding is the statement that a view keeps open: SQLite gives all statements of a connection the same moment for as long as one of
// them has not ended. That is a transaction without the two statements that begin and end one, and it says at which revision. No
// other statement of a view has this text: the driver would begin it anew, and end the moment.
const holding = "SELECT value FROM content_revision WHERE id = 1"

// view runs fn with a connection on which all reads see the same moment, and with the content revision of that moment.
func (r *readers) view(ctx context.Context, fn func(run gorm.ConnPool, revision int64) error) (err error) {
	if err := r.turns.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for the database: %w", err)
	}
	defer r.turns.Release(1)
	one, err := r.take(ctx)
	if isBusy(err) {
		return models.Unavailable("the database", err)
	}
	if err != nil {
		return fmt.Errorf("open a connection: %w", err)
	}
	run := &statements{ConnPool: one.conn, kept: one.texts, met: map[string]*sql.Stmt{}}
	defer func() { // by a panic too, which may have left rows open
		if failed := run.end(); failed != nil {
			one.discard()
			err = errors.Join(err, failed)
			return
		}
		r.give(one)
	}()
	moment, err := run.QueryContext(context.WithoutCancel(ctx), holding) //nolint:sqlclosecheck // end closes it
	if err != nil {
		return fmt.Errorf("begin to read: %w", err)
	}
	var revision int64
	if !moment.Next() {
		return errors.Join(errors.New("there is no content revision"), moment.Err())
	}
	if err := moment.Scan(&revision); err != nil {
		return err
	}
	return fn(run, revision)
}

// discard closes the connection for good. Close would give it back to the pool, with a statement open of which the pool knows nothing.
func (r *reader) discard() {
	r.texts.Purge()
	_ = r.conn.Raw(func(any) error { return driver.ErrBadConn })
}

// close closes the statements, of which the connection knows nothing, and then the connection. With a statement left SQLite would keep
// the database open, and the last one to close it writes the log back into it.
func (r *reader) close() error {
	r.texts.Purge()
	return r.conn.Close()
}

func (r *readers) take(ctx context.Context) (*reader, error) {
	r.mu.Lock()
	if n := len(r.idle); n > 0 {
		defer r.mu.Unlock()
		one := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return one, nil
	}
	r.mu.Unlock()
	conn, err := r.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	// Large enough to let go none within a transaction, whose rows may still be read.
	texts, err := simplelru.NewLRU(maxKept+maxStatements, func(_ string, stmt *sql.Stmt) { _ = stmt.Close() })
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &reader{conn, texts}, nil
}

func (r *readers) give(one *reader) {
	for one.texts.Len() > maxKept {
		one.texts.RemoveOldest()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		_ = one.close()
		return
	}
	r.idle = append(r.idle, one)
}

// close closes the connections that nobody reads with, and each other one when its view ends.
func (r *readers) close() (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.idle {
		err = errors.Join(err, one.close())
	}
	r.idle, r.closed = nil, true
	return err
}
