package content

import (
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// base gives what the last import said of a record, nil when that is not known, and in which version the record was
// then. An export of Lectern says in which version it was made: if that is not before the last import, what it said
// is what the record was, with what editors had changed.
func (i *importer) base(item ImportItem) (models.Record, int64, error) {
	r := item.Record
	known, err := i.tx.ImportItem(i.course.ID, r.Kind(), item.Key)
	if err != nil {
		return nil, 0, err
	}
	if item.Exact {
		made, err := i.made(r)
		if err != nil || known == nil || r.Base().Version >= known.Version {
			return made, r.Base().Version, err
		}
		if made != nil { // an export that nobody has edited says nothing new, whatever was imported since
			if same, err := sameContent(r, made); err != nil || same {
				return made, known.Version, err
			}
		}
	}
	if known == nil {
		return nil, 0, nil
	}
	base, err := i.readable(i.baseOf(*known))
	return base, known.Version, err
}

// made gives what an export of Lectern was made from: it says in which version, which may be later than the last import.
func (i *importer) made(r models.Record) (models.Record, error) {
	return i.readable(i.baseOf(store.ImportItem{Kind: r.Kind(), RecordID: r.Base().ID, Version: r.Base().Version}))
}

// readable is what readers see of a base, when readers are who an export is for: so what is private here counts as an
// editor's, and stays.
func (i *importer) readable(base models.Record, err error) (models.Record, error) {
	if err != nil || base == nil || !i.in.Public {
		return base, err
	}
	return asPublished(base)
}

// baseOf reads what the source said of a record, nil when that is not kept.
func (i *importer) baseOf(known store.ImportItem) (models.Record, error) {
	base := models.NewRecord(known.Kind)
	if known.Imported != nil {
		return base, models.Decode([]byte(*known.Imported), base)
	}
	revision, err := i.tx.RevisionOf(known.RecordID, known.Version)
	if models.KindOf(err) == models.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return base, models.Decode([]byte(revision.Body), base)
}
