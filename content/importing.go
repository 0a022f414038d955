package content

import (
	"context"
	"errors"
	"fmt"

	"github.com/lectern-cms/lectern/content/merge"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Import is what a reader made of one course of a source.
type Import struct {
	Course  *models.Course // matched by slug with a course that is there; by id when it is Exact
	Items   *Spool         // in reading order, a page's sources and worksheets before its section
	Exact   bool           // the course comes from Lectern and keeps its id
	Public  bool           // the items are live records, without private fields: those that are here stay
	Site    string         // names the space of the addresses of the items: links in it are resolved whatever comes first
	Newest  models.ID      // the newest record that an exact source had when it was written: older ones that it has no more are reported
	Whole   bool           // the items are all that the source holds now: what is not among them any more is reported
	Commit  string         // of the source, empty when unknown
	Publish bool           // make what was imported live in the same transaction, unless something blocks it
	DryRun  bool           // do it all, tell what was done, and take it back
	By      Save
}

// ImportAction is what an import did with a record that was there.
type ImportAction string

// The actions that a result names one by one.
const (
	ImportUpdated ImportAction = "updated" // the source changed it, and nobody else had
	ImportMerged  ImportAction = "merged"  // the source's changes and those of editors are both in it, but for conflicts
	ImportKept    ImportAction = "kept"    // it was changed in the source and is in the trash here
	ImportGone    ImportAction = "gone"    // the source has it no more; it stays
	ImportRenamed ImportAction = "renamed" // the same page under another path
	ImportRevived ImportAction = "revived" // dead links in it lead somewhere now
)

// ImportChange is one of them.
type ImportChange struct {
	Ref       models.Ref // decorated
	Key       string
	Action    ImportAction
	Conflicts []merge.Conflict // changed here and in the source: what is here was kept
}

// ImportResult says what an import did.
type ImportResult struct {
	Course      models.Ref
	Created     map[models.Kind]int
	Updated     map[models.Kind]int // merged ones too
	Unchanged   map[models.Kind]int
	Changes     []ImportChange
	IDs         map[models.ID]models.ID // from the reader's ids to those that the records have
	Suggestions []SourceGroup           // sources of the course that may be one and the same
	Plan        *Plan                   // when publishing was asked for: blockers, with which nothing was published, and warnings
	Published   int                     // records that went live
	Revision    int64                   // content revision, when something was published
}

// errDryRun takes a dry run back.
var errDryRun = errors.New("dry run")

// Import saves a course's records in one transaction: all or nothing, but that what can't be published is saved as
// drafts. A record that an earlier import made is found by its key and keeps its id. What the source left alone since
// then is not touched, what it changed is updated, and what an editor changed as well is merged: nobody's change is
// lost, and a conflict keeps the editor's. It fails with Invalid when a record breaks rules, naming it.
func (s *Service) Import(ctx context.Context, in Import) (*ImportResult, error) {
	result, err := s.runImport(ctx, in, map[models.ID]models.ID{})
	if errors.Is(err, errBlocked) { // all is taken back by now: the drafts are saved without publishing anything
		plan := result.Plan
		in.Publish = false
		if result, err = s.runImport(ctx, in, result.IDs); err == nil {
			result.Plan = plan
		}
	}
	if err != nil {
		return nil, err
	}
	if result.Revision > 0 && !in.DryRun {
		s.announce(result.Revision)
	}
	return result, nil
}

// runImport does an import in one transaction. Records that are new get the ids that they are given, if any. It gives
// its result with errBlocked, too.
func (s *Service) runImport(ctx context.Context, in Import, ids map[models.ID]models.ID) (*ImportResult, error) {
	var result *ImportResult
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		i := newImporter(s, tx, in, ids)
		result = i.result
		if err := i.run(); err != nil || !in.DryRun {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return result, err
}

type importer struct {
	s      *Service
	tx     *store.Tx
	in     Import
	result *ImportResult
	ids    map[models.ID]models.ID     // the reader's ids to those that the records have here
	known  map[string]store.ImportItem // by kind and key, without what the source said
	slugs  map[string]bool             // taken: kind, owner, slug
	fresh  map[models.ID]bool          // made by this import
	mine   map[models.ID]bool          // not published by an import: in the trash, or holding an editor's changes
	moved  map[models.ID]bool          // from one module to another by this import
	asRead map[models.ID]bool          // nobody has changed it, or moved what is in it, since the source was read or made
	course *models.Course              // as it is here

	trashed map[models.ID]bool
	above   map[models.ID]models.ID // in an import from Lectern: the section above a section, "" for none

	links   siteLinks
	revived []models.Ref // records in which dead links came alive, to be published
}

func newImporter(s *Service, tx *store.Tx, in Import, ids map[models.ID]models.ID) *importer {
	i := &importer{
		s: s, tx: tx, in: in, ids: ids, known: map[string]store.ImportItem{},
		slugs: map[string]bool{}, fresh: map[models.ID]bool{}, mine: map[models.ID]bool{},
		trashed: map[models.ID]bool{}, moved: map[models.ID]bool{}, asRead: map[models.ID]bool{},
	}
	i.result = newImportResult()
	i.result.IDs = i.ids
	return i
}

func newImportResult() *ImportResult {
	return &ImportResult{Created: map[models.Kind]int{}, Updated: map[models.Kind]int{}, Unchanged: map[models.Kind]int{}}
}

func (i *importer) run() error {
	for _, step := range []func() error{i.place, i.loadLinks, i.match, i.saveAll, i.arrange, i.revive, i.stamp, i.suggest, i.publish} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// courseKey is what the course itself is called among the things of a source.
const courseKey = "course"

// exactPrefix begins the keys of records that come from Lectern. Other sources of the same course don't miss what they
// don't hold of them.
const exactPrefix = "lectern:"

// ExactKey is what a record that comes from Lectern is called in imports, whichever source it is read from.
func ExactKey(id models.ID) string { return exactPrefix + string(id) }

// PlaceKey is what a new record is called that an author has added to a course from Lectern, at a place in the source.
func PlaceKey(place string) string { return exactPrefix + place }

// courseKey is what the course itself is called.
func (i *importer) courseKey() string {
	if i.in.Exact {
		return ExactKey(i.course.ID)
	}
	return courseKey
}

// place finds or makes the course that the import goes into.
func (i *importer) place() error {
	c := i.in.Course
	there := &models.Course{}
	var err error
	if i.in.Exact {
		err = i.tx.Draft.Get(there, c.ID)
	} else {
		err = i.tx.Draft.BySlug(there, "", c.Slug)
	}
	switch {
	case models.KindOf(err) == models.KindNotFound:
		i.course = c
		i.result.Created[models.KindCourse]++
		i.fresh[c.ID], i.trashed[c.ID] = true, c.TrashedAt != nil
		c.Source.Commit = i.in.Commit
		if err := i.s.insert(i.tx, c, i.in.By, true); err != nil {
			return fmt.Errorf("import the course: %w", err)
		}
		i.result.Course = decorate(c)
		return i.remember(i.courseKey(), c, nil)
	case err != nil:
		return err
	case there.TrashedAt != nil:
		return models.Conflict(fmt.Sprintf("the course %q is in the trash: restore it, or import under another slug", there.Title), nil)
	}
	i.course = there
	i.ids[c.ID] = there.ID
	i.result.Course = decorate(there)
	return nil
}

func knownKey(kind models.Kind, key string) string { return string(kind) + " " + key }

// match finds the records that earlier imports made of the same things. The others get ids in the order of the items,
// so that lists by id come in reading order.
func (i *importer) match() error {
	items, err := i.tx.ImportItems(i.course.ID)
	if err != nil {
		return err
	}
	for _, item := range items {
		i.known[knownKey(item.Kind, item.Key)] = item
	}
	if err := i.follow(); err != nil {
		return err
	}
	for _, e := range i.in.Items.entries {
		if e.exact {
			continue
		}
		if known, ok := i.known[knownKey(e.kind, e.key)]; ok {
			i.ids[e.id] = known.RecordID
		} else if i.ids[e.id] == "" {
			i.ids[e.id] = models.NewID()
		}
	}
	return nil
}

func (i *importer) id(id models.ID) models.ID {
	if there, ok := i.ids[id]; ok {
		return there
	}
	return id
}

// changed notes what was done with a record.
func (i *importer) changed(action ImportAction, key string, r models.Record, conflicts []merge.Conflict) {
	i.result.Changes = append(i.result.Changes, ImportChange{Ref: decorate(r), Key: key, Action: action, Conflicts: conflicts})
}

// remember notes what the source says of a record: the revision that was just saved, or imported when that holds an
// editor's changes too.
func (i *importer) remember(key string, r models.Record, imported models.Record) error {
	return i.rememberIn(i.course.ID, key, r, imported)
}

func (i *importer) rememberIn(course models.ID, key string, r models.Record, imported models.Record) error {
	item := store.ImportItem{CourseID: course, Key: key, Kind: r.Kind(), RecordID: r.Base().ID, Version: r.Base().Version}
	if imported != nil {
		body, err := models.Encode(imported)
		if err != nil {
			return fmt.Errorf("remember %s: %w", key, err)
		}
		item.Imported = new(string)
		*item.Imported = string(body)
	}
	return i.tx.PutImportItem(item)
}
