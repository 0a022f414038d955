package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

// More texts of statements than are kept, asked for by more transactions than there are connections: each gets its answer,
// though the statement that one runs may be let go by another at that moment.
func TestStatementsAreLetGoWhileTheyAreInUse(t *testing.T) {
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "lectern.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const texts, rows = maxPrepared + 50, 20
	var all sync.WaitGroup
	for g := range 2 * maxReaders {
		all.Go(func() {
			for i := range texts / 5 {
				n := (g*texts/7 + i) % texts
				err := s.View(t.Context(), func(tx *Tx) error {
					return counts(tx.db.Raw(fmt.Sprintf("WITH RECURSIVE c (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM c LIMIT %d) SELECT i FROM c", n, rows)).Rows())(n, rows)
				})
				if err != nil {
					t.Errorf("text %d: %v", n, err)
				}
			}
		})
	}
	all.Wait()
	for _, one := range s.readers.idle {
		if kept := one.texts.Len(); kept > maxPrepared {
			t.Errorf("%d statements are kept, want %d at most", kept, maxPrepared)
		}
	}
	if n := len(s.readers.idle); n == 0 || n > maxReaders {
		t.Errorf("%d connections, want %d at most", n, maxReaders)
	}
}

// counts checks that rows count on from a number.
func counts(rows *sql.Rows, err error) func(from, want int) error {
	return func(from, want int) error {
		if err != nil {
			return err
		}
		defer rows.Close()
		n := from
		for ; rows.Next(); n++ {
			var got int
			if err := rows.Scan(&got); err != nil {
				return err
			}
			if got != n {
				return fmt.Errorf("row %d is %d", n-from, got)
			}
		}
		if n != from+want {
			return fmt.Errorf("%d rows, want %d", n-from, want)
		}
		return rows.Err()
	}
}
