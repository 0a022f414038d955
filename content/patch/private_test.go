package patch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

func TestWithoutPrivate(t *testing.T) {
	extra := models.Extra{"_reviewer": []byte(`"secret"`), "layout": []byte(`"wide"`)}
	for _, r := range []models.Record{
		&models.Course{Title: "shown"},
		&models.Module{Title: "shown", Owners: []string{"secret"}},
		&models.Section{Title: "shown", EditorNotes: []models.EditorNote{{Text: "secret"}}},
		&models.Worksheet{Title: "shown", AnswerKey: []models.Answer{{Blocks: models.Blocks{words("b1", "secret")}}}},
		&models.Source{Key: "shown"}, &models.Asset{Alt: "shown"}, &models.Fragment{Title: "shown"},
	} {
		r.Base().Extra = extra
		got := encode(t, patch.WithoutPrivate(r))
		if strings.Contains(got, "secret") || strings.Contains(got, "_reviewer") || !strings.Contains(got, "shown") || !strings.Contains(got, `"layout":"wide"`) {
			t.Errorf("%s: %s", r.Kind(), got)
		}
		if !strings.Contains(encode(t, r), "secret") {
			t.Errorf("%s: the record itself has changed", r.Kind())
		}
	}
}

func TestTouchesPrivate(t *testing.T) {
	for _, tt := range []struct {
		kind models.Kind
		doc  string
		want []string
	}{
		{models.KindSection, `{"title": "T", "extra": {"layout": null, "a_b": 1}}`, nil},
		{models.KindSection, `{"editor_notes": [], "owners": [], "extra": {"_a/b": 1, "_": null}}`, []string{"/editor_notes", "/extra/_", "/extra/_a~1b"}},
		{models.KindSection, `{"editor_notes": null, "extra": null}`, []string{"/editor_notes", "/extra"}},
		{models.KindModule, `{"owners": [], "editor_notes": []}`, []string{"/owners"}},
		{models.KindWorksheet, `{"answer_key": [], "prompts": []}`, []string{"/answer_key"}},
		{models.KindCourse, `{"owners": []}`, nil},
		{models.KindCourse, `[]`, nil},
		{models.KindCourse, `{"extra": 5}`, nil},
		{models.KindCourse, `{`, nil},
	} {
		if diff := cmp.Diff(tt.want, patch.TouchesPrivate(tt.kind, []byte(tt.doc))); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.kind, tt.doc, diff)
		}
	}
}
