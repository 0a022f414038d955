package search

import (
	"context"
	"slices"

	"github.com/lectern-cms/lectern/models"
)

// mendAtOnce bounds the documents that are mended in one batch, and so the memory that it takes.
const mendAtOnce = 200

// Difference is what an index and the database do not agree on.
type Difference struct {
	Missing []models.Ref `json:"missing"` // live, and not in the index
	Extra   []models.Ref `json:"extra"`   // in the index, and not live
	Behind  int64        `json:"behind"`  // content revisions that the index has not seen
}

// Sound tells whether there is no difference.
func (d Difference) Sound() bool {
	return len(d.Missing)+len(d.Extra) == 0 && d.Behind == 0
}

// Compare looks for differences between an index and the database. What is published meanwhile may count as one.
func Compare(ctx context.Context, index Index, source Source) (Difference, error) {
	d := Difference{Missing: []models.Ref{}, Extra: []models.Ref{}}
	want, err := source.SearchedRefs(ctx)
	if err != nil {
		return d, err
	}
	have, err := index.Refs(ctx)
	if err != nil {
		return d, err
	}
	inIndex := make(map[models.Ref]bool, len(have))
	for _, ref := range have {
		inIndex[ref.Key()] = true
	}
	for _, ref := range want {
		if !inIndex[ref.Key()] {
			d.Missing = append(d.Missing, ref)
		}
		delete(inIndex, ref.Key())
	}
	for ref := range inIndex {
		d.Extra = append(d.Extra, ref)
	}
	slices.SortFunc(d.Extra, compareRefs)
	at, err := index.Revision(ctx)
	if err != nil {
		return d, err
	}
	newest, err := source.ContentRevision(ctx)
	d.Behind = newest - at
	return d, err
}

// Mend makes an index that has seen all changes agree with the database, and gives what was different: records that it
// lacks are put in, and those that are not live taken out. Nobody else may write to the index meanwhile. What is published
// meanwhile may be mended too, and does no harm: records are read as they are now.
func Mend(ctx context.Context, index Index, source Source) (Difference, error) {
	d, err := Compare(ctx, index, source)
	if err != nil {
		return d, err
	}
	at, err := index.Revision(ctx)
	if err != nil {
		return d, err
	}
	for refs := range slices.Chunk(d.Missing, mendAtOnce) {
		docs, err := source.Documents(ctx, refs)
		if err != nil {
			return d, err
		}
		if err := index.Apply(ctx, Batch{Put: docs, Revision: at}); err != nil {
			return d, err
		}
	}
	for refs := range slices.Chunk(d.Extra, mendAtOnce) {
		if err := index.Apply(ctx, Batch{Delete: refs, Revision: at}); err != nil {
			return d, err
		}
	}
	return d, nil
}
