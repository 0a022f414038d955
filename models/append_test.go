package models

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What is appended is what the library writes.
func TestAppendJSONWritesWhatEncodeWrites(t *testing.T) {
	type base struct {
		ID ID        `json:"id"`
		At time.Time `json:"at"`
	}
	type node struct {
		base
		Title   string           `json:"title"`
		Number  *int             `json:"number"`
		Size    int64            `json:"size"`
		Share   float64          `json:"share"`
		Shown   bool             `json:"shown"`
		Path    Path             `json:"path"`
		Ref     *Ref             `json:"ref"`
		Stored  jsontext.Value   `json:"stored"`
		Left    jsontext.Value   `json:"left,omitzero"`
		HTML    *string          `json:"html,omitzero"`
		Since   time.Time        `json:"since,omitzero"`
		Lists   map[string][]any `json:"lists"`
		Extra   Extra            `json:"extra"`
		Data    []byte           `json:"data"`
		Any     any              `json:"any"`
		Below   []*node          `json:"below"`
		Untag   string
		Served  *Written `json:"served"`
		Written Written  `json:"written"`
		private string
		Hidden  string `json:"-"`
	}
	texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "a\"b\\", "<&>\u2028", "\x00\x1f\x7f", "é", "\xff"}))
	pick := func(rt *rapid.T) bool { return rapid.Bool().Draw(rt, "is there") }
	var draw func(rt *rapid.T, depth int) *node
	draw = func(rt *rapid.T, depth int) *node {
		zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 3600)}).Draw(rt, "zone")
		n := &node{
			base:  base{ID(texts.Draw(rt, "id")), time.Unix(rapid.Int64Range(-1<<37, 1<<38).Draw(rt, "at"), rapid.Int64Range(0, 999_999_999).Draw(rt, "ns")).In(zone)},
			Title: texts.Draw(rt, "title"), Size: rapid.Int64().Draw(rt, "size"), Share: rapid.Float64Range(-1e9, 1e9).Draw(rt, "share"), Shown: pick(rt),
			Path: Path(texts.Draw(rt, "path")), private: "p", Hidden: "h", Data: rapid.SliceOf(rapid.Byte()).Draw(rt, "data"),
			Any: rapid.SampledFrom([]any{nil, 1, "a", []string{"b"}, map[string]int{"d": 1, "c": 2}, base{}, struct{}{}}).Draw(rt, "any"),
		}
		if pick(rt) {
			title := n.Title
			n.HTML, n.Number, n.Ref = &title, new(rapid.Int().Draw(rt, "number")), &Ref{Type: KindSection, ID: n.ID, Title: &title, Path: &n.Path}
			n.Stored, n.Left, n.Extra = jsontext.Value(`{"b":[1,"x"],"a":null}`), jsontext.Value(`1`), Extra{"b": jsontext.Value(`[]`), "a": jsontext.Value(`{"z":1}`)}
			n.Lists = map[string][]any{"two": nil, "one": {base{}, 2}}
			n.Written = WrittenAs(`[{"type":"x"}]`)
			n.Served = &n.Written
		}
		for depth < 3 && len(n.Below) < 2 && pick(rt) {
			n.Below = append(n.Below, draw(rt, depth+1))
		}
		return n
	}
	rapid.Check(t, func(rt *rapid.T) {
		n := draw(rt, 0)
		want, wantErr := Encode(n)
		got, err := AppendJSON([]byte("before"), n)
		if (err != nil) != (wantErr != nil) {
			rt.Fatalf("fails with %v, Encode with %v", err, wantErr)
		}
		if diff := cmp.Diff("before"+string(want), string(got)); err == nil && diff != "" {
			rt.Fatalf("encoded -, appended +\n%s", diff)
		}
	})
}

// What tags say that is not understood is left to the library, and so is what is embedded by a pointer.
func TestFieldsThatAreNotPlainAreLeftToTheLibrary(t *testing.T) {
	type Inner struct{ A int }
	for _, v := range []any{
		struct {
			*Inner
			B int
		}{&Inner{1}, 2},
		struct {
			*Inner
			B int
		}{nil, 2},
		struct {
			A int `json:"a,omitempty"`
		}{},
		struct {
			A int `json:"a,string"`
		}{3},
		struct {
			At time.Time `json:"at,omitzero"`
		}{},
		map[Kind]int{KindCourse: 1},
		[]byte("abc"),
		(*Written)(nil),
	} {
		want, wantErr := Encode(v)
		got, err := AppendJSON(nil, v)
		if string(got) != string(want) || (err != nil) != (wantErr != nil) {
			t.Errorf("%T: %s, %v, want %s, %v", v, got, err, want, wantErr)
		}
	}
}

func TestAppendJSONOfRecords(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		for _, kind := range StoredKinds() {
			r := arbitrary(t, rt).record(kind)
			want, err := Encode(r)
			if err != nil {
				rt.Fatal(err)
			}
			got, err := AppendJSON(nil, r)
			if diff := cmp.Diff(string(want), string(got)); err != nil || diff != "" {
				rt.Fatalf("%s: %v: encoded -, appended +\n%s", kind, err, diff)
			}
		}
	})
}
