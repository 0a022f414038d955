package search

import (
	"context"
	"time"
)

// AbandonAfter changes how long a build may rest until it counts as abandoned.
func (m *Meilisearch) AbandonAfter(d time.Duration) { m.abandoned = d }

// MakeLayout makes the index one of another layout.
func (m *Meilisearch) MakeLayout(ctx context.Context, revision int64, change int) error {
	return m.put(ctx, m.uid, []any{meiliState{Key: stateKey, Revision: revision, Layout: meiliLayout + change}})
}

// MakeIndex makes an empty index of a name.
func (m *Meilisearch) MakeIndex(ctx context.Context, uid string) error { return m.makeIndex(ctx, uid) }
