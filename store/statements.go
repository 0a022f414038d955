package store

import (
	"context"
	"database/sql"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"gorm.io/gorm"
)

// maxStatements bounds the statements that a transaction compiles. The store has fewer texts than that but for lists of ids,
// each length of which is a text of its own.
const maxStatements = 100

// statements runs the statements of one transaction. Those of a connection that reads are compiled already, or then. Else
// one that comes again is compiled and kept until the transaction ends: an import runs the same few texts thousands of
// times, and SQLite takes longer to read some than to run them.
type statements struct {
	gorm.ConnPool
	kept *simplelru.LRU[string, *sql.Stmt] // nil: the connection keeps none
	met  map[string]*sql.Stmt              // texts of this transaction; nil for one that was not worth it yet
}

func newStatements(tx *sql.Tx) *statements {
	return &statements{ConnPool: tx, met: map[string]*sql.Stmt{}}
}

// compiled gives the statement of a text, nil while it isn't worth one.
func (s *statements) compiled(ctx context.Context, text string) (stmt *sql.Stmt, err error) {
	if s.kept != nil {
		if stmt, ok := s.kept.Get(text); ok {
			return stmt, nil
		}
	}
	stmt, again := s.met[text]
	if stmt != nil || len(s.met) >= maxStatements && !again {
		return stmt, nil
	}
	if s.kept != nil || again {
		if stmt, err = s.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	s.met[text] = stmt
	if s.kept != nil {
		s.kept.Add(text, stmt)
	}
	return stmt, nil
}

// ExecContext runs a statement that gives no rows.
func (s *statements) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	stmt, err := s.compiled(ctx, text) //nolint:sqlclosecheck // the transaction closes its statements
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return s.ConnPool.ExecContext(ctx, text, args...)
	}
	return stmt.ExecContext(ctx, args...)
}

// QueryContext runs a statement that gives rows.
func (s *statements) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt, err := s.compiled(ctx, text) //nolint:sqlclosecheck // the transaction closes its statements
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return s.ConnPool.QueryContext(ctx, text, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRowContext runs a statement that gives one row at most.
func (s *statements) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	stmt, err := s.compiled(ctx, text) //nolint:sqlclosecheck // the transaction closes its statements
	if err != nil || stmt == nil {
		return s.ConnPool.QueryRowContext(ctx, text, args...) // which fails in the same way
	}
	return stmt.QueryRowContext(ctx, args...)
}
