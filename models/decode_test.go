package models

import (
	"errors"
	"strings"
	"testing"
)

func TestDecodeRefuses(t *testing.T) {
	nested := func(block string) string {
		return `{"blocks":[{"kind":"quote","blocks":[{"kind":"table","rows":[[{"text":"a","blocks":[` + block + `]}]]}]}]}`
	}
	const inner = "/blocks/0/blocks/0/rows/0/0/blocks/0"
	for name, tt := range map[string]struct {
		json, pointer, detail string
	}{
		"an unknown field":                      {`{"colour":1}`, "/colour", "unknown field"},
		"an unknown field with odd characters":  {`{"a/b~c":1}`, "/a~1b~0c", "unknown field"},
		"an unknown field of a block":           {nested(`{"kind":"rule","x/y":1}`), inner + "/x~1y", "unknown field"},
		"a field that is not content":           {`{"version":1}`, "/version", "unknown field"},
		"another letter case":                   {`{"Title":"a"}`, "/Title", "unknown field"},
		"another letter case in a block":        {nested(`{"kind":"rule","ID":"a"}`), inner + "/ID", "unknown field"},
		"another letter case of the kind":       {nested(`{"Kind":"rule"}`), inner, "a block needs a kind"},
		"an unknown kind":                       {nested(`{"kind":"marquee"}`), inner + "/kind", `unknown kind of block "marquee"`},
		"a block without a kind":                {nested(`{}`), inner, "a block needs a kind"},
		"a block that is null":                  {nested(`null`), inner, "a block needs a kind"},
		"a block that is no object":             {nested(`3`), inner, "a JSON number does not fit here"},
		"a kind that is no string":              {nested(`{"kind":3}`), inner + "/kind", "a JSON number does not fit here"},
		"a duplicate name":                      {`{"title":"a","title":"b"}`, "/title", "duplicate object member name (byte 13)"},
		"a duplicate name in a block":           {nested(`{"kind":"rule","id":"a","id":"b"}`), inner + "/id", "duplicate object member name"},
		"a second kind":                         {nested(`{"kind":"rule","kind":"quote"}`), inner + "/kind", "duplicate object member name"},
		"an unknown kind with an escape":        {nested(`{"kind":"marquee\u0021"}`), inner + "/kind", `unknown kind of block "marquee!"`},
		"a duplicate name in extra":             {`{"extra":{"a":1,"a":2}}`, "/extra/a", "duplicate object member name"},
		"a wrong type":                          {`{"in_menu":"yes"}`, "/in_menu", "a JSON string does not fit here"},
		"a wrong type in a block":               {nested(`{"kind":"paragraph","text":3}`), inner + "/text", "a JSON number does not fit here"},
		"a wrong type in a cell":                {nested(`{"kind":"table","rows":[[{"colspan":"2"}]]}`), inner + "/rows/0/0/colspan", "a JSON string does not fit here"},
		"a number with a fraction for a count":  {`{"position":1.5}`, "/position", ""},
		"a list that is none":                   {`{"blocks":{}}`, "/blocks", "must be a list"},
		"a list in a block that is none":        {nested(`{"kind":"quote","blocks":3}`), inner + "/blocks", "must be a list"},
		"a time that is none":                   {`{"created_at":"yesterday"}`, "/created_at", "parsing time"},
		"invalid UTF-8":                         {"{\"title\":\"\xff\"}", "/title", "invalid UTF-8"},
		"invalid UTF-8 in a block":              {nested("{\"kind\":\"paragraph\",\"text\":\"\xff\"}"), inner + "/text", "invalid UTF-8"},
		"half a surrogate pair":                 {`{"title":"\ud800"}`, "/title", "invalid surrogate pair"},
		"a second value":                        {`{} {}`, "", "after top-level value"},
		"nothing":                               {``, "", "unexpected EOF"},
		"half a value":                          {`{"blocks":[{"kind":"rule"}`, "/blocks", "unexpected EOF"},
		"a comment":                             {`{/**/}`, "", "invalid character '/'"},
		"a list for a record":                   {`[]`, "", "does not fit here"},
		"nesting that takes too long to decode": {strings.Repeat("[", maxJSONDepth+1), strings.Repeat("/0", maxJSONDepth), "nested more than 150 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Decode([]byte(tt.json), new(Section))
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Kind != KindMalformed || len(e.Fields) != 1 {
				t.Fatalf("Decode = %#v, want one field error of KindMalformed", err)
			}
			if f := e.Fields[0]; f.Pointer != tt.pointer || !strings.Contains(f.Detail, tt.detail) {
				t.Errorf("Decode says %q at %q, want %q at %q", f.Detail, f.Pointer, tt.detail, tt.pointer)
			}
		})
	}
}

func TestDecodeRefusesPrompts(t *testing.T) {
	for name, tt := range map[string]struct {
		json, pointer, detail string
	}{
		"an unknown kind":              {`{"prompts":[{"kind":"group","prompts":[{"kind":"riddle"}]}]}`, "/prompts/0/prompts/0/kind", `unknown kind of prompt "riddle"`},
		"no kind":                      {`{"prompts":[{}]}`, "/prompts/0", "a prompt needs a kind"},
		"a field of another kind":      {`{"prompts":[{"kind":"question","options":[]}]}`, "/prompts/0/options", "unknown field"},
		"a block in an answer":         {`{"answer_key":[{"prompt":"a","blocks":[{"kind":"rule","no":1}]}]}`, "/answer_key/0/blocks/0/no", "unknown field"},
		"a wrong type in a grid's row": {`{"prompts":[{"kind":"grid","rows":[{"cells":[1]}]}]}`, "/prompts/0/rows/0/cells/0", "a JSON number does not fit here"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Decode([]byte(tt.json), new(Worksheet))
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Kind != KindMalformed || len(e.Fields) != 1 {
				t.Fatalf("Decode = %#v, want one field error of KindMalformed", err)
			}
			if want := (FieldError{Pointer: tt.pointer, Detail: tt.detail}); e.Fields[0] != want {
				t.Errorf("Decode = %+v, want %+v", e.Fields[0], want)
			}
		})
	}
}

// The kind of a block counts wherever it stands in it, and however it is written.
func TestDecodeFindsKinds(t *testing.T) {
	for _, written := range []string{
		`{"kind":"paragraph","id":"a","text":"T"}`, `{"id":"a","text":"T","kind":"paragraph"}`, `{ "kind" : "paragraph" , "id":"a","text":"T"}`,
		`{"kind":"p\u0061ragraph","id":"a","text":"T"}`, `{"k\u0069nd":"paragraph","id":"a","text":"T"}`,
	} {
		var got Blocks
		if err := Decode([]byte("["+written+"]"), &got); err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		if p, ok := got[0].(*Paragraph); !ok || p.ID != "a" || p.Text != "T" {
			t.Errorf("%s is read as %#v", written, got[0])
		}
	}
}

func TestDecodeTakesNullForAnEmptyList(t *testing.T) {
	s := Section{Blocks: Blocks{new(Rule)}}
	if err := Decode([]byte(`{"blocks":null,"citations":null}`), &s); err != nil || len(s.Blocks) != 0 {
		t.Errorf("Decode = %v with %d blocks, want none", err, len(s.Blocks))
	}
}

// Deep nesting is cheap to send and, with unions within unions, dear to decode.
func TestDecodeStopsAtDeepNesting(t *testing.T) {
	deep := func(n int) []byte {
		return []byte(`{"blocks":[` + strings.Repeat(`{"kind":"quote","blocks":[`, n) + strings.Repeat(`]}`, n) + `]}`)
	}
	if err := Decode(deep(maxBlockDepth+1), new(Section)); err != nil {
		t.Errorf("blocks just too deep to be valid can't be decoded: %v", err)
	}
	if err := Decode(deep(4000), new(Section)); KindOf(err) != KindMalformed {
		t.Errorf("4000 blocks in each other: %v, want KindMalformed", err)
	}
}

func FuzzDecodeBlocks(f *testing.F) {
	for _, seed := range []string{
		`[]`, `null`, `[{"kind":"rule","id":"a"}]`, `[{"kind":"quote","blocks":[{"kind":"code","code":"\u0000"}]}]`,
		`[{"kind":"table","rows":[[{"text":"a","colspan":1,"rowspan":1}]]}]`, `[{"kind":"list","items":[{}]}]`,
		`[{"kind":"image","asset":{"type":"asset","id":"x","slug":null}}]`, `[{"kind":"video","start":-0}]`, `[{"kind":"x"}]`, `[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var bs Blocks
		if err := Decode(data, &bs); err != nil {
			if KindOf(err) != KindMalformed {
				t.Errorf("Decode(%q) = %v, want KindMalformed", data, err)
			}
			return
		}
		kept(t, &bs)
	})
}
