package server

import (
	"context"
	"sync"
	"time"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
	"github.com/lectern-cms/lectern/transfer"
)

// workList is a queue whose work is done when a test says so.
type workList struct {
	mu    sync.Mutex
	items []workItem
}

type workItem struct {
	name string
	id   models.ID
	at   time.Time
}

// Enqueue notes what was asked for.
func (l *workList) Enqueue(_ context.Context, _ *store.Tx, name string, id models.ID, at time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = append(l.items, workItem{name, id, at})
	return nil
}

// due takes what is to be done by a time.
func (l *workList) due(now time.Time) (out []workItem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var left []workItem
	for _, item := range l.items {
		if item.at.After(now) {
			left = append(left, item)
		} else {
			out = append(out, item)
		}
	}
	l.items = left
	return out
}

// works does all that is due.
func (s *site) works() {
	s.t.Helper()
	t := s.server.Transfers
	for _, item := range s.work.due(s.clock.now()) {
		do := map[string]func(context.Context, models.ID) error{
			content.WorkSchedule: s.content.RunSchedule, transfer.WorkImport: t.RunImport, transfer.WorkExport: t.RunExport,
		}[item.name]
		check(s.t, do(s.t.Context(), item.id))
	}
}
