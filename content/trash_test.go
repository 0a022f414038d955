package content_test

import (
	"errors"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

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
