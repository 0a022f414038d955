package content_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/access"
	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

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
