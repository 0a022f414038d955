package content

import (
	"context"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Backup is all that there is of a course, part by part, in the order of an export: each function visits the things of
// one part, and fails when visit does. A nil function stands for a part that is left out.
type Backup struct {
	Records   func(visit func(Exported) error) error
	Revisions func(visit func(Revision) error) error
	Memory    func(visit func(Memory) error) error
	Redirects func(visit func(models.Redirect) error) error
	Settings  func(visit func(KeptSettings) error) error // of the course: once, or not at all when nobody has changed them
}

// KeptSettings are the settings of a course as they are kept.
type KeptSettings struct {
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
	CourseSettingsEdit
}

// Revision is one save of a record.
type Revision struct {
	Record    models.ID      `json:"record"`
	Version   int64          `json:"version"`
	Kind      models.Kind    `json:"kind"`
	Parent    *int64         `json:"parent"` // the version that it was made from
	Author    string         `json:"author"`
	AuthorID  models.ID      `json:"author_id,omitzero"` // of a user
	Message   string         `json:"message"`
	At        time.Time      `json:"at"`
	Began     *time.Time     `json:"began,omitzero"` // when the first of the saves in it was made, where there are several
	Published bool           `json:"published"`      // readers have seen it
	Imported  bool           `json:"imported"`
	Body      jsontext.Value `json:"body"` // the record's JSON, as it was then
}

// Memory is one thing that imports remember of a course, so that importing the same source again changes nothing. One
// of the fields is set.
type Memory struct {
	Item     *ItemMemory    `json:"item,omitzero"`
	Address  *AddressMemory `json:"address,omitzero"`
	DeadLink *LinkMemory    `json:"dead_link,omitzero"`
}

// ItemMemory says which record an import made of a thing in a source.
type ItemMemory struct {
	Kind    models.Kind `json:"kind"`
	Key     string      `json:"key"` // of the thing, in its source
	Record  models.ID   `json:"record"`
	Version int64       `json:"version"` // of the record, when it was last imported

	// Said is what the source said of the record then, as the record's JSON. It is null when that is the record as it is
	// now, and when it is not known any more.
	Said jsontext.Value `json:"said"`
}

// AddressMemory is a public address of an imported page.
type AddressMemory struct {
	Site   string      `json:"site"`
	Path   string      `json:"path"`
	Kind   models.Kind `json:"kind"`
	Record models.ID   `json:"record"`
}

// LinkMemory is a link of an imported record to a page of its site that has not been imported.
type LinkMemory struct {
	Site    string      `json:"site"`
	Path    string      `json:"path"`
	Kind    models.Kind `json:"kind"`
	Record  models.ID   `json:"record"`
	Written string      `json:"written"`
}

// Backup reads all that there is of a course, all of one moment, and calls read with it once. The functions must be
// called one after the other. Of a public export only Records is there, as in Export; Revisions is there when the
// request asks for them. It fails with NotFound when there is no such course.
func (s *Service) Backup(ctx context.Context, req ExportRequest, read func(Backup) error) error {
	return s.store.View(ctx, func(tx *store.Tx) error {
		b := Backup{Records: func(visit func(Exported) error) error {
			return newExporter(tx, req, visit).course(req.Course)
		}}
		if !req.Public {
			m := memories{tx: tx, course: req.Course}
			b.Memory = m.each
			b.Redirects = func(visit func(models.Redirect) error) error { return tx.EachRedirect(req.Course, visit) }
			b.Settings = func(visit func(KeptSettings) error) error { return keptSettings(tx, req.Course, visit) }
		}
		if req.Revisions && !req.Public {
			b.Revisions = func(visit func(Revision) error) error {
				return tx.EachRevision(req.Course, func(r store.Revision) error {
					return visit(Revision{
						Record: r.RecordID, Version: r.Version, Kind: r.Kind, Parent: r.Parent, Author: r.Author, AuthorID: r.AuthorID, Message: r.Message,
						At: r.At, Began: r.Began, Published: r.Published, Imported: r.Imported, Body: jsontext.Value(r.Body),
					})
				})
			}
		}
		return read(b)
	})
}

func keptSettings(tx *store.Tx, course models.ID, visit func(KeptSettings) error) error {
	row, err := tx.CourseSettings(course)
	if err != nil || row == nil {
		return err
	}
	out := KeptSettings{Version: row.Version, UpdatedAt: row.UpdatedAt}
	out.Rules, out.Schemas = rulesOf(row), row.Schemas
	return visit(out)
}

// memories reads what imports remember of a course.
type memories struct {
	tx     *store.Tx
	course models.ID
}

func (m memories) each(visit func(Memory) error) error {
	if err := m.items(visit); err != nil {
		return err
	}
	err := m.tx.EachImportAddress(m.course, func(a store.ImportAddress) error {
		return visit(Memory{Address: &AddressMemory{Site: a.Site, Path: a.Path, Kind: a.Kind, Record: a.RecordID}})
	})
	if err != nil {
		return err
	}
	return m.tx.EachDeadLink(m.course, func(l store.DeadLink) error {
		return visit(Memory{DeadLink: &LinkMemory{Site: l.Site, Path: l.Path, Kind: l.Kind, Record: l.RecordID, Written: l.Written}})
	})
}

func (m memories) items(visit func(Memory) error) error {
	var last store.ImportItem
	for {
		items, err := m.tx.ImportItemsAfter(m.course, last.Kind, last.Key, exportAtOnce)
		if err != nil || len(items) == 0 {
			return err
		}
		versions, err := m.versions(items)
		if err != nil {
			return err
		}
		for _, item := range items {
			said, err := m.said(item, versions[item.RecordID])
			if err != nil {
				return err
			}
			out := &ItemMemory{Kind: item.Kind, Key: item.Key, Record: item.RecordID, Version: item.Version, Said: said}
			if err := visit(Memory{Item: out}); err != nil {
				return err
			}
		}
		last = items[len(items)-1]
	}
}

// versions gives the versions that the records of items have now.
func (m memories) versions(items []store.ImportItem) (map[models.ID]int64, error) {
	byKind := map[models.Kind][]models.ID{}
	for _, item := range items {
		byKind[item.Kind] = append(byKind[item.Kind], item.RecordID)
	}
	out := map[models.ID]int64{}
	for _, kind := range models.StoredKinds() {
		if len(byKind[kind]) == 0 {
			continue
		}
		rs, err := m.tx.Draft.List(store.Query{Kind: kind, IDs: byKind[kind], Trashed: true})
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			out[r.Base().ID] = r.Base().Version
		}
	}
	return out, nil
}

// said is what a source said of a record, nil when the record is as it said.
func (m memories) said(item store.ImportItem, version int64) (jsontext.Value, error) {
	if item.Imported != nil {
		return jsontext.Value(*item.Imported), nil
	}
	if item.Version == version {
		return nil, nil
	}
	r, err := m.tx.RevisionOf(item.RecordID, item.Version)
	if models.KindOf(err) == models.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return jsontext.Value(r.Body), nil
}
