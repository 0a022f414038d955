// Package modelstest draws records for property tests.
package modelstest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/lectern-cms/lectern/models"
	"pgregory.net/rapid"
)

// Maker makes sound records of all kinds by reflection, so that a new field or kind is under test from the day it is
// added.
type Maker struct {
	RT     *rapid.T
	Unique bool // no text twice
	Depth  int  // of lists around; where it gets deep elements are flat
	n      int
	blocks []string
}

// Draw draws a number, both ends included.
func (m *Maker) Draw(low, high int) int { return rapid.IntRange(low, high).Draw(m.RT, "n") }

// Coin draws a truth.
func (m *Maker) Coin() bool { return rapid.Bool().Draw(m.RT, "coin") }

var vocabulary = strings.Fields("bread river lamp seven quiet garden paper stone early north market window")

// Text is a few words, of which one occurs once only where texts are to be unique.
func (m *Maker) Text() string {
	m.n++
	words := []string{}
	for range m.Draw(1, 4) {
		words = append(words, rapid.SampledFrom(vocabulary).Draw(m.RT, "word"))
	}
	if m.Unique {
		words = append(words, m.Token(), m.Token())
	}
	return strings.Join(words, " ")
}

// Token is a word that was not there before.
func (m *Maker) Token() string { m.n++; return "t" + strconv.Itoa(m.n) }

func (m *Maker) uuid() string {
	m.n++
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(strconv.Itoa(m.n))).String()
}

// Record makes a record of a stored kind that breaks no rule. Its ids are drawn, references lead nowhere.
func (m *Maker) Record(kind models.Kind) models.Record {
	m.blocks = kinds("BlockKind")
	if kind == models.KindFragment {
		m.blocks = without(m.blocks, "fragment")
	}
	r := models.NewRecord(kind)
	m.fill(reflect.ValueOf(r).Elem(), "")
	return r
}

func without(list []string, s string) []string {
	var out []string
	for _, x := range list {
		if x != s {
			out = append(out, x)
		}
	}
	return out
}

func (m *Maker) fill(v reflect.Value, tag string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(1000).UTC()))
		return
	case jsontext.Value:
		v.Set(reflect.ValueOf(jsontext.Value(strconv.Itoa(m.Draw(0, 9)))))
		return
	case models.ID:
		v.SetString(m.uuid())
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Tag.Get("json") != "-" {
				m.fill(v.Field(i), f.Tag.Get("validate"))
			}
		}
		if csl, ok := v.Addr().Interface().(*models.CSL); ok {
			csl.Type = "book"
		}
	case reflect.Pointer:
		if m.Coin() {
			v.Set(reflect.New(v.Type().Elem()))
			m.fill(v.Elem(), tag)
		}
	case reflect.Slice:
		m.fillSlice(v, tag)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range m.Draw(0, 2) {
			value := reflect.New(v.Type().Elem()).Elem()
			m.fill(value, "")
			v.SetMapIndex(reflect.ValueOf("x-"+strconv.Itoa(i)), value)
		}
	case reflect.String:
		v.SetString(m.word(tag))
	case reflect.Int, reflect.Int64:
		v.SetInt(2)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(m.Coin())
	default:
		panic(fmt.Sprintf("maker: no way to make a %v", v.Type()))
	}
}

func (m *Maker) fillSlice(v reflect.Value, tag string) {
	m.Depth++
	defer func() { m.Depth-- }()
	own, rest, _ := strings.Cut(tag, "dive,")
	most := max(1, 4-m.Depth)
	if strings.HasPrefix(own, "max=2,") {
		most = 2
	}
	n := m.Draw(0, most)
	if strings.Contains(own, "min=1,") {
		n = max(n, 1)
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		v.Index(i).Set(m.Element(v.Type().Elem(), rest))
	}
}

// Element makes an element of a list of the model, as the rules after the list's dive allow.
func (m *Maker) Element(t reflect.Type, tag string) reflect.Value {
	out := reflect.New(t).Elem()
	switch t {
	case reflect.TypeFor[models.Block]():
		b := newBlock(m.kind(m.blocks, "paragraph"))
		m.fill(reflect.ValueOf(b).Elem(), "")
		b.Base().Kind = models.KindOfBlock(b)
		out.Set(reflect.ValueOf(b))
	case reflect.TypeFor[models.Prompt]():
		kind := models.PromptKind(m.kind(kinds("PromptKind"), "question"))
		p := models.NewPrompt(kind)
		m.fill(reflect.ValueOf(p).Elem(), "")
		p.PromptFields().Kind = kind
		out.Set(reflect.ValueOf(p))
	default:
		m.fill(out, tag)
	}
	return out
}

func newBlock(kind string) models.Block {
	var bs models.Blocks
	if err := models.Decode([]byte(`[{"kind":"`+kind+`"}]`), &bs); err != nil {
		panic(err)
	}
	return bs[0]
}

// kind draws a kind, and a flat one where it gets deep.
func (m *Maker) kind(all []string, flat string) string {
	if m.Depth > 3 {
		return flat
	}
	return rapid.SampledFrom(all).Draw(m.RT, "kind")
}

func (m *Maker) word(tag string) string {
	for rule := range strings.SplitSeq(tag, ",") {
		name, param, _ := strings.Cut(rule, "=")
		switch name {
		case "oneof":
			return rapid.SampledFrom(strings.Fields(param)).Draw(m.RT, "one")
		case "bcp47_language_tag":
			return "en-GB"
		case "orcid":
			return "0000-0002-1825-0097"
		case "hexadecimal":
			return strings.Repeat("0a", 32)
		case "slug", "printascii":
			return m.Token()
		}
	}
	if strings.Contains(tag, "max=50,") || strings.HasSuffix(tag, "max=50") {
		return m.Token()
	}
	return m.Text()
}

var kinds = func() func(string) []string {
	var lock sync.Mutex
	known := map[string][]string{}
	return func(typeName string) []string {
		lock.Lock()
		defer lock.Unlock()
		if known[typeName] == nil {
			known[typeName] = constants(typeName)
		}
		return known[typeName]
	}
}()

// constants reads from the source of models which constants of a type there are.
func constants(typeName string) []string {
	var out []string
	_, here, _, _ := runtime.Caller(0)
	for _, file := range []string{"block.go", "prompt.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(filepath.Dir(here), "..", file), nil, 0)
		if err != nil {
			panic(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typeName {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					panic(err)
				}
				out = append(out, value)
			}
			return true
		})
	}
	return out
}
