package patch_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

func TestNewFillsInWhatIsAbsent(t *testing.T) {
	owner := models.ID(idA)
	tip := &models.Box{BlockBase: models.BlockBase{ID: "b1", Kind: models.BlockBox}, Box: models.BoxTip, Blocks: models.Blocks{words("b2", "Stir.")}}
	for name, tt := range map[string]struct {
		doc  string
		want models.Record
	}{
		"a course": {`{"title": "Bread, Slowly", "language": "en"}`,
			&models.Course{Slug: "bread-slowly", Title: "Bread, Slowly", Language: "en", Numbering: models.NumberAsWritten}},
		"a module": {`{"course_id": "` + idA + `", "title": "Dough", "objectives": [{"text": "Knead."}]}`,
			&models.Module{CourseID: owner, Slug: "dough", Title: "Dough", InMenu: true, Objectives: []models.Objective{{ID: "o1", Text: "Knead."}}}},
		"a section": {`{"module_id": "` + idA + `", "parent_id": "` + idA + `", "title": "Tips", "slug": null, "blocks": [{"kind": "box", "box": "tip", "blocks": [{"kind": "paragraph", "text": "Stir."}]}]}`,
			&models.Section{ModuleID: owner, ParentID: &owner, Slug: "tips", Title: "Tips", InMenu: true, Blocks: models.Blocks{tip}}},
		"a hidden section": {`{"module_id": "` + idA + `", "title": "Tips", "slug": "hints", "in_menu": false}`,
			&models.Section{ModuleID: owner, Slug: "hints", Title: "Tips"}},
		"a worksheet": {`{"module_id": "` + idA + `", "number": "2", "title": "Your Starter"}`,
			&models.Worksheet{ModuleID: owner, Slug: "worksheet-2-your-starter", Word: models.WordWorksheet, Number: "2", Title: "Your Starter"}},
		"a fragment": {`{"course_id": "` + idA + `", "title": "Footer"}`, &models.Fragment{CourseID: owner, Slug: "footer", Title: "Footer"}},
		"an asset":   {`{"course_id": "` + idA + `", "alt": "A loaf"}`, &models.Asset{CourseID: owner, Alt: "A loaf"}},
		"a source with fields": {`{"course_id": "` + idA + `", "csl": {"type": "book", "title": "Rye", "author": [{"family": "Baker"}]}}`,
			&models.Source{CourseID: owner, Key: "baker-rye", CSL: models.CSL{Type: "book", Title: "Rye", Author: []models.CSLName{{Family: "Baker"}}}, Parse: models.ParseConfirmed}},
		"a source that nobody can read": {`{"course_id": "` + idA + `", "key": "k", "written": "see there"}`,
			&models.Source{CourseID: owner, Key: "k", CSL: models.CSL{Type: "document"}, Written: "see there", Parse: models.ParseUnparsed}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := patch.New(tt.want.Kind(), []byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			if !got.Base().ID.Valid() {
				t.Errorf("id %q", got.Base().ID)
			}
			tt.want.Base().ID = got.Base().ID
			if diff := cmp.Diff(encode(t, tt.want), encode(t, got)); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewReadsWrittenSourcesAsImportsDo(t *testing.T) {
	r, err := patch.New(models.KindSource, []byte(`{"course_id": "`+idA+`", "written": "Baker, R. (2019). *On Slow Dough*. Millbrook Press."}`))
	if err != nil {
		t.Fatal(err)
	}
	s := r.(*models.Source)
	if s.CSL.Title != "On Slow Dough" || s.Recogniser == "" || !strings.HasPrefix(s.Key, "baker-2019-on-slow") || s.Parse == models.ParseConfirmed {
		t.Errorf("source %s", encode(t, s))
	}
}

func TestNewRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		kind models.Kind
		doc  string
		is   models.ErrorKind
		want string
	}{
		"what is missing": {models.KindSection, `{}`, models.KindInvalid,
			"/module_id is required\n/slug must be lower-case letters, digits and single hyphens, at most 100, and no UUID\n/title is required"},
		"what the server sets": {models.KindSection, `{"id": "x", "course_id": "x", "position": 1, "origin": null}`, models.KindInvalid,
			"/course_id is set by the server\n/id is set by the server\n/origin is set by the server\n/position is set by the server"},
		"what is unknown": {models.KindCourse, `{"modules": []}`, models.KindMalformed, "/modules unknown field"},
		"files":           {models.KindAsset, `{"course_id": "` + idA + `", "caption_tracks": [{"language": "en"}]}`, models.KindInvalid, "/caption_tracks/0/file is set by the server"},
		"a bad slug":      {models.KindFragment, `{"course_id": "` + idA + `", "slug": "A b"}`, models.KindInvalid, "/slug must be lower-case letters, digits and single hyphens, at most 100, and no UUID"},
		"no key":          {models.KindSource, `{"course_id": "` + idA + `"}`, models.KindInvalid, "/key is required"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := patch.New(tt.kind, []byte(tt.doc))
			if r != nil {
				t.Error("there is a record")
			}
			got := strings.Split(broken(t, err, tt.is), "\n")
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEditableMembers(t *testing.T) {
	for kind, want := range map[models.Kind]string{
		models.KindCourse:    "extra slug title summary language license publisher numbering",
		models.KindModule:    "extra slug title menu_label in_menu summary objectives prerequisites audience level duration_minutes subjects keywords license cover contributors owners",
		models.KindSection:   "extra slug title menu_label number in_menu summary duration_minutes blocks citations editor_notes",
		models.KindSource:    "extra key csl written parse recogniser",
		models.KindWorksheet: "extra slug word number title instructions document duration_minutes prompts answer_key",
		models.KindAsset:     "extra alt decorative caption credit license transcript caption_tracks focal_point",
		models.KindFragment:  "extra slug title blocks",
	} {
		if got := strings.Join(patch.Editable(kind), " "); got != want {
			t.Errorf("%s: %s", kind, got)
		}
	}
}
