package search_test

import (
	"context"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/search"
)

// site is live content in memory.
type site struct {
	docs    []search.Document
	changes []models.Change
}

func (s *site) publish(d search.Document) {
	s.docs = append(s.docs, d)
	s.changes = append(s.changes, models.Change{Revision: int64(len(s.changes) + 1), Kind: d.Ref.Type, ID: d.Ref.ID})
}

func (s *site) ContentRevision(context.Context) (int64, error) { return int64(len(s.changes)), nil }

func (s *site) Changes(_ context.Context, after int64, _ int) ([]models.Change, error) {
	return s.changes[after:], nil
}

func (s *site) Documents(_ context.Context, refs []models.Ref) ([]search.Document, error) {
	var out []search.Document
	for _, d := range s.docs {
		if slices.Contains(refs, d.Ref) {
			out = append(out, d)
		}
	}
	return out, nil
}

func (s *site) EachDocument(ctx context.Context, add func(search.Document) error) (int64, error) {
	for _, d := range s.docs {
		if err := add(d); err != nil {
			return 0, err
		}
	}
	return s.ContentRevision(ctx)
}

func (s *site) EachRef(_ context.Context, add func(models.Ref) error) error {
	for _, d := range s.docs {
		if err := add(d.Ref); err != nil {
			return err
		}
	}
	return nil
}
