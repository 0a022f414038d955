package search

import (
	"context"

	"github.com/lectern-cms/lectern/models"
)

// Source is what an index is made from: live content and the log of its changes. Package content implements it.
type Source interface {
	// ContentRevision is the revision of the newest change.
	ContentRevision(ctx context.Context) (int64, error)

	// Changes reads the log after a revision: whole revisions, about limit entries at most, oldest first.
	Changes(ctx context.Context, after int64, limit int) ([]models.Change, error)

	// Documents reads what an index keeps of records as they are now. Records that are not live, or of kinds that
	// are not searched, have no document. Changes of shared content give the documents of the records that show it.
	Documents(ctx context.Context, refs []models.Ref) ([]Document, error)

	// EachDocument gives the documents of all live records, and the revision that they have at least.
	EachDocument(ctx context.Context, add func(Document) error) (revision int64, err error)

	// EachRef gives the keys of all documents that an index should have, as they are at one moment.
	EachRef(ctx context.Context, add func(models.Ref) error) error
}
