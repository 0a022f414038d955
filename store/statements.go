package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

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
	open []*sql.Rows                       // on a connection that reads: those that may not have been closed
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
	var rows *sql.Rows
	if stmt == nil {
		rows, err = s.ConnPool.QueryContext(ctx, text, args...)
	} else {
		rows, err = stmt.QueryContext(ctx, args...)
	}
	if err == nil && s.kept != nil {
		s.remember(rows)
	}
	return rows, err
}

// maxOpen is how many rows are remembered before those that were closed are forgotten: few are open at once.
const maxOpen = 16

func (s *statements) remember(rows *sql.Rows) {
	if len(s.open) >= maxOpen {
		s.open = slices.DeleteFunc(s.open, func(rows *sql.Rows) bool {
			_, closed := rows.Columns()
			return closed != nil
		})
	}
	s.open = append(s.open, rows)
}

// end closes what is open on a connection that reads: with rows left it would stay at the moment that they are of, and could not be
// closed.
func (s *statements) end() (err error) {
	for _, rows := range s.open {
		err = errors.Join(err, rows.Close())
	}
	return err
}

// QueryRowContext runs a statement that gives one row at most.
func (s *statements) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	stmt, err := s.compiled(ctx, text) //nolint:sqlclosecheck // the transaction closes its statements
	if err != nil || stmt == nil {
		return s.ConnPool.QueryRowContext(ctx, text, args...) // which fails in the same way
	}
	return stmt.QueryRowContext(ctx, args...)
}
