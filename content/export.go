package content

import (
	"bytes"
	"context"
	"slices"

	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/render"
	"github.com/lectern-cms/lectern/store"
)

// ExportRequest says what to export.
type ExportRequest struct {
	Course models.ID
	Public bool // only what readers may see: live records, without private fields
}

// Exported is one record of an export.
type Exported struct {
	// Record is the draft, with the bookkeeping in its Meta; of a public export the live record.
	Record models.Record

	// Live is what readers see where that is not the draft as it is now: nil when it is, or when nothing is live.
	Live models.Record
}

// exportAtOnce is how many records are read together.
const exportAtOnce = 200

// Export gives the records of a course, all of one moment: the course, its modules in order, sources, assets and
// fragments in the order of their ids, and then the worksheets and the sections of one module after the other, in order.
// Records in the trash are there too, unless it is a public export. It fails with NotFound when there is no such course.
func (s *Service) Export(ctx context.Context, req ExportRequest, visit func(Exported) error) error {
	return s.store.View(ctx, func(tx *store.Tx) error {
		e := exporter{tx: tx, side: tx.Draft, public: req.Public, visit: visit}
		if req.Public {
			e.side = tx.Live
		}
		return e.course(req.Course)
	})
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
	if !e.public && r.Base().LiveVersion != nil {
		live, err := e.tx.Live.Record(r.Kind(), r.Base().ID)
		if err != nil {
			return err
		}
		same, err := e.shows(live, r)
		if err != nil {
			return err
		}
		if !same {
			out.Live = live
		}
	}
	return e.visit(out)
}

// shows tells whether a live record is its draft as it is now.
func (e *exporter) shows(live, draft models.Record) (bool, error) {
	body, err := models.Encode(draft)
	if err != nil {
		return false, err
	}
	would := models.NewRecord(draft.Kind())
	if err := models.Decode(body, would); err != nil {
		return false, err
	}
	would = public(would)
	if section, ok := would.(*models.Section); ok {
		render.SetAnchors(section.Blocks) // as publishing does
	}
	x, err := models.Encode(would)
	if err != nil {
		return false, err
	}
	y, err := models.Encode(live)
	return bytes.Equal(x, y), err
}
