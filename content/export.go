package content

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// ExportRequest says what to export.
type ExportRequest struct {
	Course models.ID
	Public bool // only what readers may see: live records, without private fields

	// Revisions asks for all saves of each record too. Not every form of export has a place for them, and a public one
	// has none.
	Revisions bool
}

// Exported is one record of an export.
type Exported struct {
	// Record is the draft, with the bookkeeping in its Meta; of a public export the live record, with the version of its
	// draft that it is.
	Record models.Record

	// Live is what readers see where that is not the draft as it is now: nil when it is, or when nothing is live.
	Live models.Record

	PublishedAt *time.Time // of what is live; nil in a public export
	GoneAt      *time.Time // when it left live content; nil while it is live, or when it never was
}

// exportAtOnce is how many records are read together.
const exportAtOnce = 200

// Export gives the records of a course, all of one moment: the course, its modules in order, sources, assets and
// fragments in the order of their ids, and then the worksheets and the sections of one module after the other, in order.
// Records in the trash are there too, unless it is a public export. It fails with NotFound when there is no such course.
func (s *Service) Export(ctx context.Context, req ExportRequest, visit func(Exported) error) error {
	return s.store.View(ctx, func(tx *store.Tx) error {
		return newExporter(tx, req, visit).course(req.Course)
	})
}

func newExporter(tx *store.Tx, req ExportRequest, visit func(Exported) error) *exporter {
	e := &exporter{tx: tx, side: tx.Draft, public: req.Public, visit: visit}
	if req.Public {
		e.side = tx.Live
	}
	return e
}

type exporter struct {
	tx     *store.Tx
	side   *store.Side
	public bool
	visit  func(Exported) error
}

func (e *exporter) course(id models.ID) error {
	course := &models.Course{}
	if err := e.side.Get(course, id); err != nil {
		return err
	}
	if err := e.give(course); err != nil {
		return err
	}
	modules, err := e.side.List(store.Query{Kind: models.KindModule, Course: id, Trashed: true, Bodies: true})
	if err != nil {
		return err
	}
	slices.SortStableFunc(modules, func(a, b models.Record) int { return positionOf(a) - positionOf(b) })
	for _, m := range modules {
		if err := e.give(m); err != nil {
			return err
		}
	}
	for _, kind := range []models.Kind{models.KindSource, models.KindAsset, models.KindFragment} {
		if err := e.list(store.Query{Kind: kind, Course: id}); err != nil {
			return err
		}
	}
	for _, kind := range []models.Kind{models.KindWorksheet, models.KindSection} {
		for _, m := range modules {
			if err := e.inModule(kind, m.Base().ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// list gives the records of a query, by id.
func (e *exporter) list(q store.Query) error {
	q.Trashed, q.Bodies, q.Limit = true, true, exportAtOnce
	for {
		rs, err := e.side.List(q)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if err := e.give(r); err != nil {
				return err
			}
		}
		if len(rs) < exportAtOnce {
			return nil
		}
		q.After = []string{string(rs[len(rs)-1].Base().ID)}
	}
}

// inModule gives the worksheets or sections of a module in order, some at a time.
func (e *exporter) inModule(kind models.Kind, module models.ID) error {
	light, err := e.side.List(store.Query{Kind: kind, Module: module, Trashed: true})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids(light), exportAtOnce) {
		rs, err := e.side.List(store.Query{Kind: kind, IDs: part, Trashed: true, Bodies: true})
		if err != nil {
			return err
		}
		slices.SortFunc(rs, func(a, b models.Record) int {
			return slices.Index(part, a.Base().ID) - slices.Index(part, b.Base().ID)
		})
		for _, r := range rs {
			if err := e.give(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// give hands a record on, with the live one where that differs.
func (e *exporter) give(r models.Record) error {
	out := Exported{Record: r}
	var err error
	switch {
	case e.public:
		err = e.version(r)
	case r.Base().LiveVersion == nil:
		out.GoneAt, err = e.tx.GoneAt(r.Base().ID)
	default:
		err = e.live(&out)
	}
	if err != nil {
		return err
	}
	return e.visit(out)
}

// version says which version of its draft a live record is.
func (e *exporter) version(live models.Record) error {
	drafts, err := e.tx.Draft.List(store.Query{Kind: live.Kind(), IDs: []models.ID{live.Base().ID}, Trashed: true})
	if err == nil && len(drafts) == 1 && drafts[0].Base().LiveVersion != nil {
		live.Base().Version = *drafts[0].Base().LiveVersion
	}
	return err
}

// live adds what readers see of a draft.
func (e *exporter) live(out *Exported) error {
	live, err := e.tx.Live.Record(out.Record.Kind(), out.Record.Base().ID)
	if err != nil {
		return err
	}
	out.PublishedAt = &live.Base().PublishedAt
	would, err := asPublished(out.Record)
	if err != nil {
		return err
	}
	same, err := sameJSON(would, live)
	if !same {
		out.Live = live
	}
	return err
}

// asPublished gives what readers would see of a draft: a copy, as publishing makes it.
func asPublished(draft models.Record) (models.Record, error) {
	body, err := models.Encode(draft)
	if err != nil {
		return nil, err
	}
	would := models.NewRecord(draft.Kind())
	if err := models.Decode(body, would); err != nil {
		return nil, err
	}
	would = public(would)
	if section, ok := would.(*models.Section); ok {
		render.SetAnchors(section.Blocks)
	}
	return would, nil
}

func sameJSON(a, b models.Record) (bool, error) {
	x, err := models.Encode(a)
	if err != nil {
		return false, err
	}
	y, err := models.Encode(b)
	return bytes.Equal(x, y), err
}
