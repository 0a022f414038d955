package patch_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"pgregory.net/rapid"
)

const (
	idA = "018f4a3e-0000-7000-8000-00000000000a"
	idB = "018f4a3e-0000-7000-8000-00000000000b"
)

func words(id, text string) *models.Paragraph {
	return &models.Paragraph{BlockBase: models.BlockBase{ID: id, Kind: models.BlockParagraph}, Text: models.Text(text)}
}

func box(id string, bs ...models.Block) *models.Box {
	return &models.Box{BlockBase: models.BlockBase{ID: id, Kind: models.BlockBox}, Box: models.BoxTip, Blocks: bs}
}

func section() *models.Section {
	return &models.Section{
		Meta:     models.Meta{ID: idA, Version: 7, Extra: models.Extra{"layout": []byte(`"wide"`), "_draft": []byte(`true`)}},
		CourseID: idA, ModuleID: idA, Slug: "starter", Title: "A starter", InMenu: true, HTML: "<p>kept</p>",
		Origin:      &models.Origin{Path: "starter.md"},
		Blocks:      models.Blocks{words("b1", "Flour."), box("b2", words("b3", "Warm water.")), words("b4", "Wait.")},
		Citations:   []models.Citation{{ID: idB, Label: "1", Written: "A book."}},
		EditorNotes: []models.EditorNote{{ID: "n1", After: "b3", Text: "how warm?"}},
	}
}

func asset() *models.Asset {
	file := models.File{Name: "rye.png", Sha256: strings.Repeat("0a", 32), MediaType: "image/png", Bytes: 5}
	return &models.Asset{
		Meta: models.Meta{ID: idA}, CourseID: idA, File: file,
		CaptionTracks: []models.CaptionTrack{{Language: "en", File: file}},
	}
}

func encode(t rapid.TB, v any) string {
	t.Helper()
	data, err := models.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// broken gives the pointers and details of an error of a kind.
func broken(t rapid.TB, err error, kind models.ErrorKind) string {
	t.Helper()
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != kind {
		t.Fatalf("error %v of kind %v, want kind %v", err, models.KindOf(err), kind)
	}
	var lines []string
	for _, f := range e.Fields {
		lines = append(lines, strings.TrimSpace(f.Pointer+" "+f.Detail))
	}
	return strings.Join(lines, "\n")
}

func TestMergeChangesWhatItNames(t *testing.T) {
	for name, tt := range map[string]struct {
		doc  string
		want func(s *models.Section)
	}{
		"nothing": {`{}`, func(*models.Section) {}},
		"fields":  {`{"title": "Starters", "in_menu": false}`, func(s *models.Section) { s.Title, s.InMenu = "Starters", false }},
		"null empties": {`{"in_menu": null, "citations": null, "extra": null}`, func(s *models.Section) {
			s.InMenu, s.Citations, s.Extra = false, nil, nil
		}},
		"extra is merged, as it is written": {`{"extra": {"layout": null, "w": 1.10, "n": [{"deep": null}]}}`, func(s *models.Section) {
			s.Extra = models.Extra{"_draft": []byte(`true`), "w": []byte(`1.10`), "n": []byte(`[{"deep":null}]`)}
		}},
		"blocks are replaced, new ones get new ids": {
			`{"blocks": [{"kind": "paragraph", "text": "New."}, {"kind": "paragraph", "id": "b4", "text": "Wait."}]}`,
			func(s *models.Section) {
				s.Blocks = models.Blocks{words("b5", "New."), words("b4", "Wait.")}
				s.EditorNotes[0].After = ""
			},
		},
		"notes get ids": {`{"editor_notes": [{"after": "b1", "text": "rye?"}]}`, func(s *models.Section) {
			s.EditorNotes = []models.EditorNote{{ID: "n2", After: "b1", Text: "rye?"}}
		}},
		"references as they are served": {
			`{"blocks": [{"kind": "image", "id": "b1", "asset": {"type": "asset", "id": "` + idB + `", "slug": null, "title": "rye.png", "href": "/v1/assets/x"}}]}`,
			func(s *models.Section) {
				s.Blocks = models.Blocks{&models.Image{BlockBase: models.BlockBase{ID: "b1", Kind: models.BlockImage}, Asset: models.NewRef(models.KindAsset, idB)}}
				s.EditorNotes[0].After = "b1"
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, want := section(), section()
			tt.want(want)
			if err := patch.Merge(got, []byte(tt.doc)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(encode(t, want), encode(t, got)); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
			if got.Version != 7 || got.HTML != "<p>kept</p>" {
				t.Error("what is not in the JSON is gone")
			}
		})
	}
}

func TestMergeRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		r    models.Record
		doc  string
		kind models.ErrorKind
		want string
	}{
		"what is no JSON":   {section(), `{`, models.KindMalformed, " unexpected EOF (byte 1)"},
		"what is no object": {section(), `[]`, models.KindMalformed, "must be a JSON object"},
		"null":              {section(), `null`, models.KindMalformed, "must be a JSON object"},
		"a name twice":      {section(), `{"title": "a", "title": "b"}`, models.KindMalformed, `/title duplicate object member name (byte 15)`},
		"all that is unknown or unfit, and what is the server's": {
			section(), `{"colour": 1, "blocks": [{"kind": "cake"}], "title": 5, "summary": "fine", "id": "x", "Slug": "s"}`, models.KindMalformed,
			"/Slug unknown field\n/blocks/0/kind unknown kind of block \"cake\"\n/colour unknown field\n/title a JSON number does not fit here\n/id is set by the server",
		},
		"an unknown name, though null": {&models.Worksheet{}, `{"document": {"colour": null}}`, models.KindMalformed, "/document/colour unknown field"},
		"what the server sets": {
			section(), `{"id": "x", "created_at": null, "course_id": "x", "module_id": "x", "parent_id": null, "position": 3, "origin": null}`, models.KindInvalid,
			"/course_id is set by the server\n/created_at is set by the server\n/id is set by the server\n/module_id is set by the server\n" +
				"/origin is set by the server\n/parent_id is set by the server\n/position is set by the server",
		},
		"a course's origin": {&models.Course{}, `{"source": {"url": "https://example.org"}}`, models.KindInvalid, "/source is set by the server"},
		"files":             {asset(), `{"file": {}, "renditions": []}`, models.KindInvalid, "/file is set by the server\n/renditions is set by the server"},
		"tracks of new files": {
			asset(), `{"caption_tracks": [{"language": "fr", "file": {"name": "a.vtt"}}]}`, models.KindInvalid, "/caption_tracks/0/file is set by the server",
		},
		"broken rules, all": {
			section(), `{"title": "", "blocks": [{"kind": "heading", "level": 9, "text": "T"}], "citations": [{"label": ""}]}`, models.KindInvalid,
			"/title is required\n/blocks/0/level must be at most 6\n/citations/0/label is required",
		},
		"an id twice": {section(), `{"blocks": [{"kind": "rule", "id": "r"}, {"kind": "rule", "id": "r"}]}`, models.KindInvalid, `/blocks two blocks have the id "r"`},
	} {
		t.Run(name, func(t *testing.T) {
			before := encode(t, tt.r)
			err := patch.Merge(tt.r, []byte(tt.doc))
			if diff := cmp.Diff(strings.TrimSpace(tt.want), broken(t, err, tt.kind)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if encode(t, tt.r) != before {
				t.Error("the record has changed")
			}
		})
	}
}

func TestTracksOfAnAssetMayBeRenamedAndLeftOut(t *testing.T) {
	a := asset()
	file := encode(t, a.File)
	if err := patch.Merge(a, []byte(`{"caption_tracks": [{"language": "en-GB", "label": "English", "file": `+file+`}]}`)); err != nil {
		t.Fatal(err)
	}
	if a.CaptionTracks[0].Label != "English" || encode(t, a.CaptionTracks[0].File) != file {
		t.Errorf("tracks %v", a.CaptionTracks)
	}
	if err := patch.Merge(a, []byte(`{"caption_tracks": []}`)); err != nil || len(a.CaptionTracks) > 0 {
		t.Errorf("tracks %v, %v", a.CaptionTracks, err)
	}
}

func TestFieldsNamesWhatDiffers(t *testing.T) {
	before, after := section(), section()
	if got := patch.Fields(before, after); got != nil {
		t.Errorf("nothing differs, got %v", got)
	}
	after.UpdatedAt = after.UpdatedAt.AddDate(1, 0, 0)
	after.Version, after.Title, after.Extra = 8, "Other", nil
	after.Blocks[1].(*models.Box).Blocks = nil
	if diff := cmp.Diff([]string{"extra", "title", "blocks"}, patch.Fields(before, after)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}
