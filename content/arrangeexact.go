package content

import (
	"slices"

	"github.com/lectern-cms/lectern/content/merge"
	"github.com/lectern-cms/lectern/models"
)

// follows tells whether what an owner holds takes its order from the import: the owner comes from Lectern, and no editor
// has changed it or moved what it holds since.
func (i *importer) follows(owner models.Record) bool {
	id := owner.Base().ID
	return i.in.Exact && (i.asRead[id] || i.fresh[id])
}

// hang puts sections below the pages that they have in an import from Lectern. A page that has come from another module
// can't stay below one of that, nor what is left below it there. It changes the records, and tells which.
func (i *importer) hang(byID map[models.ID]models.Record, owner models.Record) map[models.ID]bool {
	if !i.in.Exact || owner.Kind() != models.KindModule {
		return nil
	}
	hung := map[models.ID]bool{}
	put := func(s *models.Section, parent models.ID) {
		was := models.ID("")
		if s.ParentID != nil {
			was = *s.ParentID
		}
		if was == parent || i.fresh[s.ID] {
			return
		}
		hung[s.ID], s.ParentID = true, nil
		if parent != "" {
			s.ParentID = &parent
		}
	}
	for id, r := range byID {
		s, ok := r.(*models.Section)
		if !ok {
			continue
		}
		if above, ok := i.above[id]; ok && (i.follows(owner) || i.moved[id]) {
			put(s, above)
		}
		if s.ParentID != nil && i.moved[*s.ParentID] && byID[*s.ParentID] == nil {
			put(s, "")
		}
	}
	return hung
}

// tellOrder reports that an import from Lectern has another order than the one that stays, because editors have changed
// the owner too.
func (i *importer) tellOrder(sequence, imported []models.ID, owner models.Record, byID map[models.ID]models.Record) error {
	id := owner.Base().ID
	if !i.in.Exact || i.follows(owner) {
		return nil
	}
	here := slices.DeleteFunc(slices.Clone(sequence), func(id models.ID) bool { return !slices.Contains(imported, id) })
	for n := range here {
		if n < len(imported) && here[n] != imported[n] {
			r, err := i.tx.Draft.Record(owner.Kind(), id)
			if err != nil {
				return err
			}
			i.changed(ImportMerged, i.keyOf(owner.Kind(), id), r, []merge.Conflict{{
				Field: "order", Ours: byID[here[n]].Label(), Theirs: byID[imported[n]].Label(),
			}})
			return nil
		}
	}
	return nil
}

// keyOf is what the source of an import from Lectern calls a record.
func (i *importer) keyOf(kind models.Kind, id models.ID) string {
	for _, e := range i.in.Items.entries {
		if e.kind == kind && i.id(e.id) == id {
			return e.key
		}
	}
	return i.courseKey()
}

// move puts a merged record into the module in which the source has it now, unless editors have moved it too.
func (i *importer) move(base, there, source, merged models.Record) []merge.Conflict {
	was, here, wanted := models.ModuleOf(base), models.ModuleOf(there), models.ModuleOf(source)
	if wanted == was || wanted == here {
		return nil
	}
	if here != was {
		return []merge.Conflict{{Pointer: "/module_id", Field: "module", Ours: string(here), Theirs: string(wanted)}}
	}
	i.moved[merged.Base().ID] = true
	switch m := merged.(type) {
	case *models.Section:
		m.ModuleID = wanted
	case *models.Worksheet:
		m.ModuleID = wanted
	}
	return nil
}
