package content

import (
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// arrange puts imported records at their places. What is there already keeps its order: editors may have moved it.
// New ones come after the record that they follow in the source. What comes from Lectern is put in the order and below
// the pages that it has there now, unless editors have changed the module since.
func (i *importer) arrange() error {
	imported := map[models.ID][]models.ID{} // by the module that they are in; modules themselves under ""
	sheets := map[models.ID][]models.ID{}
	var modules []models.ID
	i.above = map[models.ID]models.ID{}
	for _, e := range i.in.Items.entries {
		id, module := i.id(e.id), i.id(e.module)
		switch e.kind {
		case models.KindModule:
			modules = append(modules, id)
		case models.KindSection:
			imported[module] = append(imported[module], id)
			i.above[id] = i.id(e.parent)
		case models.KindWorksheet:
			sheets[module] = append(sheets[module], id)
		}
	}
	touched, err := i.order(store.Query{Kind: models.KindModule, Course: i.course.ID}, modules, i.course)
	if err != nil {
		return err
	}
	if touched {
		if err := i.touch(models.KindCourse, i.course.ID); err != nil {
			return err
		}
	}
	for _, module := range modules {
		owner := &models.Module{Meta: models.Meta{ID: module}}
		sections, err := i.order(store.Query{Kind: models.KindSection, Module: module}, imported[module], owner)
		if err != nil {
			return err
		}
		worksheets, err := i.order(store.Query{Kind: models.KindWorksheet, Module: module}, sheets[module], owner)
		if err != nil {
			return err
		}
		if sections || worksheets {
			if err := i.touch(models.KindModule, module); err != nil {
				return err
			}
		}
	}
	return nil
}

// order numbers the records of a query, which are those of an owner, anew and tells whether one that was there before
// got another place.
func (i *importer) order(q store.Query, imported []models.ID, owner models.Record) (bool, error) {
	drafts, err := i.tx.Draft.List(q)
	if err != nil {
		return false, err
	}
	slices.SortStableFunc(drafts, func(a, b models.Record) int { return positionOf(a) - positionOf(b) })
	byID := map[models.ID]models.Record{}
	for _, r := range drafts {
		byID[r.Base().ID] = r
	}
	imported = slices.DeleteFunc(slices.Clone(imported), func(id models.ID) bool { return byID[id] == nil }) // the caller goes on with all
	isNew := func(id models.ID) bool { return i.fresh[id] || i.moved[id] }
	sequence := interleave(ids(drafts), imported, isNew)
	if i.follows(owner) {
		sequence = interleave(imported, ids(drafts), func(id models.ID) bool { return !slices.Contains(imported, id) })
	}
	hung := i.hang(byID, owner)
	if q.Kind == models.KindSection {
		sequence = models.ReadingOrder(sequence, parentsOf(byID))
	}
	if len(hung) == 0 && slices.Equal(sequence, ids(drafts)) && !slices.ContainsFunc(sequence, isNew) {
		return false, i.tellOrder(sequence, imported, owner, byID) // whatever the numbers of their places are
	}
	changed := len(hung) > 0
	for position, id := range sequence {
		r := byID[id]
		if positionOf(r) == position && !hung[id] {
			continue
		}
		changed = changed || !i.fresh[id]
		if err := i.tx.Draft.Place(r, parentOf(r), position); err != nil {
			return false, err
		}
	}
	return changed, i.tellOrder(sequence, imported, owner, byID)
}

// touch takes the next version for a record whose children have new places, with a revision of its own.
func (i *importer) touch(kind models.Kind, id models.ID) error {
	if i.fresh[id] {
		return nil
	}
	if err := i.tx.Draft.Touch(kind, id); err != nil {
		return err
	}
	r, err := i.tx.Draft.Record(kind, id)
	if err != nil {
		return err
	}
	if err := i.s.keep(i.tx, r, i.in.By, true); err != nil || !i.in.Exact || !i.asRead[id] {
		return err
	}
	return i.remember(i.keyOf(kind, id), r, nil) // its places are those of the source now
}

// interleave keeps the order of what is there and puts each new id after the one that it follows in the import. What
// comes first in the import stands before the next that is there, and at the end when nothing of the import is: an import
// of a page by itself does not move the others.
func interleave(there, imported []models.ID, isNew func(models.ID) bool) []models.ID {
	out := slices.DeleteFunc(slices.Clone(there), isNew)
	for n, id := range imported {
		if !isNew(id) {
			continue
		}
		at := len(out)
		if n > 0 {
			at = slices.Index(out, imported[n-1]) + 1
		} else if next := slices.IndexFunc(imported, func(id models.ID) bool { return !isNew(id) }); next >= 0 {
			at = slices.Index(out, imported[next])
		}
		out = slices.Insert(out, at, id)
	}
	return out
}

// parentsOf says which records there are, and what each stands below; nil at the top.
func parentsOf[R models.Record](byID map[models.ID]R) map[models.ID]*models.ID {
	out := make(map[models.ID]*models.ID, len(byID))
	for id, r := range byID {
		out[id] = parentOf(r)
	}
	return out
}

func parentOf(r models.Record) *models.ID {
	if s, ok := r.(*models.Section); ok {
		return s.ParentID
	}
	return nil
}

func positionOf(r models.Record) int {
	switch r := r.(type) {
	case *models.Module:
		return r.Position
	case *models.Section:
		return r.Position
	case *models.Worksheet:
		return r.Position
	}
	return 0
}
