package patch_test

import (
	"errors"
	"testing"

	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
)

// wantErrorOr fails unless the error is one of the product's, and the record is as it was; or there is none, and the
// record is sound.
func wantErrorOr(t *testing.T, err error, r models.Record, before string) {
	t.Helper()
	if err == nil {
		if err := models.Validate(r); err != nil {
			t.Fatalf("accepted: %v", err)
		}
		return
	}
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.Kind != models.KindMalformed && e.Kind != models.KindInvalid || e.Message == "" || len(e.Fields) == 0 {
		t.Fatalf("error %#v", err)
	}
	if encode(t, r) != before {
		t.Fatal("refused, and the record has changed")
	}
}

func FuzzMerge(f *testing.F) {
	for _, doc := range []string{
		``, `{}`, `[]`, `{"title":"T","extra":{"_a":null,"b":{"c":[1.0,null]}}}`, `{"blocks":[{"kind":"list","items":[{"blocks":[{"kind":"rule"}]}]}]}`,
		`{"prompts":[{"kind":"group","prompts":[{"kind":"grid","rows":[{}]}]}],"answer_key":[{"prompt":"p1","blocks":[]}]}`,
		`{"csl":{"title":null,"x":1},"caption_tracks":null,"focal_point":{"x":2}}`, `{"id":1,"nope":2}`, "{\"title\":\"\\u0000\"}", "{\"title\":\"\xff\"}",
	} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		for _, r := range []models.Record{section(), worksheet(), asset()} {
			before := encode(t, r)
			wantErrorOr(t, patch.Merge(r, []byte(doc)), r, before)
		}
		for _, kind := range models.StoredKinds() {
			patch.TouchesPrivate(kind, []byte(doc))
			if r, err := patch.New(kind, []byte(doc)); (r == nil) == (err == nil) {
				t.Fatalf("record %v and error %v", r, err)
			}
		}
	})
}

func FuzzBlocks(f *testing.F) {
	for _, doc := range []string{
		`[]`, `[{"op":"insert","block":{"kind":"rule"},"after":null},{"op":"insert","prompt":{"kind":"question"},"into":"p2"}]`,
		`[{"op":"move","id":"b1","into":"b2","slot":0},{"op":"move","id":"b2","before":"b3"},{"op":"delete","id":"b1"}]`,
		`[{"op":"replace","id":"b2","block":{"kind":"table","rows":[[{"colspan":1,"rowspan":1,"blocks":[{"kind":"rule"}]}]]}}]`,
	} {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		var ops []patch.Op
		if models.Decode([]byte(doc), &ops) != nil {
			ops = []patch.Op{{Op: patch.OpInsert, Block: []byte(doc), After: patch.At("")}, {Op: patch.OpReplace, ID: doc, Prompt: []byte(doc)}}
		}
		for list, r := range map[string]models.Record{"blocks": withList(), "instructions": worksheet(), "prompts": worksheet()} {
			before := encode(t, r)
			wantErrorOr(t, patch.Blocks(r, list, ops), r, before)
		}
	})
}
