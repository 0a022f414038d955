package content_test

import (
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

func TestDuplicate(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		src := source(d.course, "book")
		sheet := worksheet(d.a, "plan")
		knead := citing(section(d.a, "knead", uses(sheet)), "1", src)
		fold := below(knead, "fold")
		fold.Blocks = models.Blocks{link(knead)}
		gone := section(d.a, "gone")
		d.create(src, sheet, knead, fold, gone)
		d.trash(gone)
		dup, err := e.Duplicate(t.Context(), *refOf(d.a), "")
		if err != nil {
			t.Fatal(err)
		}
		id := member[models.ID](t, dup, "id")
		if id == d.a.ID || member[string](t, dup, "title") != "dough (copy)" || member[string](t, dup, "slug") != "dough-2" || member[int](t, dup, "position") != 1 {
			t.Errorf("the copy is %v %+v", id, dup)
		}
		var copies []*models.Section
		var sheets []models.Record
		err = s.store.View(t.Context(), func(tx *store.Tx) error {
			rs, err := tx.Draft.List(store.Query{Kind: models.KindSection, Module: id, Bodies: true})
			for _, r := range rs {
				copies = append(copies, r.(*models.Section))
			}
			if err == nil {
				sheets, err = tx.Draft.List(store.Query{Kind: models.KindWorksheet, Module: id})
			}
			return err
		})
		if err != nil || len(copies) != 2 || len(sheets) != 1 {
			t.Fatal(copies, sheets, err)
		}
		k, f := copies[0], copies[1]
		if k.ID == knead.ID || f.ParentID == nil || *f.ParentID != k.ID || k.Citations[0].ID == knead.Citations[0].ID {
			t.Errorf("copies %+v", copies)
		}
		wantEqual(t, k.Blocks[0].(*models.WorksheetUse).Worksheet.ID, sheets[0].Base().ID)
		wantEqual(t, k.Citations[0].Source.ID, src.ID)
		if linked := string(f.Blocks[0].(*models.Paragraph).Text); !strings.Contains(linked, string(k.ID)) || strings.Contains(linked, string(knead.ID)) {
			t.Errorf("the copy links to %s", linked)
		}
		if _, _, err := e.Publish(t.Context(), content.PublishRequest{Targets: []models.Ref{*refOf(d.course)}}); err != nil {
			t.Error(err)
		}
		again, err := e.Duplicate(t.Context(), *refOf(d.course), "")
		if err != nil || member[string](t, again, "slug") != "baking-2" {
			t.Errorf("the copy of the course is %+v, %v", again, err)
		}
	})
}
