package content

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/store"
)

// Retention says which revisions are kept. One goes when all limits that are set let it go; with none all are kept.
type Retention struct {
	Days  int // those of so many days; 0: no such limit
	Count int // so many newest of each record; 0: no such limit
}

const (
	pruneEvery = 24 * time.Hour

	// pruneAtOnce is how many revisions one transaction removes, so that nobody waits long for the write lock.
	pruneAtOnce = 500
)

// PruneHistory removes the revisions that are not kept, and tells how many. Those that readers have seen, that imports
// compare with, that have a message, and the newest of each record are kept always. What it did stands in the audit log.
func (s *Service) PruneHistory(ctx context.Context, keep Retention) (removed int64, err error) {
	if keep.Days == 0 && keep.Count == 0 {
		return 0, nil
	}
	now := s.now()
	var before *time.Time
	if keep.Days > 0 {
		before = new(now.AddDate(0, 0, -keep.Days))
	}
	for {
		var n int64
		err := s.store.InTx(ctx, func(tx *store.Tx) (err error) {
			if n, err = tx.PruneRevisions(before, keep.Count, pruneAtOnce); err != nil || n == 0 {
				return err
			}
			entry := store.NewAuditEntry(access.Subject{Name: "retention"}, access.Origin{}, now, "history.prune")
			entry.Detail = map[string]any{"revisions": n, "days": keep.Days, "count": keep.Count}
			return tx.AddAudit(entry)
		})
		removed += n
		if err != nil || n < pruneAtOnce {
			return removed, err
		}
	}
}

// KeepHistory prunes history at once and every day, until the context ends.
func (s *Service) KeepHistory(ctx context.Context, keep Retention) {
	again := time.NewTicker(pruneEvery)
	defer again.Stop()
	for {
		if _, err := s.PruneHistory(ctx, keep); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "history was not pruned", "error", err)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}
