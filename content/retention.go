package content

import (
	"context"
	"time"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/store"
)

// Retention says what is kept. A revision goes when all limits of revisions that are set let it go; with none all are kept.
type Retention struct {
	Days       int // revisions of so many days; 0: no such limit
	Count      int // so many newest of each record; 0: no such limit
	SearchDays int // counts of searches of so many days; 0: none
}

// KeepsRevisions tells whether all revisions are kept.
func (r Retention) KeepsRevisions() bool { return r.Days == 0 && r.Count == 0 }

const (
	pruneEvery = 24 * time.Hour

	// pruneAtOnce is how many revisions one transaction removes, so that nobody waits long for the write lock.
	pruneAtOnce = 500
)

// PruneHistory removes the revisions that are not kept, and tells how many. Those that readers have seen, that imports
// compare with, that have a message, and the newest of each record are kept always. What it did stands in the audit log.
func (s *Service) PruneHistory(ctx context.Context, keep Retention) (removed int64, err error) {
	if keep.KeepsRevisions() {
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
			return tx.AddAudit(retained(now, "history.prune", map[string]any{"revisions": n, "days": keep.Days, "count": keep.Count}))
		})
		removed += n
		if err != nil || n < pruneAtOnce {
			return removed, err
		}
	}
}

// KeepTidy removes what is not kept, at once and every day, until the context ends.
func (s *Service) KeepTidy(ctx context.Context, keep Retention) {
	again := time.NewTicker(pruneEvery)
	defer again.Stop()
	for {
		if _, err := s.PruneHistory(ctx, keep); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "history was not pruned", "error", err)
		}
		if _, err := s.PruneSearches(ctx, keep.SearchDays); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "old counts of searches were not removed", "error", err)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

// retained begins an entry of the audit log about what is not kept any longer.
func retained(at time.Time, action string, detail map[string]any) store.AuditEntry {
	entry := store.NewAuditEntry(access.Subject{Name: "retention"}, access.Origin{}, at, action)
	entry.Detail = detail
	return entry
}
