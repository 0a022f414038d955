package backup

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// place is what is known of a record without reading it again.
type place struct {
	kind    models.Kind
	line    int
	version int64
	module  models.ID
	parent  models.ID // of a section below another
	trashed bool
	live    bool
}

// checkRecords looks at every record by itself.
func (l *Loaded) checkRecords() error {
	l.report.Reader = Format
	total := 0
	for _, part := range recordFiles {
		total += l.files[part.name].Records
	}
	for _, part := range recordFiles {
		f := l.files[part.name]
		err := l.lines(f, func(n int, data []byte) error {
			x, err := l.record(f, part.kind, n, data)
			if err != nil {
				return err
			}
			if l.options.Progress != nil {
				l.options.Progress(len(l.index)+1, total)
			}
			return l.checkRecord(f.Name, n, x)
		})
		if err != nil {
			return err
		}
	}
	if n := l.files[recordFiles[0].name].Records; n != 1 {
		return models.Malformed(fmt.Sprintf("%s holds %d courses, and an export is of one", recordFiles[0].name, n), nil)
	}
	l.report.Pages = l.files[recordFiles[len(recordFiles)-1].name].Records
	return nil
}

func (l *Loaded) checkRecord(name string, n int, x content.Exported) error {
	m := x.Record.Base()
	if other := l.index[m.ID]; other != nil {
		return at(name, n, fmt.Sprintf("/record/id: another record, of line %d in %s, has the id %s", other.line, fileOf(other.kind), m.ID), nil)
	}
	if field, detail := wrongState(x, l.manifest.Public); field != "" {
		return at(name, n, field+" "+detail, nil)
	}
	if err := models.Validate(x.Record); err != nil {
		return at(name, n, "/record", err)
	}
	if x.Live != nil {
		if err := models.Validate(x.Live); err != nil {
			return at(name, n, "/live", err)
		}
	}
	p := &place{kind: x.Record.Kind(), line: n, version: m.Version, trashed: m.TrashedAt != nil, live: m.LiveVersion != nil}
	l.index[m.ID] = p
	for _, side := range []struct {
		field string
		r     models.Record
	}{{"/live", x.Live}, {"/record", x.Record}} {
		if side.r == nil {
			continue
		}
		if field, detail := l.wrongOwner(side.r, p); field != "" {
			return at(name, n, side.field+field+" "+detail, nil)
		}
		if asset, ok := side.r.(*models.Asset); ok {
			for _, f := range assetFiles(asset) {
				l.assets[f.Sha256] = f
			}
		}
	}
	return nil
}

// wrongState finds bookkeeping that can't be: it names the field, "" for none.
func wrongState(x content.Exported, public bool) (field, detail string) {
	m := x.Record.Base()
	switch {
	case m.Version < 1:
		return "/version", "begins at 1"
	case m.CreatedAt.IsZero():
		return "/record/created_at", "is missing"
	case m.UpdatedAt.IsZero():
		return "/record/updated_at", "is missing"
	case public && (m.LiveVersion != nil || m.TrashedAt != nil || x.Live != nil || x.PublishedAt != nil || x.GoneAt != nil):
		return "/live_version", "and the fields after it are null in a public export"
	case m.LiveVersion != nil && (*m.LiveVersion < 1 || *m.LiveVersion > m.Version):
		return "/live_version", fmt.Sprintf("must be from 1 to the version, %d", m.Version)
	case (m.LiveVersion == nil) != (x.PublishedAt == nil):
		return "/published_at", "is there when the record is live, and only then"
	case m.LiveVersion == nil && x.Live != nil:
		return "/live", "is there although the record is not live"
	case m.LiveVersion != nil && x.GoneAt != nil:
		return "/gone_at", "is there although the record is live"
	case x.Live != nil && x.Live.Base().ID != m.ID:
		return "/live/id", "is not the id of the record"
	}
	return "", ""
}

// wrongOwner finds an owner that is not in the export. It notes the owners of drafts, which come last.
func (l *Loaded) wrongOwner(r models.Record, p *place) (field, detail string) {
	course := l.manifest.Course.ID
	ofCourse := func(id models.ID) (string, string) {
		if id != course {
			return "/course_id", fmt.Sprintf("%s is not the course of the manifest", id)
		}
		return "", ""
	}
	inModule := func(id models.ID) (string, string) {
		if there := l.index[id]; there == nil || there.kind != models.KindModule {
			return "/module_id", fmt.Sprintf("%s is no module of the export", id)
		}
		p.module = id
		return "", ""
	}
	switch r := r.(type) {
	case *models.Course:
		if r.ID != course {
			return "/id", fmt.Sprintf("%s is not the course of the manifest", r.ID)
		}
		return "", ""
	case *models.Worksheet:
		return inModule(r.ModuleID)
	case *models.Section:
		p.parent = ""
		if r.ParentID != nil {
			p.parent = *r.ParentID
		}
		if field, detail := inModule(r.ModuleID); field != "" {
			return field, detail
		}
		return ofCourse(r.CourseID)
	}
	return ofCourse(r.Owner().ID)
}

// checkPlaces looks whether sections stand below sections of their module, and not below themselves, and whether what is
// live is in a course that is live.
func (l *Loaded) checkPlaces() error {
	courseIsLive := l.index[l.manifest.Course.ID].live
	ends := map[models.ID]bool{} // those whose parents lead to the top
	for id, p := range l.index {
		if p.live && !courseIsLive {
			return at(fileOf(p.kind), p.line, "/live_version: the record is live, and the course is not", nil)
		}
		var way []models.ID
		for s, on := p, id; s.parent != "" && !ends[on]; on, s = s.parent, l.index[s.parent] {
			parent := l.index[s.parent]
			if parent == nil || parent.kind != models.KindSection || parent.module != s.module {
				return at(fileOf(s.kind), s.line, fmt.Sprintf("/record/parent_id: %s is no section of the module", s.parent), nil)
			}
			if way = append(way, on); len(way) > len(l.index) {
				return at(fileOf(p.kind), p.line, "/record/parent_id: the section stands below itself", nil)
			}
		}
		for _, s := range way {
			ends[s] = true
		}
	}
	return nil
}

// trashed tells whether a record is in the trash, itself or with what it belongs to.
func (l *Loaded) trashed(id models.ID) bool {
	for p := l.index[id]; p != nil; p = l.index[p.parent] {
		if module := l.index[p.module]; p.trashed || module != nil && module.trashed {
			return true
		}
	}
	return false
}

// fileOf is the file of the records of a kind.
func fileOf(kind models.Kind) string { return kindFile[kind] }

var kindFile = func() map[models.Kind]string {
	out := map[models.Kind]string{}
	for _, f := range recordFiles {
		out[f.kind] = f.name
	}
	return out
}()

// ofExport looks whether a record is in the export.
func (l *Loaded) ofExport(kind models.Kind, id models.ID) (*place, error) {
	p := l.index[id]
	if p == nil || p.kind != kind {
		return nil, fmt.Errorf("there is no %s %s in the export", kind, id)
	}
	return p, nil
}

func (l *Loaded) checkMemory() error {
	if l.manifest.Public {
		return nil
	}
	return things(l, importsFile, func(n int, m content.Memory) error {
		var err error
		switch {
		case m.Item != nil && m.Address == nil && m.DeadLink == nil:
			err = l.checkItem(m.Item)
		case m.Address != nil && m.Item == nil && m.DeadLink == nil:
			_, err = l.ofExport(m.Address.Kind, m.Address.Record)
		case m.DeadLink != nil && m.Item == nil && m.Address == nil:
			_, err = l.ofExport(m.DeadLink.Kind, m.DeadLink.Record)
		default:
			err = fmt.Errorf("must have one of item, address and dead_link")
		}
		if err != nil {
			return at(importsFile, n, "is wrong", err)
		}
		return nil
	})
}

func (l *Loaded) checkItem(item *content.ItemMemory) error {
	p, err := l.ofExport(item.Kind, item.Record)
	switch {
	case err != nil:
		return err
	case item.Key == "":
		return fmt.Errorf("/item/key is missing")
	case item.Version < 1, item.Version > p.version:
		return fmt.Errorf("/item/version must be from 1 to that of the record, %d", p.version)
	case item.Said == nil, item.Said.Kind() == 'n':
		return nil
	}
	if err := models.Decode(item.Said, models.NewRecord(item.Kind)); err != nil {
		return fmt.Errorf("/item/said: %w", err)
	}
	return nil
}

func (l *Loaded) checkSettings() error {
	if !l.manifest.hasSettings() {
		return nil
	}
	return things(l, settingsFile, func(n int, s content.KeptSettings) error {
		switch {
		case n > 1:
			return at(settingsFile, n, "a course has its settings once", nil)
		case s.Version < 2:
			return at(settingsFile, n, "/version must be 2 or more: version 1 are the settings that nobody has changed", nil)
		case s.UpdatedAt.IsZero():
			return at(settingsFile, n, "/updated_at is missing", nil)
		}
		if err := s.Check(); err != nil {
			return at(settingsFile, n, "is wrong", err)
		}
		return nil
	})
}

func (l *Loaded) checkRedirects() error {
	if l.manifest.Public {
		return nil
	}
	return things(l, redirectsFile, func(n int, r models.Redirect) error {
		if _, err := l.ofExport(r.To.Type, r.To.ID); err != nil {
			return at(redirectsFile, n, "/to", err)
		}
		if !strings.HasPrefix(r.Path, "/") || len(r.Path) > maxPath {
			return at(redirectsFile, n, fmt.Sprintf("/path must begin with a slash and have at most %d bytes", maxPath), nil)
		}
		return nil
	})
}

// maxPath is the longest path of a redirect, in bytes.
const maxPath = 2000

func (l *Loaded) checkRevisions() error {
	if !l.manifest.Revisions {
		return nil
	}
	return things(l, revisionsFile, func(n int, r content.Revision) error {
		p, err := l.ofExport(r.Kind, r.Record)
		if err != nil {
			return at(revisionsFile, n, "/record", err)
		}
		if r.Version < 1 || r.Version > p.version {
			return at(revisionsFile, n, fmt.Sprintf("/version must be from 1 to that of the record, %d", p.version), nil)
		}
		var body struct {
			ID   models.ID      `json:"id"`
			Rest jsontext.Value `json:",embed"`
		}
		if err := models.Decode(r.Body, &body); err != nil {
			return at(revisionsFile, n, "/body", err)
		}
		if body.ID != r.Record {
			return at(revisionsFile, n, "/body/id is not the id of the record", nil)
		}
		return nil
	})
}
