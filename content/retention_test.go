package content_test

import (
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

func TestHistoryIsPruned(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		ref := *refOf(d.a)
		save := func(version int64, message string) {
			t.Helper()
			if _, err := e.Patch(t.Context(), ref, version, []byte(`{"title": "Version after `+string(rune('a'+version))+`"}`), message); err != nil {
				t.Fatal(err)
			}
		}
		left := func() (out []int64) {
			t.Helper()
			history, _, err := e.Revisions(t.Context(), ref, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range history {
				out = append(out, h.Version)
			}
			return out
		}
		save(1, "")
		s.publish(d.a) // version 2
		save(2, "")
		save(3, "for Friday")
		save(4, "")
		save(5, "")
		save(6, "")
		prune := func(keep content.Retention, want int64) {
			t.Helper()
			if n, err := s.PruneHistory(t.Context(), keep); err != nil || n != want {
				t.Errorf("%+v removes %d, %v, want %d", keep, n, err, want)
			}
		}
		prune(content.Retention{}, 0)
		prune(content.Retention{Days: 1}, 0)
		prune(content.Retention{Days: 1, Count: 1}, 0)
		prune(content.Retention{Count: 3}, 2)
		wantEqual(t, left(), []int64{7, 6, 5, 4, 2})
		prune(content.Retention{Count: 1}, 2)
		wantEqual(t, left(), []int64{7, 4, 2})
		prune(content.Retention{Count: 1}, 0)
		if audited := d.audited(); audited[len(audited)-1] != "retention history.prune" {
			t.Errorf("audited %v", audited)
		}
		if _, err := e.Restore(t.Context(), ref, 7, 4); err != nil {
			t.Errorf("what is left can't be restored: %v", err)
		}
		_, err := e.Restore(t.Context(), ref, 8, 3)
		wantKind(t, err, models.KindNotFound)
	})
}
