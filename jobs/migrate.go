package jobs

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/riverqueue/river/rivermigrate"

	"github.com/lectern-cms/lectern/store"
)

// Migrate brings the tables of the queue to this binary's version, in the database of a store that is migrated itself. It
// does nothing when they are. Several instances may call it at once.
func Migrate(ctx context.Context, s *store.Store) error {
	m, err := rivermigrate.New(driver(s), nil)
	if err != nil {
		return fmt.Errorf("migrate the work queue: %w", err)
	}
	if current, err := isCurrent(ctx, m); err != nil || current {
		return err
	}
	return s.Alone(ctx, func(ctx context.Context) error {
		if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("migrate the work queue: %w", err)
		}
		return nil
	})
}

// isCurrent tells whether the database has had all migrations that this binary knows, and perhaps more.
func isCurrent(ctx context.Context, m *rivermigrate.Migrator[*sql.Tx]) (bool, error) {
	there, err := m.ExistingVersions(ctx)
	if err != nil {
		return false, fmt.Errorf("read the version of the work queue: %w", err)
	}
	known := m.AllVersions()
	return len(there) > 0 && there[len(there)-1].Version >= known[len(known)-1].Version, nil
}
