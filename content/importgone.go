package content

import (
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// tellTakenOut reports what an exact source had when it was written, and has no more, but for what has been told. Ids
// sort by the time at which they were made, so that what editors have made since is not taken for it.
func (i *importer) tellTakenOut(told map[models.ID]bool) error {
	if i.in.Newest == "" {
		return nil
	}
	for _, e := range i.in.Items.entries {
		told[e.id] = e.exact
		if known, ok := i.known[knownKey(e.kind, e.key)]; ok {
			told[known.RecordID] = true
		}
	}
	modules, err := i.tx.Draft.List(store.Query{Kind: models.KindModule, Course: i.course.ID})
	if err != nil {
		return err
	}
	queries := []store.Query{{Kind: models.KindModule, Course: i.course.ID}}
	for _, kind := range []models.Kind{models.KindSource, models.KindAsset, models.KindFragment} {
		queries = append(queries, store.Query{Kind: kind, Course: i.course.ID})
	}
	for _, m := range modules {
		for _, kind := range []models.Kind{models.KindWorksheet, models.KindSection} {
			queries = append(queries, store.Query{Kind: kind, Module: m.Base().ID})
		}
	}
	for _, q := range queries {
		rs, err := i.tx.Draft.List(q)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if id := r.Base().ID; !told[id] && id <= i.in.Newest {
				i.changed(ImportGone, ExactKey(id), r, nil)
			}
		}
	}
	return nil
}
