package content_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

// desk is a site with people at work on it.
type desk struct {
	*site
	course *models.Course
	a, b   *models.Module
}

func newDesk(t *testing.T, s *site) *desk {
	t.Helper()
	d := &desk{site: s, course: course("baking")}
	d.a, d.b = module(d.course, "dough"), module(d.course, "ovens")
	d.create(d.course, d.a, d.b)
	return d
}

// as gives the desk of somebody with grants.
func (d *desk) as(name string, grants ...access.Grant) *content.Editor {
	return d.As(access.Subject{ID: models.ID("00000000-0000-7000-8000-00000000000" + fmt.Sprint(len(name)%10)), Name: name, Grants: grants},
		access.Origin{Address: "192.0.2.7", RequestID: "req"})
}

func (d *desk) editor() *content.Editor { return d.as("zoe", access.Grant{Role: access.Editor}) }

// made creates a record over the admin's use case.
func made(t *testing.T, e *content.Editor, kind models.Kind, format string, args ...any) content.Draft {
	t.Helper()
	d, err := e.Create(t.Context(), kind, fmt.Appendf(nil, format, args...), "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// member reads a member of a draft.
func member[V any](t *testing.T, d content.Draft, name string) V {
	t.Helper()
	var v V
	if err := json.Unmarshal(d.Members[name], &v); err != nil {
		t.Fatalf("member %s: %v", name, err)
	}
	return v
}

func refTo(t *testing.T, kind models.Kind, d content.Draft) models.Ref {
	t.Helper()
	return models.Ref{Type: kind, ID: member[models.ID](t, d, "id")}
}

// audited lists what the audit log says, oldest first.
func (d *desk) audited() (out []string) {
	d.t.Helper()
	err := d.store.View(d.t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Audit(store.AuditQuery{Limit: 1000})
		for _, r := range slices.Backward(rows) {
			out = append(out, r.Actor+" "+r.Action)
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func TestAnEditorsDay(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		knead := made(t, e, models.KindSection, `{"module_id": %q, "title": "Kneading Dough", "blocks": [{"kind": "paragraph", "text": "Push."}]}`, d.a.ID)
		if knead.State != models.StateDraft || knead.Version != 1 || knead.LiveVersion != nil || member[string](t, knead, "slug") != "kneading-dough" {
			t.Errorf("the new section is %+v", knead)
		}
		if knead.Owner == nil || knead.Owner.ID != d.a.ID || *knead.Owner.Title != "dough" || !strings.HasPrefix(*knead.Owner.Href, "/v1/admin/modules/") {
			t.Errorf("its owner is %+v", knead.Owner)
		}
		ref := refTo(t, models.KindSection, knead)

		changed, err := e.Patch(t.Context(), ref, 1, []byte(`{"title": "Kneading", "summary": "How to push."}`), "shorter")
		if err != nil || changed.Version != 2 || member[string](t, changed, "title") != "Kneading" || member[string](t, changed, "slug") != "kneading-dough" {
			t.Errorf("changed to %+v, %v", changed, err)
		}
		same, err := e.Patch(t.Context(), ref, 2, []byte(`{"title": "Kneading"}`), "")
		if err != nil || same.Version != 2 {
			t.Errorf("a patch that changes nothing made version %d, %v", same.Version, err)
		}
		first := member[[]struct{ ID string }](t, changed, "blocks")[0].ID
		ops := []patch.Op{{Op: patch.OpInsert, After: patch.At(first), Block: []byte(`{"kind": "paragraph", "text": "Fold."}`)}}
		longer, err := e.EditBlocks(t.Context(), ref, 2, "blocks", ops, "")
		if blocks := member[[]struct{ ID, Text string }](t, longer, "blocks"); err != nil || len(blocks) != 2 || blocks[0].ID != first || blocks[1].Text != "Fold." {
			t.Errorf("blocks %v, %v", blocks, err)
		}

		plan, err := e.DryRun(t.Context(), content.PublishRequest{Targets: []models.Ref{*refOf(d.a)}})
		if err != nil || len(plan.Blockers) > 0 {
			t.Fatal(plan, err)
		}
		_, revision, err := e.Publish(t.Context(), content.PublishRequest{Targets: []models.Ref{*refOf(d.a)}, Token: plan.Token})
		if err != nil || revision != 1 {
			t.Fatal(revision, err)
		}
		live, err := e.Draft(t.Context(), ref)
		if err != nil || live.State != models.StateLive || *live.LiveVersion != 3 {
			t.Errorf("published it is %+v, %v", live, err)
		}
		history, next, err := e.Revisions(t.Context(), ref, 0, 10)
		if err != nil || next != 0 || len(history) != 3 || !history[0].Published || history[1].Message != "shorter" || history[2].Author != "zoe" {
			t.Errorf("history %+v, %d, %v", history, next, err)
		}
		back, err := e.Restore(t.Context(), ref, 3, 1)
		if err != nil || back.Version != 4 || back.State != models.StateChanged || member[string](t, back, "title") != "Kneading Dough" {
			t.Errorf("restored to %+v, %v", back, err)
		}
		out, err := e.UnpublishDryRun(t.Context(), []models.Ref{ref})
		if err != nil || len(out.Remove) != 1 {
			t.Fatal(out, err)
		}
		if _, revision, err = e.Unpublish(t.Context(), []models.Ref{ref}, out.Token); err != nil || revision != 2 {
			t.Error(revision, err)
		}
		wantEqual(t, s.live(), []string{"course baking", "module dough"})
		wantEqual(t, d.audited(), []string{
			"zoe section.create", "zoe section.update", "zoe section.update", "zoe course.publish", "zoe module.publish", "zoe section.publish",
			"zoe section.restore", "zoe section.unpublish",
		})
	})
}

func refOf(r models.Record) *models.Ref { return ref(r) }

// Whoever acts on an old version learns what has changed since, and by whom. Nothing is lost.
func TestNobodyWritesOverWhatTheyHaveNotSeen(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		zoe, ada := d.editor(), d.as("ada", access.Grant{Role: access.Editor})
		sec := made(t, zoe, models.KindSection, `{"module_id": %q, "title": "Proofing", "summary": "Wait."}`, d.a.ID)
		ref := refTo(t, models.KindSection, sec)
		if _, err := ada.Patch(t.Context(), ref, 1, []byte(`{"summary": "Wait long.", "number": "2"}`), ""); err != nil {
			t.Fatal(err)
		}
		_, err := zoe.Patch(t.Context(), ref, 1, []byte(`{"title": "Resting"}`), "")
		e, _ := errors.AsType[*models.Error](err)
		if e == nil || e.Kind != models.KindStale || e.Current == nil {
			t.Fatalf("got %v", err)
		}
		wantEqual(t, *e.Current, models.Current{Version: 2, Changed: []string{"number", "summary"}, By: "ada", At: e.Current.At})
		for what, err := range map[string]error{
			"blocks":  second(zoe.EditBlocks(t.Context(), ref, 1, "blocks", []patch.Op{{Op: patch.OpInsert, After: patch.At(""), Block: []byte(`{"kind":"rule"}`)}}, "")),
			"trash":   second(zoe.Trash(t.Context(), ref, content.TrashRequest{Version: 1})),
			"restore": second(zoe.Restore(t.Context(), ref, 1, 1)),
			"move":    second(zoe.Move(t.Context(), ref, 99, content.Position{})),
		} {
			if models.KindOf(err) != models.KindStale {
				t.Errorf("%s: %v", what, err)
			}
		}
		got, err := zoe.Draft(t.Context(), ref)
		if err != nil || got.Version != 2 || member[string](t, got, "title") != "Proofing" {
			t.Errorf("now it is %+v, %v", got, err)
		}
	})
}

func second[V any](_ V, err error) error { return err }

// What somebody types for some minutes is one revision; what was published, restored, or has a message, is one of its own.
func TestSavesOfOnePersonGoOnInOneRevision(t *testing.T) {
	d := newDesk(t, newSite(t))
	d.Coalesce = 4_000_000_000 // four ticks of the clock
	zoe, ada := d.editor(), d.as("ada", access.Grant{Role: access.Editor})
	ref := refTo(t, models.KindSection, made(t, zoe, models.KindSection, `{"module_id": %q, "title": "T"}`, d.a.ID))
	save := func(e *content.Editor, version int64, message string) {
		t.Helper()
		if _, err := e.Patch(t.Context(), ref, version, fmt.Appendf(nil, `{"summary": "%d"}`, version), message); err != nil {
			t.Fatal(err)
		}
	}
	save(zoe, 1, "")
	save(zoe, 2, "")
	save(ada, 3, "")
	save(ada, 4, "a point to come back to")
	save(ada, 5, "")
	if _, _, err := zoe.Publish(t.Context(), content.PublishRequest{Targets: []models.Ref{*refOf(d.a)}}); err != nil {
		t.Fatal(err)
	}
	save(ada, 6, "")
	save(ada, 7, "")
	if _, err := ada.Restore(t.Context(), ref, 8, 6); err != nil {
		t.Fatal(err)
	}
	save(ada, 9, "")
	rows, _, err := zoe.Revisions(t.Context(), ref, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		parent := "-"
		if r.Parent != nil {
			parent = fmt.Sprint(*r.Parent)
		}
		got = append(got, fmt.Sprintf("%d<%s %s %t", r.Version, parent, r.Author, r.Published))
	}
	wantEqual(t, got, []string{
		"10<9 ada false", "9<8 ada false", "8<6 ada false", "6<5 ada true", "5<4 ada false", "4<3 ada false", "3<1 zoe false", "1<- zoe false",
	})
}

func TestMoving(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		at := map[string]models.Ref{}
		for _, name := range []string{"a", "b", "c"} {
			at[name] = refTo(t, models.KindSection, made(t, e, models.KindSection, `{"module_id": %q, "title": %q}`, d.a.ID, name))
		}
		at["d"] = refTo(t, models.KindSection, made(t, e, models.KindSection, `{"module_id": %q, "parent_id": %q, "title": "d"}`, d.a.ID, at["b"].ID))
		order := func(m *models.Module) (out []string) {
			var rs []models.Record
			err := s.store.View(t.Context(), func(tx *store.Tx) (err error) {
				rs, err = tx.Draft.List(store.Query{Kind: models.KindSection, Module: m.ID})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range rs {
				if position(r) != i {
					t.Errorf("%s stands at %d, and is number %d", r.Label(), position(r), i)
				}
				label := r.Label()
				if p := r.(*models.Section).ParentID; p != nil {
					label += "<"
				}
				out = append(out, label)
			}
			return out
		}
		version := func(m *models.Module) int64 { return s.draft(m).Base().Version }
		move := func(name, to string) error {
			for name, ref := range at { // $a$ stands for the id of a
				to = strings.ReplaceAll(to, "$"+name+"$", string(ref.ID))
			}
			var p content.Position
			if err := models.Decode([]byte(to), &p); err != nil {
				t.Fatal(err)
			}
			_, err := e.Move(t.Context(), at[name], version(d.a), p)
			return err
		}
		for _, step := range []struct{ name, to, want string }{
			{"c", `{"after": null}`, "c a b d<"},
			{"a", `{"after": "$b$"}`, "c b d< a"},
			{"b", `{"before": null}`, "c a b d<"},
			{"c", `{"parent_id": "$b$", "after": null}`, "a b c< d<"},
			{"d", `{"parent_id": null, "before": "$a$"}`, "d a b c<"},
		} {
			before := version(d.a)
			if err := move(step.name, step.to); err != nil {
				t.Fatalf("%s to %s: %v", step.name, step.to, err)
			}
			if got := strings.Join(order(d.a), " "); got != step.want {
				t.Errorf("%s to %s: %s, want %s", step.name, step.to, got, step.want)
			}
			if version(d.a) != before+1 {
				t.Errorf("the module has version %d after %d", version(d.a), before)
			}
		}
		for to, pointer := range map[string]string{
			`{"after": "x"}`:       "/after",
			`{"after": "$c$"}`:     "/after",     // no sibling
			`{"parent_id": "$c$"}`: "/parent_id", // below itself
			`{"module_id": "00000000-0000-7000-8000-000000000000"}`: "/module_id",
		} {
			err := move("b", to)
			if e, _ := errors.AsType[*models.Error](err); e == nil || e.Kind != models.KindInvalid || e.Fields[0].Pointer != pointer {
				t.Errorf("%s: %v", to, err)
			}
		}
		if err := move("b", `{"module_id": "`+string(d.b.ID)+`"}`); err != nil {
			t.Fatal(err)
		}
		wantEqual(t, order(d.a), []string{"d", "a"})
		wantEqual(t, order(d.b), []string{"b", "c<"})
	})
}

func TestTheTrash(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e, owner := d.editor(), d.as("olga", access.Grant{Role: access.Owner})
		sheet := made(t, e, models.KindWorksheet, `{"module_id": %q, "title": "Plan"}`, d.a.ID)
		w := refTo(t, models.KindWorksheet, sheet)
		sec := made(t, e, models.KindSection, `{"module_id": %q, "title": "S", "blocks": [{"kind": "worksheet", "worksheet": {"type": "worksheet", "id": %q}, "role": "first"}, {"kind": "rule"}]}`, d.a.ID, w.ID)
		ref := refTo(t, models.KindSection, sec)
		if title := member[[]struct{ Worksheet models.Ref }](t, sec, "blocks")[0].Worksheet.Title; title == nil || *title != "Plan" {
			t.Errorf("the worksheet in the section is called %v", title)
		}

		_, err := e.Trash(t.Context(), w, content.TrashRequest{Version: 1})
		if x, _ := errors.AsType[*models.Error](err); x == nil || x.Kind != models.KindConflict || len(x.Uses) != 1 || x.Uses[0].ID != ref.ID {
			t.Fatalf("what is in use went into the trash: %v", err)
		}
		uses, err := e.Uses(t.Context(), w)
		if err != nil || len(uses) != 1 || uses[0].Ref.ID != ref.ID || uses[0].Live || uses[0].Link {
			t.Errorf("uses %+v, %v", uses, err)
		}
		if _, err := e.Trash(t.Context(), w, content.TrashRequest{Version: 1, Detach: true}); err != nil {
			t.Fatal(err)
		}
		without, err := e.Draft(t.Context(), ref)
		if err != nil || without.Version != 2 || len(member[[]any](t, without, "blocks")) != 1 {
			t.Errorf("the section is %+v, %v", without, err)
		}
		_, err = e.Patch(t.Context(), w, 1, []byte(`{"title": "Other"}`), "")
		wantKind(t, err, models.KindConflict)
		if err := e.Purge(t.Context(), w, 1); models.KindOf(err) != models.KindForbidden {
			t.Errorf("an editor purged: %v", err)
		}
		back, err := e.Untrash(t.Context(), w, 1)
		if err != nil || back.TrashedAt != nil || back.State != models.StateDraft {
			t.Errorf("back it is %+v, %v", back, err)
		}
		if err := owner.Purge(t.Context(), w, 1); models.KindOf(err) != models.KindConflict {
			t.Errorf("what is not in the trash was purged: %v", err)
		}
		if _, err := e.Trash(t.Context(), w, content.TrashRequest{Version: 1}); err != nil {
			t.Fatal(err)
		}
		if err := owner.Purge(t.Context(), w, 1); err != nil {
			t.Fatal(err)
		}
		_, err = e.Draft(t.Context(), w)
		wantKind(t, err, models.KindNotFound)
		_, _, err = e.Revisions(t.Context(), w, 0, 1)
		wantKind(t, err, models.KindNotFound)
	})
}

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

// What somebody may not see they can't see in any way, and what they may not do they can't do in any way.
func TestGrantsHoldEverywhere(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		other := course("cheese")
		aged := module(other, "aged")
		sec, rind := section(d.a, "knead"), section(aged, "rind")
		sec.EditorNotes = []models.EditorNote{{ID: "n1", Text: "secret remark"}}
		sec.Extra = models.Extra{"_hidden": []byte(`"secret extra"`)}
		d.create(other, aged, sec, rind)
		viewer := d.as("vera", access.Grant{Role: access.Viewer, Limits: []access.Limit{{Course: d.course.ID}}})
		author := d.as("anton", access.Grant{Role: access.Author})
		editor := d.as("edith", access.Grant{Role: access.Editor, Limits: []access.Limit{{Course: other.ID}}})

		for name, refused := range map[string]struct {
			err  error
			kind models.ErrorKind
		}{
			"a viewer reads another course": {second(viewer.Draft(t.Context(), *refOf(rind))), models.KindNotFound},
			"a viewer reads its history":    {third(viewer.Revisions(t.Context(), *refOf(rind), 0, 1)), models.KindNotFound},
			"a viewer changes":              {second(viewer.Patch(t.Context(), *refOf(sec), 1, []byte(`{"title": "x"}`), "")), models.KindForbidden},
			"a viewer creates":              {second(viewer.Create(t.Context(), models.KindSection, fmt.Appendf(nil, `{"module_id": %q, "title": "x"}`, d.a.ID), "")), models.KindForbidden},
			"a viewer copies":               {second(viewer.Duplicate(t.Context(), *refOf(sec), "")), models.KindForbidden},
			"a viewer publishes":            {third(viewer.Publish(t.Context(), content.PublishRequest{Targets: []models.Ref{*refOf(sec)}})), models.KindForbidden},
			"an author changes others'":     {second(author.Patch(t.Context(), *refOf(sec), 1, []byte(`{"title": "x"}`), "")), models.KindForbidden},
			"an author makes it theirs":     {second(author.Patch(t.Context(), *refOf(d.a), 1, []byte(`{"owners": ["x"]}`), "")), models.KindForbidden},
			"an editor of another course":   {second(editor.Patch(t.Context(), *refOf(sec), 1, []byte(`{"title": "x"}`), "")), models.KindNotFound},
			"an editor takes it over":       {second(editor.Batch(t.Context(), []content.Operation{{Op: "trash", Kind: models.KindSection, ID: sec.ID, Version: new(int64(1))}})), models.KindNotFound},
			"an editor makes a course":      {second(editor.Create(t.Context(), models.KindCourse, []byte(`{"title": "x", "language": "en"}`), "")), models.KindForbidden},
		} {
			if models.KindOf(refused.err) != refused.kind || refused.err == nil {
				t.Errorf("%s: %v", name, refused.err)
			}
		}
		got, err := viewer.Draft(t.Context(), *refOf(sec))
		if err != nil {
			t.Fatal(err)
		}
		body, err := models.Encode(got)
		if err != nil || strings.Contains(string(body), "secret") || strings.Contains(string(body), "editor_notes") {
			t.Errorf("a viewer sees %s, %v", body, err)
		}
		old, err := viewer.Revision(t.Context(), *refOf(sec), 1)
		if err != nil {
			t.Fatal(err)
		}
		if body, err = models.Encode(old); err != nil || strings.Contains(string(body), "secret") {
			t.Errorf("a viewer sees in history %s, %v", body, err)
		}
		for _, kind := range models.StoredKinds() {
			p, err := viewer.Drafts(t.Context(), kind, content.ListRequest{Limit: 100, Count: true})
			if err != nil {
				t.Fatal(err)
			}
			list, err := models.Encode(p.Items)
			if err != nil || strings.Contains(string(list), string(other.ID)) || int(*p.Total) != len(p.Items) {
				t.Errorf("a viewer sees the %s %s of %d, %v", kind.Plural(), list, *p.Total, err)
			}
		}
		wantEqual(t, d.audited(), []string(nil))
	})
}

func third[A, B any](_ A, _ B, err error) error { return err }
