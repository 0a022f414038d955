package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// WritePragma reads a setting of the connections that write.
func WritePragma(s *Store, name string) string { return pragma(s.write, name) }

// ReadPragma reads a setting of the connections that read.
func ReadPragma(s *Store, name string) string { return pragma(s.read, name) }

func pragma(db *sql.DB, name string) (value string) {
	if err := db.QueryRowContext(context.Background(), "PRAGMA "+name).Scan(&value); err != nil {
		return err.Error()
	}
	return value
}

// Statements are those of a migration, by its number, in the database's own types.
func Statements(s *Store, version int) (string, error) {
	for _, name := range migrationFiles {
		if strings.HasPrefix(name, fmt.Sprintf("%04d_", version)) {
			return s.expand(name)
		}
	}
	return "", fmt.Errorf("no migration %d", version)
}

// Impatient lets writes wait for no other process.
func Impatient(s *Store) error {
	_, err := s.write.ExecContext(context.Background(), "PRAGMA busy_timeout(1)")
	return err
}

// Endless runs a query that has no end.
func Endless(tx *Tx) error {
	var n int64
	return tx.gorm().Raw("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n").Scan(&n).Error
}
