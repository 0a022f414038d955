package merge

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/lectern-cms/lectern/models"
	"pgregory.net/rapid"
)

// maker makes sound records of all kinds by reflection, so that a new field or kind is under test from the day it is
// added.
type maker struct {
	rt     *rapid.T
	n      int
	unique bool // no text twice
	blocks []string
	depth  int
}

func (m *maker) draw(low, high int) int { return rapid.IntRange(low, high).Draw(m.rt, "n") }
func (m *maker) coin() bool             { return rapid.Bool().Draw(m.rt, "coin") }

var vocabulary = strings.Fields("bread river lamp seven quiet garden paper stone early north market window")

// text is a few words, of which one occurs once only where texts are to be unique.
func (m *maker) text() string {
	m.n++
	words := []string{}
	for range m.draw(1, 4) {
		words = append(words, rapid.SampledFrom(vocabulary).Draw(m.rt, "word"))
	}
	if m.unique {
		words = append(words, m.token(), m.token())
	}
	return strings.Join(words, " ")
}

func (m *maker) token() string { m.n++; return "t" + strconv.Itoa(m.n) }

func (m *maker) uuid() string {
	m.n++
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(strconv.Itoa(m.n))).String()
}

// record makes a sound record with ids as an import numbers them.
func (m *maker) record(kind models.Kind) models.Record {
	m.blocks = kinds("BlockKind")
	if kind == models.KindFragment {
		m.blocks = without(m.blocks, "fragment")
	}
	r := models.NewRecord(kind)
	m.fill(reflect.ValueOf(r).Elem(), "")
	renumber(r)
	if err := models.Validate(r); err != nil {
		m.rt.Fatalf("the maker's own record: %v", err)
	}
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

// renumber gives all ids anew, in reading order, as a reader of a source does.
func renumber(r models.Record) {
	root, count := grow(r), map[string]int{}
	s := newNames()
	root.walk(func(n *node) {
		if c := n.in.class; c.prefix != "" {
			count[c.prefix]++
			s.set(n, c.prefix+strconv.Itoa(count[c.prefix]))
		}
		s.follow(n)
	})
	if section, ok := r.(*models.Section); ok {
		seen := map[string]bool{}
		for i := range section.Citations {
			c := &section.Citations[i]
			if seen[c.Label] {
				c.Label = "z" + strconv.Itoa(i)
			}
			seen[c.Label] = true
		}
	}
}

func (m *maker) fill(v reflect.Value, tag string) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(1000).UTC()))
		return
	case jsontext.Value:
		v.Set(reflect.ValueOf(jsontext.Value(strconv.Itoa(m.draw(0, 9)))))
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
		if m.coin() {
			v.Set(reflect.New(v.Type().Elem()))
			m.fill(v.Elem(), tag)
		}
	case reflect.Slice:
		m.fillSlice(v, tag)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range m.draw(0, 2) {
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
		v.SetBool(m.coin())
	default:
		panic(fmt.Sprintf("maker: no way to make a %v", v.Type()))
	}
}

func (m *maker) fillSlice(v reflect.Value, tag string) {
	m.depth++
	defer func() { m.depth-- }()
	own, rest, _ := strings.Cut(tag, "dive,")
	most := max(1, 4-m.depth)
	if strings.HasPrefix(own, "max=2,") {
		most = 2
	}
	n := m.draw(0, most)
	if strings.Contains(own, "min=1,") {
		n = max(n, 1)
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		v.Index(i).Set(m.element(v.Type().Elem(), rest))
	}
}

func (m *maker) element(t reflect.Type, tag string) reflect.Value {
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
func (m *maker) kind(all []string, flat string) string {
	if m.depth > 3 {
		return flat
	}
	return rapid.SampledFrom(all).Draw(m.rt, "kind")
}

func (m *maker) word(tag string) string {
	for rule := range strings.SplitSeq(tag, ",") {
		name, param, _ := strings.Cut(rule, "=")
		switch name {
		case "oneof":
			return rapid.SampledFrom(strings.Fields(param)).Draw(m.rt, "one")
		case "bcp47_language_tag":
			return "en-GB"
		case "orcid":
			return "0000-0002-1825-0097"
		case "hexadecimal":
			return strings.Repeat("0a", 32)
		case "slug", "printascii":
			return m.token()
		}
	}
	if strings.Contains(tag, "max=50,") || strings.HasSuffix(tag, "max=50") {
		return m.token()
	}
	return m.text()
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
	for _, file := range []string{"../../models/block.go", "../../models/prompt.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
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
