package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/pgtest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(victimPath); path != "" {
		writeUntilKilled(path)
	}
	time.Local = time.FixedZone("far away", 9*60*60) // nothing may depend on where the server stands
	goleak.VerifyTestMain(m, goleak.Cleanup(pgtest.Exit))
}

// database is an empty database that a test opens as often as it likes.
type database struct {
	store.Config
}

// databases are the two engines, for facts that need more than one store on the same database.
var databases = map[string]func(*testing.T) database{"sqlite": sqliteDatabase, "postgres": postgresDatabase}

func sqliteDatabase(t *testing.T) database {
	return database{store.Config{Path: filepath.Join(t.TempDir(), "lectern.db")}}
}

func postgresDatabase(t *testing.T) database {
	return database{store.Config{PostgresURL: pgtest.URL(t)}}
}

// open opens the database without migrating it.
func (d database) open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), d.Config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// migrated opens the database with its schema.
func (d database) migrated(t *testing.T) *store.Store {
	t.Helper()
	s := d.open(t)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// sql looks into the database past the store.
func (d database) sql(t *testing.T) *sql.DB {
	t.Helper()
	driver, address := "sqlite", d.Path
	if d.PostgresURL != "" {
		driver, address = "pgx", d.PostgresURL
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}
