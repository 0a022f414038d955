package store

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/template"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/lectern-cms/lectern/models"
)

// migrations are numbered SQL templates, one for both databases. They only add; one that has been released is never
// edited. Each ends with a row in schema_compat that names the oldest binary, by its newest migration, that may work
// with the schema.
//
//go:embed migrations/*.sql.tmpl
var migrations embed.FS

// migrationFiles are the migrations in order: the index is the version minus one.
var migrationFiles = []string{
	"0001_first.sql.tmpl", "0002_imports.sql.tmpl", "0003_terms.sql.tmpl", "0004_accounts.sql.tmpl", "0005_editing.sql.tmpl",
	"0006_jobs.sql.tmpl", "0007_quality.sql.tmpl", "0008_searches.sql.tmpl",
}

// SchemaVersion is the newest migration that this binary knows.
func SchemaVersion() int64 { return int64(len(migrationFiles)) }

// sideTemplate fills the parts of a migration that differ between draft and live tables.
type sideTemplate struct {
	Name, Key, Time    string
	Live               bool
	Unique, NotTrashed string
}

type migrationTemplate struct {
	Key, Time string
	Postgres  bool // for what the two databases write differently
	Sides     []sideTemplate
}

// Migrate brings the schema to this binary's version. It does nothing when it is current already, and refuses with a
// Conflict when a newer binary has changed the schema so that this one can't work with it. Several instances may
// call it at once.
func (s *Store) Migrate(ctx context.Context) error {
	version, err := s.Version(ctx)
	if err != nil {
		return err
	}
	if version >= SchemaVersion() {
		return s.compatible(ctx, version)
	}
	provider, release, err := s.provider(ctx)
	if err != nil {
		return err
	}
	defer release()
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// Version is the newest migration that the database has had, 0 for an empty one.
func (s *Store) Version(ctx context.Context) (int64, error) {
	exists := "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'"
	if s.dialect == "postgres" {
		exists = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version'"
	}
	var n, version int64
	if err := s.write.QueryRowContext(ctx, exists).Scan(&n); err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	if n == 0 {
		return 0, nil
	}
	err := s.write.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	return version, nil
}

func (s *Store) compatible(ctx context.Context, version int64) error {
	if version == SchemaVersion() {
		return nil
	}
	var oldest int64
	err := s.write.QueryRowContext(ctx, "SELECT oldest FROM schema_compat ORDER BY version DESC LIMIT 1").Scan(&oldest)
	if err != nil {
		return fmt.Errorf("read the schema's compatibility: %w", err)
	}
	if oldest <= SchemaVersion() {
		return nil
	}
	return models.Conflict(fmt.Sprintf("the database has schema version %d, made by a newer Lectern; this one knows "+
		"versions up to %d: use the newer program", version, SchemaVersion()), nil)
}

// provider prepares goose, and holds off other processes: SQLite by a file beside the database, PostgreSQL by a
// session lock.
func (s *Store) provider(ctx context.Context) (*goose.Provider, func(), error) {
	dialect, options, release := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}, func() {}
	if s.dialect == "postgres" {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asks every second for five minutes
		if err != nil {
			return nil, nil, fmt.Errorf("migrate the database: %w", err)
		}
		dialect = goose.DialectPostgres
		options = append(options, goose.WithSessionLocker(locker))
	} else {
		var err error
		if release, err = s.lockFile(ctx); err != nil {
			return nil, nil, err
		}
	}
	steps, err := s.steps()
	if err != nil {
		release()
		return nil, nil, err
	}
	p, err := goose.NewProvider(dialect, s.write, nil, append(options, goose.WithGoMigrations(steps...))...)
	if err != nil {
		release()
		return nil, nil, fmt.Errorf("migrate the database: %w", err)
	}
	return p, release, nil
}

// lockFile holds off other processes that change the schema of a SQLite database.
func (s *Store) lockFile(ctx context.Context) (release func(), err error) {
	l := flock.New(s.path + ".migrate.lock")
	if _, err := l.TryLockContext(ctx, busyTimeout/50); err != nil {
		return nil, fmt.Errorf("wait for another process to migrate %s: %w", s.path, err)
	}
	return func() { _ = l.Unlock() }, nil // the lock goes with the process in any case
}

// aloneLock is the key of the lock that Alone takes in PostgreSQL: any number that nobody else uses.
const aloneLock = 0x6c656374

// Alone runs fn while no other process is in Alone on the same database: for tables that others keep beside the store's.
func (s *Store) Alone(ctx context.Context, fn func(context.Context) error) error {
	if !s.Postgres() {
		release, err := s.lockFile(ctx)
		if err != nil {
			return err
		}
		defer release()
		return fn(ctx)
	}
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return models.Unavailable("PostgreSQL", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", aloneLock); err != nil {
		return fmt.Errorf("wait for another process to migrate: %w", err)
	}
	err = fn(ctx)
	_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", aloneLock)
	return errors.Join(err, unlockErr)
}

func (s *Store) steps() ([]*goose.Migration, error) {
	steps := make([]*goose.Migration, len(migrationFiles))
	for i, name := range migrationFiles {
		statements, err := s.expand(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		steps[i] = goose.NewGoMigration(int64(i+1), &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, statements)
			return err
		}}, nil)
	}
	return steps, nil
}

// expand writes a migration in the database's own types.
func (s *Store) expand(name string) (string, error) {
	t, err := template.New(name).Funcs(jsonFuncs(s.dialect)).ParseFS(migrations, "migrations/"+name)
	if err != nil {
		return "", err
	}
	data := migrationTemplate{Key: "TEXT", Time: "DATETIME"}
	if s.dialect == "postgres" {
		data = migrationTemplate{Key: `TEXT COLLATE "C"`, Time: "TIMESTAMPTZ", Postgres: true}
	}
	data.Sides = []sideTemplate{
		{Name: "draft", Key: data.Key, Time: data.Time, Unique: "UNIQUE ", NotTrashed: " WHERE trashed_at IS NULL"},
		// Two live records may swap slugs in one publish; publishing checks for clashes when all are in place.
		{Name: "live", Key: data.Key, Time: data.Time, Live: true},
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// jsonFuncs are what migrations read JSON with: each makes rows with a column "value" of a list, get reads a member by
// its path.
func jsonFuncs(dialect string) template.FuncMap {
	if dialect == "postgres" {
		return template.FuncMap{
			"each": func(column string) string { return "jsonb_array_elements_text(" + column + "::jsonb)" },
			"get": func(column string, path ...string) string {
				return "(" + column + "::jsonb #>> '{" + strings.Join(path, ",") + "}')"
			},
		}
	}
	return template.FuncMap{
		"each": func(column string) string { return "json_each(" + column + ")" },
		"get": func(column string, path ...string) string {
			at := "$"
			for _, p := range path {
				if _, err := strconv.Atoi(p); err == nil {
					at += "[" + p + "]"
				} else {
					at += `."` + p + `"`
				}
			}
			return "json_extract(" + column + ", '" + at + "')"
		},
	}
}
