// Package store keeps records in SQLite or PostgreSQL. It is the only package that knows SQL and GORM. Drafts and live
// content are two sets of tables, reached through two handles (Tx.Draft, Tx.Live) of the same code.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/libtnb/sqlite"
	"golang.org/x/sync/semaphore"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/lectern-cms/lectern/models"
)

// Config says where the records are.
type Config struct {
	Path        string // file of a SQLite database, made when missing
	PostgresURL string // or a PostgreSQL database (libpq connection string); Path is not used then
	Log         *slog.Logger
}

// maxReaders bounds SQLite's read connections: more than the cores bring nothing but memory.
var maxReaders = max(4, runtime.NumCPU()*2)

// maxPostgresConns keeps one instance well under the server's usual limit of 100, so that several fit.
const maxPostgresConns = 20

// lookouts are the read connections beside those that take turns: for those who look for news, however many wait to read.
const lookouts = 1

// busyTimeout is how long a SQLite connection waits for another process's write.
const busyTimeout = 5 * time.Second

// mappedBytes is how much of a SQLite file connections map that read: pages are then read where the system keeps them for all,
// and not copied into each connection's own memory. The one that writes is a single one, and has its cache.
const mappedBytes = 1 << 30

// Store is an open database. It is safe for concurrent use.
type Store struct {
	dialect    string
	path       string
	write      *sql.DB
	read       *sql.DB
	writers    *semaphore.Weighted // turns on the connections of write, first come first served; database/sql lets a random one go first
	readers    *readers            // of read; nil on PostgreSQL, whose transactions that read are like those that write
	draft      *gorm.DB
	live       *gorm.DB
	statements atomic.Int64
	log        *statementLog

	draftLayouts, liveLayouts layouts
	recent                    recent
}

// Open opens the database without looking at its schema: call Migrate before anything else.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s := &Store{path: cfg.Path}
	var err error
	if cfg.PostgresURL != "" {
		err = s.openPostgres(ctx, cfg.PostgresURL)
	} else {
		err = s.openSQLite(ctx, cfg.Path)
	}
	if err == nil {
		err = s.openHandles(cfg.Log)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) openSQLite(ctx context.Context, path string) error {
	s.dialect = "sqlite"
	var err error
	if s.write, err = sql.Open("sqlite", sqliteDSN(path, true)); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	s.write.SetMaxOpenConns(1)
	s.writers = semaphore.NewWeighted(1)
	if err := firstPing(ctx, s.write); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if s.read, err = sql.Open("sqlite", sqliteDSN(path, false)); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	s.read.SetMaxOpenConns(maxReaders + lookouts)
	s.read.SetMaxIdleConns(lookouts)
	s.readers = newReaders(s.read, maxReaders)
	return nil
}

// firstPing opens the first connection, which turns a new database to WAL. SQLite does not wait for another process
// that does the same at that moment, whatever the timeout.
func firstPing(ctx context.Context, db *sql.DB) error {
	for end := time.Now().Add(busyTimeout); ; {
		err := db.PingContext(ctx)
		if !isBusy(err) || time.Now().After(end) {
			return err
		}
		time.Sleep(busyTimeout / 250)
	}
}

// isBusy tells whether another process has kept SQLite's write lock for longer than a connection waits.
func isBusy(err error) bool {
	e, ok := errors.AsType[*driver.Error](err)
	return ok && e.Code()&primaryCode == sqlite3.SQLITE_BUSY
}

// sqliteDSN makes the address of a connection. Writers take the write lock when they begin: a transaction that reads
// first and writes later would fail whenever another one wrote in between. FULL makes an answered write survive the
// loss of power.
func sqliteDSN(path string, writer bool) string {
	q := url.Values{"_timezone": {"UTC"}}
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)",
	}
	if writer {
		q.Set("_txlock", "immediate")
	} else {
		pragmas = append(pragmas, "query_only(1)", fmt.Sprintf("mmap_size(%d)", mappedBytes))
	}
	q["_pragma"] = pragmas
	return (&url.URL{Scheme: "file", Opaque: escapePath(filepath.ToSlash(path)), RawQuery: q.Encode()}).String()
}

func escapePath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

func (s *Store) openPostgres(ctx context.Context, address string) error {
	s.dialect = "postgres"
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("read the PostgreSQL address: %w", err)
	}
	s.write = stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(readUTC))
	s.write.SetMaxOpenConns(maxPostgresConns + lookouts)
	s.write.SetMaxIdleConns(maxPostgresConns + lookouts)
	s.writers = semaphore.NewWeighted(maxPostgresConns)
	s.read = s.write
	if err := s.write.PingContext(ctx); err != nil {
		return models.Unavailable("PostgreSQL", err)
	}
	return nil
}

// readUTC lets a connection give times in UTC, wherever the program runs.
func readUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// openHandles makes GORM's two views of the database. They differ in the prefix of their tables.
func (s *Store) openHandles(log *slog.Logger) error {
	schema.RegisterSerializer("record", serializer{})
	s.log = &statementLog{log: log, count: &s.statements}
	for prefix, handle := range map[string]**gorm.DB{"draft_": &s.draft, "live_": &s.live} {
		db, err := gorm.Open(s.dialector(), &gorm.Config{
			NamingStrategy:         schema.NamingStrategy{TablePrefix: prefix},
			SkipDefaultTransaction: true,
			TranslateError:         true,
			Logger:                 s.log,
			NowFunc:                func() time.Time { return models.Timestamp(time.Now()) },
		})
		if err != nil {
			return fmt.Errorf("open the database: %w", err)
		}
		*handle = db
	}
	return nil
}

func (s *Store) dialector() gorm.Dialector {
	if s.dialect == "postgres" {
		return postgres.New(postgres.Config{Conn: s.write})
	}
	return sqlite.New(sqlite.Config{Conn: s.write})
}

// Postgres tells whether the database is PostgreSQL, else it is SQLite.
func (s *Store) Postgres() bool { return s.dialect == "postgres" }

// DB is the pool of connections that write, for package jobs, whose tables are beside the store's.
func (s *Store) DB() *sql.DB { return s.write }

// Statements counts the SQL statements that were run through the store since it was opened.
func (s *Store) Statements() int64 { return s.statements.Load() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.read.PingContext(ctx); err != nil {
		return models.Unavailable("the database", err)
	}
	return nil
}

// Check asks the database whether its files are sound, and gives what is wrong with them, "" for nothing. PostgreSQL
// looks after its own.
func (s *Store) Check(ctx context.Context) (damage string, err error) {
	if s.dialect != "sqlite" {
		return "", nil
	}
	err = s.read.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&damage)
	if e, ok := errors.AsType[*driver.Error](err); ok && e.Code()&primaryCode == sqlite3.SQLITE_CORRUPT {
		damage, err = e.Error(), nil // too damaged to be looked at
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("check the database: %w", err)
	case damage == "ok":
		return "", nil
	}
	return "the database is damaged: " + damage, nil
}

// primaryCode is the part of SQLite's result codes that says what happened, without the details.
const primaryCode = 0xff

// Close waits for nothing: transactions under way fail, but for views of SQLite, which read on to their end.
func (s *Store) Close() error {
	var err error
	if s.readers != nil {
		err = errors.Join(s.readers.close(), s.read.Close())
	}
	if s.write != nil {
		err = errors.Join(err, s.write.Close())
	}
	return err
}
