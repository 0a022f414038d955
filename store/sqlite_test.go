package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.Store { return sqliteDatabase(t).migrated(t) })
}

func TestSQLiteSettingsAreInForceOnBothPools(t *testing.T) {
	s := sqliteDatabase(t).migrated(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal",
		"synchronous":  "2", // FULL
		"foreign_keys": "1",
		"busy_timeout": "5000",
	} {
		for pool, got := range map[string]string{"write": store.WritePragma(s, pragma), "read": store.ReadPragma(s, pragma)} {
			if got != want {
				t.Errorf("%s of the %s pool is %s, want %s", pragma, pool, got, want)
			}
		}
	}
	if w, r := store.WritePragma(s, "query_only"), store.ReadPragma(s, "query_only"); w != "0" || r != "1" {
		t.Errorf("query_only is %s for writing and %s for reading, want 0 and 1", w, r)
	}
	if w, r := store.WritePragma(s, "mmap_size"), store.ReadPragma(s, "mmap_size"); w != "0" || r != "1073741824" {
		t.Errorf("mmap_size is %s for writing and %s for reading, want 0 and 1 GiB", w, r)
	}
}

func TestSQLiteFilesMayHaveAnyName(t *testing.T) {
	for _, name := range []string{"my site.db", "100%.db", "what?.db", "#1.db", "Brötchen 東京.db", "a&b=c;d.db", "%20", "file:x", "+"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "a folder #"+strings.ReplaceAll(name, "/", ""))
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			d := database{store.Config{Path: filepath.Join(dir, name)}}
			s := d.migrated(t)
			if err := s.InTx(t.Context(), func(tx *store.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(d.Path); err != nil {
				t.Error(err)
			}
			if n, err := s.ContentRevision(t.Context()); n != 0 || err != nil { // both pools have the same file
				t.Errorf("revision %d, %v", n, err)
			}
		})
	}
}

func TestSQLiteRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	database{store.Config{Path: "lectern.db"}}.migrated(t)
	if _, err := os.Stat("lectern.db"); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoDatabaseIsNamed(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a text":                      text,
		"a folder":                    dir,
		"in a missing folder":         filepath.Join(dir, "none", "lectern.db"),
		"in a folder of someone else": filepath.Join(unwritable(t), "lectern.db"),
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Config{Path: path})
			if err == nil {
				t.Error(s.Close())
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), path) {
				t.Errorf("the error %q does not name %s", err, path)
			}
		})
	}
	if data, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(data), "this is no database") {
		t.Errorf("the text is now %.20q (%v)", data, err)
	}
}

// unwritable is a folder in which no file can be made, not even by root.
func unwritable(t *testing.T) string {
	t.Helper()
	if os.Geteuid() == 0 {
		return "/proc"
	}
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCheckFindsDamage(t *testing.T) {
	d := sqliteDatabase(t)
	s, err := store.Open(t.Context(), d.Config)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil { // it writes all to the file
		t.Fatal(err)
	}
	file, err := os.OpenFile(d.Path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt(bytes.Repeat([]byte{0xff}, 8*4096), 2*4096); err != nil { // pages of tables
		t.Fatal(err)
	}
	if damage, err := d.open(t).Check(t.Context()); err != nil || damage == "" {
		t.Errorf("a database with overwritten pages: damage %q, error %v", damage, err)
	}
}
