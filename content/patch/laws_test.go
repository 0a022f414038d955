package patch_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/lectern-cms/lectern/content/patch"
	"github.com/lectern-cms/lectern/models"
	"github.com/lectern-cms/lectern/models/modelstest"
	"pgregory.net/rapid"
)

// law checks a property of two sound records of each kind, whose references are bare.
func law(t *testing.T, check func(rt *rapid.T, a, b models.Record)) {
	for _, kind := range models.StoredKinds() {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				m := &modelstest.Maker{RT: rt}
				a, b := m.Record(kind), m.Record(kind)
				for _, r := range []models.Record{a, b} {
					for _, at := range models.Refs(r) {
						**at = (*at).Key()
					}
					labels(r)
				}
				if asset, ok := b.(*models.Asset); ok {
					asset.CaptionTracks = a.(*models.Asset).CaptionTracks
				}
				check(rt, a, b)
			})
		})
	}
}

// labels makes those of citations differ.
func labels(r models.Record) {
	if s, ok := r.(*models.Section); ok {
		for i := range s.Citations {
			s.Citations[i].Label = strconv.Itoa(i)
		}
	}
}

// members is the JSON of a record by member: those that editors write, and the others.
func members(rt rapid.TB, r models.Record) (editable, kept map[string]any) {
	var all map[string]any
	if err := json.Unmarshal([]byte(encode(rt, r)), &all); err != nil {
		rt.Fatal(err)
	}
	editable, kept = map[string]any{}, map[string]any{}
	for name, v := range all {
		if slices.Contains(patch.Editable(r.Kind()), name) {
			editable[name] = v
		} else {
			kept[name] = v
		}
	}
	return editable, kept
}

// difference is the merge patch that makes b of a.
func difference(a, b map[string]any) map[string]any {
	out := map[string]any{}
	for name := range a {
		if _, there := b[name]; !there {
			out[name] = nil
		}
	}
	for name, to := range b {
		from, there := a[name]
		x, isObject := from.(map[string]any)
		y, toObject := to.(map[string]any)
		switch {
		case isObject && toObject:
			if inner := difference(x, y); len(inner) > 0 {
				out[name] = inner
			}
		case !there || !reflect.DeepEqual(from, to):
			out[name] = to
		}
	}
	return out
}

func TestAnEmptyPatchChangesNothing(t *testing.T) {
	law(t, func(rt *rapid.T, a, _ models.Record) {
		before := encode(rt, a)
		if err := patch.Merge(a, []byte(` {} `)); err != nil {
			rt.Fatal(err)
		}
		if encode(rt, a) != before {
			rt.Fatalf("%s\nwas %s", encode(rt, a), before)
		}
	})
}

func TestTheDifferenceAsAPatchMakesTheOtherRecord(t *testing.T) {
	law(t, func(rt *rapid.T, a, b models.Record) {
		from, _ := members(rt, a)
		want, _ := members(rt, b)
		change := []byte(encode(rt, difference(from, want)))
		for range 2 { // once more changes nothing
			if err := patch.Merge(a, change); err != nil {
				rt.Fatalf("%s: %v", change, err)
			}
			if got, _ := members(rt, a); !reflect.DeepEqual(got, want) {
				rt.Fatalf("patch %s\ngot  %v\nwant %v", change, got, want)
			}
		}
		if left := patch.Fields(a, b); slices.ContainsFunc(left, func(f string) bool { return slices.Contains(patch.Editable(a.Kind()), f) }) {
			rt.Fatalf("Fields says that %v differ", left)
		}
	})
}

func TestNoPatchChangesWhatTheServerSets(t *testing.T) {
	law(t, func(rt *rapid.T, a, b models.Record) {
		before := encode(rt, a)
		_, kept := members(rt, a)
		editable, foreign := members(rt, b)
		change := map[string]any{}
		for _, from := range []map[string]any{editable, foreign} {
			for name, v := range from {
				if rapid.IntRange(0, 5).Draw(rt, name) == 0 {
					change[name] = v
				}
			}
		}
		doc := []byte(encode(rt, change))
		err := patch.Merge(a, doc)
		if _, after := members(rt, a); !reflect.DeepEqual(after, kept) {
			rt.Fatalf("%s changed %v to %v", doc, kept, after)
		}
		for name := range change {
			if _, server := foreign[name]; server && !strings.Contains(broken(rt, err, models.KindInvalid), "/"+name+" is set by the server") {
				rt.Fatalf("%s: %v", doc, err)
			}
		}
		if err != nil && encode(rt, a) != before {
			rt.Fatal("a refused patch changed the record")
		}
	})
}

func TestWhatComesWithoutIDsGetsThem(t *testing.T) {
	law(t, func(rt *rapid.T, a, b models.Record) {
		editable, _ := members(rt, b)
		for _, merged := range []string{"extra", "csl"} { // of these something of before would stay
			delete(editable, merged)
		}
		stripped := withoutIDs(editable).(map[string]any)
		if err := patch.Merge(a, []byte(encode(rt, stripped))); err != nil {
			rt.Fatal(err)
		}
		if err := models.Validate(a); err != nil { // which wants ids, and no two alike
			rt.Fatal(err)
		}
		got, _ := members(rt, a)
		for name := range got {
			if _, sent := editable[name]; !sent {
				delete(got, name)
			}
		}
		if !reflect.DeepEqual(withoutIDs(got), withoutIDs(stripped)) {
			rt.Fatalf("more than ids has changed:\n%v\n%v", got, stripped)
		}
	})
}

// withoutIDs takes the ids from all but references, and where notes and answers point.
func withoutIDs(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		_, isRef := v["type"]
		for name, inner := range v {
			if name != "id" && name != "prompt" && name != "after" || isRef {
				out[name] = withoutIDs(inner)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withoutIDs(v[i])
		}
		return out
	}
	return v
}

func TestNewMakesWhatItIsTold(t *testing.T) {
	law(t, func(rt *rapid.T, a, _ models.Record) {
		if asset, ok := a.(*models.Asset); ok {
			asset.CaptionTracks = nil
		}
		editable, kept := members(rt, a)
		doc := map[string]any{}
		for name, v := range editable {
			doc[name] = v
		}
		for _, name := range []string{"course_id", "module_id", "parent_id"} {
			if v, has := kept[name]; has && (name != "course_id" || a.Kind() != models.KindSection) {
				doc[name] = v
			}
		}
		r, err := patch.New(a.Kind(), []byte(encode(rt, doc)))
		if err != nil {
			rt.Fatal(err)
		}
		got, stands := members(rt, r)
		if !reflect.DeepEqual(got, editable) {
			rt.Fatalf("got  %v\nwant %v", got, editable)
		}
		for name, v := range doc {
			if _, own := editable[name]; !own && !reflect.DeepEqual(stands[name], v) {
				rt.Fatalf("%s is %v, want %v", name, stands[name], v)
			}
		}
		if r.Base().ID == a.Base().ID || !r.Base().ID.Valid() {
			rt.Fatalf("id %q", r.Base().ID)
		}
	})
}

func TestWithoutPrivateLeavesNothingPrivateAndAllElse(t *testing.T) {
	law(t, func(rt *rapid.T, a, _ models.Record) {
		a.Base().Extra["_x"] = jsontext.Value(`1`)
		cut := patch.WithoutPrivate(a)
		doc, _ := members(rt, cut)
		full, _ := members(rt, a)
		for _, pointer := range patch.TouchesPrivate(a.Kind(), []byte(encode(rt, full))) {
			name := strings.Split(pointer, "/")[1]
			if name == "extra" {
				if _, there := doc["extra"].(map[string]any)["_x"]; there {
					rt.Fatal("a private key is left")
				}
				delete(full["extra"].(map[string]any), "_x")
				continue
			}
			if len(doc[name].([]any)) > 0 {
				rt.Fatalf("%s is left", name)
			}
			full[name] = []any{}
		}
		if !reflect.DeepEqual(doc, full) {
			rt.Fatalf("more is gone:\n%v\n%v", doc, full)
		}
	})
}
