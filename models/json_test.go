package models

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// kept fails the test unless v decodes from its JSON as it was, and encodes to the same bytes again.
func kept(t interface {
	Helper()
	Fatalf(string, ...any)
}, v any) {
	t.Helper()
	data, err := Encode(v)
	if err != nil {
		t.Fatalf("Encode: %v", err)
	}
	again := reflect.New(reflect.TypeOf(v).Elem()).Interface()
	if err := Decode(data, again); err != nil {
		t.Fatalf("Decode(%s): %v", data, err)
	}
	if diff := cmp.Diff(v, again, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("Decode(Encode(v)) differs from v (-want +got):\n%s", diff)
	}
	switch twice, err := Encode(again); {
	case err != nil:
		t.Fatalf("Encode again: %v", err)
	case !bytes.Equal(data, twice):
		t.Fatalf("Encode gives\n%s\nand then\n%s", data, twice)
	}
}

func TestEveryKindKeepsItsFieldsInJSON(t *testing.T) {
	m := full(t)
	for _, kind := range m.blocks {
		t.Run("block "+kind, func(t *testing.T) { kept(t, &Blocks{m.block(kind)}) })
	}
	for _, kind := range m.prompts {
		t.Run("prompt "+kind, func(t *testing.T) { kept(t, &Prompts{m.prompt(kind)}) })
	}
	for kind, r := range everything(t) {
		t.Run("record "+string(kind), func(t *testing.T) { kept(t, r) })
	}
}

func TestArbitraryRecordsKeepTheirFieldsInJSON(t *testing.T) {
	for _, kind := range StoredKinds() {
		t.Run(string(kind), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) { kept(rt, arbitrary(t, rt).record(kind)) })
		})
	}
}

// Keys are never missing, lists never null, and what is absent is null.
func TestJSONHasEveryKey(t *testing.T) {
	m := bare(t)
	for _, kind := range StoredKinds() {
		t.Run(string(kind), func(t *testing.T) {
			checkKeys(t, NewRecord(kind))
			checkKeys(t, m.record(kind))
		})
	}
	for _, kind := range m.blocks {
		t.Run("block "+kind, func(t *testing.T) {
			checkKeys(t, &Blocks{newBlock(BlockKind(kind))})
			checkKeys(t, &Blocks{m.block(kind)})
		})
	}
	for _, kind := range m.prompts {
		t.Run("prompt "+kind, func(t *testing.T) {
			checkKeys(t, &Prompts{NewPrompt(PromptKind(kind))})
			checkKeys(t, &Prompts{m.prompt(kind)})
		})
	}
}

func checkKeys(t *testing.T, v any) {
	t.Helper()
	data, err := Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	walkKeys(t, "", reflect.ValueOf(v).Elem(), doc)
}

// walkKeys goes through a value and its JSON side by side.
func walkKeys(t *testing.T, at string, v reflect.Value, doc any) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			if doc != nil {
				t.Errorf("%s is %v, want null", at, doc)
			}
			return
		}
		walkKeys(t, at, v.Elem(), doc)
	case reflect.Struct:
		if v.Type() != timeType {
			walkMembers(t, at, v, doc)
		}
	case reflect.Slice:
		if v.Type() == valueType {
			return
		}
		list, ok := doc.([]any)
		if !ok || len(list) != v.Len() {
			t.Errorf("%s is %v, want a list of %d", at, doc, v.Len())
			return
		}
		for i := range list {
			walkKeys(t, at+"/"+strconv.Itoa(i), v.Index(i), list[i])
		}
	default:
		if doc == nil {
			t.Errorf("%s is null", at)
		}
	}
}

func walkMembers(t *testing.T, at string, v reflect.Value, doc any) {
	t.Helper()
	object, ok := doc.(map[string]any)
	if !ok {
		t.Errorf("%s is %v, want an object", at, doc)
		return
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			walkMembers(t, at, v.Field(i), doc)
			continue
		case name == "-" || options == "inline":
			continue
		}
		member, ok := object[name]
		switch mayLack := options != ""; {
		case mayLack && v.Type() != reflect.TypeFor[Ref]() && v.Type().PkgPath() == blockType.PkgPath() &&
			!strings.HasPrefix(v.Type().Name(), "CSL"):
			t.Errorf("%s/%s may be left out: only references and CSL do that", at, name)
		case ok:
			walkKeys(t, at+"/"+name, v.Field(i), member)
		case !mayLack:
			t.Errorf("%s/%s is missing", at, name)
		}
	}
}

func TestExtraIsKeptAsItCame(t *testing.T) {
	const extra = `{"_draft":null,"b":1.50,"a":{"z":1,"y":[ ]}}`
	var c Course
	if err := Decode([]byte(`{"extra":`+extra+`}`), &c); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"_draft": "null", "b": "1.50", "a": `{"z":1,"y":[ ]}`} {
		if got := string(c.Extra[key]); got != want {
			t.Errorf("extra %q = %s, want %s", key, got, want)
		}
	}
	if got := c.Extra.Public(); len(got) != 2 || got["_draft"] != nil {
		t.Errorf("Public() = %v, want it without _draft", got)
	}
	if len(c.Extra) != 3 {
		t.Errorf("Public() has changed what it was called on: %v", c.Extra)
	}
	if got := Extra(nil).Public(); got == nil {
		t.Error("Public() of nothing is nil, which would be null in JSON")
	}
}

func TestEncodeSetsTheKindOfBlocks(t *testing.T) {
	data, err := Encode(Blocks{&Rule{BlockBase{ID: "a", Kind: BlockHeading}}})
	if want := `[{"id":"a","kind":"rule"}]`; err != nil || string(data) != want {
		t.Errorf("Encode = %s, %v, want %s", data, err, want)
	}
}

// A served reference says that its record has no page; a stored one says nothing of it.
func TestPathsOfReferencesInJSON(t *testing.T) {
	some, none := Path("/a/b"), Path("")
	for want, path := range map[string]*Path{`,"path":"/a/b"}`: &some, `,"path":null}`: &none, `}`: nil} {
		got, err := Encode(Ref{Type: KindCourse, ID: "x", Path: path})
		if err != nil || string(got) != `{"type":"course","id":"x"`+want {
			t.Errorf("got %s (%v), want the end %s", got, err, want)
		}
	}
}
