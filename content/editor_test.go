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
