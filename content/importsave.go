package content

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/lectern-cms/lectern/content/merge"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// saveAll saves the course and the items, owners first.
func (i *importer) saveAll() error {
	if !i.fresh[i.course.ID] {
		c := i.in.Course
		c.ID = i.course.ID
		if err := i.save(ImportItem{Key: i.courseKey(), Record: c, Exact: i.in.Exact}); err != nil {
			return fmt.Errorf("import the course: %w", err)
		}
	}
	for _, kind := range models.StoredKinds() {
		for _, e := range i.in.Items.entries {
			if e.kind != kind {
				continue
			}
			item, err := i.in.Items.item(e)
			if err != nil {
				return err
			}
			i.rewrite(item.Record)
			i.resolve(&item)
			if err := i.save(item); err != nil {
				return fmt.Errorf("import %s: %w", item.Key, err)
			}
			if err := i.keepLinks(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// rewrite puts the ids of records that are there in the place of the reader's.
func (i *importer) rewrite(r models.Record) {
	m := r.Base()
	m.ID = i.id(m.ID)
	switch r := r.(type) {
	case *models.Module:
		r.CourseID = i.course.ID
	case *models.Section:
		r.CourseID, r.ModuleID = i.course.ID, i.id(r.ModuleID)
		if r.ParentID != nil {
			parent := i.id(*r.ParentID)
			r.ParentID = &parent
		}
	case *models.Worksheet:
		r.ModuleID = i.id(r.ModuleID)
	case *models.Source:
		r.CourseID = i.course.ID
	case *models.Fragment:
		r.CourseID = i.course.ID
	case *models.Asset:
		r.CourseID = i.course.ID
	}
	for _, at := range models.Refs(r) {
		*at = models.NewRef((*at).Type, i.id((*at).ID))
	}
	for _, t := range texts(r) {
		for _, link := range render.RecordLinks(*t) {
			*t = models.Text(strings.ReplaceAll(string(*t), string(link.ID), string(i.id(link.ID))))
		}
	}
}

// save creates a record, or brings the one that an earlier import made of the same thing up to date.
func (i *importer) save(item ImportItem) error {
	r := item.Record
	there, err := i.there(item)
	if err != nil {
		return err
	}
	if there == nil {
		return i.create(item)
	}
	base, version, err := i.base(item)
	if err != nil {
		return err
	}
	i.asRead[r.Base().ID] = base != nil && version == there.Base().Version
	if base == nil { // nothing is known of what the source said when the record was made: what is here stands
		return i.unknown(item, there)
	}
	if !item.Exact {
		inherit(r, base)
	}
	merge.Align(base, r)
	same, err := sameContent(r, base)
	if err != nil {
		return err
	}
	unedited, err := sameContent(there, base)
	if err != nil {
		return err
	}
	i.holdBack(there, !unedited)
	switch {
	case same:
		i.result.Unchanged[r.Kind()]++
		return nil
	case there.Base().TrashedAt != nil:
		i.changed(ImportKept, item.Key, there, nil)
		return nil
	case unedited:
		i.moved[r.Base().ID] = models.ModuleOf(r) != models.ModuleOf(there)
		return i.update(item, there)
	}
	return i.merge(item, base, there)
}

// holdBack keeps an import from publishing what an editor has put in the trash, or has changed without publishing it.
func (i *importer) holdBack(there models.Record, edited bool) {
	state := there.Base().State()
	i.trashed[there.Base().ID] = state == models.StateTrashed
	i.mine[there.Base().ID] = state == models.StateTrashed || edited && state != models.StateLive
}

// there finds the record that an item is about, nil when it is new.
func (i *importer) there(item ImportItem) (models.Record, error) {
	id, kind := item.Record.Base().ID, item.Record.Kind()
	if _, ok := i.known[knownKey(kind, item.Key)]; !ok && !item.Exact && kind != models.KindCourse {
		return nil, nil
	}
	r, err := i.tx.Draft.Record(kind, id)
	if models.KindOf(err) == models.KindNotFound {
		return nil, nil
	}
	if err != nil || !item.Exact {
		return r, err
	}
	course, err := courseOf(i.tx, r)
	if err == nil && course != i.course.ID {
		err = i.s.elsewhere(i.tx, r)
	}
	return r, err
}

// unknown leaves a record alone of which no earlier import is known, and tells of it when the source says otherwise.
func (i *importer) unknown(item ImportItem, there models.Record) error {
	inherit(item.Record, there)
	same, err := sameContent(item.Record, there)
	if err != nil {
		return err
	}
	i.holdBack(there, !same)
	i.result.Unchanged[there.Kind()]++
	if !same && there.Kind() != models.KindCourse {
		i.changed(ImportKept, item.Key, there, nil)
	}
	return nil
}

// update saves what the source says now of a record that nobody else has changed.
func (i *importer) update(item ImportItem, there models.Record) error {
	r := item.Record
	i.commit(r)
	i.result.Updated[r.Kind()]++
	r.Base().CreatedAt = there.Base().CreatedAt
	if err := i.s.update(i.tx, r, there.Base().Version, i.in.By, true); err != nil {
		return err
	}
	i.changed(ImportUpdated, item.Key, r, nil)
	return i.remember(item.Key, r, nil)
}

// merge saves what the source and editors have made of a record.
func (i *importer) merge(item ImportItem, base, there models.Record) error {
	read := there.Base().Version
	i.commit(item.Record)
	merged, conflicts, err := merge.Three(base, there, item.Record)
	if err != nil {
		return err
	}
	conflicts = append(conflicts, i.move(base, there, item.Record, merged)...)
	same, err := sameContent(merged, there)
	if err != nil {
		return err
	}
	if !same {
		if err := i.s.update(i.tx, merged, read, i.in.By, true); err != nil {
			return err
		}
		i.result.Updated[merged.Kind()]++
	} else {
		merged.Base().Version = read
		i.result.Unchanged[merged.Kind()]++
	}
	if !same || len(conflicts) > 0 {
		i.changed(ImportMerged, item.Key, merged, conflicts)
	}
	return i.remember(item.Key, merged, item.Record)
}

func (i *importer) create(item ImportItem) error {
	r := item.Record
	if item.Trash { // there a name need not be free
		now := i.s.now()
		r.Base().TrashedAt, i.trashed[r.Base().ID] = &now, true
	} else if err := i.freeName(r); err != nil {
		return err
	}
	i.commit(r)
	i.result.Created[r.Kind()]++
	i.fresh[r.Base().ID] = true
	save := i.s.insert
	if !r.Base().CreatedAt.IsZero() { // it comes from Lectern
		save = i.s.add
	}
	if err := save(i.tx, r, i.in.By, true); err != nil {
		return err
	}
	return i.remember(item.Key, r, nil)
}

// commit says at which commit a page was read that is new or has changed.
func (i *importer) commit(r models.Record) {
	if s, ok := r.(*models.Section); ok && s.Origin != nil && i.in.Commit != "" {
		s.Origin.Commit = i.in.Commit
	}
}

// inherit gives an imported record what is not the source's to say: where it stands, and what it is called in addresses.
func inherit(r, base models.Record) {
	switch r := r.(type) {
	case *models.Course:
		r.Slug = base.(*models.Course).Slug
	case *models.Module:
		old := base.(*models.Module)
		r.Slug, r.Position = old.Slug, old.Position
	case *models.Worksheet:
		old := base.(*models.Worksheet)
		r.Slug, r.Position = old.Slug, old.Position
	case *models.Source:
		r.Key = base.(*models.Source).Key
	case *models.Fragment:
		r.Slug = base.(*models.Fragment).Slug
	case *models.Section:
		old := base.(*models.Section)
		r.Slug, r.Position, r.ParentID = old.Slug, old.Position, old.ParentID
	}
}

// sameContent compares two records but for what is only known of them: times, commits, and places, which their owners
// keep.
func sameContent(a, b models.Record) (bool, error) {
	x, err := contentOf(a)
	if err != nil {
		return false, err
	}
	y, err := contentOf(b)
	return bytes.Equal(x, y), err
}

// contentOf is the JSON of a record's content proper.
func contentOf(r models.Record) ([]byte, error) {
	var bare models.Record
	switch r := r.(type) {
	case *models.Course:
		c := *r
		c.Source.Commit = ""
		bare = &c
	case *models.Module:
		m := *r
		m.Position = 0
		bare = &m
	case *models.Section:
		s := *r
		s.Position, s.ParentID = 0, nil
		if s.Origin != nil {
			origin := *s.Origin
			origin.Commit = ""
			s.Origin = &origin
		}
		bare = &s
	case *models.Worksheet:
		w := *r
		w.Position = 0
		bare = &w
	case *models.Source:
		w := *r
		bare = &w
	case *models.Asset:
		a := *r
		bare = &a
	case *models.Fragment:
		f := *r
		bare = &f
	}
	bare.Base().CreatedAt, bare.Base().UpdatedAt = time.Time{}, time.Time{}
	return models.Encode(bare)
}

// freeName gives a new record a slug, or a source a key, that no other at its place has: the second one gets "-2".
func (i *importer) freeName(r models.Record) error {
	var name *string
	var owner models.ID
	switch r := r.(type) {
	case *models.Module:
		name, owner = &r.Slug, r.CourseID
	case *models.Section:
		name, owner = &r.Slug, r.ModuleID
	case *models.Worksheet:
		name, owner = &r.Slug, r.ModuleID
	case *models.Source:
		name, owner = &r.Key, r.CourseID
	case *models.Fragment:
		name, owner = &r.Slug, r.CourseID
	default:
		return nil
	}
	base := *name
	for n := 2; ; n++ {
		taken, err := i.taken(r.Kind(), owner, *name)
		if err != nil || !taken {
			return err
		}
		suffix := fmt.Sprintf("-%d", n)
		*name = strings.TrimRight(base[:min(len(base), models.MaxSlugLength-len(suffix))], "-") + suffix
	}
}

// taken tells whether a name is in use at a place, and takes it when it is not.
func (i *importer) taken(kind models.Kind, owner models.ID, name string) (bool, error) {
	place := string(kind) + " " + string(owner) + " "
	if !i.slugs[place] {
		i.slugs[place] = true
		q := store.Query{Kind: kind}
		if kind == models.KindSection || kind == models.KindWorksheet {
			q.Module = owner
		} else {
			q.Course = owner
		}
		there, err := i.tx.Draft.List(q)
		if err != nil {
			return false, err
		}
		for _, r := range there {
			i.slugs[place+addressOf(r)] = true
		}
	}
	if i.slugs[place+name] {
		return true, nil
	}
	i.slugs[place+name] = true
	return false, nil
}

func addressOf(r models.Record) string {
	if s, ok := r.(*models.Source); ok {
		return s.Key
	}
	return r.Name()
}
