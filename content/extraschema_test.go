package content_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lectern-cms/lectern/content"
	"github.com/lectern-cms/lectern/models"
)

const seasons = `{"type": "object", "required": ["season"], "properties": {
	"season": {"enum": ["spring", "autumn"]}, "hours": {"$ref": "#/$defs/count"}
}, "$defs": {"count": {"type": "integer", "minimum": 1}}}`

func schemaFor(kind models.Kind, schema string) content.CourseSettingsEdit {
	return content.CourseSettingsEdit{Schemas: map[models.Kind]jsontext.Value{kind: jsontext.Value(schema)}}
}

func TestExtraFollowsTheSchemaOfTheCourse(t *testing.T) {
	onBoth(t, func(t *testing.T, s *site) {
		d := newDesk(t, s)
		e := d.editor()
		old := made(t, e, models.KindSection, `{"module_id": %q, "title": "Old", "extra": {"season": "winter"}}`, d.a.ID)
		made(t, e, models.KindSection, `{"module_id": %q, "title": "Fits", "extra": {"season": "spring", "hours": 2}}`, d.a.ID)
		set, err := e.SetCourseSettings(t.Context(), d.course.ID, 1, schemaFor(models.KindSection, seasons))
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, set.Broken, map[models.Kind]int{models.KindSection: 1})

		_, err = e.Create(t.Context(), models.KindSection, fmt.Appendf(nil, `{"module_id": %q, "title": "New", "extra": {"season": "rain", "hours": 0}}`, d.a.ID), "")
		wantKind(t, err, models.KindInvalid)
		wantEqual(t, pointers(err), []string{"/extra/hours", "/extra/season"})
		_, err = e.Create(t.Context(), models.KindSection, fmt.Appendf(nil, `{"module_id": %q, "title": "New"}`, d.a.ID), "")
		wantEqual(t, pointers(err), []string{"/extra"})
		made(t, e, models.KindWorksheet, `{"module_id": %q, "title": "Of another kind"}`, d.a.ID)

		ref := refTo(t, models.KindSection, old)
		if _, err := e.Patch(t.Context(), ref, 1, []byte(`{"title": "Older than the schema"}`), ""); err != nil {
			t.Errorf("a change of something else: %v", err)
		}
		_, err = e.Patch(t.Context(), ref, 2, []byte(`{"extra": {"hours": 1}}`), "")
		wantEqual(t, pointers(err), []string{"/extra/season"})
		if _, err := e.Patch(t.Context(), ref, 2, []byte(`{"extra": {"season": "autumn"}}`), ""); err != nil {
			t.Error(err)
		}
		_, err = e.Batch(t.Context(), []content.Operation{{Op: "update", Kind: models.KindSection, ID: ref.ID, Version: new(int64(3)), Data: []byte(`{"extra": {"season": 1}}`)}})
		wantKind(t, err, models.KindInvalid)
		wantEqual(t, pointers(err), []string{"/operations/0/data/extra/season"})

		if set, err = e.CourseSettings(t.Context(), d.course.ID); err != nil || set.Broken[models.KindSection] != 0 {
			t.Errorf("settings %+v, %v", set, err)
		}
	})
}

func TestSchemasThatAreRefused(t *testing.T) {
	d := newDesk(t, newSite(t))
	for name, tt := range map[string]struct {
		kind   models.Kind
		schema string
		why    string
	}{
		"no schema":              {models.KindSection, `{"type": "kettle"}`, "2020-12"},
		"no object":              {models.KindSection, `7`, "JSON Schema"},
		"a remote reference":     {models.KindSection, `{"$ref": "https://example.org/schema.json"}`, "what stands in them"},
		"a file":                 {models.KindSection, `{"$ref": "file:///etc/passwd"}`, "what stands in them"},
		"a language of its own":  {models.KindSection, `{"$schema": "https://example.org/meta"}`, "what stands in them"},
		"a pattern that is none": {models.KindSection, `{"pattern": "("}`, ""},
		"too large":              {models.KindSection, `{"description": "` + strings.Repeat("x", 64<<10) + `"}`, "at most 65536"},
		"no kind":                {"kettle", `{}`, "no such kind"},
	} {
		_, err := d.editor().SetCourseSettings(t.Context(), d.course.ID, 1, schemaFor(tt.kind, tt.schema))
		wantKind(t, err, models.KindInvalid)
		if wantEqual(t, pointers(err), []string{"/schemas/" + string(tt.kind)}); err != nil && !strings.Contains(err.Error(), tt.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
