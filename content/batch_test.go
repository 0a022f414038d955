package content_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

func TestABatchIsDoneAsAWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		id := models.NewID()
		var ops []content.Operation
		err := models.Decode(fmt.Appendf(nil, `[
			{"op": "create", "kind": "section", "data": {"id": %[1]q, "module_id": %[2]q, "title": "A"}},
			{"op": "create", "kind": "section", "data": {"module_id": %[2]q, "title": "B", "parent_id": %[1]q}},
			{"op": "update", "kind": "section", "id": %[1]q, "data": {"title": "A1"}},
			{"op": "blocks", "kind": "section", "id": %[1]q, "list": "blocks", "data": [{"op": "insert", "after": null, "block": {"kind": "rule"}}]},
			{"op": "move", "kind": "section", "id": %[1]q, "version": 1, "data": {"after": null}}
		]`, id, d.a.ID), &ops)
		if err != nil {
			t.Fatal(err)
		}
		out, err := e.Batch(t.Context(), ops)
		if err != nil || len(out) != 5 || out[3].Version != 3 || out[1].Record.Type != models.KindSection {
			t.Fatalf("%+v, %v", out, err)
		}
		before := len(d.audited())
		bad := append(slices.Clone(ops[1:2]), content.Operation{Op: "update", Kind: models.KindSection, ID: id, Version: new(int64(3)), Data: []byte(`{"title": ""}`)})
		bad[0].Data = fmt.Appendf(nil, `{"module_id": %q, "title": "C"}`, d.a.ID)
		_, err = e.Batch(t.Context(), bad)
		if x, _ := errors.AsType[*models.Error](err); x == nil || x.Fields[0].Pointer != "/operations/1/data/title" {
			t.Errorf("%v", err)
		}
		if n, err := s.CountDrafts(t.Context(), models.KindSection); err != nil || n != 2 {
			t.Errorf("%d sections, %v", n, err)
		}
		wantEqual(t, len(d.audited()), before)
		_, err = e.Batch(t.Context(), []content.Operation{{Op: "update", Kind: models.KindSection, ID: id, Data: []byte(`{}`)}})
		wantKind(t, err, models.KindPreconditionRequired)
		if x, _ := errors.AsType[*models.Error](err); x == nil || len(x.Fields) != 1 || x.Fields[0].Pointer != "/operations/0" {
			t.Errorf("%v does not name the operation", err)
		}
	})
}
