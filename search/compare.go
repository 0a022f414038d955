package search

import (
	"context"
	"hash/maphash"
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
	inIndex, err := keysOf(ctx, index)
	if err != nil {
		return d, err
	}
	err = source.EachRef(ctx, func(ref models.Ref) error {
		if !inIndex.take(ref) {
			d.Missing = append(d.Missing, ref)
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	if d.Extra, err = inIndex.left(ctx, index); err != nil {
		return d, err
	}
	at, err := index.Revision(ctx)
	if err != nil {
		return d, err
	}
	newest, err := source.ContentRevision(ctx)
	d.Behind = newest - at
	return d, err
}

// keys are those of an index as hashes, of 9 bytes each: each start compares, and of 100,000 sections the keys themselves
// would take more memory than all else. Of a million keys two have one hash in one comparison of forty million, and the next
// comparison has another seed.
type keys struct {
	seed   maphash.Seed
	hashes []uint64 // in order, each once
	taken  []bool   // those that the database has too
}

func keysOf(ctx context.Context, index Index) (*keys, error) {
	k := &keys{seed: maphash.MakeSeed()}
	err := index.EachRef(ctx, func(ref models.Ref) error {
		k.hashes = append(k.hashes, k.hash(ref))
		return nil
	})
	slices.Sort(k.hashes)
	k.hashes = slices.Compact(k.hashes)
	k.taken = make([]bool, len(k.hashes))
	return k, err
}

func (k *keys) hash(ref models.Ref) uint64 { return maphash.Comparable(k.seed, ref.Key()) }

// take tells whether a key is among them, and notes that it was asked for.
func (k *keys) take(ref models.Ref) bool {
	at, found := slices.BinarySearch(k.hashes, k.hash(ref))
	if found {
		k.taken[at] = true
	}
	return found
}

// left lists the keys of the index that were not taken, in the order of ids.
func (k *keys) left(ctx context.Context, index Index) ([]models.Ref, error) {
	refs := []models.Ref{}
	if !slices.Contains(k.taken, false) {
		return refs, nil
	}
	err := index.EachRef(ctx, func(ref models.Ref) error {
		if at, found := slices.BinarySearch(k.hashes, k.hash(ref)); found && !k.taken[at] {
			refs = append(refs, ref)
		}
		return nil
	})
	slices.SortFunc(refs, compareRefs)
	return slices.Compact(refs), err
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
