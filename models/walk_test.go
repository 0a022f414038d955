package models

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// places finds by reflection the addresses of all values of a type in v, and says where each is.
func places[T any](v reflect.Value, at string, visit func(at string, place *T)) {
	if v.CanAddr() {
		if place, ok := v.Addr().Interface().(*T); ok {
			visit(at, place)
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			places(v.Elem(), at, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && v.Type() != timeType {
				places(v.Field(i), at+"."+f.Name, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			places(v.Index(i), fmt.Sprintf("%s[%d]", at, i), visit)
		}
	}
}

// missing lists the places of a type in v that found does not hold.
func missing[T any](v any, found []*T) []string {
	var out []string
	places(reflect.ValueOf(v), "", func(at string, place *T) {
		if !slices.Contains(found, place) {
			out = append(out, at)
		}
	})
	return out
}

func TestWalkersFindEveryTextOfABlock(t *testing.T) {
	m := full(t)
	for _, kind := range m.blocks {
		t.Run(kind, func(t *testing.T) {
			bs := Blocks{m.block(kind)}
			var found []*Text
			visited := 0
			bs.Walk(func(b Block, _ int) bool {
				visited++
				found = append(found, Texts(b)...)
				return true
			})
			var want []string
			if BlockKind(kind) == BlockDefinition {
				// The one exception: a definition's term stands in its text already, and would be read twice.
				want = []string{"[0].Term"}
			}
			if got := missing(bs, found); !slices.Equal(got, want) {
				t.Errorf("Walk and Texts miss %q, want %q", got, want)
			}
			blocks := 0
			places(reflect.ValueOf(bs), "", func(string, *BlockBase) { blocks++ })
			if visited != blocks {
				t.Errorf("Walk visits %d of %d blocks", visited, blocks)
			}
		})
	}
}

func TestWalkersFindEveryTextOfAPrompt(t *testing.T) {
	m := full(t)
	for _, kind := range m.prompts {
		t.Run(kind, func(t *testing.T) {
			ps := Prompts{m.prompt(kind)}
			var found []*Text
			ps.Walk(func(p Prompt, _ int) { found = append(found, PromptTexts(p)...) })
			if got := missing(ps, found); len(got) > 0 {
				t.Errorf("Walk and PromptTexts miss %q", got)
			}
		})
	}
}

func TestRefsFindsEveryReferenceOfARecord(t *testing.T) {
	for kind, r := range everything(t) {
		t.Run(string(kind), func(t *testing.T) {
			r.Base().Shown = nil // which leads nowhere
			refs := Refs(r)
			if got := missing(r, refs); !slices.Equal(got, []string{".Meta.Shown"}) {
				t.Errorf("Refs misses %q", got)
			}
			for _, at := range refs {
				*at = nil
			}
			if left := Refs(r); len(left) > 0 {
				t.Errorf("Refs gives %d places that hold no reference", len(left))
			}
		})
	}
}

func TestWalkGoesInReadingOrder(t *testing.T) {
	block := func(id string) *Paragraph { return &Paragraph{BlockBase: BlockBase{ID: id}} }
	bs := Blocks{
		&Box{BlockBase: BlockBase{ID: "box"}, Blocks: Blocks{
			&List{BlockBase: BlockBase{ID: "list"}, Items: []ListItem{{Blocks: Blocks{block("a"), block("b")}}, {Blocks: Blocks{block("c")}}}},
		}},
		&Table{BlockBase: BlockBase{ID: "table"}, Rows: [][]Cell{{{Blocks: Blocks{block("e")}}}}, Head: [][]Cell{{{Blocks: Blocks{block("d")}}}}},
		block("f"),
	}
	walk := func(into string) (got []string) {
		bs.Walk(func(b Block, depth int) bool {
			got = append(got, fmt.Sprint(b.Base().ID, depth))
			return b.Base().ID != into
		})
		return got
	}
	if got, want := walk(""), []string{"box0", "list1", "a2", "b2", "c2", "table0", "d1", "e1", "f0"}; !slices.Equal(got, want) {
		t.Errorf("Walk = %v, want %v", got, want)
	}
	if got, want := walk("box"), []string{"box0", "table0", "d1", "e1", "f0"}; !slices.Equal(got, want) {
		t.Errorf("Walk that stops at the box = %v, want %v", got, want)
	}
}

func TestEveryKindHasATypeAndBack(t *testing.T) {
	m := full(t)
	if len(m.blocks) != 17 || len(m.prompts) != 13 {
		t.Fatalf("found %d kinds of block and %d of prompt, want the 17 and 13 of the content model", len(m.blocks), len(m.prompts))
	}
	for _, kind := range m.blocks {
		if b := newBlock(BlockKind(kind)); b == nil || KindOfBlock(b) != BlockKind(kind) {
			t.Errorf("block kind %s makes %T", kind, b)
		}
	}
	for _, kind := range m.prompts {
		if p := NewPrompt(PromptKind(kind)); p == nil || p.PromptFields().Kind != PromptKind(kind) {
			t.Errorf("prompt kind %s makes %T", kind, p)
		}
	}
	if newBlock("x") != nil || NewPrompt("x") != nil || KindOfBlock(nil) != "" {
		t.Error("an unknown kind has a type")
	}
}
