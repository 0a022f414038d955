package content_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/store"
)

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
