package content

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// Members are those of a record as JSON.
type Members map[string]jsontext.Value

// Draft is a record as editors have it: its own fields, and the bookkeeping beside them.
type Draft struct {
	Kind          models.Kind  `json:"kind"`
	Version       int64        `json:"version"`
	State         models.State `json:"state"`
	LiveVersion   *int64       `json:"live_version"` // that readers see; null: none
	TrashedAt     *time.Time   `json:"trashed_at"`
	ChangedWithin *bool        `json:"changed_within"` // something that it owns is not live as it is; null for kinds that own nothing
	ScheduledAt   *time.Time   `json:"scheduled_at"`   // when it is published or unpublished next; null: nothing waits

	// Owner keeps the order of the record and its siblings; null for kinds without one. Moving takes its version.
	Owner *Owner `json:"owner"`

	Members Members `json:",embed"`
}

// ID is the record's.
func (d Draft) ID() models.ID {
	id, _ := idOf(d.Members["id"])
	return id
}

// Owner is the course or module that a record belongs to and that keeps its place.
type Owner struct {
	models.Ref
	Version int64 `json:"version"`
}

// bodies are the members that lists leave out unless they are asked for.
var bodyMembers = []string{"blocks", "editor_notes", "instructions", "answer_key", "prompts", "citations", "transcript"}

// fieldsOf gives the members of a record.
func fieldsOf(r models.Record, body bool) (Members, error) {
	data, err := models.Encode(r)
	if err != nil {
		return nil, err
	}
	var fields Members
	if err := models.Decode(data, &fields); err != nil {
		return nil, err
	}
	if !body {
		maps.DeleteFunc(fields, func(name string, _ jsontext.Value) bool { return slices.Contains(bodyMembers, name) })
	}
	return fields, nil
}

// Draft reads one record.
func (e *Editor) Draft(ctx context.Context, ref models.Ref) (d Draft, err error) {
	err = e.look(ctx, func(w *work) error {
		r, err := w.draft(access.Read, ref)
		if err == nil {
			d, err = w.view(r)
		}
		return err
	})
	return d, err
}

// view is what the subject sees of one record.
func (w *work) view(r models.Record) (Draft, error) {
	ds, err := w.views([]models.Record{r}, true)
	if err != nil {
		return Draft{}, err
	}
	return ds[0], nil
}

// views are what the subject sees of records of one kind, with a constant number of statements.
func (w *work) views(rs []models.Record, body bool) ([]Draft, error) {
	out := make([]Draft, len(rs))
	if len(rs) == 0 {
		return out, nil
	}
	kind := rs[0].Kind()
	if err := w.readModules(rs); err != nil {
		return nil, err
	}
	l := newLookup(w.tx)
	l.drafts = true
	ids := make([]models.ID, len(rs))
	for i, r := range rs {
		ids[i] = r.Base().ID
		l.want(ownerOfPlace(r)...)
		for _, at := range models.Refs(r) {
			l.want(**at)
		}
	}
	if err := l.load(); err != nil {
		return nil, err
	}
	within, err := w.tx.Draft.ChangedWithin(kind, ids)
	if err != nil {
		return nil, err
	}
	scheduled, err := w.tx.Draft.ScheduledAt(ids)
	if err != nil {
		return nil, err
	}
	for i, r := range rs {
		m := r.Base()
		out[i] = Draft{Kind: kind, Version: m.Version, State: m.State(), LiveVersion: m.LiveVersion, TrashedAt: m.TrashedAt}
		if at, ok := scheduled[m.ID]; ok {
			out[i].ScheduledAt = &at
		}
		if within != nil || hasParts(kind) {
			out[i].ChangedWithin = new(within[m.ID])
		}
		if owner := ownerOfPlace(r); owner != nil {
			if o := l.find(owner[0]); o != nil {
				out[i].Owner = &Owner{adminRef(o), o.Base().Version}
			}
		}
		if out[i].Members, err = w.fields(l, r, body); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fields are the members of a record that the subject may see, with references that say what they lead to.
func (w *work) fields(l *lookup, r models.Record, body bool) (Members, error) {
	private, err := w.can(access.ReadPrivate, r)
	if err != nil {
		return nil, err
	}
	if !private {
		r = patch.WithoutPrivate(r)
	} else {
		r = models.Clone(r)
	}
	for _, at := range models.Refs(r) {
		if to := l.find(**at); to != nil {
			*at = new(adminRef(to))
		}
	}
	fields, err := fieldsOf(r, body)
	if err == nil && !private {
		delete(fields, patch.Private(r.Kind()))
	}
	return fields, err
}

// readModules reads the modules that the records are in, all at once.
func (w *work) readModules(rs []models.Record) error {
	var ids []models.ID
	for _, r := range rs {
		switch r := r.(type) {
		case *models.Module:
			w.modules[r.ID] = r
		case *models.Section:
			ids = append(ids, r.ModuleID)
		case *models.Worksheet:
			ids = append(ids, r.ModuleID)
		}
	}
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id models.ID) bool { return w.modules[id] != nil })
	if len(ids) == 0 {
		return nil
	}
	modules, err := w.tx.Draft.List(store.Query{Kind: models.KindModule, IDs: ids, Trashed: true})
	for _, m := range modules {
		w.modules[m.Base().ID] = m.(*models.Module)
	}
	return err
}

// hasParts tells whether records of a kind own others.
func hasParts(kind models.Kind) bool {
	return kind == models.KindCourse || kind == models.KindModule || kind == models.KindSection
}

// ownerOfPlace is the record that keeps the order of a record and its siblings, nil for kinds without an order.
func ownerOfPlace(r models.Record) []models.Ref {
	switch r := r.(type) {
	case *models.Module:
		return []models.Ref{{Type: models.KindCourse, ID: r.CourseID}}
	case *models.Section:
		return []models.Ref{{Type: models.KindModule, ID: r.ModuleID}}
	case *models.Worksheet:
		return []models.Ref{{Type: models.KindModule, ID: r.ModuleID}}
	}
	return nil
}

// adminRef is a reference as the admin API serves it: its href leads to the draft, which readers have no path to.
func adminRef(r models.Record) models.Ref {
	ref := decorate(r)
	ref.Href, ref.Path = new(AdminHref(r.Kind(), r.Base().ID)), new(models.Path(""))
	return ref
}

// AdminHref is the admin API's address of a record.
func AdminHref(kind models.Kind, id models.ID) string {
	return "/v1/admin/" + kind.Plural() + "/" + string(id)
}

// Drafts lists drafts of a kind that the subject may read. Those in the trash are there only when a filter of their
// state asks for them.
func (e *Editor) Drafts(ctx context.Context, kind models.Kind, req ListRequest) (p Page[Draft], err error) {
	p.Items = []Draft{}
	reach := e.who.Reach(kind)
	l := list{kind, req}
	q, err := l.query()
	if err != nil {
		return p, err
	}
	if !reach.All {
		q.Within = &store.Reach{Courses: reach.Courses, Modules: reach.Modules}
	}
	err = e.look(ctx, func(w *work) error {
		rows, err := w.tx.Draft.List(q)
		if err != nil {
			return err
		}
		rows, p.Next, p.Prev = part(l, rows, models.Record.Base)
		if p.Items, err = w.views(rows, len(req.Body) > 0); err != nil || !req.Count {
			return err
		}
		n, err := w.tx.Draft.Count(q)
		p.Total = &n
		return err
	})
	return p, err
}
