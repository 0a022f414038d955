package store

import (
	"context"
	"database/sql"
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
