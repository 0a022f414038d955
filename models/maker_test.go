package models

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

// maker makes values of any type of the model by reflection, so that a new field or kind is under test from the day
// it is added. What it puts into them is up to its functions.
type maker struct {
	text    func() string
	number  func() int
	count   func() int  // of the elements of a list
	present func() bool // of what may be absent
	kind    func(kinds []string) string
	blocks  []string
	prompts []string
	depth   int
}

// full makes values with every field set, all texts different, and no rule broken.
func full(t *testing.T) *maker {
	n := 0
	return &maker{
		text:    func() string { n++; return "word" + strconv.Itoa(n) },
		number:  func() int { return 2 },
		count:   func() int { return 1 },
		present: func() bool { return true },
		kind:    func(kinds []string) string { return kinds[0] },
		blocks:  constants(t, "BlockKind", BlockParagraph),
		prompts: constants(t, "PromptKind", PromptQuestion),
	}
}

// bare makes values in which everything is absent or empty, but lists have one element.
func bare(t *testing.T) *maker {
	m := full(t)
	m.text = func() string { return "" }
	m.number = func() int { return 0 }
	m.present = func() bool { return false }
	return m
}

// arbitrary makes whatever rapid draws.
func arbitrary(t *testing.T, rt *rapid.T) *maker {
	return &maker{
		text:    func() string { return rapid.String().Draw(rt, "text") },
		number:  func() int { return rapid.IntRange(0, 1<<30).Draw(rt, "number") },
		count:   func() int { return rapid.IntRange(0, 2).Draw(rt, "count") },
		present: func() bool { return rapid.Bool().Draw(rt, "present") },
		kind:    func(kinds []string) string { return rapid.SampledFrom(kinds).Draw(rt, "kind") },
		blocks:  constants(t, "BlockKind", BlockParagraph),
		prompts: constants(t, "PromptKind", PromptQuestion),
	}
}

func (m *maker) record(kind Kind) Record {
	r := NewRecord(kind)
	m.fill(reflect.ValueOf(r).Elem(), "")
	return r
}

func (m *maker) block(kind string) Block {
	b := newBlock(BlockKind(kind))
	m.fill(reflect.ValueOf(b).Elem(), "")
	b.Base().Kind = BlockKind(kind)
	return b
}

func (m *maker) prompt(kind string) Prompt {
	p := NewPrompt(PromptKind(kind))
	m.fill(reflect.ValueOf(p).Elem(), "")
	p.PromptFields().Kind = PromptKind(kind)
	return p
}

var (
	blockType  = reflect.TypeFor[Block]()
	promptType = reflect.TypeFor[Prompt]()
	valueType  = reflect.TypeFor[jsontext.Value]()
	timeType   = reflect.TypeFor[time.Time]()
	idType     = reflect.TypeFor[ID]()
	pathType   = reflect.TypeFor[Path]()
)

// fill sets v to a value that the rules of its validate tag allow, as far as the maker's functions stay within them.
func (m *maker) fill(v reflect.Value, tag string) {
	switch v.Type() {
	case timeType:
		v.Set(reflect.ValueOf(time.UnixMilli(int64(m.number())).UTC()))
		return
	case valueType:
		v.Set(reflect.ValueOf(jsontext.Value(strconv.Itoa(m.number()))))
		return
	case idType:
		v.SetString(string(NewID()))
		return
	case pathType: // the empty one is null, as a reference without one reads
		v.SetString("/" + m.text())
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		m.fillStruct(v)
	case reflect.Pointer:
		if m.present() {
			v.Set(reflect.New(v.Type().Elem()))
			m.fill(v.Elem(), tag)
		}
	case reflect.Slice:
		m.fillSlice(v, tag)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range m.count() {
			value := reflect.New(v.Type().Elem()).Elem()
			m.fill(value, "")
			v.SetMapIndex(reflect.ValueOf("x-"+strconv.Itoa(i)), value)
		}
	case reflect.String:
		v.SetString(m.word(tag))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(m.number()))
	case reflect.Float64:
		v.SetFloat(float64(m.number()) / 4)
	case reflect.Bool:
		v.SetBool(m.present())
	default:
		panic(fmt.Sprintf("maker: no way to make a %v", v.Type()))
	}
}

func (m *maker) fillStruct(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Tag.Get("json") != "-" {
			m.fill(v.Field(i), f.Tag.Get("validate"))
		}
	}
	if csl, ok := v.Addr().Interface().(*CSL); ok && m.present() {
		csl.Type = "book"
	}
}

func (m *maker) fillSlice(v reflect.Value, tag string) {
	m.depth++
	defer func() { m.depth-- }()
	n := m.count()
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	_, tag, _ = strings.Cut(tag, "dive,")
	for i := range n {
		switch v.Type().Elem() {
		case blockType:
			v.Index(i).Set(reflect.ValueOf(m.block(m.shallow(m.blocks))))
		case promptType:
			v.Index(i).Set(reflect.ValueOf(m.prompt(m.shallow(m.prompts))))
		default:
			m.fill(v.Index(i), tag)
		}
	}
}

// shallow draws a kind, and the first one, which holds nothing, where it gets deep.
func (m *maker) shallow(kinds []string) string {
	if m.depth > 3 {
		return kinds[0]
	}
	return m.kind(kinds)
}

// word gives a string that the rules of a tag allow.
func (m *maker) word(tag string) string {
	if !m.present() {
		return m.text()
	}
	for rule := range strings.SplitSeq(tag, ",") {
		name, param, _ := strings.Cut(rule, "=")
		switch name {
		case "oneof":
			return strings.Fields(param)[0]
		case "bcp47_language_tag":
			return "en-GB"
		case "orcid":
			return "0000-0002-1825-0097"
		case "hexadecimal":
			return strings.Repeat("0a", 32)
		}
	}
	return m.text()
}

// constants reads from the source which constants of a type there are, the given one first.
func constants[K ~string](t *testing.T, typeName string, first K) []string {
	t.Helper()
	out := []string{string(first)}
	for _, file := range []string{"block.go", "prompt.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typeName {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				if value != string(first) {
					out = append(out, value)
				}
			}
			return true
		})
	}
	return out
}

// everything makes each record with all fields set, and with all kinds of block and prompt that it may hold.
func everything(t *testing.T) map[Kind]Record {
	m := full(t)
	out := map[Kind]Record{}
	for _, kind := range StoredKinds() {
		out[kind] = m.record(kind)
	}
	for _, kind := range m.blocks {
		section := out[KindSection].(*Section)
		section.Blocks = append(section.Blocks, m.block(kind))
		worksheet := out[KindWorksheet].(*Worksheet)
		worksheet.Instructions = append(worksheet.Instructions, m.block(kind))
		worksheet.AnswerKey[0].Blocks = append(worksheet.AnswerKey[0].Blocks, m.block(kind))
		if fragment := out[KindFragment].(*Fragment); BlockKind(kind) != BlockFragment {
			fragment.Blocks = append(fragment.Blocks, m.block(kind))
		}
	}
	for _, kind := range m.prompts {
		worksheet := out[KindWorksheet].(*Worksheet)
		worksheet.Prompts = append(worksheet.Prompts, m.prompt(kind))
	}
	return out
}
