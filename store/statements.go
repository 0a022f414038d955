package store

import (
	"context"
	"database/sql"
)

// maxStatements bounds the statements that a transaction keeps compiled. The store has fewer texts than that but for
// lists of ids, each length of which is a text of its own.
const maxStatements = 100

// statements runs the statements of one transaction. Those of a pool that keeps them are compiled already. Else one that
// comes again is compiled and kept until the transaction ends: an import runs the same few texts thousands of times, and
// SQLite takes longer to read some than to run them.
type statements struct {
	*sql.Tx
	kept *prepared            // nil: the pool keeps none
	seen map[string]*sql.Stmt // nil after the first time
}

func newStatements(tx *sql.Tx, kept *prepared) *statements {
	return &statements{Tx: tx, kept: kept, seen: map[string]*sql.Stmt{}}
}

// compiled gives the statement of a text, nil while it isn't worth one.
func (s *statements) compiled(ctx context.Context, text string) (*sql.Stmt, error) {
	stmt, again := s.seen[text]
	if stmt != nil {
		return stmt, nil
	}
	if len(s.seen) >= maxStatements && !again {
		return nil, nil
	}
	if s.kept != nil {
		stmt, err := s.kept.within(ctx, s.Tx, text)
		if err == nil {
			s.seen[text] = stmt
		}
		return stmt, err
	}
	if again {
		var err error
		if stmt, err = s.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	s.seen[text] = stmt
	return stmt, nil
}

// ExecContext runs a statement that gives no rows.
func (s *statements) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	stmt, err := s.compiled(ctx, text) //nolint:sqlclosecheck // the transaction closes its statements
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return s.Tx.ExecContext(ctx, text, args...)
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
		return s.Tx.QueryContext(ctx, text, args...)
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRowContext runs a statement that gives one row at most.
func (s *statements) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	stmt, err := s.compiled(ctx, text) //nolint:sqlclosecheck // the transaction closes its statements
	if err != nil || stmt == nil {
		return s.Tx.QueryRowContext(ctx, text, args...) // which fails in the same way
	}
	return stmt.QueryRowContext(ctx, args...)
}
