package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/lectern-cms/lectern/models"
)

// Tx is one transaction over drafts, live content and what belongs to both. It must not be used after the function
// that got it has returned.
type Tx struct {
	Draft *Side
	Live  *Side
	conn  *sql.Tx // nil in a view of SQLite
	locks bool    // the database has row locks: other writers may be at work

	revision *int64 // of the content; nil when it is not known yet
	recent   *recent
}

// InTx runs fn in one write transaction, which is committed when fn returns nil and rolled back otherwise. Those who wait
// for one begin in the order in which they came. It fails with Unavailable when another process keeps SQLite's write lock
// for too long.
func (s *Store) InTx(ctx context.Context, fn func(*Tx) error) error {
	return s.transact(ctx, nil, fn)
}

// View runs fn in one read-only transaction: all its reads see the same moment.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	remembering := func(tx *Tx) error {
		tx.Live.seen = &seen{} // until the revision is known
		return fn(tx)
	}
	if s.readers != nil {
		return s.readers.view(ctx, func(run gorm.ConnPool, revision int64) error {
			tx := s.tx(ctx, run, nil)
			tx.revision = &revision
			return remembering(tx)
		})
	}
	return s.transact(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}, remembering)
}

// Try runs fn in one write transaction that is rolled back whatever comes of it: nothing that fn does lasts, and nobody
// else sees it. On SQLite other writers wait meanwhile.
func (s *Store) Try(ctx context.Context, fn func(*Tx) error) error {
	err := s.InTx(ctx, func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

var errTried = errors.New("tried")

func (s *Store) transact(ctx context.Context, options *sql.TxOptions, fn func(*Tx) error) error {
	if err := s.writers.Acquire(ctx, 1); err != nil {
		return fmt.Errorf("wait for the database: %w", err)
	}
	defer s.writers.Release(1)
	conn, err := s.write.BeginTx(ctx, options)
	if isBusy(err) {
		return models.Unavailable("the database", err)
	}
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer func() { _ = conn.Rollback() }() // does nothing after a commit; a panic must not keep the connection
	var run gorm.ConnPool = conn
	if s.dialect == "sqlite" { // pgx remembers statements by itself
		run = newStatements(conn)
	}
	if err := fn(s.tx(ctx, run, conn)); err != nil {
		return err
	}
	if err := conn.Commit(); err != nil {
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
			err = ctx.Err() // database/sql has taken it back already
		}
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (s *Store) tx(ctx context.Context, run gorm.ConnPool, conn *sql.Tx) *Tx {
	keyed := &keyed{ctx: ctx, watched: ctx, run: run, log: s.log, numbered: s.Postgres()}
	if conn == nil {
		keyed.watched = context.WithoutCancel(ctx)
	}
	return &Tx{
		Draft:  &Side{handle: s.draft, keyed: keyed, layouts: &s.draftLayouts},
		Live:   &Side{handle: s.live, keyed: keyed, live: true, layouts: &s.liveLayouts},
		conn:   conn,
		locks:  s.dialect == "postgres",
		recent: &s.recent,
	}
}

// gorm is for tables of neither side, always named in full.
func (t *Tx) gorm() *gorm.DB { return t.Live.gorm() }

// SQL is the write transaction as the database driver has it, for package jobs, whose tables are beside the store's.
func (t *Tx) SQL() *sql.Tx { return t.conn }

// bind gives a clone of a handle that works inside a transaction. Setting the pool of anything but a fresh clone's
// statement would poison the shared handle.
func bind(ctx context.Context, handle *gorm.DB, conn gorm.ConnPool) *gorm.DB {
	clone := handle.Session(&gorm.Session{Context: ctx})
	clone.Statement.ConnPool = conn
	return clone
}

// translate turns GORM's errors into the domain's.
func translate(err error, kind models.Kind, name string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return models.NotFound(kind, name)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return models.Conflict(fmt.Sprintf("there is another %s %q at the same place", kind, name), err)
	}
	return fmt.Errorf("%s %q: %w", kind, name, err)
}
