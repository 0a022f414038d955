package render

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/lectern-cms/lectern/models"
)

const (
	idA = models.ID("018f4a3e-0000-7000-8000-00000000000a")
	idB = models.ID("018f4a3e-0000-7000-8000-00000000000b")
)

var blockKinds = []models.BlockKind{
	models.BlockHeading, models.BlockParagraph, models.BlockList, models.BlockQuote, models.BlockDefinition,
	models.BlockBox, models.BlockDisclosure, models.BlockTable, models.BlockImage, models.BlockVideo, models.BlockEmbed,
	models.BlockDownload, models.BlockWorksheet, models.BlockFragment, models.BlockCode, models.BlockRule, models.BlockRawHTML,
}

var promptKinds = []models.PromptKind{
	models.PromptQuestion, models.PromptSentenceStart, models.PromptField, models.PromptStep, models.PromptGroup,
	models.PromptFreeSpace, models.PromptChoiceOne, models.PromptChoiceMany, models.PromptRating, models.PromptGrid,
	models.PromptBlank, models.PromptMatching, models.PromptDrawing,
}

// filler sets every string of a value, whatever it means, to what it is given in turn.
type filler struct {
	next  func() string
	depth int
}

func (f *filler) fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); v.Type().Field(i).Name != "Kind" && field.CanSet() && v.Type().PkgPath() != "time" {
				f.fill(field)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.String:
		v.SetString(f.next())
	case reflect.Slice:
		f.fillSlice(v)
	case reflect.Int:
		v.SetInt(2)
	}
}

func (f *filler) fillSlice(v reflect.Value) {
	switch v.Interface().(type) {
	case models.Blocks:
		if f.depth < 2 {
			v.Set(reflect.ValueOf(f.blocks()))
		}
	case models.Prompts:
		if f.depth < 2 {
			v.Set(reflect.ValueOf(f.prompts()))
		}
	default:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0))
	}
}

// blocks makes one block of each kind.
func (f *filler) blocks() models.Blocks {
	f.depth++
	defer func() { f.depth-- }()
	var bs models.Blocks
	for _, kind := range blockKinds {
		var one models.Blocks
		if err := models.Decode(fmt.Appendf(nil, `[{"kind":%q}]`, kind), &one); err != nil {
			panic(err)
		}
		f.fill(reflect.ValueOf(one[0]).Elem())
		bs = append(bs, one[0])
	}
	return bs
}

// prompts makes one prompt of each kind.
func (f *filler) prompts() models.Prompts {
	f.depth++
	defer func() { f.depth-- }()
	var ps models.Prompts
	for _, kind := range promptKinds {
		p := models.NewPrompt(kind)
		f.fill(reflect.ValueOf(p).Elem())
		ps = append(ps, p)
	}
	return ps
}

// record makes a section, worksheet or fragment with all kinds of block and prompt.
func record[T any](next func() string) *T {
	r := new(T)
	(&filler{next: next}).fill(reflect.ValueOf(r).Elem())
	return r
}

// words are what a reader reads, however it is laid out.
func words(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s =\n%s\nwant\n%s", what, got, want)
	}
}
