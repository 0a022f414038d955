package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// onBoth runs a fact on an empty database of each engine.
func onBoth(t *testing.T, fact func(*testing.T, database)) {
	for name, empty := range databases {
		t.Run(name, func(t *testing.T) { fact(t, empty(t)) })
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, d database) {
		s := d.open(t)
		if v, err := s.Version(t.Context()); v != 0 || err != nil {
			t.Fatalf("an empty database has version %d (%v), want 0", v, err)
		}
		d.migrated(t)
		before := d.tables(t)
		d.migrated(t)
		if diff := cmp.Diff(before, d.tables(t)); diff != "" {
			t.Error(diff)
		}
		if v, err := s.Version(t.Context()); v != store.SchemaVersion() || err != nil {
			t.Errorf("version %d (%v), want %d", v, err, store.SchemaVersion())
		}
	})
}

func TestInstancesMayMigrateAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, d database) {
		var g errgroup.Group
		for range 6 {
			g.Go(func() error {
				s, err := store.Open(t.Context(), d.Config)
				if err != nil {
					return err
				}
				defer s.Close()
				return s.Migrate(t.Context())
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		applied := d.count(t, "SELECT COUNT(*) FROM goose_db_version WHERE version_id > 0")
		if applied != int(store.SchemaVersion()) {
			t.Errorf("%d migrations were applied, want %d", applied, store.SchemaVersion())
		}
	})
}

func TestDatabasesOfNewerVersions(t *testing.T) {
	newer := store.SchemaVersion() + 1
	for name, tt := range map[string]struct {
		oldest int64
		want   string // in the error
	}{
		"this one may work with it": {store.SchemaVersion(), ""},
		"this one is too old":       {newer, "made by a newer Lectern"},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, d database) {
				s := d.migrated(t)
				d.exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, TRUE)", newer)
				d.exec(t, "INSERT INTO schema_compat (version, oldest) VALUES ($1, $2)", newer, tt.oldest)
				before := d.tables(t)
				err := s.Migrate(t.Context())
				if (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
					t.Errorf("Migrate = %v, want %q", err, tt.want)
				}
				if err != nil && models.KindOf(err) != models.KindConflict {
					t.Errorf("%v has kind %d, want a conflict", err, models.KindOf(err))
				}
				if diff := cmp.Diff(before, d.tables(t)); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// What has no column can't leak.
func TestLiveTablesHaveNoPrivateColumns(t *testing.T) {
	private := []string{"version", "live_version", "trashed_at", "owners", "editor_notes", "answer_key"}
	onBoth(t, func(t *testing.T, d database) {
		d.migrated(t)
		tables := d.tables(t)
		for _, kind := range models.StoredKinds() {
			name := kind.Plural()
			draft, live := tables["draft_"+name], tables["live_"+name]
			if len(draft) == 0 || len(live) == 0 {
				t.Fatalf("there are no tables for %s", name)
			}
			for _, column := range private {
				if live[column] {
					t.Errorf("live_%s has the column %s", name, column)
				}
			}
			for _, column := range []string{"html", "published_at"} {
				if draft[column] {
					t.Errorf("draft_%s has the column %s", name, column)
				}
			}
		}
	})
}

func TestTheAuditLogIsNeverChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, d database) {
		s := d.migrated(t)
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			return tx.AddAudit(store.NewAuditEntry(access.Subject{Name: "Ada"}, access.Origin{}, time.Now(), "user.create"))
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.sql(t).ExecContext(t.Context(), "UPDATE audit_log SET actor = 'somebody else'")
		if err == nil || !strings.Contains(err.Error(), "never changed") {
			t.Errorf("the entry could be changed: %v", err)
		}
		if n := d.count(t, "SELECT COUNT(*) FROM audit_log WHERE actor = 'Ada'"); n != 1 {
			t.Errorf("%d entries are as they were", n)
		}
	})
}

// tables lists the columns of all tables.
func (d database) tables(t *testing.T) map[string]map[string]bool {
	t.Helper()
	query := `SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'`
	if d.PostgresURL != "" {
		query = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	rows, err := d.sql(t).QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := map[string]map[string]bool{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		if tables[table] == nil {
			tables[table] = map[string]bool{}
		}
		tables[table][column] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tables
}

func (d database) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := d.sql(t).ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func (d database) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := d.sql(t).QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
