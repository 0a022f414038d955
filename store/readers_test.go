package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// More texts of statements than are kept, asked for by more transactions than there are connections: each gets its answer,
// though the statement that one runs may be let go by another at that moment.
func TestStatementsAreLetGoWhileTheyAreInUse(t *testing.T) {
	s := migrated(t)
	defer s.Close()
	const texts, rows = maxKept + 50, 20
	var all sync.WaitGroup
	for g := range 2 * maxReaders {
		all.Go(func() {
			for i := range texts / 5 {
				n := (g*texts/7 + i) % texts
				err := s.View(t.Context(), func(tx *Tx) error {
					return counts(tx.gorm().Raw(fmt.Sprintf("WITH RECURSIVE c (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM c LIMIT %d) SELECT i FROM c", n, rows)).Rows())(n, rows)
				})
				if err != nil {
					t.Errorf("text %d: %v", n, err)
				}
			}
		})
	}
	all.Wait()
	for _, one := range s.readers.idle {
		if kept := one.texts.Len(); kept > maxKept {
			t.Errorf("%d statements are kept, want %d at most", kept, maxKept)
		}
	}
	if n := len(s.readers.idle); n == 0 || n > maxReaders {
		t.Errorf("%d connections, want %d at most", n, maxReaders)
	}
}

// migrated opens an empty database, to be closed by the test.
func migrated(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "lectern.db")})
	if err == nil {
		err = s.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
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

// What was read with statements that are kept leaves nothing open: the last connection writes SQLite's log back into the database and
// removes it. A log that stays makes the next start read it, and each read of a page look into it.
func TestStoresLeaveNoLogBehind(t *testing.T) {
	for name, read := range map[string]func(*Tx) error{
		"nothing was read": nil,
		"a read":           func(tx *Tx) error { return tx.gorm().Exec("SELECT 1").Error },
		"one that panics":  func(*Tx) error { panic("at the disco") },
		"one that fails":   func(tx *Tx) error { return tx.gorm().Exec("ROLLBACK").Error },
	} {
		t.Run(name, func(t *testing.T) {
			s := migrated(t)
			if read != nil {
				func() {
					defer func() { _ = recover() }()
					_ = s.View(t.Context(), read)
				}()
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(s.path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the log is still there: %v", err)
			}
		})
	}
}

// A connection that reads is never used again while it sees the moment of an earlier view.
func TestReadersEndTheirViews(t *testing.T) {
	for name, tt := range map[string]struct {
		read func(*Tx) error
		idle int // connections afterwards
	}{
		"a read":          {func(*Tx) error { return nil }, 1},
		"one that fails":  {func(*Tx) error { return errTried }, 1},
		"one that panics": {func(*Tx) error { panic("at the disco") }, 1},
		"one that panics with rows open": {func(tx *Tx) error {
			rows, err := tx.gorm().Raw("SELECT name FROM sqlite_master").Rows() //nolint:rowserrcheck,sqlclosecheck // that is the mistake
			if err != nil || !rows.Next() {
				return err
			}
			panic("at the disco")
		}, 1},
		"one that forgets rows": {func(tx *Tx) error {
			rows, err := tx.gorm().Raw("SELECT name FROM sqlite_master").Rows() //nolint:rowserrcheck,sqlclosecheck // that is the mistake
			if err == nil {
				rows.Next()
			}
			return err
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := migrated(t)
			defer s.Close()
			view(t, s, func(tx *Tx) error {
				if err := tx.gorm().Exec("SELECT count(*) FROM sqlite_master").Error; err != nil { // it has a snapshot now
					return err
				}
				return tt.read(tx)
			})
			if n := len(s.readers.idle); n != tt.idle {
				t.Errorf("%d connections wait for readers, want %d", n, tt.idle)
			}
			if n := s.read.Stats().OpenConnections; n != tt.idle {
				t.Errorf("%d connections are open, want %d", n, tt.idle)
			}
			if _, err := s.write.ExecContext(t.Context(), "CREATE TABLE fresh (n)"); err != nil {
				t.Fatal(err)
			}
			if err := s.View(t.Context(), func(tx *Tx) error { return tx.gorm().Exec("SELECT n FROM fresh").Error }); err != nil {
				t.Errorf("the next read: %v", err)
			}
		})
	}
}

// view runs a read whatever becomes of it.
func view(t *testing.T, s *Store, read func(*Tx) error) {
	t.Helper()
	defer func() { _ = recover() }()
	_ = s.View(t.Context(), read)
}

// What is remembered of a revision is not taken for that of a database that was put in the place of another one.
func TestRememberedMomentsAreOfOneDatabase(t *testing.T) {
	moment := func(revision int64, minute int) newest {
		return newest{revision, sql.NullTime{Time: time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC), Valid: true}}
	}
	var r recent
	before := r.at(moment(120, 10))
	for name, tt := range map[string]struct {
		at   newest
		same bool
	}{
		"the same moment":                           {moment(120, 10), true},
		"of a transaction that began earlier":       {moment(119, 9), false},
		"the same moment, after that":               {moment(120, 10), true},
		"nothing was ever published":                {newest{}, false},
		"the same revision at an earlier time":      {moment(120, 5), false},
		"the same moment, whatever came in between": {moment(120, 10), true},
	} {
		if same := r.at(tt.at) == before; same != tt.same {
			t.Errorf("%s: shared is %t", name, same)
		}
	}
	other := r.at(moment(100, 11)) // a backup was restored, and something was published since
	if other == before || r.at(moment(100, 11)) != other {
		t.Error("a database in the place of another one does not begin anew")
	}
	for minute := range 20 {
		if r.at(moment(int64(101+minute), 12+minute)) == before {
			t.Error("what is remembered is of the database before")
		}
	}
}
