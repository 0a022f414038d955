package content_test

import (
	"fmt"
	"testing"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

// Editors don't think of slugs: two pages of one title are two pages. A slug that is asked for is had, or refused.
func TestNewRecordsHaveNamesThatAreFree(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		for _, tt := range []struct {
			kind   models.Kind
			member string
			doc    string
			want   []string // of the first, second and third of the same title
		}{
			{models.KindCourse, "slug", `{"title": "Baking", "language": "en"}`, []string{"baking-2", "baking-3", "baking-4"}},
			{models.KindModule, "slug", fmt.Sprintf(`{"course_id": %q, "title": "Yeast"}`, d.course.ID), []string{"yeast", "yeast-2", "yeast-3"}},
			{models.KindSection, "slug", fmt.Sprintf(`{"module_id": %q, "title": "Rest", "slug": null}`, d.a.ID), []string{"rest", "rest-2", "rest-3"}},
			{models.KindSection, "slug", fmt.Sprintf(`{"module_id": %q, "title": "Rest", "slug": ""}`, d.b.ID), []string{"rest", "rest-2", "rest-3"}},
			{models.KindWorksheet, "slug", fmt.Sprintf(`{"module_id": %q, "title": "Rest"}`, d.a.ID), []string{"rest", "rest-2", "rest-3"}},
			{models.KindSource, "key", fmt.Sprintf(`{"course_id": %q, "csl": {"type": "book", "title": "Bread"}}`, d.course.ID), []string{"bread", "bread-2", "bread-3"}},
		} {
			for _, want := range tt.want {
				if got := member[string](t, made(t, e, tt.kind, "%s", tt.doc), tt.member); got != want {
					t.Errorf("%s %s has the %s %q, want %q", tt.kind, tt.doc, tt.member, got, want)
				}
			}
		}
		for kind, doc := range map[models.Kind]string{
			models.KindCourse:  `{"title": "Other", "language": "en", "slug": "baking"}`,
			models.KindSection: fmt.Sprintf(`{"module_id": %q, "title": "Other", "slug": "rest"}`, d.a.ID),
			models.KindSource:  fmt.Sprintf(`{"course_id": %q, "key": "bread", "csl": {"type": "book", "title": "Other"}}`, d.course.ID),
		} {
			_, err := e.Create(t.Context(), kind, []byte(doc), "")
			wantKind(t, err, models.KindConflict)
		}
	})
}

// A name that nobody has chosen is no reason why a record can't be published: what readers see of another one under it
// counts, although that is in the trash or has another name by now.
func TestNamesThatAreGivenAreFreeForReadersToo(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		publish := func(ref models.Ref) {
			t.Helper()
			if _, _, err := e.Publish(t.Context(), content.PublishRequest{Targets: []models.Ref{ref}}); err != nil {
				t.Error(err)
			}
		}
		copied := func(r models.Record, want string) models.Ref {
			t.Helper()
			c, err := e.Duplicate(t.Context(), *ref(r), "")
			if err != nil {
				t.Fatal(err)
			}
			wantEqual(t, member[string](t, c, "slug"), want)
			return refTo(t, r.Kind(), c)
		}
		newRest := func(want string) models.Ref {
			t.Helper()
			made := made(t, e, models.KindSection, `{"module_id": %q, "title": "Rest"}`, d.a.ID)
			wantEqual(t, member[string](t, made, "slug"), want)
			return refTo(t, models.KindSection, made)
		}
		binned := func(ref models.Ref) {
			t.Helper()
			draft, err := s.Draft(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			d.trash(draft)
		}

		first := copied(d.a, "dough-2")
		publish(first)
		binned(first)
		second := copied(d.a, "dough-3")
		publish(second)
		binned(second)
		publish(*ref(d.course))         // both copies leave
		publish(copied(d.a, "dough-2")) // whose names are free then

		rest := newRest("rest")
		publish(rest)
		if _, err := e.Patch(t.Context(), rest, 1, []byte(`{"slug": "pause"}`), ""); err != nil {
			t.Fatal(err)
		}
		publish(newRest("rest-2"))
		publish(rest)
		publish(newRest("rest"))
	})
}
