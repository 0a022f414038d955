package models

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

type patched struct {
	Name  string   `json:"name"`
	Words []string `json:"words"`
	Place struct {
		Town string `json:"town"`
		Road string `json:"road"`
	} `json:"place"`
}

func TestMergePatch(t *testing.T) {
	before := patched{Name: "Ada", Words: []string{"a", "b"}}
	before.Place.Town, before.Place.Road = "Leeds", "Mill Road"
	for name, tt := range map[string]struct {
		patch   string
		change  func(*patched)
		pointer string // of what is wrong
	}{
		"nothing":                 {`{}`, func(*patched) {}, "-"},
		"one field":               {`{"name":"Eve"}`, func(p *patched) { p.Name = "Eve" }, "-"},
		"null":                    {`{"words":null}`, func(p *patched) { p.Words = nil }, "-"},
		"a list is replaced":      {`{"words":["c"]}`, func(p *patched) { p.Words = []string{"c"} }, "-"},
		"an object is merged":     {`{"place":{"road":null}}`, func(p *patched) { p.Place.Road = "" }, "-"},
		"an unknown field":        {`{"nmae":"Eve","name":"Eve"}`, nil, "/nmae"},
		"an unknown null":         {`{"owner":null}`, nil, "/owner"},
		"an unknown one inside":   {`{"place":{"land":"x"}}`, nil, "/place/land"},
		"another letter case":     {`{"Name":"Eve"}`, nil, "/Name"},
		"a wrong type":            {`{"name":7}`, nil, "/name"},
		"a field twice":           {`{"name":"x","name":"y"}`, nil, "/name"},
		"no object":               {`[]`, nil, ""},
		"no JSON":                 {`{"name":`, nil, "/name"},
		"a name like a pointer's": {`{"a/b~c":1}`, nil, "/a~1b~0c"},
	} {
		t.Run(name, func(t *testing.T) {
			got, want := before, before
			err := MergePatch(&got, []byte(tt.patch))
			if tt.change != nil {
				tt.change(&want)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if tt.pointer == "-" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e, ok := err.(*Error)
			if !ok || e.Kind != KindMalformed || len(e.Fields) != 1 || e.Fields[0].Pointer != tt.pointer {
				t.Errorf("the error is %v, want it at %q", err, tt.pointer)
			}
		})
	}
}
