package content

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// Import is what a reader made of one course of a source: records that refer to each other by fresh ids. Items come
// owners first, sections in reading order.
type Import struct {
	Course  *models.Course // matched by slug with a course that is there
	Items   []ImportItem
	Publish bool // make what was imported live in the same transaction, unless something blocks it
	By      Save
}

// ImportItem is one record of an import. Key names it in the source, the same at every import.
type ImportItem struct {
	Key    string
	Record models.Record
	Draft  bool // not published in its source, and so not by the import
}

// ImportResult says what an import did.
type ImportResult struct {
	Course    models.Ref
	Created   map[models.Kind]int
	Updated   map[models.Kind]int
	Unchanged map[models.Kind]int
	Kept      []models.Ref // edited or trashed in Lectern since the last import: left as they are, and not published
	Plan      *Plan        // of publishing, when asked for; with blockers nothing was published
	Revision  int64        // content revision, when something was published
}

// Import saves a course's records in one transaction: all or nothing. A record that an earlier import made is found
// by its key and keeps its id; one that is the same as then is not touched, one that was edited in Lectern since is
// kept as it is. It fails with Invalid when a record breaks rules, naming it.
func (s *Service) Import(ctx context.Context, in Import) (*ImportResult, error) {
	var result *ImportResult
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		i := &importer{s: s, tx: tx, in: in, ids: map[models.ID]models.ID{}, known: map[string]store.ImportItem{}, slugs: map[string]bool{}, fresh: map[models.ID]bool{}, kept: map[models.ID]bool{}}
		err := i.run()
		result = i.result
		return err
	})
	if err != nil {
		return nil, err
	}
	if result.Revision > 0 {
		s.announce(result.Revision)
	}
	return result, nil
}

type importer struct {
	s      *Service
	tx     *store.Tx
	in     Import
	result *ImportResult
	ids    map[models.ID]models.ID     // the reader's ids to those that the records have here
	known  map[string]store.ImportItem // by kind and key
	slugs  map[string]bool             // taken: kind, owner, slug
	all    []models.Ref                // what can be published: not what was edited or trashed in Lectern
	fresh  map[models.ID]bool          // made by this import
	kept   map[models.ID]bool          // edited or trashed in Lectern
}

func (i *importer) run() error {
	i.result = &ImportResult{Created: map[models.Kind]int{}, Updated: map[models.Kind]int{}, Unchanged: map[models.Kind]int{}}
	if err := i.course(); err != nil {
		return err
	}
	if err := i.match(); err != nil {
		return err
	}
	for _, item := range i.in.Items {
		i.rewrite(item.Record)
	}
	for _, item := range i.in.Items {
		if err := i.save(item); err != nil {
			return fmt.Errorf("import %s: %w", item.Key, err)
		}
	}
	if err := i.arrange(); err != nil {
		return err
	}
	return i.publish()
}

// course finds or makes the course.
func (i *importer) course() error {
	c := i.in.Course
	var there models.Course
	err := i.tx.Draft.BySlug(&there, "", c.Slug)
	switch models.KindOf(err) {
	case models.KindNotFound:
		i.result.Created[models.KindCourse]++
		i.fresh[c.ID] = true
		i.all = append(i.all, refOf(c))
		err = i.s.insert(i.tx, c, i.in.By, true)
	case models.KindInternal:
		if err == nil {
			i.ids[c.ID] = there.ID
			c = &there
		}
	}
	i.result.Course = decorate(c)
	return err
}

func knownKey(kind models.Kind, key string) string { return string(kind) + " " + key }

// match finds the records that earlier imports made of the same things. The others get ids in the order of the items,
// so that lists by id come in reading order.
func (i *importer) match() error {
	items, err := i.tx.ImportItems(i.result.Course.ID)
	if err != nil {
		return err
	}
	for _, item := range items {
		i.known[knownKey(item.Kind, item.Key)] = item
	}
	for _, item := range i.in.Items {
		id := models.NewID()
		if known, ok := i.known[knownKey(item.Record.Kind(), item.Key)]; ok {
			id = known.RecordID
		}
		i.ids[item.Record.Base().ID] = id
	}
	return nil
}

func (i *importer) id(id models.ID) models.ID {
	if there, ok := i.ids[id]; ok {
		return there
	}
	return id
}

// rewrite puts the ids of records that are there in the place of fresh ones.
func (i *importer) rewrite(r models.Record) {
	m := r.Base()
	m.ID = i.id(m.ID)
	course := i.result.Course.ID
	switch r := r.(type) {
	case *models.Module:
		r.CourseID = course
	case *models.Section:
		r.CourseID, r.ModuleID = course, i.id(r.ModuleID)
		if r.ParentID != nil {
			parent := i.id(*r.ParentID)
			r.ParentID = &parent
		}
	case *models.Worksheet:
		r.ModuleID = i.id(r.ModuleID)
	case *models.Source:
		r.CourseID = course
	case *models.Fragment:
		r.CourseID = course
	case *models.Asset:
		r.CourseID = course
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

// save creates a record, or updates the one that an earlier import made of the same thing.
func (i *importer) save(item ImportItem) error {
	r := item.Record
	known, ok := i.known[knownKey(r.Kind(), item.Key)]
	if !ok {
		return i.create(item)
	}
	there, err := i.tx.Draft.Record(r.Kind(), known.RecordID)
	if err != nil {
		return err
	}
	inherit(r, there)
	same, err := sameContent(r, there)
	switch {
	case err != nil:
		return err
	case same && there.Base().TrashedAt == nil:
		i.result.Unchanged[r.Kind()]++
		if there.Base().Version == known.Version && !item.Draft { // else an editor changed what the source does not say, a slug for instance
			i.all = append(i.all, refOf(r))
		}
		return nil
	case there.Base().Version != known.Version || there.Base().TrashedAt != nil:
		i.kept[r.Base().ID] = true
		i.result.Kept = append(i.result.Kept, decorate(there))
		return nil
	}
	i.toPublish(item)
	i.result.Updated[r.Kind()]++
	if err := i.s.update(i.tx, r, there.Base().Version, i.in.By, true); err != nil {
		return err
	}
	return i.remember(item)
}

func (i *importer) create(item ImportItem) error {
	r := item.Record
	if err := i.freeName(r); err != nil {
		return err
	}
	i.toPublish(item)
	i.result.Created[r.Kind()]++
	i.fresh[r.Base().ID] = true
	if err := i.s.insert(i.tx, r, i.in.By, true); err != nil {
		return err
	}
	return i.remember(item)
}

// toPublish notes a record that goes live when the import publishes.
func (i *importer) toPublish(item ImportItem) {
	if !item.Draft {
		i.all = append(i.all, refOf(item.Record))
	}
}

func (i *importer) remember(item ImportItem) error {
	return i.tx.PutImportItem(store.ImportItem{
		CourseID: i.result.Course.ID, Key: item.Key, Kind: item.Record.Kind(),
		RecordID: item.Record.Base().ID, Version: item.Record.Base().Version,
	})
}

// inherit gives an imported record what is not the source's to say: where it stands, what it is called in addresses,
// and the ids of its citations.
func inherit(r, there models.Record) {
	r.Base().CreatedAt = there.Base().CreatedAt
	switch r := r.(type) {
	case *models.Module:
		old := there.(*models.Module)
		r.Slug, r.Position = old.Slug, old.Position
	case *models.Worksheet:
		old := there.(*models.Worksheet)
		r.Slug, r.Position = old.Slug, old.Position
	case *models.Source:
		r.Key = there.(*models.Source).Key
	case *models.Fragment:
		r.Slug = there.(*models.Fragment).Slug
	case *models.Section:
		old := there.(*models.Section)
		r.Slug, r.Position, r.ParentID = old.Slug, old.Position, old.ParentID
		byLabel := map[string]models.ID{}
		for _, c := range old.Citations {
			byLabel[c.Label] = c.ID
		}
		for i, c := range r.Citations {
			if id, ok := byLabel[c.Label]; ok {
				r.Citations[i].ID = id
			}
		}
	}
}

// sameContent compares two records but for the time of their last change.
func sameContent(a, b models.Record) (bool, error) {
	updated := a.Base().UpdatedAt
	a.Base().UpdatedAt = b.Base().UpdatedAt
	defer func() { a.Base().UpdatedAt = updated }()
	x, err := models.Encode(a)
	if err != nil {
		return false, err
	}
	y, err := models.Encode(b)
	return bytes.Equal(x, y), err
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

// publish makes what was imported live, each record with its own fields, unless something blocks it.
func (i *importer) publish() error {
	if !i.in.Publish {
		return nil
	}
	plan, revision, err := i.s.publish(i.tx, PublishRequest{Alone: i.all})
	i.result.Plan, i.result.Revision = plan, revision
	if models.KindOf(err) == models.KindInvalid {
		return nil // the drafts are saved, and the plan says what is in the way
	}
	return err
}
